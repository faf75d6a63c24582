//! Errors of planning. Nothing was sent in any of these cases.

use crate::directory::lookup::LookupError;
use headcount_journal::JournalError;
use headcount_model::step::Unreadable;
use headcount_sheet::SheetError;

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The file can't be read.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The journal can't be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Rows contradict each other, so none of them can be sent.
    #[error("{0}")]
    Contradiction(String),
    /// The site can't be read.
    #[error(transparent)]
    LookUp(#[from] LookupError),
}

impl From<Unreadable> for PlanError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Journal(unreadable.into())
    }
}
