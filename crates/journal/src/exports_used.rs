//! The exports that supplied ids when a plan was made.

use super::run::Run;

/// The key of the file names in a run's options.
pub const EXPORTS: &str = "exports";

/// The exports, each once; none: the ids came from the site.
pub fn exports_used(run: &Run) -> Vec<String> {
    let noted = run.options.get(EXPORTS).cloned().unwrap_or_default();
    let mut names: Vec<String> = serde_json::from_value(noted).unwrap_or_default();
    // One file may have supplied several kinds of ids.
    names.dedup();
    names
}
