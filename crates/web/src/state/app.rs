//! What all answers share.

use std::sync::{Arc, Mutex, PoisonError};

use headcount_app::context::Context;
use headcount_app::failure::Failure;
use headcount_journal::Journal;
use tokio::sync::Notify;

use crate::access::Door;
use crate::fault::Fault;
use crate::state::active_runs::Runs;
use crate::state::bundles::Bundles;
use crate::state::lists::Lists;
use crate::state::plans::Plans;
use crate::state::recent::Shelf;
use crate::state::refusal::Refusals;
use crate::state::rehearsals::Rehearsal;
use crate::state::sites::{self, SiteChoice};
use crate::state::summary_cache::Kept;
use crate::state::tasks::Tasks;
use crate::state::uploads::{Desk, Paper};

/// Journals that are kept open between answers.
const KEPT: usize = 4;

/// What all answers share.
pub struct App {
    /// Environment, paths, the clock.
    pub context: Context,
    /// Which requests are allowed in.
    pub door: Door,
    /// Sheets that were brought, until their plan is sent.
    pub desk: Desk,
    /// Files of collections, until their run has ended.
    pub bundles: Bundles,
    /// Plans, exports and rehearsals that are being made.
    pub tasks: Tasks,
    /// What is known of plans that the journal does not hold.
    pub plans: Plans,
    /// Lists that can be downloaded.
    pub lists: Lists,
    /// Rehearsals that can be looked at.
    pub rehearsals: Shelf<Rehearsal>,
    /// Forms of runs whose values could not be taken.
    pub refusals: Refusals,
    /// Runs under way.
    pub runs: Runs,
    /// What runs come to.
    pub facts: Kept,
    /// A user asked on the page that the program ends.
    pub quit: Notify,
    journals: Mutex<Vec<Journal>>,
}

impl App {
    /// Everything that is there at the start.
    pub fn new(context: Context, door: Door) -> Self {
        let (desk, lists) = (Desk::new(&context.journal), Lists::new(&context.journal));
        Self {
            context,
            door,
            desk,
            bundles: Bundles::default(),
            tasks: Tasks::default(),
            plans: Plans::default(),
            refusals: Refusals::default(),
            lists,
            rehearsals: Shelf::default(),
            runs: Runs::default(),
            facts: Kept::default(),
            quit: Notify::new(),
            journals: Mutex::new(Vec::new()),
        }
    }

    /// Asks the journal, on a thread that may wait for the disk.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&Journal) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Fault> {
        let app = Arc::clone(self);
        let asked = tokio::task::spawn_blocking(move || app.with_journal(|journal| ask(journal)));
        asked.await.map_err(|_| Fault::defect())?.map_err(Fault::from)
    }

    /// Does something with a journal, on this thread.
    pub fn with_journal<T>(
        &self,
        ask: impl FnOnce(&mut Journal) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let kept = self.journals.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut journal = match kept {
            Some(journal) => journal,
            None => headcount_app::journal::open(&self.context)?,
        };
        let answer = ask(&mut journal);
        let mut journals = self.journals.lock().unwrap_or_else(PoisonError::into_inner);
        if journals.len() < KEPT {
            journals.push(journal);
        }
        answer
    }

    /// Does something that waits, on a thread of its own: keyrings and terminals belong to one.
    pub async fn apart<T, F>(
        self: &Arc<Self>,
        work: impl FnOnce(Arc<Self>) -> F + Send + 'static,
    ) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failure>>,
    {
        let (app, handle) = (Arc::clone(self), tokio::runtime::Handle::current());
        let done = tokio::task::spawn_blocking(move || handle.block_on(work(app)));
        done.await.map_err(|_| Fault::defect())?.map_err(Fault::from)
    }

    /// The sheet of an id.
    pub fn sheet(&self, id: &str) -> Result<Arc<Paper>, Fault> {
        self.desk.find(id).ok_or_else(|| {
            Fault::not_found(
                "this spreadsheet is no longer here: its plan was applied or discarded, or newer spreadsheets replaced it",
            )
        })
    }

    /// The sheet that a run was planned from, as long as it lies on the desk.
    pub fn sheet_of(&self, run: &str) -> Option<Arc<Paper>> {
        self.desk.find(&self.plans.aside(run).sheet?)
    }

    /// Takes the sheet of a run away: its plan is sent, or thrown away. The files of a collection's go when
    /// it has ended.
    pub fn take_sheet_of(&self, run: &str) {
        self.bundles.take_of_run(run);
        if let Some(paper) = self.sheet_of(run) {
            self.desk.throw_away(&paper.id);
        }
    }

    /// The site that is asked for, else the usual one.
    pub fn wanted_site(&self, asked: Option<String>) -> Result<SiteChoice, Fault> {
        let mut all = sites::all(&self.context)?;
        let at = all.iter().position(|site| Some(&site.name) == asked.as_ref()).unwrap_or(0);
        if all.is_empty() {
            return Err(Fault::not_found("there is no such site"));
        }
        Ok(all.swap_remove(at))
    }

    /// Whether a run is under way in this process.
    pub fn is_busy(&self) -> bool {
        self.runs.any_under_way()
    }

    /// Runs under way finish what they have begun and stop.
    pub async fn stop(&self) {
        self.runs.stop().await;
        self.rehearsals.clear();
        self.desk.clear();
        self.bundles.clear();
    }
}
