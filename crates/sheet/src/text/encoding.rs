//! Text that was read in the wrong encoding, found before a `jŸrgen@` or an `Ayþe` is created.
//!
//! Text without a mark that is no UTF-8 is read as Windows-1252, which fits any bytes. So each
//! piece is looked over: a word such as `jŸrgen` is none, and if another encoding makes words of
//! the same bytes, the file is refused. So it is where chardetng, which knows the letters of each
//! language, takes the text for another encoding that reads it differently (`Ayþe`, `Jiøí`). It knows all
//! encodings of the web, which Mac Roman and the code page 850 of DOS are not, so these are tried as well.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254};

use crate::text::candidate::Candidate;
use crate::text::words_of_letters::{familiar, is_cyrillic, is_plausible, reads_well, words};

/// Text that seems to be of another encoding than it was read in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{read}” seems to be “{meant}”")]
pub(crate) struct Doubt {
    /// Line ends before the word in its piece.
    pub(crate) lines: u64,
    /// The word as Windows-1252.
    pub(crate) read: String,
    /// The word in the encoding that fits; empty where none does.
    pub(crate) meant: String,
    /// That encoding, as people call it; empty where none fits.
    pub(crate) encoding: String,
}

const WESTERN: Candidate = Candidate::Web(WINDOWS_1252);
const CYRILLIC: Candidate = Candidate::Web(WINDOWS_1251);

/// Looks over a piece that is to be read as Windows-1252.
pub(crate) fn doubt(bytes: &[u8], last: bool) -> Option<Doubt> {
    let guessed = guess(bytes, last);
    let candidates = [CYRILLIC, Candidate::Web(guessed), Candidate::Dos, Candidate::Web(MACINTOSH)];
    no_words(bytes, &candidates)
        .or_else(|| other_letters(bytes, guessed))
        .or_else(|| words(bytes).find_map(|(at, word)| turkish(bytes, at, word)))
        .or_else(|| dos_sharp_s(bytes))
}

/// The same for a text that was once read as Windows-1252, whatever the file is in.
pub(crate) fn doubt_of_text(text: &str) -> Option<Doubt> {
    // Signs that people write between letters, too.
    if text.is_ascii() || text.contains(['•', '·', '–', '—', '™', '®', '©', '…', '°'])
    {
        return None;
    }
    let is_quote = |c: char| matches!(c, '“' | '”' | '„' | '‚' | '‘' | '’' | '«' | '»' | '‹' | '›');
    let text = match text.starts_with(is_quote) && text.ends_with(is_quote) {
        true => text.trim_matches(is_quote),
        false => text,
    };
    let bytes = WESTERN.bytes(text)?;
    no_words(&bytes, &[Candidate::Dos, Candidate::Web(MACINTOSH)])
}

fn guess(bytes: &[u8], last: bool) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, last);
    detector.guess(None, Utf8Detection::Deny)
}

/// A word that is none in Windows-1252, where another encoding makes more words of the text.
fn no_words(bytes: &[u8], candidates: &[Candidate]) -> Option<Doubt> {
    let is_western = |word: &[u8]| WESTERN.text(word).is_some_and(|text| is_plausible(&text));
    let mut odd = words(bytes).filter(|(_, word)| !is_western(word)).peekable();
    odd.peek()?;
    let has_letter = |text: &str| text.chars().any(char::is_alphabetic);
    let is_word = |candidate: Candidate, word: &[u8]| {
        let text = candidate.text(word);
        text.is_some_and(|text| {
            let is_of_it = candidate != CYRILLIC || is_cyrillic(&text);
            is_plausible(&text) && is_of_it && (candidate == WESTERN || has_letter(&text))
        })
    };
    let fits = |candidate: Candidate| -> (usize, usize) {
        let fitting = words(bytes).filter(|(_, word)| is_word(candidate, word));
        let letters =
            |(_, word): (usize, &[u8])| candidate.text(word).map_or(0, |text| familiar(&text));
        fitting.map(letters).fold((0, 0), |(words, all), letters| (words + 1, all + letters))
    };
    let others = candidates.iter().copied().filter(|other| *other != WESTERN);
    let best = others.max_by_key(|other| fits(*other))?;
    if fits(best).0 <= fits(WESTERN).0 {
        return None;
    }
    let (at, word) = odd.find(|(_, word)| is_word(best, word))?;
    let doubt = doubt_at(bytes, at, word, best)?;
    // Of the two that fit any bytes, a reading is suggested only if it reads as people write.
    let is_guess = matches!(best, Candidate::Dos) || best == Candidate::Web(MACINTOSH);
    let is_known = !is_guess || reads_well(&doubt.meant);
    let (meant, encoding) =
        if is_known { (doubt.meant, doubt.encoding) } else { Default::default() };
    Some(Doubt { meant, encoding, ..doubt })
}

fn doubt_at(bytes: &[u8], at: usize, word: &[u8], meant: Candidate) -> Option<Doubt> {
    Some(Doubt {
        lines: line_ends(&bytes[..at]),
        read: WESTERN.text(word)?,
        meant: meant.text(word)?,
        encoding: meant.name(),
    })
}

/// A word of which the encoding that the whole piece seems to be in makes another one.
fn other_letters(bytes: &[u8], guessed: &'static Encoding) -> Option<Doubt> {
    let meant = Candidate::Web(guessed);
    let differs = |(_, word): &(usize, &[u8])| {
        let text = meant.text(word);
        // French words such as `cœur` are the same bytes as none in Polish.
        let is_name = |text: &String| {
            text.contains(char::is_alphabetic) && !text.to_lowercase().contains("œu")
        };
        let western = WESTERN.text(word).filter(is_name);
        text.is_some_and(|text| is_plausible(&text) && western.is_some() && Some(text) != western)
    };
    // Of the older ones of Europe, short texts are taken for too easily.
    let is_rare = guessed.name().starts_with("ISO-8859");
    if meant == WESTERN || is_rare || (is_eastern(guessed) && is_icelandic(bytes)) {
        return None;
    }
    let (at, word) = words(bytes).find(differs)?;
    // `ţ` is rare in Central Europe, and `ş` is in every other Turkish name.
    let is_turkish = guessed == WINDOWS_1250 && word.iter().any(|byte| matches!(byte, 0xde | 0xfe));
    doubt_at(bytes, at, word, if is_turkish { Candidate::Web(WINDOWS_1254) } else { meant })
}

/// Encodings that short Icelandic texts are taken for.
fn is_eastern(encoding: &'static Encoding) -> bool {
    encoding == WINDOWS_1254 || encoding == WINDOWS_1250
}

/// A German word whose `ß` is an `á` in Windows-1252: `Straáe`, `Groá`. Only whole stems: `á` is a letter
/// of many languages.
fn dos_sharp_s(bytes: &[u8]) -> Option<Doubt> {
    const STEMS: [&str; 17] = [
        "straße", "groß", "weiß", "fuß", "fußball", "strauß", "schloß", "größ", "heiß", "süß",
        "spaß", "preuß", "gauß", "maß", "heß", "voß", "roß",
    ];
    let is_one = |word: &[u8]| {
        let text = Candidate::Dos.text(word).unwrap_or_default().to_lowercase();
        word.contains(&0xe1)
            && STEMS.iter().any(|stem| {
                text == *stem
                    || (stem.len() > 4 && text.starts_with(stem))
                    || (stem.len() > 5 && text.ends_with(stem))
            })
    };
    let (at, word) = words(bytes).find(|(_, word)| is_one(word))?;
    doubt_at(bytes, at, word, Candidate::Dos)
}

/// A Turkish word among others: `Ayþe`, `Yýlmaz`. (Where Icelandic words are in the text, those letters
/// are at home.)
fn turkish(bytes: &[u8], at: usize, word: &[u8]) -> Option<Doubt> {
    if !has_turkish_bytes(word) || guess(word, true) == WINDOWS_1252 || is_icelandic(bytes) {
        return None;
    }
    doubt_at(bytes, at, word, Candidate::Web(WINDOWS_1254))
}

/// The six bytes that are other letters in Turkish: `ğ`, `ı`, `ş` and their capitals.
fn has_turkish_bytes(word: &[u8]) -> bool {
    word.iter().any(|byte| b"\xd0\xdd\xde\xf0\xfd\xfe".contains(byte))
}

/// Icelandic words without such a vowel, small, in Windows-1252; what begins with the last is one, too.
const ICELANDIC: [&[u8]; 7] =
    [b"t\xfdr", b"\xfdr", b"\xfdrr", b"\xfdmir", b"l\xfd\xf0ur", b"k\xfdpur", b"n\xfd"];

fn is_icelandic_word(word: &[u8]) -> bool {
    let small: Vec<u8> = word
        .iter()
        .map(|byte| match byte {
            0xc0..=0xde => byte + 0x20,
            byte => byte.to_ascii_lowercase(),
        })
        .collect();
    ICELANDIC.contains(&small.as_slice()) || small.starts_with(b"n\xfd")
}

/// Whether a word has these bytes beside a vowel with an acute accent, which Turkish lacks: `Guðrún`.
fn is_icelandic(bytes: &[u8]) -> bool {
    let is_acute = |byte: &u8| b"\xc1\xcd\xd3\xda\xe1\xed\xf3\xfa\xe6".contains(byte);
    let is_known = |word: &[u8]| word.iter().any(is_acute) || is_icelandic_word(word);
    words(bytes).any(|(_, word)| has_turkish_bytes(word) && is_known(word))
}

/// How many line ends there are; CRLF is one.
pub(crate) fn line_ends(bytes: &[u8]) -> u64 {
    let mut ends = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let second = *byte == b'\n' && at > 0 && bytes[at - 1] == b'\r';
        ends += u64::from(matches!(byte, b'\r' | b'\n') && !second);
    }
    ends
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
            "Juárez",
            "Suárez Guzmán",
            "Nagymaros Vásárhelyi",
            "Voská",
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
        use encoding_rs::{SHIFT_JIS, WINDOWS_1251};
        for (encoding, text) in [
            (WINDOWS_1250, "Email;Imię\nl@example.com;Łukasz Wałęsa\nx@example.com;Paweł Żak\n"),
            (WINDOWS_1251, "Email;Имя\ni@example.com;Иван Петров\n"),
            (SHIFT_JIS, "メール;名前\na@example.com;山田太郎\n"),
        ] {
            let doubt = doubt(&of(encoding, text), true).expect(text);
            assert_eq!(doubt.encoding, encoding.name(), "{doubt:?}");
        }
    }

    /// A reading that is none is worse than no reading.
    #[test]
    fn nonsense_is_not_suggested() {
        use encoding_rs::SHIFT_JIS;
        for (encoding, text, read) in
            [(WINDOWS_1250, "Łukasz", "£ukasz"), (SHIFT_JIS, "山田", "ŽR“c")]
        {
            let bytes = of(encoding, text);
            if let Some(doubt) = doubt(&bytes, true) {
                let is_right = [text, ""].contains(&doubt.meant.as_str());
                assert!(is_right && doubt.read == read, "{text}: {doubt:?}");
            } else {
                assert_eq!(read, "", "{text}");
            }
        }
        for text in ["Иван", "Мария", "Email;Имя\na@b.co;Иван\n"] {
            let doubt = doubt(&of(WINDOWS_1251, text), true).expect(text);
            assert!(text.contains(&doubt.meant) && !doubt.meant.is_empty(), "{text}: {doubt:?}");
        }
    }

    #[test]
    fn the_code_page_of_dos_is_named() {
        for text in [
            "jürgen@example.com",
            "Größe",
            "André",
            "Müller; Jörg",
            "Peñalver",
            "Straße",
            "Groß",
            "Hauptstraße",
            "Fußball",
            "Weiß",
            "Strauß",
            "Email;Group\na@b.co;Voß\n",
        ] {
            let bytes = Candidate::Dos.bytes(text).expect(text);
            let doubt = doubt(&bytes, true).expect(text);
            assert!(doubt.encoding.contains("850") && text.contains(&doubt.meant), "{doubt:?}");
        }
    }

    #[test]
    fn turkish_and_central_european_letters_are_not_read_as_western_ones() {
        let western = "Müller;Zürich\nJosé;Peña\nFrançois;Lefèvre\nSøren;Århus\n".repeat(20);
        for (encoding, text) in [
            (WINDOWS_1254, "Email;Name\na@b.co;Ayşe Yılmaz\n"),
            (WINDOWS_1254, "Doğan"),
            (WINDOWS_1254, "İstanbul"),
            (WINDOWS_1254, "ayşe@example.com"),
            (WINDOWS_1250, "Jiří Dvořák"),
            (WINDOWS_1250, "Erdős"),
        ] {
            assert!(doubt(&of(encoding, text), true).is_some(), "{text}");
        }
        for name in ["Ayşe", "Yılmaz", "Doğan", "Barış"] {
            let bytes = [of(WINDOWS_1252, &western), of(WINDOWS_1254, name)].concat();
            let doubt = doubt(&bytes, true).expect(name);
            assert_eq!((doubt.meant.as_str(), doubt.lines), (name, 80), "{doubt:?}");
        }
        for icelandic in [
            "Guðrún;Týr\nÞór;Ýmir\n",
            "Sigurður",
            "Friðrik Þór",
            "Davíð;Ýr\nBjörk Guðmundsdóttir",
            "Týr",
            "Ýmir",
            "Ýr",
            "Lýður",
            "Hafþór",
            "Kýpur",
            "Nýbýlavegur",
            "Email;Name\na@b.is;Týr Ýmisson\n",
        ] {
            assert_eq!(doubt(&of(WINDOWS_1252, icelandic), true), None, "{icelandic}");
        }
    }

    #[test]
    fn a_text_that_was_misread_before_is_seen_in_any_file() {
        for (read, meant) in [
            ("jŸrgen", "jürgen"),
            ("AndrŽ", "André"),
            ("Gro§", "Groß"),
            ("M”ller", "Möller"),
            ("Andr‚", "André"),
        ] {
            assert_eq!(
                doubt_of_text(read).map(|doubt| doubt.meant).as_deref(),
                Some(meant),
                "{read}"
            );
        }
        for fine in [
            "Müller",
            "Ops • Oslo",
            "foo•bar",
            "A–B",
            "McÉlroy",
            "Týr",
            "Ýmir",
            "Miloš",
            "Zoë’s",
            "§ 5",
            "Œuvre",
            "“R&D”",
            "L’Haÿ-les-Roses",
            "team™",
            "20°C",
            "日本",
            "naïve",
            "O‘Brien",
        ] {
            assert_eq!(doubt_of_text(fine), None, "{fine}");
        }
    }
}
