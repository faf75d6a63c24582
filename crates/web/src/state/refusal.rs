//! A form with an invalid value: the field, the message, and all input. The form is shown again with it, so that
//! the user does not have to type it again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_app::failure::{Failure, USAGE};

use crate::state::fields::{Fields, Pairs};

/// An invalid value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field's id.
    pub field: String,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl Wrong {
    /// An invalid value of this field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// For a form that is not shown again.
impl From<Wrong> for Failure {
    fn from(wrong: Wrong) -> Self {
        Self::new(USAGE, wrong.message).hint("go back and correct it; nothing was sent")
    }
}

/// A form that was refused.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The field and the message.
    pub wrong: Wrong,
    typed: Fields,
}

impl Refusal {
    /// The input of a field; `None` if the form has no such field.
    pub fn typed(&self, field: &str) -> Option<&str> {
        self.typed.0.iter().rev().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }
}

/// The last refused form of each run.
#[derive(Default)]
pub struct Refusals(Mutex<HashMap<String, Arc<Refusal>>>);

impl Refusals {
    /// Keeps it until the next one of this run. Returns the address that shows it.
    pub fn keep(&self, run: &str, wrong: Wrong, typed: Pairs) -> String {
        let address = format!("/runs/{run}?refused=1#{}", wrong.field);
        let refusal = Arc::new(Refusal { wrong, typed: Fields(typed) });
        self.lock().insert(run.to_owned(), refusal);
        address
    }

    /// The last refused form of a run.
    pub fn of(&self, run: &str) -> Option<Arc<Refusal>> {
        self.lock().get(run).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Refusal>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
