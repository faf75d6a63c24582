//! Errors of exports. The part that was written must not be kept.

use crate::choose::UnknownApp;
use crate::directory::lookup::LookupError;
use headcount_atlassian::error::CallError;

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The site could not be read.
    #[error("the site could not be read to the end; no file was written")]
    Call(
        #[from]
        #[source]
        CallError,
    ),
    /// The site could not be read, or contradicts itself.
    #[error("no file was written")]
    LookUp(
        #[from]
        #[source]
        LookupError,
    ),
    /// The list is incomplete, according to the site itself.
    #[error("the list of {what} is incomplete: {why}; no file was written. Try again")]
    NotWhole {
        /// What was listed.
        what: &'static str,
        /// How the error was found.
        why: String,
    },
    /// No credential of the profile can read this.
    #[error("{what} can only be read with {needs}; add it to the profile")]
    NoWay {
        /// What should be read.
        what: &'static str,
        /// The credential that could read it.
        needs: &'static str,
    },
    /// A filter names an app that is not there.
    #[error("--product: {0}")]
    NoApp(
        #[from]
        #[source]
        UnknownApp,
    ),
    /// A filter names a group that is not there.
    #[error("--group or --not-group: no group is called “{name}” and none has this id{}", nearest(.nearest_names))]
    NoGroup {
        /// The name or id.
        name: String,
        /// The most similar names.
        nearest_names: Vec<String>,
    },
    /// A filter names several groups.
    #[error("--group or --not-group: “{name}” means several groups: {groups}; give the id")]
    SeveralGroups {
        /// The name.
        name: String,
        /// Which groups.
        groups: String,
    },
    /// The output can't be written.
    #[error("the export cannot be written")]
    Write(#[source] std::io::Error),
}

pub(super) fn nearest(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!("; nearest: {}", names.join(", ")),
    }
}

impl ExportError {
    /// The failure of the call, if it is one.
    pub fn call(&self) -> Option<&CallError> {
        match self {
            Self::Call(error) => Some(error),
            Self::LookUp(error) => error.call(),
            Self::NotWhole { .. }
            | Self::NoWay { .. }
            | Self::NoApp(_)
            | Self::NoGroup { .. }
            | Self::SeveralGroups { .. }
            | Self::Write(_) => None,
        }
    }
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        Self::Write(match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            other => std::io::Error::other(format!("{other:?}")),
        })
    }
}

impl From<std::io::Error> for ExportError {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}
