//! Finds UTF-8 that was read in another encoding before it reached the file, and text with lost letters.

use encoding_rs::{
    GBK, MACINTOSH, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257,
};

use crate::text::candidate::Candidate;

/// The original text, if UTF-8 was read in another encoding: `GroÃŸ` was `Groß`, `J√ºrgen` was `Jürgen`.
pub(crate) fn read_twice(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let meant = as_western(text)
        .or_else(|| possible(text).find_map(|other| as_a_whole(text, other)))
        .or_else(|| as_western_script(text))
        .or_else(|| possible(text).find_map(|other| in_another_script(text, other)))?;
    // The text may have been misread more than once.
    Some(read_twice(&meant).unwrap_or(meant))
}

/// Other encodings as which UTF-8 is misread.
const OTHERS: [Candidate; 9] = [
    Candidate::Web(WINDOWS_1252),
    Candidate::Web(MACINTOSH),
    Candidate::Dos,
    Candidate::Web(WINDOWS_1254),
    Candidate::Web(WINDOWS_1250),
    Candidate::Web(WINDOWS_1257),
    Candidate::Web(WINDOWS_1251),
    Candidate::Web(SHIFT_JIS),
    Candidate::Web(GBK),
];

/// The encodings in which the first characters outside ASCII can be UTF-8: for nearly every text, none. The whole
/// text is encoded only in these.
fn possible(text: &str) -> impl Iterator<Item = Candidate> {
    const LENGTH: usize = 4;
    let start = text.find(|c: char| !c.is_ascii()).unwrap_or(text.len());
    let first: String = text[start..].chars().take_while(|c| !c.is_ascii()).take(LENGTH).collect();
    let is_cut = first.chars().count() == LENGTH;
    OTHERS.into_iter().filter(move |other| {
        let bytes = other.bytes(&first);
        bytes.is_some_and(|bytes| match std::str::from_utf8(&bytes) {
            Ok(_) => true,
            // The rest of the last character may follow.
            Err(error) => is_cut && error.error_len().is_none(),
        })
    })
}

/// The text whose UTF-8 bytes are all these characters in another encoding.
fn as_a_whole(text: &str, other: Candidate) -> Option<String> {
    let is_beside_ascii = text.chars().any(|c| c.is_ascii_alphabetic());
    let bytes = other.bytes(text).filter(|_| is_beside_ascii)?;
    let meant = String::from_utf8(bytes).ok()?;
    let is_fine = |c: char| c.is_ascii() || is_likely(c);
    (meant != text && !meant.is_ascii() && meant.chars().all(is_fine)).then_some(meant)
}

/// The same for words of two or more letters in another script: `РџРµС‚СЂ` was `Петр`. ASCII stays as it is.
fn in_another_script(text: &str, other: Candidate) -> Option<String> {
    // Encodings with several bytes for a character turn each other's text into words by chance.
    let is_single = !matches!(other, Candidate::Web(encoding) if !encoding.is_single_byte());
    other.bytes(text).filter(|_| is_single).and_then(of_letters)
}

/// The same for Windows-1252: `Ð\u{98}Ð²Ð°Ð½` was `Иван`. For some bytes, browsers use the characters of this
/// encoding, and other programs the bytes themselves.
fn as_western_script(text: &str) -> Option<String> {
    let byte = |c: char| u8::try_from(c).ok().filter(u8::is_ascii).or_else(|| western_byte(c));
    text.chars().map(byte).collect::<Option<Vec<u8>>>().and_then(of_letters)
}

fn of_letters(bytes: Vec<u8>) -> Option<String> {
    let meant = String::from_utf8(bytes).ok()?;
    let wide: Vec<char> = meant.chars().filter(|c| !c.is_ascii()).collect();
    (wide.len() > 1 && wide.iter().all(|c| c.is_alphabetic())).then_some(meant)
}

/// Characters of Western names, punctuation and text that was misread twice; others are chance.
fn is_likely(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{17f}' | '\u{2010}'..='\u{20ac}' | '\u{2122}')
}

/// The same for Windows-1252, one sequence at a time, because other parts of the text may be correct.
fn as_western(text: &str) -> Option<String> {
    let mut meant = String::with_capacity(text.len());
    let mut found = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let plain = rest.bytes().take_while(u8::is_ascii).count();
        if plain > 0 {
            meant.push_str(&rest[..plain]);
            rest = &rest[plain..];
            continue;
        }
        match one_of_two(rest) {
            Some((original, length)) => {
                meant.push(original);
                rest = &rest[length..];
                found = true;
            }
            None => {
                meant.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    found.then_some(meant)
}

/// The character whose UTF-8 bytes the first characters are, and their length.
fn one_of_two(text: &str) -> Option<(char, usize)> {
    let mut bytes = [0; 3];
    let mut length = 0;
    for (many, c) in text.chars().take(3).enumerate() {
        bytes[many] = western_byte(c)?;
        length += c.len_utf8();
        let Ok(read) = std::str::from_utf8(&bytes[..=many]) else { continue };
        let original = read.chars().next()?;
        return (many > 0 && is_likely(original)).then_some((original, length));
    }
    None
}

fn western_byte(c: char) -> Option<u8> {
    match c {
        '\u{80}'..='\u{ff}' => u8::try_from(c).ok(),
        c if c.is_ascii() => None,
        c => {
            let mut buffer = [0; 4];
            let (bytes, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
            bytes.first().copied().filter(|_| !unmappable)
        }
    }
}

/// Whether a question mark replaced a letter: `J?rgen`, `Gr??e`, `?zgür`. A question mark at the end of a sentence
/// does not count.
pub fn has_lost_letter(text: &str) -> bool {
    if !text.contains('?') {
        return false;
    }
    let chars: Vec<char> = text.chars().collect();
    let is_letter =
        |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphabetic());
    let is_lost = |at: usize| {
        let begin = chars[..at].iter().rposition(|c| *c != '?');
        let end = (at..chars.len()).find(|after| chars[*after] != '?');
        let is_last = end.is_none() && text.contains(char::is_whitespace);
        let starts_small = begin.is_none_or(|before| chars[before].is_whitespace())
            && end.is_some_and(|after| chars[after].is_lowercase());
        starts_small || (is_letter(begin) && !is_last)
    };
    (0..chars.len()).any(|at| chars[at] == '?' && is_lost(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_was_read_twice_is_reported_with_the_original() {
        for meant in ["Groß", "jürgen@example.com", "José", "Zoë’s", "€", "Łukasz", "Ärger", "à la"]
        {
            let read = WINDOWS_1252.decode_without_bom_handling(meant.as_bytes()).0.into_owned();
            assert_eq!(read_twice(&read).as_deref(), Some(meant), "{read}");
            let again = WINDOWS_1252.decode_without_bom_handling(read.as_bytes()).0.into_owned();
            assert_eq!(read_twice(&again).as_deref(), Some(meant), "{again}");
        }
        for (read, meant) in [
            ("J√ºrgen", "Jürgen"),
            ("J├╝rgen", "Jürgen"),
            ("JĂĽrgen", "Jürgen"),
            ("JГјrgen", "Jürgen"),
            ("Jﾃｼrgen", "Jürgen"),
            ("J眉rgen", "Jürgen"),
            ("AyÅŸe", "Ayşe"),
            ("Gro√üe", "Große"),
            ("Ð\u{98}Ð²Ð°Ð½", "Иван"),
            ("Ð\u{98}Ð²Ð°Ð½ <ivan>", "Иван <ivan>"),
            ("ÐŸÐµÑ‚Ñ€Ð¾Ð²", "Петров"),
            ("РџРµС‚СЂ", "Петр"),
            ("å±±ç”°", "山田"),
            ("Î‘Î½Î½Î±", "Αννα"),
            ("–ò–≤–∞–Ω", "Иван"),
        ] {
            assert_eq!(read_twice(read).as_deref(), Some(meant), "{read}");
        }
        for fine in [
            "Groß",
            "Ångström",
            "É",
            "FRANÇAIS »",
            "ANDRÉ\u{a0}",
            "Ã",
            "São João",
            "R&D",
            "日本",
            "Гёте",
            "Ђорђе",
            "眉",
            "李隆基",
            "Müller眉",
            "Łukasz",
            "Ayşe",
            "Þór",
            "Șerban",
            "α-team",
            "A→B",
            "ﾃｼ",
            "Ёжик",
            "Сергій",
            "ÐÐ",
            "Þórð²",
            "«Ñandú»",
        ] {
            assert_eq!(read_twice(fine), None, "{fine}");
        }
    }

    #[test]
    fn a_lost_letter_is_seen() {
        for lost in [
            "J?rgen",
            "Gr??e",
            "?zgür",
            "M?ller, J?rg",
            "Andr?",
            "caf?-team",
            "Andr? Martin",
            "Ann ?lker",
        ] {
            assert!(has_lost_letter(lost), "{lost}");
        }
        for fine in ["", "?", "Who is there?", "R&D", "? team", "What is ??", "(?)"] {
            assert!(!has_lost_letter(fine), "{fine}");
        }
    }
}
