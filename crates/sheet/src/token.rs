//! API tokens and API keys in cells, recognized by their shape under any heading. They are masked before anything
//! else reads the cell, so that no later code can store, show or quote one.

use crate::told_password::{After, MASKED_PASSWORD, mask_told};

/// The text that a report, a page or the journal has instead of an API token.
pub const MASKED_TOKEN: &str = "[masked: API token]";

/// How API tokens of accounts and API keys of organizations begin (seen in tokens and keys since 2023; Atlassian
/// documents no format).
const BEGINNINGS: [&str; 2] = ["ATATT", "ATCTT"];

/// The first character of both.
const FIRST: u8 = b'A';

/// Bytes from which a text in capital letters counts. A shorter one may be a word (`ATATTICA`).
const SURE: usize = 16;

/// Masks each API token and each password in it.
pub(crate) fn mask(text: &mut String) {
    mask_tokens(text);
    mask_told(text, After::Anything);
}

/// Whether one of these cells had a password.
pub(crate) fn has_told(cells: &[String]) -> bool {
    cells.iter().any(|cell| cell.contains(MASKED_PASSWORD))
}

/// Masks each API token in a text. The rest of the text stays, because it may be several rows that a quote swallowed.
pub(crate) fn mask_tokens(text: &mut String) {
    let mut from = 0;
    while let Some((start, end)) = token(text, from) {
        text.replace_range(start..end, MASKED_TOKEN);
        from = start + MASKED_TOKEN.len();
    }
}

/// The first token from a place on: its first byte, and the byte after its last.
fn token(text: &str, from: usize) -> Option<(usize, usize)> {
    let begins = |start: &usize| BEGINNINGS.iter().any(|one| text[*start..].starts_with(one));
    let places = memchr::memchr_iter(FIRST, &text.as_bytes()[from..]).map(|at| from + at);
    places.filter(begins).find_map(|start| {
        let rest = &text[start..];
        let end = rest.find(|c: char| !is_of_token(c)).unwrap_or(rest.len());
        let one = &rest[..end];
        let is_no_word = one.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        // `ATATT3` is no part of a word. Without the digit, it must be the beginning of one.
        let begins = !text[..start].ends_with(char::is_alphanumeric);
        let is_token =
            (begins || one.as_bytes().get(5) == Some(&b'3')) && (is_no_word || one.len() >= SURE);
        is_token.then_some((start, start + end))
    })
}

fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '=' | '+' | '/' | '.' | '~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_masked_by_their_shape() {
        for (text, masked) in [
            ("ATATT3xFfGF0abc_d-e=1A2B3C4D", "[masked: API token]"),
            ("ATCTT3xFfGF0abc", "[masked: API token]"),
            ("me@acme.example:ATATT3xFfGF0", "me@acme.example:[masked: API token]"),
            ("myATATT3xFfGF0", "my[masked: API token]"),
            ("“ATATT3xFfGF0” and\nATATT3xOther1", "“[masked: API token]” and\n[masked: API token]"),
            ("ATATTabcdefghijklmnop", "[masked: API token]"),
            ("ATATTshort", "[masked: API token]"),
            ("ATATT", "ATATT"),
            ("ATATTICA group", "ATATTICA group"),
            ("B.BATATTE2024@acme.example", "B.BATATTE2024@acme.example"),
            ("t-old", "t-old"),
        ] {
            let mut cell = text.to_owned();
            mask_tokens(&mut cell);
            assert_eq!(cell, masked);
        }
    }
}
