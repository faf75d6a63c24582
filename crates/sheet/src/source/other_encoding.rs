//! Text in encodings that no spreadsheet program writes: EBCDIC of mainframes, and UTF-7 of old mail programs.

use std::collections::BTreeSet;

use crate::source::other_text::Told;

/// Names text in one of these encodings.
pub(super) fn other_encoding(bytes: &[u8]) -> Option<Told> {
    if is_ebcdic(bytes) {
        return Some((
            "EBCDIC text, as mainframes write it",
            "transfer it again as text (not as binary), or convert it: iconv -f IBM037 -t UTF-8",
        ));
    }
    is_utf_7(bytes).then_some((
        "UTF-7 text",
        "save it as CSV UTF-8 in the program that wrote it, or convert it: iconv -f UTF-7 -t UTF-8",
    ))
}

/// How many bytes are looked at.
const LOOKED_AT: usize = 4096;

/// Fewer bytes than this show nothing.
const ENOUGH: usize = 16;

/// Whether bytes are EBCDIC: nearly all are its letters, digits and a few signs, which have the same places in all
/// its code pages. No text of another encoding has lines without a line feed, hardly an ASCII letter, and spaces or
/// commas at these places.
fn is_ebcdic(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    let count = |is_it: fn(u8) -> bool| bytes.iter().copied().filter(|byte| is_it(*byte)).count();
    let letters = count(
        |byte| matches!(byte, 0x81..=0x89 | 0x91..=0x99 | 0xA2..=0xA9 | 0xC1..=0xC9 | 0xD1..=0xD9 | 0xE2..=0xE9),
    );
    let digits = count(|byte| (0xF0..=0xF9).contains(&byte));
    // Line ends, the tab, the space, and `,` `;`.
    let between = count(|byte| matches!(byte, 0x05 | 0x0D | 0x15 | 0x25 | 0x40 | 0x5E | 0x6B));
    // `.` `(` `+` `&` `)` `-` `/` `_` `:` `@` `'` `"`.
    let signs = count(|byte| {
        matches!(
            byte,
            0x4B | 0x4D | 0x4E | 0x50 | 0x5D | 0x60 | 0x61 | 0x6D | 0x7A | 0x7C..=0x7D | 0x7F
        )
    });
    let known = letters + digits + between + signs;
    bytes.len() >= ENOUGH
        && !bytes.contains(&b'\n')
        && between > 0
        && known * 10 >= bytes.len() * 9
        && (letters > digits || letters * 4 >= bytes.len())
}

/// Whether a text is UTF-7. All its bytes are ASCII, so it can be read, but `André` is `Andr+AOk-`, and some programs
/// write `@` as `+AEA-`. A `+` of people's own is hardly ever a part of valid UTF-7 (`R+D`, `ann+x@example.com`), and
/// what is so by chance is not there twice.
fn is_utf_7(bytes: &[u8]) -> bool {
    if [b"+/v8", b"+/v9", b"+/v+", b"+/v/"].iter().any(|mark| bytes.starts_with(*mark)) {
        return true;
    }
    if !bytes.is_ascii() {
        return false;
    }
    let (mut letters, mut has_at) = (BTreeSet::new(), false);
    for plus in memchr::memchr_iter(b'+', bytes) {
        let rest = &bytes[plus + 1..];
        let is_base64 = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        let run = &rest[..rest.iter().take_while(is_base64).count()];
        match rest.get(run.len()) {
            // A plus sign.
            Some(b'-') if run.is_empty() => continue,
            // Cut off.
            None if !run.is_empty() => break,
            Some(_) | None => {}
        }
        let Some(text) = decoded(run) else { return false };
        has_at |= text.contains('@');
        if !text.is_ascii() && text.chars().any(char::is_alphabetic) && !is_in_address(bytes, plus)
        {
            letters.insert(text);
        }
    }
    letters.len() > 1 || (has_at && !bytes.contains(&b'@'))
}

/// The text of a sequence of UTF-7: UTF-16 in base64, without padding.
fn decoded(run: &[u8]) -> Option<String> {
    // Telephone numbers are digits after a plus sign.
    if run.len() < 3 || run.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let (mut units, mut bits, mut many) = (Vec::new(), 0_u32, 0);
    for byte in run {
        bits = (bits << 6) | u32::from(value(*byte));
        many += 6;
        if many >= 16 {
            many -= 16;
            units.push((bits >> many) as u16);
            bits &= (1 << many) - 1;
        }
    }
    // The bits that are left fill up the last character of base64.
    let is_whole = many < 6 && bits == 0;
    String::from_utf16(&units).ok().filter(|_| is_whole)
}

/// Whether the word around a place has an `@`: `ann+list@example.com`.
fn is_in_address(bytes: &[u8], at: usize) -> bool {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'"' | b'|');
    let word = &bytes[at..];
    let end = word.iter().position(ends).unwrap_or(word.len());
    word[..end].contains(&b'@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_decoded() {
        for (run, wanted) in [
            ("AOk", Some("é")),
            ("AEA", Some("@")),
            ("AOkA6Q", Some("éé")),
            ("2D3cSw", Some("👋")),
            ("ZeVnLIqe", Some("日本語")),
            ("AO", None),
            ("AOl", None),
            ("Marketing", None),
            ("2D3", None),
            ("4917112345678901", None),
        ] {
            assert_eq!(decoded(run.as_bytes()).as_deref(), wanted, "{run}");
        }
    }
}
