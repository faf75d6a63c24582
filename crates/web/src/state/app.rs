//! The state that all requests share.

use std::sync::{Arc, Mutex, PoisonError};

use headcount_app::context::Context;
use headcount_app::failure::Failure;
use headcount_journal::Journal;
use tokio::sync::Notify;

use crate::access::Door;
use crate::fault::Fault;
use crate::state::active_runs::Runs;
use crate::state::bundles::Bundles;
use crate::state::finds::{self, Find};
use crate::state::lists::Lists;
use crate::state::plans::Plans;
use crate::state::recent::Shelf;
use crate::state::refusal::Refusals;
use crate::state::rehearsals::Rehearsal;
use crate::state::sites::{self, SiteChoice};
use crate::state::summary_cache::Kept;
use crate::state::tasks::Tasks;
use crate::state::totals_cache::KeptTotals;
use crate::state::uploads::{Desk, Paper};

/// How many open journals are kept between requests.
const KEPT: usize = 4;

/// The state that all requests share.
pub struct App {
    /// Environment, paths, the clock.
    pub context: Context,
    /// Decides which requests are accepted.
    pub door: Door,
    /// Uploaded spreadsheets, until their plan is sent.
    pub desk: Desk,
    /// Files of collections, until their run has ended.
    pub bundles: Bundles,
    /// Plans, exports and rehearsals in progress.
    pub tasks: Tasks,
    /// Data about plans that is not in the journal.
    pub plans: Plans,
    /// Finished exports.
    pub lists: Lists,
    /// Finished rehearsals.
    pub rehearsals: Shelf<Rehearsal>,
    /// Users of organizations, to try filters on.
    pub finds: Shelf<Find>,
    /// Forms of runs with an invalid value.
    pub refusals: Refusals,
    /// The active runs.
    pub runs: Runs,
    /// The summaries of runs.
    pub facts: Kept,
    /// Postman's counts of collections' runs.
    pub totals: KeptTotals,
    /// Notified if the user ends the program on the page.
    pub quit: Notify,
    journals: Mutex<Vec<Journal>>,
}

impl App {
    /// The state at the start.
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
            finds: Shelf::of(finds::MOST),
            runs: Runs::default(),
            facts: Kept::default(),
            totals: KeptTotals::default(),
            quit: Notify::new(),
            journals: Mutex::new(Vec::new()),
        }
    }

    /// Reads the journal on a thread that may block.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&Journal) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Fault> {
        let app = Arc::clone(self);
        let asked = tokio::task::spawn_blocking(move || app.with_journal(|journal| ask(journal)));
        asked.await.map_err(|_| Fault::defect())?.map_err(Fault::from)
    }

    /// Uses a journal on this thread.
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

    /// Runs a function that blocks on a thread of its own, because keyrings and terminals belong to one thread.
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

    /// The spreadsheet with this id.
    pub fn sheet(&self, id: &str) -> Result<Arc<Paper>, Fault> {
        self.desk.find(id).ok_or_else(|| {
            Fault::not_found(
                "this spreadsheet is no longer here: its plan was applied or discarded, or newer spreadsheets replaced it",
            )
        })
    }

    /// The spreadsheet that a run was planned from, as long as it is in memory.
    pub fn sheet_of(&self, run: &str) -> Option<Arc<Paper>> {
        self.desk.find(&self.plans.aside(run).sheet?)
    }

    /// Removes the spreadsheet of a run whose plan was sent or discarded. The files of a collection's run are
    /// removed when it has ended.
    pub fn take_sheet_of(&self, run: &str) {
        self.bundles.take_of_run(run);
        if let Some(paper) = self.sheet_of(run) {
            self.desk.throw_away(&paper.id);
        }
    }

    /// The requested site, else the default.
    pub fn wanted_site(&self, asked: Option<String>) -> Result<SiteChoice, Fault> {
        let mut all = sites::all(&self.context)?;
        let at = all.iter().position(|site| Some(&site.name) == asked.as_ref()).unwrap_or(0);
        if all.is_empty() {
            return Err(Fault::not_found("there is no such site"));
        }
        Ok(all.swap_remove(at))
    }

    /// Whether a run is active in this process.
    pub fn is_busy(&self) -> bool {
        self.runs.any_under_way()
    }

    /// Stops active runs after their requests under way.
    pub async fn stop(&self) {
        self.runs.stop().await;
        self.rehearsals.clear();
        self.finds.clear();
        self.desk.clear();
        self.bundles.clear();
    }
}
