//! Reports of a run in Newman's forms.

mod cli;
mod environment;
mod failures;
mod json;
mod junit;

pub use cli::{CliReport, Symbols};
pub use environment::{ExportedEnvironment, export_environment};
pub use failures::{Failure, failures};
pub use json::JsonReport;
pub use junit::{Suite, add as add_to_junit, junit};
