//! Passwords in texts: `pw: Winter2026!`, `temp password is …`, `Kennwort lautet …`. They are masked before
//! anything else reads the cell, under any heading.
//!
//! A word for a password is recognized as in a heading. What follows it is masked if a colon or an equals sign leads to
//! it, if it is all that follows `is`, or if it looks like a password. Masking a word too many costs a word in a
//! report; so in doubt it is masked, except in a line of headings.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use unicode_normalization::char::is_combining_mark;

use crate::heading::secret::tells_of_a_secret;
use crate::heading::words::folded;

/// The text that a report, a page or the journal has instead of a password in a text.
pub const MASKED_PASSWORD: &str = "[masked: password]";

/// What counts as a password after a word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// Whatever a colon or `is` leads to.
    Anything,
    /// Only what looks like a password: in a line of headings.
    Odd,
}

/// Parts of the words for passwords. A text without them is not searched any further.
const PARTS: &str = "pass pwd pw psw kennw wachtw pin puk otp token key secret code mdp geheim losung senha clave hasl \
                     contra parol chiave cred login logon zugang losen jelszo hesl sifre adgang salasana slapt sandi jeton \
                     sekret hemlig psk jwt cookie phrase sluessel codice palavra lykil lozink lös şif ŞİF jelszó hasł HASŁ \
                     schlüssel парол Парол ПАРОЛ пас Пас токен Токен κωδικ Κωδικ συνθημ סיסמ كلمة पास รหัส パスワ ﾊﾟｽ 暗証 \
                     トークン 密 口令 비밀 암호 패스 토큰 mật Mật";

static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder().ascii_case_insensitive(true).build(PARTS.split_whitespace()).ok()
});

/// Masks each password in it.
pub(crate) fn mask_told(text: &mut String, after: After) {
    let may_tell = text.contains([':', '=', '：', '＝']) || text.contains(char::is_whitespace);
    if !may_tell || SEARCH.as_ref().is_some_and(|search| !search.is_match(text.as_str())) {
        return;
    }
    let mut from = 0;
    while let Some((start, end)) = told(text, from, after) {
        text.replace_range(start..end, MASKED_PASSWORD);
        from = start + MASKED_PASSWORD.len();
    }
}

/// The first password from a place on: its first byte, and the byte after its last.
fn told(text: &str, from: usize, after: After) -> Option<(usize, usize)> {
    let mut before: Vec<String> = Vec::new();
    let mut at = from;
    while let Some((_, end, word)) = word(text, at) {
        at = end;
        before.push(word);
        let known = before.len().saturating_sub(3);
        let kind = Kind::of(&before[known..]);
        if let Some(found) = kind.and_then(|kind| value(text, end, kind, after)) {
            return Some(found);
        }
    }
    None
}

/// The next word: its first byte, the byte after its last, and the word [`folded`].
fn word(text: &str, from: usize) -> Option<(usize, usize, String)> {
    let is_of_word = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let start = from + text[from..].find(is_of_word)?;
    let first = text[start..].chars().next()?;
    let is_wide = |c: char| c >= '\u{1100}';
    let ends = |c: char| !is_of_word(c) || is_wide(c) != is_wide(first);
    let end = text[start..].find(ends).map_or(text.len(), |length| start + length);
    Some((start, end, folded(&text[start..end])))
}

/// What a word announces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Password,
    /// A number of four digits counts.
    Pin,
    /// A user name comes first.
    Login,
}

impl Kind {
    /// What the last of these words announces.
    fn of(words: &[String]) -> Option<Self> {
        let last = words.last()?;
        match last.as_str() {
            "pin" | "puk" | "otp" | "pincode" => Some(Self::Pin),
            "login" | "logon" | "zugang" | "credentials" | "zugangsdaten" => Some(Self::Login),
            _ => tells_of_a_secret(words).then_some(Self::Password),
        }
    }
}

/// Words that lead to a value.
const LEADING: [&str; 16] = [
    "is", "was", "be", "to", "lautet", "ist", "war", "est", "es", "era", "e", "jest", "wordt",
    "ar", "er", "は",
];

/// Quotation marks around a value.
const QUOTES: &[char] =
    &['"', '\'', '“', '”', '„', '`', '«', '»', '‘', '’', '「', '」', '(', ')', '[', ']', '<', '>'];

/// The password behind a word: its first byte, and the byte after its last.
fn value(text: &str, from: usize, kind: Kind, after: After) -> Option<(usize, usize)> {
    let end = text[from..].find(['\n', '\r']).map_or(text.len(), |length| from + length);
    let rest = &text[from..end];
    if let Some(start) = led_to(rest).filter(|_| after == After::Anything && kind != Kind::Login) {
        let value = &rest[start..];
        let is_masked = value.starts_with("[masked");
        return (!value.is_empty() && !is_masked)
            .then(|| (from + start, from + start + length(value)));
    }
    let mut is_led = false;
    for token in rest.split_whitespace().take(7) {
        let start = from + (token.as_ptr() as usize - rest.as_ptr() as usize);
        let bare = token.trim_matches(QUOTES).trim_end_matches(['.', ',', ';']);
        let is_all = start + token.len() >= from + rest.trim_end().len();
        let is_it = looks_like_one(bare, kind)
            || (is_led
                && is_all
                && after == After::Anything
                && kind != Kind::Login
                && !bare.is_empty());
        if is_it && !bare.starts_with("masked") {
            return Some((start, start + token.len()));
        }
        is_led = LEADING.contains(&folded(bare).as_str());
        if token.ends_with('.') && token.len() > 3 {
            return None;
        }
    }
    None
}

/// The place of a value behind a colon or an equals sign, if at most three words are before it.
fn led_to(rest: &str) -> Option<usize> {
    let signs = [':', '=', '：', '＝'];
    let at = rest.find(signs)?;
    let before = &rest[..at];
    let sign = rest[at..].chars().next().map_or(1, char::len_utf8);
    let is_near = before.split_whitespace().count() <= 3 && !before.contains(['.', ';', '@', '\\']);
    let behind = &rest[at + sign..];
    let value =
        behind.trim_start_matches(|c: char| c.is_whitespace() || c == '>' || signs.contains(&c));
    // A web address.
    (is_near && !behind.starts_with("//")).then(|| rest.len() - value.len())
}

/// How many bytes of a text are the password that it begins with. Words of small letters alone may all belong to it.
fn length(value: &str) -> usize {
    let mut quotes = value.chars();
    if let Some(open) = quotes.next().filter(|c| QUOTES.contains(c)) {
        let rest = &value[open.len_utf8()..];
        if let Some(length) = rest.find(QUOTES) {
            let close = rest[length..].chars().next().map_or(0, char::len_utf8);
            return open.len_utf8() + length + close;
        }
    }
    let mut tokens = value.split_whitespace();
    let Some(first) = tokens.next() else { return value.len() };
    if first.chars().all(char::is_lowercase) {
        return value.trim_end().len();
    }
    let end = |token: &str| token.as_ptr() as usize - value.as_ptr() as usize + token.len();
    let is_more = |token: &&str| token.chars().any(|c| c.is_ascii_digit() || SIGNS.contains(&c));
    tokens.take_while(is_more).last().map_or(end(first), end)
}

/// Signs of passwords.
const SIGNS: &[char] = &['!', '#', '$', '%', '&', '*', '+', '?', '^', '~', '@', '§', '€'];

/// Whether a token looks like a password: letters with digits or signs, or digits alone after a word for a PIN.
fn looks_like_one(token: &str, kind: Kind) -> bool {
    let chars = token.chars().count();
    let has_letter = token.chars().any(char::is_alphabetic);
    let has_digit = token.chars().any(|c| c.is_ascii_digit());
    let has_sign = token.contains(SIGNS);
    let is_address = token.contains("://")
        || token.split_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    if chars < 4 || is_address {
        return false;
    }
    let is_number = token.bytes().all(|byte| byte.is_ascii_digit());
    match kind {
        Kind::Pin if is_number => true,
        Kind::Password if is_number => chars >= 6,
        Kind::Login => chars >= 6 && has_letter && has_digit && has_sign,
        Kind::Pin | Kind::Password => {
            (has_letter && (has_digit || has_sign)) || (has_digit && has_sign)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let mut text = text.to_owned();
        mask_told(&mut text, After::Anything);
        text
    }

    #[test]
    fn a_password_in_a_text_is_masked() {
        for text in [
            "pw: SECRET2026!",
            "PW:SECRET2026!",
            "temp password is SECRET2026!",
            "temporary password will be SECRET2026!",
            "Their password was reset to SECRET2026!",
            "Kennwort: SECRET2026!",
            "Passwort lautet SECRET2026!",
            "Password = SECRET2026!",
            "password=SECRET",
            "password is SECRET",
            "initial pwd SECRET2026!",
            "PIN 4711",
            "PIN: 4711",
            "mdp : SECRET2026!",
            "mot de passe : SECRET2026!",
            "contraseña: SECRET2026!",
            "contrasen\u{303}a: SECRET2026!",
            "senha: SECRET2026!",
            "hasło: SECRET2026!",
            "пароль: SECRET2026!",
            "Пароль SECRET2026!",
            "パスワード: SECRET2026!",
            "パスワードは SECRET2026!",
            "密码：SECRET2026!",
            "비밀번호: SECRET2026!",
            "token=SECRET",
            "api key: SECRET",
            "Startpasswort: SECRET2026!",
            "Login: ann / SECRET2026!",
            "left in May; pw: SECRET2026!",
            "first line\npassword: SECRET\nlast line",
            "password: \"SECRET 1 2\"",
            "Password for Jira: SECRET 2026!",
            "password (temp): SECRET",
            "pass: SECRET",
            "passphrase: SECRET horse 7 staple",
        ] {
            let text = text.replace("SECRET horse 7 staple", "correct horse SECRET staple");
            let found = masked(&text);
            assert!(
                !found.contains("SECRET") && !found.contains("4711") && !found.contains("2026"),
                "{text}: {found}"
            );
            assert!(found.contains(MASKED_PASSWORD), "{text}: {found}");
        }
        let kept = masked("pw: Winter2026! please keep until June; api key: x-1");
        assert_eq!(
            kept,
            "pw: [masked: password] please keep until June; api key: [masked: password]"
        );
    }

    #[test]
    fn other_texts_stay() {
        for text in [
            "ann@example.com",
            "712020:2deb69d3-c249-466f-9dc9-38189b62a1fe",
            "password reset done",
            "asked for a new password",
            "reset her password on 2026-11-30",
            "Passport number 4711",
            "keyboard returned",
            "pin on the map",
            "Florian Toten",
            "hanoi-legal",
            "Ticket ACME-42, see https://example.com/key=1",
            "Key account manager",
            "pinned 3 times",
            "Code review team",
            "Password [Required]",
        ] {
            assert_eq!(masked(text), text);
        }
        let mut heading = "Token: id".to_owned();
        mask_told(&mut heading, After::Odd);
        assert_eq!(heading, "Token: id");
    }
}
