//! Why a file cannot be filtered.

use super::error::{ExportError, nearest};
use crate::choose::UnknownApp;
use headcount_sheet::SheetError;

/// Why a file cannot be filtered.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be read.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The file has no column for a filter.
    #[error("the file has no column “{column}”, which {option} reads; export again with it")]
    Lacks {
        /// The option.
        option: &'static str,
        /// The column.
        column: &'static str,
    },
    /// No group of the file has this name or id.
    #[error("--group or --not-group: the file has no group “{name}”{}", nearest(.nearest_names))]
    NoGroup {
        /// The name or id.
        name: String,
        /// The most similar names.
        nearest_names: Vec<String>,
    },
    /// Several groups of the file have a name that differs only in case.
    #[error("--group or --not-group: “{0}” means several groups of the file; give the group's id")]
    SeveralGroups(String),
    /// An app is not in the file, or the output cannot be written.
    #[error(transparent)]
    Export(#[from] ExportError),
}

impl From<UnknownApp> for FileError {
    fn from(error: UnknownApp) -> Self {
        Self::Export(error.into())
    }
}
