//! The names in a text with `{{names}}`.

use crate::variables::Marked;

/// The innermost names of a text.
pub fn names_in(text: &str) -> Vec<String> {
    let marked = Marked::structure(text);
    marked.names().into_iter().map(|(start, end)| text[start + 2..end - 2].to_owned()).collect()
}
