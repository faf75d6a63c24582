//! Decides by its letters whether a text is a word. Text in the wrong encoding often is not.

/// Runs of letters and of bytes outside ASCII, with at least one such byte, each with its position.
pub(crate) fn words(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
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

/// Whether a text looks like a word: letters, no capital after a small letter, other characters only where people
/// write them.
pub(crate) fn is_plausible(text: &str) -> bool {
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
        let fits = if c == 'ˆ' {
            // Unicode counts it as a letter; no word has it.
            false
        } else if c.is_alphabetic() {
            let mixed = |one: char, next: char| one.is_lowercase() && next.is_uppercase();
            // Names such as McÉlroy have the capital after an ASCII letter.
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

/// Whether a punctuation mark outside ASCII is at a place where people write it: quotation marks around words,
/// dashes and apostrophes between them, other marks after them.
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

/// Whether a text has no letters, and signs next to each other that no user writes so: `³¯¤`.
pub(crate) fn is_of_signs(text: &str) -> bool {
    const RARE: &str = "¤¦¨¬¯¶¸´¢¥±µ¹¼¾º";
    let signs: Vec<char> = text.chars().collect();
    let is_odd = |pair: &[char]| {
        pair[0] != pair[1]
            && pair.iter().all(|c| !c.is_ascii())
            && pair.iter().any(|c| RARE.contains(*c))
    };
    !signs.iter().any(|c| c.is_alphabetic() && !RARE.contains(*c)) && signs.windows(2).any(is_odd)
}

/// Whether all letters of a text are Cyrillic.
pub(crate) fn is_cyrillic(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphabetic() || matches!(c, '\u{400}'..='\u{4ff}'))
}

/// Whether a text looks like a Western European word that may be suggested: it has no vowel both with and without
/// an accent (`úukasz`), and no two capitals before a small letter (`ÄRôc`).
pub(crate) fn reads_well(text: &str) -> bool {
    const KNOWN: &str = "äöüßéèêàáâíîóôúñçãõåøæœëïÄÖÜÉÈÁÍÓÚÅØÆÇÑ";
    const VOWELS: [&str; 5] = ["aàáâãåä", "eéèêë", "iíîï", "oóôõöø", "uúü"];
    let letters: Vec<char> = text.chars().collect();
    let is_twice = |pair: &[char]| {
        let small = pair.iter().flat_map(|c| c.to_lowercase()).collect::<Vec<char>>();
        let of_one = |vowels: &&str| small.iter().all(|c| vowels.contains(*c));
        pair.iter().any(|c| !c.is_ascii()) && VOWELS.iter().any(of_one)
    };
    let is_odd = |three: &[char]| {
        three[0].is_uppercase() && three[1].is_uppercase() && three[2].is_lowercase()
    };
    letters.iter().all(|c| !c.is_alphabetic() || c.is_ascii() || KNOWN.contains(*c))
        && !letters.windows(2).any(is_twice)
        && !letters.windows(3).any(is_odd)
}

/// How many of a text's letters outside ASCII are frequent ones.
pub(crate) fn familiar(text: &str) -> usize {
    const FREQUENT: &str = "äöüßéèêàáíóúñçãåøæÄÖÜÉÅØ";
    text.chars().filter(|c| FREQUENT.contains(*c)).count()
}
