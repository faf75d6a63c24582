//! Plans that are made: of a sheet, or of an undo.

use headcount_app::site::Forecast;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_people::plan::Missing;

use crate::state::recent::Named;
use crate::state::refusal::Refusal;
use crate::state::rehearsals::Rehearsal;

/// What is known of a plan that the journal does not hold.
#[derive(Clone, Default)]
pub struct Aside {
    /// How long it would take.
    pub forecast: Option<Forecast>,
    /// Groups have descriptions that are not sent.
    pub no_descriptions: bool,
    /// Names of its rows that were not found.
    pub missing: Vec<Missing>,
    /// Groups of the site, to choose from where one was not found.
    pub groups: Vec<String>,
    /// The sheet it was made of, by its name on the desk.
    pub sheet: Option<String>,
    /// Its newest rehearsal, by its name on the shelf.
    pub rehearsed: Option<Named<Rehearsal>>,
    /// A form of its page whose values could not be taken.
    pub refusal: Option<Arc<Refusal>>,
}

/// What is known of the plans that were made here.
#[derive(Default)]
pub struct Plans(Mutex<HashMap<String, Aside>>);

impl Plans {
    /// What is known of a run's plan, if it was made here.
    pub fn aside(&self, run: &str) -> Aside {
        self.lock().get(run).cloned().unwrap_or_default()
    }

    /// Remembers what is known of a plan.
    pub fn remember(&self, run: String, aside: Aside) {
        self.lock().insert(run, aside);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Aside>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
