//! Reads an email address from a cell, or reports what is wrong with it, down to the character.

use std::borrow::Cow;

use headcount_model::spelling::{is_unseen, spelled};
use unicode_normalization::UnicodeNormalization;

use super::address_signs::{described, is_odd, replacement};
use super::cell::{Fault, named, sound, spreadsheet_error, trim};
use super::spreadsheet_errors::is_spreadsheet_error;
use headcount_sheet::quoting::excerpt;

const WRITE: &str = "write only the address, such as ann@example.com";

/// Whether a text could be an email address: enough to distinguish data from headings.
pub fn looks_like_mail(text: &str) -> bool {
    mail(trim(text)).is_ok()
}

/// Whether a text is meant as an email address, valid or not: it has an `@` and a dot after it, in any width.
pub(super) fn has_mails_form(text: &str) -> bool {
    let Some((local, domain)) = text.split_once(['@', '\u{ff20}', '\u{fe6b}']) else {
        return false;
    };
    let dots = ['.', '\u{3002}', '\u{ff61}', '\u{ff0e}', '\u{2024}'];
    !trim(local).is_empty() && domain.contains(dots)
}

/// Reads an email address, without text around it that has only one meaning: a name and angle brackets, `mailto:`,
/// a separator at its end.
///
/// Pragmatic: one `@`, something before it, a domain with a dot after it, no white space, at most 254 characters
/// (RFC 5321's path). A domain without a dot cannot receive Atlassian's invitation.
pub(super) fn mail(text: &str) -> Result<Cow<'_, str>, Fault> {
    if is_plain(text) { Ok(Cow::Borrowed(text)) } else { any_mail(text) }
}

fn any_mail(text: &str) -> Result<Cow<'_, str>, Fault> {
    let bare = unwrapped(text);
    if is_several(bare) {
        return Err(several(text));
    }
    if is_spreadsheet_error(bare) {
        return Err(spreadsheet_error(bare, "an email address"));
    }
    sound(bare)?;
    let address = match spelled(bare) {
        Cow::Borrowed(_) => Cow::Borrowed(bare),
        Cow::Owned(address) => Cow::Owned(address),
    };
    match wrong(bare, &address) {
        None => Ok(address),
        Some(Wrong::Several) => Err(several(text)),
        Some(Wrong::Odd { what, instead }) => Err(Fault::new(
            format!("“{}” is not an email address: it contains {what}", excerpt(text)),
            match instead {
                Some(instead) => format!("write `{instead}` instead"),
                None => WRITE.to_owned(),
            },
        )),
        Some(Wrong::Form(why)) => {
            Err(Fault::new(format!("“{}” is not an email address: {why}", excerpt(text)), WRITE))
        }
    }
}

fn several(text: &str) -> Fault {
    Fault::new(format!("“{}” is more than one address", excerpt(text)), "write one user per row")
}

/// Whether a text is several addresses, whatever is between them: white space, line breaks, `/`, `|`, `and`.
fn is_several(text: &str) -> bool {
    let is_between =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|' | '&' | '<' | '>');
    let parts = || text.split(is_between).filter(|part| !part.is_empty());
    text.matches('@').count() > 1 && parts().filter(|part| form(part).is_none()).count() > 1
}

/// Reads a new user's email address. The part before the `@` must follow RFC 5321 (4.1.2, Dot-string): no dot at
/// its ends, no two in a row. (Some addresses in use violate this, so it is required only for new users.)
pub(super) fn new_mail(text: &str) -> Result<Cow<'_, str>, Fault> {
    let address = mail(text)?;
    let local = address.split_once('@').map_or("", |(local, _)| local);
    if local.split('.').any(str::is_empty) {
        let why = "a dot is in a wrong place before the @";
        return Err(Fault::new(
            format!("“{}” is not an email address: {why}", excerpt(text)),
            WRITE,
        ));
    }
    Ok(address)
}

/// Whether a text is an address of letters, digits and `._+-` alone, which is certainly nothing else: a quick check
/// that nearly every cell passes.
fn is_plain(text: &str) -> bool {
    let is_of_local =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-');
    let is_of_label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_label = |label: &str| {
        let ends = [label.bytes().next(), label.bytes().next_back()];
        ends.into_iter().all(|end| end.is_some_and(is_of_label))
            && label.bytes().all(|byte| is_of_label(byte) || byte == b'-')
    };
    text.len() <= 254
        && !text.starts_with('-')
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.bytes().all(is_of_local)
                && domain.contains('.')
                && domain.split('.').all(is_label)
        })
}

/// The text inside wrappings that have only one meaning.
fn unwrapped(text: &str) -> &str {
    // A separator before an address may mark its line as left out.
    let is_before = |c: char| c.is_whitespace() || is_unseen(c);
    let is_behind = |c: char| is_before(c) || matches!(c, ';' | ',');
    let mut text = text;
    // Each wrapping once inside another: `Ann <mailto:ann@example.com>;`.
    for _ in 0..3 {
        text = text.trim_start_matches(is_before).trim_end_matches(is_behind);
        if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
            text = &text[7..];
            // A `cc` names another person, so the cell is not one address.
            let names_no_other =
                |rest: &str| !rest.contains('@') && !rest.to_lowercase().contains("%40");
            text = match text.split_once('?') {
                Some((address, rest)) if names_no_other(rest) => address,
                _ => text,
            };
        }
        // The form of directories (`proxyAddresses` of Microsoft Entra).
        if text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("smtp:")) {
            text = &text[5..];
        }
        if let Some((name, address)) = text.strip_suffix('>').and_then(|text| text.split_once('<'))
            && !name.contains('@')
            && !address.contains(['<', '>'])
        {
            text = address;
        }
        // `Ann Example (ann@example.com)`, `ann@example.com (Ann)`.
        if let Some((before, within)) = text.strip_suffix(')').and_then(|text| text.split_once('('))
            && !within.contains(['(', ')'])
            // Brackets around an address alone may mean that it is left out.
            && !trim(before).is_empty()
            && before.contains('@') != within.contains('@')
        {
            text = if within.contains('@') { within } else { before };
        }
    }
    text.trim_start_matches(is_before).trim_end_matches(is_behind)
}

/// The text around an address, and whether it is a name in the usual place: `Ann <ann@example.com>`, `Ann
/// (ann@example.com)`. `None` if the address is alone.
pub(super) fn beside_address(text: &str) -> Option<(&str, bool)> {
    if is_plain(text) {
        return None;
    }
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ','));
    if let Some((name, _)) = text.strip_suffix('>').and_then(|text| text.split_once('<')) {
        return Some((name, true));
    }
    let (before, within) = text.strip_suffix(')').and_then(|text| text.split_once('('))?;
    Some(if within.contains('@') { (before, true) } else { (within, false) })
}

enum Wrong {
    Several,
    /// A character that no address contains, and its replacement.
    Odd {
        what: String,
        instead: Option<String>,
    },
    Form(&'static str),
}

fn wrong(bare: &str, address: &str) -> Option<Wrong> {
    let odd = |what: String, instead: Option<String>| Some(Wrong::Odd { what, instead });
    if address.contains([',', ';']) && address.matches('@').count() > 1 {
        return Some(Wrong::Several);
    }
    if address.contains(['<', '>']) {
        return Some(Wrong::Form("it has a name or brackets around it"));
    }
    if let Some(c) = bare.chars().find(|c| c.is_whitespace()) {
        return odd(named(c), None);
    }
    if let Some(c) = address.chars().find(|c| is_odd(*c)) {
        let plain: String = std::iter::once(c).nfkc().collect();
        let plain = replacement(c).map(str::to_owned).unwrap_or(plain);
        let instead = plain.is_ascii().then_some(plain).filter(|plain| !plain.trim().is_empty());
        return odd(described(c), instead);
    }
    if address.starts_with(['\'', '"', '`']) || address.ends_with(['\'', '"', '`']) {
        let c = if address.starts_with(['\'', '"', '`']) {
            address.chars().next()
        } else {
            address.chars().next_back()
        };
        return odd(described(c.unwrap_or('"')), None);
    }
    if let Some(c) = address.chars().find(|c| matches!(c, ',' | ';')) {
        return odd(format!("“{c}”"), None);
    }
    if address.starts_with(['#', '!', '-', '~', '*', '/', '=']) {
        return Some(Wrong::Form("it begins with a sign that may mark the row as left out"));
    }
    form(address).map(Wrong::Form)
}

fn form(address: &str) -> Option<&'static str> {
    let Some((local, domain)) = address.split_once('@') else { return Some("it has no @") };
    if domain.contains('@') {
        return Some("it has more than one @");
    }
    if local.is_empty() {
        return Some("there is nothing before the @");
    }
    if local.contains(['"', '(', ')', '[', ']', '\\', ':']) {
        return Some("it has a character that is not allowed before the @");
    }
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii())
    };
    if domain.len() > 1 && domain.ends_with('.') && !domain.contains("..") {
        return Some("it ends with a dot");
    }
    if !domain.contains('.') || !domain.split('.').all(label) {
        return Some("the part after the @ is not a domain");
    }
    (address.chars().count() > 254).then_some("it is longer than 254 characters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_are_checked_pragmatically() {
        for good in [
            "a@b.co",
            "O'Neil+tag.x@sub.example.com",
            "ünal@exämple.de",
            "a_b-c@ex-ample.org",
            "1@2.3",
            "山田@例え.jp",
            "नमस्ते@उदाहरण.भारत",
        ] {
            assert_eq!(mail(good).unwrap(), good);
        }
        for (bad, why) in [
            ("ann", "has no @"),
            ("@example.com", "before the @"),
            ("ann@", "not a domain"),
            ("ann@localhost", "not a domain"),
            ("ann@example..com", "not a domain"),
            ("ann@-example.com", "not a domain"),
            ("a@b@c.d", "more than one @"),
            ("ann b@example.com", "a space"),
            ("ann\u{a0}@example.com", "no-break space"),
            ("a@b.co;c@d.co", "more than one address"),
            ("a@b.co c@d.co", "more than one address"),
            ("a@b.co\nc@d.co", "more than one address"),
            ("a@b.co\r\nc@d.co", "more than one address"),
            ("a@b.co/c@d.co", "more than one address"),
            ("a@b.co | c@d.co", "more than one address"),
            ("a@b.co and c@d.co", "more than one address"),
            ("Ann <a@b.co> Ben <b@b.co>", "more than one address"),
            ("a@\nb.co", "a line break"),
            ("ann@example.com.", "ends with a dot"),
            ("ann@example.", "ends with a dot"),
            ("a@b.co, c@d.co", "more than one address"),
            ("Ann <a@b.co>, Ben <b@b.co>", "more than one address"),
            ("ann\u{7}@example.com", "U+0007"),
            ("an\u{fffd}@example.com", "lost"),
            ("ann <ann@example.com", "name or brackets"),
            ("ann,b@example.com", "“,”"),
            (";ann@example.com", "“;”"),
            (", ann@example.com", "space"),
            ("(ann@example.com)", "not allowed before the @"),
            ("#ann@example.com", "left out"),
            ("-ann@example.com", "left out"),
            ("!ann@example.com", "left out"),
            ("*@example.com", "left out"),
            ("~ann@example.com", "left out"),
            ("//ann@example.com", "left out"),
        ] {
            let fault = mail(bad).unwrap_err();
            assert!(fault.what.contains(why), "{bad}: {fault:?}");
            assert!(!fault.todo.is_empty());
        }
        assert!(mail(&format!("{}@example.com", "a".repeat(300))).is_err());
    }

    #[test]
    fn plain_addresses_are_those_of_the_whole_check() {
        let parts = ["a", "-", "_", ".", "@", "1", "A+b", "co", ":", "xn--a", "#", "ü"];
        for n in 0..parts.len().pow(4) {
            let part = |at: u32| parts[n / parts.len().pow(at) % parts.len()];
            let text = format!("{}{}@{}{}", part(0), part(1), part(2), part(3));
            for text in [format!("{text}.co"), text] {
                if is_plain(&text) {
                    assert_eq!(any_mail(&text).unwrap(), text);
                }
            }
        }
        assert!(is_plain("ann.b+c@sub.example.com") && !is_plain("ann@-b.co"));
    }

    #[test]
    fn dots_of_a_new_address_are_where_they_belong() {
        for bad in [".ann@b.co", "ann.@b.co", "a..b@b.co", "...@b.co"] {
            assert!(new_mail(bad).unwrap_err().what.contains("a dot"), "{bad}");
            assert!(mail(bad).is_ok(), "{bad}");
        }
        assert_eq!(new_mail("a.b.c@b.co").unwrap(), "a.b.c@b.co");
    }

    #[test]
    fn what_can_mean_only_one_address_is_taken() {
        for written in [
            "ann@b.co;",
            "ann@b.co,",
            "ann@b.co ; ",
            "<ann@b.co>",
            "Ann Example <ann@b.co>",
            "\"Example, Ann\" <ann@b.co>;",
            "Ann <mailto:ann@b.co>",
            "Ann Example (ann@b.co)",
            "ann@b.co (Ann)",
            "mailto:ann@b.co",
            "MAILTO:ann@b.co?subject=Hello",
            "mailto:<ann@b.co>",
            "SMTP:ann@b.co",
            "smtp:ann@b.co",
            "a\u{115f}nn@b.co",
            "ann\u{1160}@b.co",
            "ann@b.\u{17b4}co",
            "ann\u{17b5}@b.co",
            "ann\u{3164}@b.co",
            "\u{ffa0}ann@b.co",
            "ann\u{200b}@b.co",
            "\u{feff}a\u{ad}nn@b.co\u{202c}",
            "ann@b.co\u{e0061}",
        ] {
            assert_eq!(mail(written).unwrap(), "ann@b.co", "{written:?}");
        }
        assert_eq!(mail("jo\u{308}rg@b.co").unwrap(), "jörg@b.co");
        for two in ["mailto:ann@b.co?cc=ben@b.co", "mailto:ann@b.co?subject=a&BCC=ben%40b.co"] {
            assert!(mail(two).is_err(), "{two}");
        }
    }

    #[test]
    fn a_character_that_does_not_belong_is_named() {
        for (bad, name, code) in [
            ("ftoten2＠banc.ly", "fullwidth commercial at", "U+FF20"),
            ("ann﹫banc.ly", "small commercial at", "U+FE6B"),
            ("ａnn@banc.ly", "fullwidth letter", "U+FF41"),
            ("ann1２@banc.ly", "fullwidth digit", "U+FF12"),
            ("ann@banc．ly", "fullwidth full stop", "U+FF0E"),
            ("ann@banc。ly", "ideographic full stop", "U+3002"),
            ("ann@banc.ly。", "ideographic full stop", "U+3002"),
            ("ann@banc｡ly", "ideographic full stop", "U+FF61"),
            ("ann@banc.ly、", "ideographic comma", "U+3001"),
            ("ann@banc.ly，", "fullwidth comma", "U+FF0C"),
            ("ann@banc.ly；", "fullwidth semicolon", "U+FF1B"),
            ("“ann@banc.ly”", "left double quotation mark", "U+201C"),
            ("„ann@banc.ly“", "low-9 quotation mark", "U+201E"),
            ("«ann@banc.ly»", "angle quotation mark", "U+00AB"),
            ("‚ann@banc.ly‘", "low-9 quotation mark", "U+201A"),
            ("「ann@banc.ly」", "corner bracket", "U+300C"),
            ("o’neil@banc.ly", "right single quotation mark", "U+2019"),
            ("oʼneil@banc.ly", "apostrophe", "U+02BC"),
            ("'ann@banc.ly", "an apostrophe", "U+0027"),
            ("ann@banc.ly'", "an apostrophe", "U+0027"),
            ("\"ann@banc.ly\"", "a quotation mark", "U+0022"),
            ("`ann@banc.ly", "grave accent", "U+0060"),
            ("ann–b@banc.ly", "en dash", "U+2013"),
            ("ann‑b@banc.ly", "non-breaking hyphen", "U+2011"),
            ("ﬁnn@banc.ly", "another form of a letter", "U+FB01"),
            ("ann@bańc\u{2024}ly", "one dot leader", "U+2024"),
            ("ann؛@banc.ly", "Arabic semicolon", "U+061B"),
        ] {
            let fault = mail(bad).unwrap_err();
            assert!(fault.what.contains(name) && fault.what.contains(code), "{bad}: {fault:?}");
        }
        assert_eq!(mail("ann＠banc.ly").unwrap_err().todo, "write `@` instead");
    }
}
