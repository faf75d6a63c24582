//! Rows of a file that were corrected on the page.

use headcount_journal::Run;
use headcount_model::rows::Rows;

/// The rows whose cells differ from the file because they were corrected on the page. The journal keeps the numbers of
/// these rows, and only the corrected cells.
pub fn corrected(run: &Run) -> Rows {
    let kept = run.options["corrected"].as_str().and_then(|text| text.parse().ok());
    kept.unwrap_or_default()
}
