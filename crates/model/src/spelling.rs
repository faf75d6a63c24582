//! One person, one spelling: how addresses and names are compared and shown, wherever they come from
//! (a spreadsheet, an export, the site's answers, a profile).
//!
//! Two texts that a person cannot tell apart are the same: letters and accents in one character or in
//! two (Unicode's NFC), any white space, marks that no reader sees, and both forms of an international
//! domain. Nothing else is folded but case.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Marks that no reader sees: soft hyphen, joiners, direction marks, variation selectors, tags, and
/// their like. They come along with copied text.
pub fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Marks that come along with copied text, of those that no reader sees: what a pictograph ends with stays.
pub fn is_invisible(c: char) -> bool {
    is_unseen(c) && !matches!(c, '\u{fe00}'..='\u{fe0f}')
}

/// A text as it is shown and sent: composed (NFC), without white space and unseen marks at its ends, any
/// white space one space, and without unseen marks but those that a script or a pictograph needs.
pub fn spelled(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(without(text, |before, c, after| is_unseen(c) && !is_in_use(before, c, after)))
}

/// The same without any unseen mark: how texts are compared.
fn bare(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(without(text, |_, c, _| is_unseen(c)))
}

/// Nearly every text: nothing is to be done.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_plain_byte = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    bytes.iter().all(is_plain_byte)
        && bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
        && !bytes.windows(2).any(|two| two == b"  ")
}

fn without(text: &str, drops: impl Fn(Option<char>, char, Option<char>) -> bool) -> String {
    let text: Cow<'_, str> =
        if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) };
    let mut spelled = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let (mut before, mut space) = (None, false);
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            space = true;
        } else if !drops(before, c, chars.peek().copied()) {
            if space && !spelled.is_empty() {
                spelled.push(' ');
            }
            space = false;
            spelled.push(c);
        }
        before = Some(c);
    }
    // What was dropped may have kept letters and accents apart.
    if is_nfc(&spelled) { spelled } else { spelled.nfc().collect() }
}

/// Joiners inside words of scripts that are written with them, and the parts of a pictograph.
fn is_in_use(before: Option<char>, c: char, after: Option<char>) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{600}'..='\u{fff}'));
    let pictograph = |c: Option<char>| {
        c.is_some_and(|c| {
            (c >= '\u{2000}' && !c.is_alphanumeric() && !is_unseen(c)) || c == '\u{fe0f}'
        })
    };
    match c {
        // The fillers of Korean syllables that lack a part.
        '\u{115f}' => after.is_some_and(|c| matches!(c, '\u{1161}'..='\u{11a7}')),
        '\u{1160}' => before.is_some_and(|c| matches!(c, '\u{1100}'..='\u{115f}')),
        '\u{200c}' => joins(before) && joins(after),
        '\u{200d}' => (joins(before) && joins(after)) || (pictograph(before) && pictograph(after)),
        '\u{fe0e}' | '\u{fe0f}' => pictograph(before),
        _ => false,
    }
}

/// The unseen marks that [`spelled`] takes out of a text, each once.
pub fn unseen_in(text: &str) -> Vec<char> {
    if is_plain(text) {
        return Vec::new();
    }
    let kept = spelled(text);
    let mut marks = Vec::new();
    for mark in text.chars().filter(|c| is_unseen(*c)) {
        if !marks.contains(&mark) && !kept.contains(mark) {
            marks.push(mark);
        }
    }
    marks
}

/// The form of a mail address that all spellings of one mailbox share.
///
/// Atlassian compares addresses without regard to case; so do we. The domain is in the form that DNS
/// knows it by (`xn--…`, UTS 46). Nothing else is folded: `a.b@` and `ab@` are two people.
pub fn mail_key(mail: &str) -> String {
    plain_mail_key(mail).into_owned()
}

/// The same without a copy of an address that has this form already, as nearly every address has.
pub fn plain_mail_key(mail: &str) -> Cow<'_, str> {
    let is_of_key = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase();
    let is_key =
        mail.bytes().all(is_of_key) && !mail.as_bytes().windows(4).any(|part| part == b"xn--");
    if is_key { Cow::Borrowed(mail) } else { Cow::Owned(folded_mail(mail)) }
}

fn folded_mail(mail: &str) -> String {
    let mail = bare(mail).to_lowercase();
    if mail.is_ascii() && !mail.contains("xn--") {
        return mail;
    }
    let mail: String = mail.nfc().collect();
    match mail.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain_key(domain)),
        None => mail,
    }
}

/// The form of a domain that all its spellings share.
pub fn domain_key(domain: &str) -> String {
    let domain = bare(domain).to_lowercase();
    idna::domain_to_ascii(&domain).unwrap_or(domain)
}

/// An address in both forms of its international domain; of another domain, the address alone.
pub fn both_forms(mail: &str) -> Vec<String> {
    let mut forms = vec![mail.to_owned()];
    if let Some((local, domain)) = mail.rsplit_once('@')
        && domain.contains("xn--")
        && let (domain, Ok(())) = idna::domain_to_unicode(domain)
    {
        forms.push(format!("{local}@{domain}"));
    }
    forms
}

/// What a reader can see of a name, in its case: without white space and unseen marks. It distinguishes names
/// that share a [`name_key`].
pub fn visible(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && !is_unseen(*c)).collect()
}

/// The form of a name that differs from another only in case, white space and unseen marks.
pub fn name_key(name: &str) -> String {
    let lower = bare(name).to_lowercase();
    if lower.is_ascii() || is_nfc(&lower) { lower } else { lower.nfc().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_share_a_key() {
        for (one, other) in [
            ("Ann@Example.com", "ann@example.com"),
            (" ann@example.com\u{a0}", "ann@example.com"),
            ("jo\u{308}rg.groß@banc.ly", "jörg.groß@banc.ly"),
            ("JÖRG.GROß@banc.ly", "jo\u{308}rg.groß@banc.ly"),
            ("an\u{200b}n@example.com", "ann@example.com"),
            ("ann\u{ad}@exam\u{2060}ple.com", "ann@example.com"),
            ("ann@example.com\u{e0041}", "ann@example.com"),
            ("ann@exämple.de", "ann@xn--exmple-cua.de"),
            ("ann@EXÄMPLE.de", "ann@XN--EXMPLE-CUA.de"),
            ("ann@exa\u{308}mple.de", "ann@xn--exmple-cua.de"),
            ("ann@straße.de", "ann@xn--strae-oqa.de"),
        ] {
            assert_eq!(mail_key(one), mail_key(other), "{one:?} {other:?}");
        }
        for (one, other) in [
            ("a.b@example.com", "ab@example.com"),
            ("ann@exämple.de", "ann@example.de"),
            ("ann@strasse.de", "ann@straße.de"),
            ("аnn@example.com", "ann@example.com"),
        ] {
            assert_ne!(mail_key(one), mail_key(other), "{one:?} {other:?}");
        }
        assert_eq!(
            both_forms("ann@xn--exmple-cua.de"),
            ["ann@xn--exmple-cua.de", "ann@exämple.de"]
        );
        assert_eq!(both_forms("ann@example.de"), ["ann@example.de"]);
    }

    #[test]
    fn names_are_compared_as_they_are_seen() {
        for (one, other) in [
            ("Gro\u{308}ße/Maß", "Größe/Maß"),
            ("R&D  team", "r&d team"),
            ("R&D\u{a0}team\u{3000}", "R&D team"),
            ("oslo\u{200b}-engineering", "oslo-engineering"),
            ("\u{202a}oslo\u{202c}", "oslo"),
            ("Dev\u{fe0f}s", "Devs"),
            ("e\u{200b}\u{301}quipe", "équipe"),
        ] {
            assert_eq!(name_key(one), name_key(other), "{one:?} {other:?}");
            assert_eq!(spelled(one).to_lowercase(), spelled(other).to_lowercase());
        }
        // Case distinguishes names; white space and unseen marks do not.
        assert_eq!(visible("R&D\u{a0} te\u{200b}am"), visible("R&D team"));
        assert_ne!(visible("r&d team"), visible("R&D team"));
        // What a script or a pictograph needs is sent as it is, and compares all the same.
        for kept in ["می\u{200c}خواهم", "👩\u{200d}💻 devs", "❤\u{fe0f} team"] {
            assert_eq!(spelled(kept), kept);
            assert!(unseen_in(kept).is_empty());
        }
        assert_eq!(unseen_in("a\u{200b}b\u{200b}c\u{feff}"), ['\u{200b}', '\u{feff}']);
        assert_eq!(spelled(" a\t\n b "), "a b");
    }
}
