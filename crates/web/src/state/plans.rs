//! Data about plans that were made on the page.

use headcount_app::site::Forecast;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_people::plan::Missing;

use crate::state::recent::Named;
use crate::state::refusal::Refusal;
use crate::state::rehearsals::Rehearsal;

/// Data about a plan that is not in the journal.
#[derive(Clone, Default)]
pub struct Aside {
    /// The estimated duration.
    pub forecast: Option<Forecast>,
    /// Whether groups have descriptions that are not sent.
    pub no_descriptions: bool,
    /// Names in its rows that were not found.
    pub missing: Vec<Missing>,
    /// Groups of the site, to choose from instead of one that was not found.
    pub groups: Vec<String>,
    /// The id of its spreadsheet.
    pub sheet: Option<String>,
    /// Its newest rehearsal, with its id.
    pub rehearsed: Option<Named<Rehearsal>>,
    /// A form of its page with an invalid value.
    pub refusal: Option<Arc<Refusal>>,
}

/// Data about the plans that were made in this process.
#[derive(Default)]
pub struct Plans(Mutex<HashMap<String, Aside>>);

impl Plans {
    /// Data about a run's plan, if it was made in this process.
    pub fn aside(&self, run: &str) -> Aside {
        self.lock().get(run).cloned().unwrap_or_default()
    }

    /// Remembers data about a plan.
    pub fn remember(&self, run: String, aside: Aside) {
        self.lock().insert(run, aside);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Aside>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
