//! The text of one cell.

use headcount_model::spelling::is_invisible;

/// Removes white space and invisible characters from both ends of a text.
pub fn trim(text: &str) -> &str {
    let is_kept = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    // Nearly every text.
    if is_kept(text.as_bytes().first()) && is_kept(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// A cell's text, trimmed, without the `'` that headcount's reports write before `= + - @` and tab so that a
/// spreadsheet program does not run the cell. Any other `'` belongs to the text.
///
/// Some programs write `="00712"` into a CSV, so that Excel shows the digits as a text.
///
/// `a, "b"` is common in lists typed by hand. In CSV, the quotes are then part of the text, because a space is
/// before them. Postman's runner trims the cell first, and still keeps the quotes; so does headcount.
pub fn text(cell: &str) -> &str {
    let trimmed = trim(cell);
    let quoted = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let cell = match quoted {
        Some(inner) if cell.starts_with(' ') && !inner.contains('"') => trim(inner),
        _ => trimmed,
    };
    let cell = match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t']) => trim(rest),
        _ => cell,
    };
    match cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if !inner.contains('"') => trim(inner),
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
            ("=\"00712\"", "00712"),
            ("'=\"R&D\"", "R&D"),
            ("=\"a\"&\"b\"", "=\"a\"&\"b\""),
            ("=\"", "=\""),
            ("'", "'"),
            (" \"a b\"", "a b"),
            ("\"a\"", "\"a\""),
            (" \"a\" or \"b\"", "\"a\" or \"b\""),
        ] {
            assert_eq!(text(cell), wanted, "{cell:?}");
        }
    }
}
