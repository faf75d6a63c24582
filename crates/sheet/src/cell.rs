//! The text of one cell.

use headcount_model::spelling::is_invisible;

/// A text without white space and invisible characters at its ends.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// A cell's text: trimmed, and without the `'` that our own reports put before `= + - @` and tab
/// to keep a spreadsheet from running the cell. Any other `'` belongs to the text.
///
/// `a, "b"` is common in lists typed by hand. CSV takes the quotes for text, as a space stands
/// before them; Postman's runner trims first and does not, and neither do we.
pub fn text(cell: &str) -> &str {
    let trimmed = trim(cell);
    let quoted = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let cell = match quoted {
        Some(inner) if cell.starts_with(' ') && !inner.contains('"') => trim(inner),
        _ => trimmed,
    };
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t']) => trim(rest),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_quote_is_taken_off_and_no_other() {
        for (cell, wanted) in [
            (" ann ", "ann"),
            ("\u{a0}ann\u{200b}\u{feff}", "ann"),
            ("'=1+1", "=1+1"),
            ("'+49", "+49"),
            ("'-x", "-x"),
            ("'@a", "@a"),
            ("'\tx", "x"),
            ("'ndrangheta", "'ndrangheta"),
            ("''=x", "''=x"),
            ("'", "'"),
            (" \"a b\"", "a b"),
            ("\"a\"", "\"a\""),
            (" \"a\" or \"b\"", "\"a\" or \"b\""),
        ] {
            assert_eq!(text(cell), wanted, "{cell:?}");
        }
    }
}
