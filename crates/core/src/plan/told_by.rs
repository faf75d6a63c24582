//! Which exports told who is who when a plan was made.

use crate::journal::Run;

/// Where it stands among a run's options: the names of the files.
pub const TOLD_BY: &str = "told_by";

/// The exports that told it, each once; none: the site was asked.
pub fn told_by(run: &Run) -> Vec<String> {
    let noted = run.options.get(TOLD_BY).cloned().unwrap_or_default();
    let mut names: Vec<String> = serde_json::from_value(noted).unwrap_or_default();
    // One file may tell both people and groups.
    names.dedup();
    names
}
