//! Cells a spreadsheet would run.

use std::borrow::Cow;

/// A cell that begins with `= + - @` or a tab is run as a formula by spreadsheets, no matter who wrote
/// it. It gets a leading `'`, which the sheet reader takes off again.
pub fn safe(cell: &str) -> Cow<'_, str> {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => Cow::Owned(format!("'{cell}")),
        _ => Cow::Borrowed(cell),
    }
}
