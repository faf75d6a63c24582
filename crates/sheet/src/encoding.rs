//! Text that was read in the wrong encoding, found before a `jŸrgen@` or a `GroÃŸ` is created.
//!
//! Text without a mark that is no UTF-8 is read as Windows-1252, which fits any bytes. So each
//! piece is looked over: a word such as `jŸrgen` is none, and if another encoding makes words of
//! the same bytes, the file is refused. chardetng names the encoding; it knows all of the web's,
//! which Mac Roman is not, so that one is tried by itself.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

/// Text that seems to be of another encoding than it was read in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{read}” seems to be “{meant}”")]
pub(super) struct Doubt {
    /// Line ends before the word in its piece.
    pub(super) lines: u64,
    /// The word as Windows-1252.
    pub(super) read: String,
    /// The word in the encoding that fits.
    pub(super) meant: String,
    /// That encoding, as people call it.
    pub(super) encoding: String,
}

/// Looks over a piece that is to be read as Windows-1252.
pub(super) fn doubt(bytes: &[u8], last: bool) -> Option<Doubt> {
    let mut odd = words(bytes).filter(|(_, word)| !is_plausible(WINDOWS_1252, word)).peekable();
    odd.peek()?;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, last);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    let has_letter = |encoding: &'static Encoding, word: &[u8]| {
        encoding.decode_without_bom_handling(word).0.chars().any(char::is_alphabetic)
    };
    let is_word = |encoding: &'static Encoding, word: &[u8]| {
        is_plausible(encoding, word) && (encoding == WINDOWS_1252 || has_letter(encoding, word))
    };
    let fits = |encoding: &'static Encoding| -> usize {
        words(bytes).filter(|(_, word)| is_word(encoding, word)).count()
    };
    let candidates = [guessed, MACINTOSH].into_iter().filter(|other| *other != WINDOWS_1252);
    let best = candidates.max_by_key(|other| fits(other))?;
    if fits(best) <= fits(WINDOWS_1252) {
        return None;
    }
    let (at, word) = odd.find(|(_, word)| is_word(best, word))?;
    let encoding = if best == MACINTOSH { "Mac Roman" } else { best.name() };
    Some(Doubt {
        lines: line_ends(&bytes[..at]),
        read: decoded(WINDOWS_1252, word),
        meant: decoded(best, word),
        encoding: encoding.to_owned(),
    })
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// How many line ends there are; CRLF is one.
pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    let mut ends = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let second = *byte == b'\n' && at > 0 && bytes[at - 1] == b'\r';
        ends += u64::from(matches!(byte, b'\r' | b'\n') && !second);
    }
    ends
}

/// Runs of letters and of bytes outside ASCII that hold at least one of the latter, with their
/// places.
fn words(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let belongs = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at + bytes[at..].iter().position(belongs)?;
            let rest = &bytes[start..];
            let length = rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len());
            at = start + length;
            if !rest[..length].is_ascii() {
                return Some((start, &rest[..length]));
            }
        }
        None
    })
}

/// Whether bytes make a word in an encoding: letters, no capital after a small letter, signs only
/// where people write them.
fn is_plausible(encoding: &'static Encoding, word: &[u8]) -> bool {
    let (text, has_errors) = encoding.decode_without_bom_handling(word);
    if has_errors {
        return false;
    }
    let letters: Vec<char> = text.chars().collect();
    if !letters.iter().any(|c| c.is_alphabetic()) {
        return true;
    }
    let is_accented = |c: char| matches!(c, '\u{c0}'..='\u{24f}') && c.is_alphabetic();
    let mut accents = 0;
    for (at, &c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied();
        let after = letters.get(at + 1).copied();
        accents = if is_accented(c) { accents + 1 } else { 0 };
        let fits = if c.is_alphabetic() {
            let mixed = |one: char, next: char| one.is_lowercase() && next.is_uppercase();
            // Names such as McÉlroy have their capital after an ASCII letter of their own.
            let is_odd_capital = is_accented(c)
                && c.is_uppercase()
                && before.is_some_and(char::is_uppercase)
                && after.is_some_and(char::is_lowercase);
            let is_mixed =
                before.is_some_and(|one| mixed(one, c) && !(c.is_ascii() && one.is_ascii()));
            accents <= 2 && !is_odd_capital && !is_mixed
        } else {
            sign_fits(before, c, after)
        };
        if !fits {
            return false;
        }
    }
    true
}

/// Whether a sign outside ASCII is where people write it: quotation marks around words, dashes and
/// apostrophes between them, marks behind them.
fn sign_fits(before: Option<char>, sign: char, after: Option<char>) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    match sign {
        '\u{a0}' | '–' | '—' | '’' | '‘' | '·' | '´' | '«' | '»' => true,
        '“' | '„' | '‚' | '‹' | '¿' | '¡' => !is_letter(before),
        '”' | '…' | '›' | '®' | '™' | '©' | '°' | 'ª' | 'º' | '²' | '³' => {
            !is_letter(after)
        }
        _ => !is_letter(before) && !is_letter(after),
    }
}

/// The text that was meant, if UTF-8 was read as Windows-1252 somewhere on its way here: `GroÃŸ`
/// was `Groß`.
pub(super) fn read_twice(text: &str) -> Option<String> {
    let mut meant = String::with_capacity(text.len());
    let mut found = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
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

/// The character whose UTF-8 bytes are the first characters here, and how long those are.
fn one_of_two(text: &str) -> Option<(char, usize)> {
    let mut bytes = [0; 3];
    let mut length = 0;
    for (many, c) in text.chars().take(3).enumerate() {
        bytes[many] = western_byte(c)?;
        length += c.len_utf8();
        let Ok(read) = std::str::from_utf8(&bytes[..=many]) else { continue };
        let original = read.chars().next()?;
        // What Western names, punctuation and double reading bring; other characters are chance.
        let is_likely = matches!(original, '\u{a0}'..='\u{17f}' | '\u{2010}'..='\u{20ac}');
        return (many > 0 && is_likely).then_some((original, length));
    }
    None
}

fn western_byte(c: char) -> Option<u8> {
    if let '\u{80}'..='\u{9f}' = c {
        return Some(c as u8);
    }
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    match (bytes.as_ref(), unmappable) {
        ([byte], false) if !byte.is_ascii() => Some(*byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        encoding.encode(text).0.into_owned()
    }

    /// encoding_rs writes no Mac Roman for the web; here are the letters the tests use.
    fn mac(text: &str) -> Vec<u8> {
        let byte = |c: char| match c {
            'Ä' => 0x80,
            'Å' => 0x81,
            'Ö' => 0x85,
            'Ü' => 0x86,
            'á' => 0x87,
            'ä' => 0x8a,
            'ç' => 0x8d,
            'é' => 0x8e,
            'è' => 0x8f,
            'ö' => 0x9a,
            'ü' => 0x9f,
            'ß' => 0xa7,
            c => c as u8,
        };
        text.chars().map(byte).collect()
    }

    #[test]
    fn western_text_is_not_doubted() {
        for text in [
            "Email;Group\njosé@example.com;Zürich €\n",
            "Müller",
            "Ångström",
            "O’Brien",
            "Köln–Bonn",
            "“Großmaß”",
            "Café®",
            "Ærø",
            "Š",
            "Miloš",
            "Žižek",
            "ÉCOLE",
            "Noël",
            "Zoë",
            "mañana",
            "¿Qué?",
            "Ça va",
            "señor",
            "Œuvre",
            "5 €",
            "£5",
            "McÉlroy",
            "SØREN",
            "Þór",
            "fußball",
            "Lefèvre",
            "1º",
            "Nº 5",
            "naïve",
            "§ 5",
            "ANDRÉ\u{a0}",
        ] {
            let bytes = of(WINDOWS_1252, text);
            assert_eq!(doubt(&bytes, true), None, "{text}");
        }
    }

    #[test]
    fn mac_roman_is_named() {
        for (text, read, meant) in [
            ("Email\na@b.c\njürgen@example.com\n", "jŸrgen", "jürgen"),
            ("Größe", "Grš§e", "Größe"),
            ("André", "AndrŽ", "André"),
            ("Åsa", "\u{81}sa", "Åsa"),
            ("François", "Fran\u{8d}ois", "François"),
            ("Groß", "Gro§", "Groß"),
            ("Schröder, Jürgen", "JŸrgen", "Jürgen"),
        ] {
            let doubt = doubt(&mac(text), true).expect(text);
            assert_eq!((doubt.read.as_str(), doubt.meant.as_str()), (read, meant), "{text}");
            assert_eq!(doubt.encoding, "Mac Roman");
        }
        assert_eq!(doubt(&mac("a\r\nb\rc\njürgen"), true).map(|doubt| doubt.lines), Some(3));
    }

    #[test]
    fn other_encodings_are_named() {
        use encoding_rs::{SHIFT_JIS, WINDOWS_1250, WINDOWS_1251};
        for (encoding, text) in [
            (WINDOWS_1250, "Email;Imię\nl@example.com;Łukasz Wałęsa\nx@example.com;Paweł Żak\n"),
            (WINDOWS_1251, "Email;Имя\ni@example.com;Иван Петров\n"),
            (SHIFT_JIS, "メール;名前\na@example.com;山田太郎\n"),
        ] {
            let doubt = doubt(&of(encoding, text), true).expect(text);
            assert_eq!(doubt.encoding, encoding.name(), "{doubt:?}");
        }
    }

    #[test]
    fn text_that_was_read_twice_is_told_with_what_was_meant() {
        for meant in ["Groß", "jürgen@example.com", "José", "Zoë’s", "€", "Łukasz", "Ärger", "à la"]
        {
            let read = WINDOWS_1252.decode_without_bom_handling(meant.as_bytes()).0.into_owned();
            assert_eq!(read_twice(&read).as_deref(), Some(meant), "{read}");
        }
        for fine in
            ["Groß", "Ångström", "É", "FRANÇAIS »", "ANDRÉ\u{a0}", "Ã", "São João", "R&D", "日本"]
        {
            assert_eq!(read_twice(fine), None, "{fine}");
        }
    }
}
