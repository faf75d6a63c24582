//! Finds text that was read in the wrong encoding, before a user `jŸrgen@` or `Ayþe` is created.
//!
//! Text without a byte order mark that is not UTF-8 is read as Windows-1252, which accepts any bytes. So each
//! piece is checked: `jŸrgen` is not a word, and if another encoding turns the same bytes into words, the file is
//! refused. The file is also refused if chardetng, which knows the letters of each language, takes the text for
//! another encoding that reads it differently (`Ayþe`, `Jiøí`). chardetng knows all encodings of the web; Mac
//! Roman and the code pages 850 and 852 of DOS are not among them and are tried here. Words whose letters alone
//! show nothing are found by their frequency (`letters.rs`) and in a list (`known_words.rs`).

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, IBM866, MACINTOSH, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
};

use crate::text::candidate::Candidate;
use crate::text::known_words::misread;
use crate::text::letters;
use crate::text::words_of_letters::{
    familiar, is_cyrillic, is_of_signs, is_plausible, reads_well, words,
};

/// Text that seems to have another encoding than the one it was read in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{read}” seems to be “{meant}”")]
pub(crate) struct Doubt {
    /// How many line ends are before the word in its piece.
    pub(crate) lines: u64,
    /// The word as Windows-1252.
    pub(crate) read: String,
    /// The word in the encoding that fits; empty if none fits.
    pub(crate) meant: String,
    /// The name of that encoding; empty if none fits.
    pub(crate) encoding: String,
}

const WESTERN: Candidate = Candidate::Web(WINDOWS_1252);
const CYRILLIC: Candidate = Candidate::Web(WINDOWS_1251);

/// Checks a piece of text that is to be read as Windows-1252.
pub(crate) fn doubt(bytes: &[u8], last: bool) -> Option<Doubt> {
    let guessed = guess(bytes, last);
    let candidates = [CYRILLIC, Candidate::Web(guessed), Candidate::Dos, Candidate::Web(MACINTOSH)];
    known_word(bytes)
        .or_else(|| no_words(bytes, &candidates))
        .or_else(|| other_letters(bytes, guessed))
        .or_else(|| words(bytes).find_map(|(at, word)| turkish(bytes, at, word)))
        .or_else(|| dos_sharp_s(bytes))
        .or_else(|| unusual_letters(bytes))
        .or_else(|| foreign_script(bytes))
        .or_else(|| only_signs(bytes))
}

/// Checks a text that was read as Windows-1252 before it was written to the file, in whatever encoding.
pub(crate) fn doubt_of_text(text: &str) -> Option<Doubt> {
    if text.is_ascii() {
        return None;
    }
    let is_quote = |c: char| matches!(c, '“' | '”' | '„' | '‚' | '‘' | '’' | '«' | '»' | '‹' | '›');
    let text = match text.starts_with(is_quote) && text.ends_with(is_quote) {
        true => text.trim_matches(is_quote),
        false => text,
    };
    // Other words of the text may have letters that Windows-1252 lacks.
    let pieces: Vec<Vec<u8>> = text.split(' ').filter_map(|piece| WESTERN.bytes(piece)).collect();
    let of_pieces = |find: fn(&[u8]) -> Option<Doubt>| pieces.iter().find_map(|piece| find(piece));
    let known = of_pieces(known_word);
    // Abbreviations and lists of letters of Northern Europe (`ÅÄÖ`).
    let is_northern = |c: char| c.is_ascii() || "åäöæøüßÅÄÖÆØÜ".contains(c);
    if known.is_some() || text.chars().all(is_northern) {
        return known;
    }
    // Characters that people also write between letters.
    if text.contains(['•', '·', '–', '—', '™', '®', '©', '…', '°']) {
        return of_pieces(foreign_script);
    }
    let unusual = of_pieces(unusual_letters);
    let Some(bytes) = WESTERN.bytes(text) else { return unusual };
    let others = [Candidate::Dos, Candidate::Web(MACINTOSH), CYRILLIC, Candidate::Web(IBM866)];
    match no_words(&bytes, &others) {
        Some(doubt) if has_meaning(&doubt) => Some(doubt),
        unknown => foreign_script(&bytes).or(unusual).or(unknown).or_else(|| only_signs(&bytes)),
    }
}

/// Whether a doubt can name a plausible original: Cyrillic words have vowels.
fn has_meaning(doubt: &Doubt) -> bool {
    const VOWELS: &str = "аеёиоуыэюяєіїАЕЁИОУЫЭЮЯЄІЇ";
    let letters = doubt.meant.chars().count();
    let vowels = doubt.meant.chars().filter(|c| VOWELS.contains(*c)).count();
    letters > 0 && (!is_cyrillic(&doubt.meant) || vowels * 4 >= letters)
}

/// Finds a frequent name or word of another encoding.
fn known_word(bytes: &[u8]) -> Option<Doubt> {
    words(bytes).find_map(|(at, word)| {
        let read = WESTERN.text(word)?;
        let (meant, encoding) = misread(&read)?;
        Some(Doubt {
            lines: line_ends(&bytes[..at]),
            read,
            meant: meant.to_owned(),
            encoding: encoding.name(),
        })
    })
}

/// Finds a word whose letters are unusual next to each other, and usual in another encoding: `Bjšrn` was `Björn`.
fn unusual_letters(bytes: &[u8]) -> Option<Doubt> {
    words(bytes).find_map(|(at, word)| {
        let read = WESTERN.text(word)?;
        let (meant, encoding) = letters::meant(&read)?;
        Some(Doubt { lines: line_ends(&bytes[..at]), read, meant, encoding: encoding.name() })
    })
}

/// Finds signs next to each other that no user writes so, without a letter.
fn only_signs(bytes: &[u8]) -> Option<Doubt> {
    words(bytes).find_map(|(at, word)| {
        let read = WESTERN.text(word).filter(|text| is_of_signs(text))?;
        let lines = line_ends(&bytes[..at]);
        Some(Doubt { lines, read, meant: String::new(), encoding: String::new() })
    })
}

/// Finds a word that is not one in Windows-1252 and that another encoding reads as letters of one other script:
/// `Ãéþñãïò` was Greek, `ŽR“c` was Japanese, `³¯¤@` was Chinese.
fn foreign_script(bytes: &[u8]) -> Option<Doubt> {
    let is_of = |encoding: &'static Encoding, c: char| match c {
        '\u{370}'..='\u{3ff}' => encoding == WINDOWS_1253,
        '\u{590}'..='\u{5ff}' => encoding == WINDOWS_1255,
        '\u{600}'..='\u{6ff}' => encoding == WINDOWS_1256,
        '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' => !encoding.is_single_byte(),
        '\u{ac00}'..='\u{d7a3}' => encoding == EUC_KR,
        _ => false,
    };
    words(bytes).find_map(|(at, word)| {
        let read = WESTERN.text(word)?;
        if is_plausible(&read) && !is_of_signs(&read) {
            return None;
        }
        // The second byte of a character may be an ASCII sign.
        let longer = bytes.get(at..=at + word.len()).unwrap_or(word);
        SCRIPTS.into_iter().find_map(|encoding| {
            let of_it = |word: &[u8]| {
                let meant = Candidate::Web(encoding).text(word)?;
                let fits = meant.chars().count() > 1 && meant.chars().all(|c| is_of(encoding, c));
                fits.then(|| doubt_at(bytes, at, word, Candidate::Web(encoding)))?
            };
            of_it(word).or_else(|| of_it(longer))
        })
    })
}

/// Encodings of other scripts. If several fit a text, the more frequent one comes first.
const SCRIPTS: [&Encoding; 7] =
    [WINDOWS_1253, SHIFT_JIS, GBK, EUC_KR, BIG5, WINDOWS_1255, WINDOWS_1256];

fn guess(bytes: &[u8], last: bool) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, last);
    detector.guess(None, Utf8Detection::Deny)
}

/// Finds a word that is not one in Windows-1252, if another encoding turns more of the text into words.
fn no_words(bytes: &[u8], candidates: &[Candidate]) -> Option<Doubt> {
    let is_western = |word: &[u8]| WESTERN.text(word).is_some_and(|text| is_plausible(&text));
    let mut odd = words(bytes).filter(|(_, word)| !is_western(word)).peekable();
    odd.peek()?;
    let has_letter = |text: &str| text.chars().any(char::is_alphabetic);
    let is_word = |candidate: Candidate, word: &[u8]| {
        let text = candidate.text(word);
        text.is_some_and(|text| {
            let is_of_it = !reads_as_cyrillic(candidate) || is_cyrillic(&text);
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
    // Two of the encodings accept any bytes. Their reading is suggested only if it looks like written language.
    let is_guess = matches!(best, Candidate::Dos) || best == Candidate::Web(MACINTOSH);
    let is_known = !is_guess || reads_well(&doubt.meant);
    let (meant, encoding) =
        if is_known { (doubt.meant, doubt.encoding) } else { Default::default() };
    Some(Doubt { meant, encoding, ..doubt })
}

/// Whether an encoding has Cyrillic letters and accepts any bytes.
fn reads_as_cyrillic(candidate: Candidate) -> bool {
    candidate == CYRILLIC || candidate == Candidate::Web(IBM866)
}

fn doubt_at(bytes: &[u8], at: usize, word: &[u8], meant: Candidate) -> Option<Doubt> {
    Some(Doubt {
        lines: line_ends(&bytes[..at]),
        read: WESTERN.text(word)?,
        meant: meant.text(word)?,
        encoding: meant.name(),
    })
}

/// Finds a word that the guessed encoding of the whole piece reads differently.
fn other_letters(bytes: &[u8], guessed: &'static Encoding) -> Option<Doubt> {
    let meant = Candidate::Web(guessed);
    let differs = |(_, word): &(usize, &[u8])| {
        let text = meant.text(word);
        // The bytes of French words such as `cœur` are not a word in the Polish encoding.
        let is_name = |text: &String| {
            text.contains(char::is_alphabetic) && !text.to_lowercase().contains("œu")
        };
        let western = WESTERN.text(word).filter(is_name);
        if guessed == WINDOWS_1254 && is_czech(word) {
            return false;
        }
        text.zip(western).is_some_and(|(text, western)| {
            // `Rock’n’Roll`, `µm`: the second byte of a character is hardly ever a letter of a word.
            let is_cut = !guessed.is_single_byte()
                && western.contains(|c: char| c.is_ascii_alphabetic())
                && is_plausible(&western);
            !is_cut
                && is_plausible(&text)
                && text != western
                && letters::is_more_usual(&text, &western, 2.0)
        })
    };
    // chardetng guesses the older European encodings too easily for short texts.
    let is_rare = guessed.name().starts_with("ISO-8859");
    if meant == WESTERN || is_rare || (is_eastern(guessed) && is_icelandic(bytes)) {
        return None;
    }
    let (at, word) = words(bytes).find(differs)?;
    // `ţ` is rare in Central Europe, and `ş` is in every other Turkish name.
    let is_turkish = guessed == WINDOWS_1250 && word.iter().any(|byte| matches!(byte, 0xde | 0xfe));
    doubt_at(bytes, at, word, if is_turkish { Candidate::Web(WINDOWS_1254) } else { meant })
}

/// Encodings that chardetng guesses for short Icelandic texts.
fn is_eastern(encoding: &'static Encoding) -> bool {
    encoding == WINDOWS_1254 || encoding == WINDOWS_1250
}

/// Finds a German word whose `ß` became `á` in Windows-1252: `Straáe`, `Groá`. Only whole stems count, because `á`
/// is a letter of many languages.
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

/// Finds a Turkish word: `Ayþe`, `Yýlmaz`. (If the text has Icelandic words, these letters are correct.)
fn turkish(bytes: &[u8], at: usize, word: &[u8]) -> Option<Doubt> {
    if !has_turkish_bytes(word)
        || is_czech(word)
        || guess(word, true) == WINDOWS_1252
        || is_icelandic(bytes)
    {
        return None;
    }
    let doubt = doubt_at(bytes, at, word, Candidate::Web(WINDOWS_1254))?;
    letters::is_more_usual(&doubt.meant, &doubt.read, 1.0).then_some(doubt)
}

/// Whether the only such byte is a `ý` at the end, as in Czech: `Novotný`.
fn is_czech(word: &[u8]) -> bool {
    word.strip_suffix(b"\xfd").is_some_and(|begin| !has_turkish_bytes(begin))
}

/// Whether a word has one of the six bytes that are other letters in Turkish: `ğ`, `ı`, `ş` and their capitals.
fn has_turkish_bytes(word: &[u8]) -> bool {
    word.iter().any(|byte| b"\xd0\xdd\xde\xf0\xfd\xfe".contains(byte))
}

/// Icelandic words without such a vowel, in lower case, as Windows-1252 bytes. Words that begin with the last one
/// also count.
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

/// Whether a word has these bytes together with a vowel that has an acute accent, which Turkish lacks: `Guðrún`.
fn is_icelandic(bytes: &[u8]) -> bool {
    let is_acute = |byte: &u8| b"\xc1\xcd\xd3\xda\xe1\xed\xf3\xfa\xe6".contains(byte);
    let is_known = |word: &[u8]| word.iter().any(is_acute) || is_icelandic_word(word);
    words(bytes).any(|(_, word)| has_turkish_bytes(word) && is_known(word))
}

/// The number of line ends; CRLF is one.
pub(crate) fn line_ends(bytes: &[u8]) -> u64 {
    let mut ends = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let second = *byte == b'\n' && at > 0 && bytes[at - 1] == b'\r';
        ends += u64::from(matches!(byte, b'\r' | b'\n') && !second);
    }
    ends
}

#[cfg(test)]
mod tests;
