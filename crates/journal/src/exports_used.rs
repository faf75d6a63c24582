//! Which exports told who is who when a plan was made.

use super::run::Run;

/// Where it stands among a run's options: the names of the files.
pub const EXPORTS: &str = "exports";

/// The exports that told it, each once; none: the site was asked.
pub fn exports_used(run: &Run) -> Vec<String> {
    let noted = run.options.get(EXPORTS).cloned().unwrap_or_default();
    let mut names: Vec<String> = serde_json::from_value(noted).unwrap_or_default();
    // One file may tell both people and groups.
    names.dedup();
    names
}
