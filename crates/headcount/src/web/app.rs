//! What all answers share.

use std::sync::{Mutex, PoisonError};

use headcount_core::journal::Journal;

use super::answer::Fault;
use super::desk::Desk;
use super::door::Door;
use super::planning::Plans;
use super::sending::Runs;
use crate::context::Context;
use crate::failure::Failure;
use crate::work;

/// Journals that are kept open between answers.
const KEPT: usize = 4;

/// What all answers share.
pub struct App {
    /// Environment, paths, the clock.
    pub context: Context,
    /// Who is let in.
    pub door: Door,
    /// Sheets that are not planned yet.
    pub desk: Desk,
    /// Plans that are being made.
    pub plans: Plans,
    /// Runs under way.
    pub runs: Runs,
    journals: Mutex<Vec<Journal>>,
    /// The site that was chosen last.
    site: Mutex<Option<String>>,
}

impl App {
    /// Everything that is there at the start.
    pub fn new(context: Context, door: Door) -> Self {
        let desk = Desk::new(&context.journal);
        let (plans, runs) = (Plans::default(), Runs::default());
        let (journals, site) = (Mutex::new(Vec::new()), Mutex::new(None));
        Self { context, door, desk, plans, runs, journals, site }
    }

    /// Asks the journal, on a thread that may wait for the disk.
    pub async fn read<T: Send + 'static>(
        self: &std::sync::Arc<Self>,
        ask: impl FnOnce(&Journal) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Fault> {
        let app = std::sync::Arc::clone(self);
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
            None => work::journal::open(&self.context)?,
        };
        let answer = ask(&mut journal);
        let mut journals = self.journals.lock().unwrap_or_else(PoisonError::into_inner);
        if journals.len() < KEPT {
            journals.push(journal);
        }
        answer
    }

    /// The site that was chosen last.
    pub fn last_site(&self) -> Option<String> {
        self.site.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers the chosen site for the next page.
    pub fn remember_site(&self, name: &str) {
        *self.site.lock().unwrap_or_else(PoisonError::into_inner) = Some(name.to_owned());
    }

    /// Whether a run is under way in this process.
    pub fn is_busy(&self) -> bool {
        self.runs.any_under_way()
    }

    /// Runs under way finish what they have begun and stop.
    pub async fn stop(&self) {
        self.runs.stop().await;
        self.desk.clear();
    }
}
