//! Text between `{{` and `}}` is a name and contains no separator.

/// For each byte, whether it is inside `{{…}}` without inner braces.
pub fn inside_braces(text: &str) -> Vec<bool> {
    let bytes = text.as_bytes();
    let mut opaque = vec![false; bytes.len()];
    let mut at = 0;
    while at + 1 < bytes.len() {
        if &bytes[at..at + 2] == b"{{" {
            let inner = at + 2;
            let brace = bytes[inner..].iter().position(|byte| matches!(byte, b'{' | b'}'));
            let close = brace.map(|offset| inner + offset);
            if let Some(close) = close.filter(|close| bytes[*close..].starts_with(b"}}")) {
                opaque[at..close + 2].fill(true);
                at = close + 2;
                continue;
            }
        }
        at += 1;
    }
    opaque
}

/// Splits a text at a separator outside of `{{variables}}`.
pub fn split(text: &str, separator: u8) -> Vec<String> {
    split_opaque(text, &inside_braces(text), separator)
}

/// The same; an opaque byte is never a separator.
pub fn split_opaque(text: &str, opaque: &[bool], separator: u8) -> Vec<String> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte == separator && !opaque[at] {
            parts.push(text[from..at].to_owned());
            from = at + 1;
        }
    }
    parts.push(text[from..].to_owned());
    parts
}
