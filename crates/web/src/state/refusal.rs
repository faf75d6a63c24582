//! A value that a form cannot take: which field has it, why, and all that was typed. The form is shown
//! again with it, so that nothing has to be typed twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_app::failure::{Failure, USAGE};

use crate::state::fields::{Fields, Pairs};

/// Why a field's value cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field's id.
    pub field: String,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl Wrong {
    /// Something is wrong with this field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Where there is no form to show again.
impl From<Wrong> for Failure {
    fn from(wrong: Wrong) -> Self {
        Self::new(USAGE, wrong.message).hint("go back and correct it; nothing was sent")
    }
}

/// What came of a form that was refused.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What is wrong.
    pub wrong: Wrong,
    typed: Fields,
}

impl Refusal {
    /// What was typed into a field; `None`: the form has no such field.
    pub fn typed(&self, field: &str) -> Option<&str> {
        self.typed.0.iter().rev().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }
}

/// The last refusal of each run's forms.
#[derive(Default)]
pub struct Refusals(Mutex<HashMap<String, Arc<Refusal>>>);

impl Refusals {
    /// Keeps it until the next one of this run; the address that shows it.
    pub fn keep(&self, run: &str, wrong: Wrong, typed: Pairs) -> String {
        let address = format!("/runs/{run}?refused=1#{}", wrong.field);
        let refusal = Arc::new(Refusal { wrong, typed: Fields(typed) });
        self.lock().insert(run.to_owned(), refusal);
        address
    }

    /// The last of a run.
    pub fn of(&self, run: &str) -> Option<Arc<Refusal>> {
        self.lock().get(run).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Refusal>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
