//! Protection against cells that a spreadsheet program would run as formulas.

use std::borrow::Cow;

/// Puts a `'` before a cell that begins with `= + - @` or a tab, because spreadsheet programs run it as a formula,
/// whatever its origin. This crate's reader removes the `'` again.
pub fn safe(cell: &str) -> Cow<'_, str> {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => Cow::Owned(format!("'{cell}")),
        _ => Cow::Borrowed(cell),
    }
}
