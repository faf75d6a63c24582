//! The words of a heading in normalized form.
//!
//! A program writes headings (`userPassword`, `Initial password [passwordProfile] Required`), and so do people in
//! many languages (`Contraseña`, `パスワード`). Words are compared without case, accents, width and invisible marks. So
//! a letter with an accent compares equal whether it is one character or two (as in a file from a Mac).

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use headcount_model::spelling::is_invisible;

/// Removes case, accents, width and invisible marks from a text: `Contraseña` → `contrasena`.
pub fn folded(text: &str) -> String {
    if text.bytes().all(|c| matches!(c, b' '..=b'~')) {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    let seen = text.chars().filter(|c| !is_invisible(*c));
    for c in seen.flat_map(char::to_lowercase).nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// Words in a heading that say whether to fill the column, not what it holds.
const WRAPPERS: &str = "required optional mandatory obligatoire facultatif optionnel requis \
                        obligatorio obligatoria opcional requerido obrigatorio obbligatorio \
                        facoltativo opzionale wymagane wymagany opcjonalne verplicht optioneel \
                        pflicht pflichtfeld erforderlich 必須 任意";

/// Text that other programs put in brackets after columns that only they use (Google Workspace).
const THEIRS: &str = "uploadonly readonly";

const OPENING: &[char] = &['[', '(', '{', '（', '【', '［'];
const CLOSING: &[char] = &[']', ')', '}', '）', '】', '］'];

fn squeezed(text: &str) -> String {
    folded(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn is_wrapper(word: &str) -> bool {
    static KNOWN: LazyLock<HashSet<String>> =
        LazyLock::new(|| WRAPPERS.split_whitespace().map(squeezed).collect());
    KNOWN.contains(&squeezed(word))
}

fn is_theirs(bracket: &str) -> bool {
    let bracket = squeezed(bracket);
    THEIRS.split(' ').any(|mark| bracket == mark)
}

/// Whether the text in brackets is the name of a property, such as `userPrincipalName`, which Microsoft Entra
/// writes after a heading.
fn is_property(bracket: &str) -> bool {
    bracket.starts_with(|c: char| c.is_ascii_lowercase())
        && bracket.chars().all(|c| c.is_ascii_alphanumeric())
        && bracket.contains(|c: char| c.is_ascii_uppercase())
}

/// Splits a heading into its text and the texts in brackets.
fn in_parts(heading: &str) -> (String, Vec<String>) {
    let (mut text, mut brackets): (String, Vec<String>) = (String::new(), Vec::new());
    let mut rest = heading;
    while let Some(open) = rest.find(OPENING) {
        let Some(length) = rest[open..].find(CLOSING) else { break };
        let inner = rest[open..open + length].trim_start_matches(OPENING);
        let after = rest[open + length..].chars().next().map_or(0, char::len_utf8);
        text.push_str(&rest[..open]);
        text.push(' ');
        brackets.push(inner.trim().to_owned());
        rest = &rest[open + length + after..];
    }
    text.push_str(rest);
    (text, brackets)
}

/// Whether another program marks the column as its own: `New Licenses [UPLOAD ONLY]`.
pub fn is_of_another_program(heading: &str) -> bool {
    in_parts(heading).1.iter().any(|bracket| is_theirs(bracket))
}

/// The normalized form of a heading: without case, accents, width, spaces, punctuation, invisible marks, and words
/// such as "required" (`Email Address [Required]`, `Email *`, `E-mail (obligatoire)`, `Name [displayName]
/// Required`). A heading of only such words stays.
pub fn normalized(heading: &str) -> String {
    let (text, brackets) = in_parts(heading);
    let mut words: Vec<&str> = text.split_whitespace().collect();
    while words.last().is_some_and(|word| is_wrapper(word) || squeezed(word).is_empty()) {
        words.pop();
    }
    let told = |bracket: &&String| {
        !is_wrapper(bracket) && !is_theirs(bracket) && (words.is_empty() || !is_property(bracket))
    };
    let kept = brackets.iter().filter(told).map(String::as_str);
    let spelt: String = words.iter().copied().chain(kept).map(squeezed).collect();
    if spelt.is_empty() { squeezed(heading) } else { spelt }
}

/// The names by which a heading may be recognized: first the property in its brackets, because a program wrote it,
/// then the heading itself.
pub fn known_by(heading: &str) -> impl Iterator<Item = String> {
    let properties = in_parts(heading).1.into_iter().filter(|bracket| is_property(bracket));
    let itself = std::iter::once(normalized(heading));
    properties.map(|property| squeezed(&property)).chain(itself).collect::<Vec<_>>().into_iter()
}

/// The [`folded`] words of a heading: `userPassword2` → `user`, `password`, `2`; `APIキー` → `api`,
/// `キー`.
pub fn words(heading: &str) -> Vec<String> {
    // Compose letter and accent first, so that an accent that is a character of its own does not split a word.
    let letters: Vec<char> = heading.nfc().filter(|c| !is_invisible(*c)).collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1).copied();
        if before.is_some_and(|before| parts(before, c, after)) {
            words.push(std::mem::take(&mut word));
        }
        if is_of_a_word(c) {
            word.push(c);
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words.iter().map(|word| folded(word)).collect()
}

/// Combining marks belong to words: without them a word in Hindi or Thai would be split.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Whether a new word begins with `c`.
fn parts(before: char, c: char, after: Option<char>) -> bool {
    if is_of_a_word(before) != is_of_a_word(c) {
        return true;
    }
    let is_wide = |c: char| c >= '\u{1100}' && !is_combining_mark(c) && !is_full_width_latin(c);
    before.is_numeric() != c.is_numeric()
        || is_wide(before) != is_wide(c)
        || (c.is_uppercase()
            && (before.is_lowercase()
                || (before.is_uppercase() && after.is_some_and(char::is_lowercase))))
}

/// `Ｐ` is a full-width P.
fn is_full_width_latin(c: char) -> bool {
    matches!(c, '\u{1e00}'..='\u{1fff}' | '\u{ff01}'..='\u{ff5e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappings_do_not_count() {
        for (heading, wanted) in [
            ("Email Address [Required]", "emailaddress"),
            ("Email *", "email"),
            ("* Email:", "email"),
            ("E-mail (obligatoire)", "email"),
            ("メール（必須）", "メール"),
            ("Name [displayName] Required", "name"),
            ("[displayName]", "displayname"),
            ("Email (work)", "emailwork"),
            ("Email (manager) required", "emailmanager"),
            ("Required", "required"),
            ("[Required]", "required"),
            ("User Principal Name", "userprincipalname"),
            ("Correo electro\u{301}nico", "correoelectronico"),
            ("ＥＭＡＩＬ", "email"),
            ("[open", "open"),
            ("", ""),
        ] {
            assert_eq!(normalized(heading), squeezed(wanted), "{heading}");
        }
        let known: Vec<_> = known_by("User name [userPrincipalName] Required").collect();
        assert_eq!(known, ["userprincipalname", "username"]);
        assert!(is_of_another_program("New Licenses [UPLOAD ONLY]"));
        assert!(!is_of_another_program("Licenses [Required]"));
    }

    #[test]
    fn words_are_split_where_people_and_programs_split_them() {
        for (heading, wanted) in [
            ("userPassword2", "user password 2"),
            (
                "Initial password [passwordProfile] Required",
                "initial password password profile required",
            ),
            ("APIKey", "api key"),
            ("orgAPIKey", "org api key"),
            ("Contrasen\u{303}a", "contrasena"),
            ("CONTRASEÑA", "contrasena"),
            ("APIキー", "api キー"),
            ("ＰＡＳＳＷＯＲＤ", "password"),
            ("ﾊﾟｽﾜｰﾄﾞ", "ハスワート"),
            ("Pass\u{200b}word*", "password"),
            ("temp_pwd", "temp pwd"),
            ("ŞİFRE", "sifre"),
            ("", ""),
        ] {
            assert_eq!(words(heading).join(" "), wanted, "{heading}");
        }
    }
}
