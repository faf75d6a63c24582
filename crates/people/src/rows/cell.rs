//! Reads a value from a cell, or reports what is wrong with it.
//!
//! Cells are trimmed of white space (including the no-break space of web pages) and invisible marks. Damage that a
//! spreadsheet program did to an id can only be reported: `5.12E+15`, `#N/A`, an unresolved `{{accountId}}`.

use super::spreadsheet_errors::is_spreadsheet_error;
use headcount_sheet::quoting::excerpt;
pub(super) use headcount_sheet::{cell_text as text, trim};
use headcount_sheet::{has_lost_letter, meant};
use std::borrow::Cow;

use headcount_model::spelling::{is_invisible, spelled};
use headcount_model::user::AccountId;

/// What is wrong with a cell, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) what: String,
    pub(super) todo: String,
}

impl Fault {
    pub(super) fn new(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { what: what.into(), todo: todo.into() }
    }
}

/// Reads an account id, unchanged.
pub(super) fn account_id(text: &str) -> Result<Cow<'_, str>, Fault> {
    damage(text, "the account id")?;
    let id = spelled(text);
    if AccountId::is_one(&id) {
        return Ok(id);
    }
    Err(Fault::new(
        format!("“{}” is not an account id", excerpt(text)),
        "copy the id from the export; it has only letters, digits, `:`, `-`, `_` and `|`, and at \
         most 128 characters",
    ))
}

/// Reads a group's id: usually a UUID, checked loosely because the description names no form. A UUID is the same
/// in capitals (RFC 9562); Atlassian writes small letters.
pub(super) fn group_id(written: &str) -> Result<Cow<'_, str>, Fault> {
    damage(written, "the group id")?;
    let text = spelled(written);
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '|' | '.');
    if is_uuid(&text) && text.contains(|c: char| c.is_ascii_uppercase()) {
        return Ok(Cow::Owned(text.to_ascii_lowercase()));
    }
    if text.len() <= 255 && text.chars().all(fits) {
        return Ok(text);
    }
    Err(Fault::new(
        format!("“{}” is not a group id", excerpt(&text)),
        "copy the id from the export, or write the group's name under the heading `Group`",
    ))
}

/// Reads the name of a user or group: any readable text.
pub(super) fn name<'a>(text: &'a str, what: &str) -> Result<Cow<'a, str>, Fault> {
    placeholder(text)?;
    if is_spreadsheet_error(text) {
        return Err(spreadsheet_error(text, what));
    }
    sound(text)?;
    Ok(spelled(text))
}

/// Whether a text has the form of a UUID. The articles print theirs with `xxxx` in the middle; those count, so
/// that the articles' files work unchanged.
pub(crate) fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, 'x' | 'X' | '-'))
}

/// Finds the damage that spreadsheet programs and Postman do to ids.
fn damage(text: &str, what: &str) -> Result<(), Fault> {
    placeholder(text)?;
    if text.starts_with('#') || is_spreadsheet_error(text) {
        return Err(spreadsheet_error(text, what));
    }
    if is_rounded(text) {
        return Err(Fault::new(
            format!(
                "“{}”: a spreadsheet turned {what} into a number and rounded it",
                excerpt(text)
            ),
            "take the id from the export again, with the column formatted as text before it is \
             pasted",
        ));
    }
    if text.starts_with('=') {
        return Err(Fault::new(
            format!("“{}” is a formula, not its result", excerpt(text)),
            "paste the column as values",
        ));
    }
    sound(text)
}

fn placeholder(text: &str) -> Result<(), Fault> {
    if text.starts_with("{{") && text.ends_with("}}") {
        return Err(Fault::new(
            format!("“{}” is a Postman variable that was never filled in", excerpt(text)),
            "write the value itself",
        ));
    }
    Ok(())
}

pub(super) fn spreadsheet_error(text: &str, what: &str) -> Fault {
    Fault::new(
        format!("“{}” is a spreadsheet error, not {what}", excerpt(text)),
        "repair the formula (a look-up that found nothing?) or write the value itself",
    )
}

/// Whether a text is a number in scientific notation as spreadsheet programs write it: `5.12E+15`, `6,05e+23`. An
/// id such as `5e123` is not.
pub(super) fn is_rounded(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let number = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = match number.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let signed = exponent.strip_prefix('+');
    digits(whole)
        && fraction.is_none_or(digits)
        && digits(signed.unwrap_or(exponent))
        && (signed.is_some() || fraction.is_some())
}

/// Reads a text unchanged, unless it is an error value.
pub(super) fn no_error<'a>(text: &'a str, what: &str) -> Result<Cow<'a, str>, Fault> {
    match is_spreadsheet_error(text) {
        true => Err(spreadsheet_error(text, what)),
        false => Ok(spelled(text)),
    }
}

/// Refuses a text with lost or invisible characters.
pub(super) fn sound(text: &str) -> Result<(), Fault> {
    // A quick check that nearly every cell passes.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'?') {
        return Ok(());
    }
    if text.contains('\u{fffd}') {
        return Err(Fault::new(
            format!("“{}” has a character that was lost when the file was saved", excerpt(text)),
            "correct it and save the file as XLSX or CSV UTF-8",
        ));
    }
    if let Some(meant) = meant(text) {
        let read = excerpt(text);
        let what = match meant.as_str() {
            "" => format!("“{read}” is no word: it was read in the wrong encoding"),
            _ => format!("“{read}” seems to be “{}”, read in the wrong encoding", excerpt(&meant)),
        };
        return Err(Fault::new(what, "correct it, or export the file again as CSV UTF-8 or XLSX"));
    }
    if has_lost_letter(text) {
        return Err(Fault::new(
            format!(
                "“{}” has a `?` where a letter was lost when the file was saved",
                excerpt(text)
            ),
            "correct it and save the file as XLSX or CSV UTF-8",
        ));
    }
    match text.chars().find(|c| c.is_control()) {
        Some(c) => Err(Fault::new(
            format!("“{}” contains {}", excerpt(text), named(c)),
            "write the cell again, on one line",
        )),
        None => Ok(()),
    }
}

pub(super) fn named(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '\u{a0}' => "a no-break space".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        c if is_invisible(c) => format!("an invisible character (U+{:04X})", u32::from(c)),
        c if c.is_control() => format!("a control character (U+{:04X})", u32::from(c)),
        c => format!("white space (U+{:04X})", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_text_and_damage_is_reported() {
        for good in ["00712", "5e123", "5E15", "6155833c071axxx071ff5b24", "557058:a-b", "0x1f"] {
            assert_eq!(account_id(good).unwrap(), good);
        }
        for (bad, why) in [
            ("5.12E+15", "rounded"),
            ("6.05e+23", "rounded"),
            ("6,05E+23", "rounded"),
            ("5E+15", "rounded"),
            ("5.1E23", "rounded"),
            ("#N/A", "error"),
            ("#NAME?", "error"),
            ("#REF!", "error"),
            ("#NV", "error"),
            ("{{accountId}}", "Postman"),
            ("=XLOOKUP(A2)", "formula"),
            ("a b", "not an account id"),
            ("ann@example.com", "not an account id"),
        ] {
            let fault = account_id(bad).unwrap_err();
            assert!(fault.what.contains(why), "{bad}: {fault:?}");
        }
        assert!(group_id("d6750b14-1aa8-4ab2-xxxx-a6d44016da32").is_ok());
        assert_eq!(
            group_id("D6750B14-1AA8-4AB2-9999-A6D44016DA32").unwrap(),
            "d6750b14-1aa8-4ab2-9999-a6d44016da32"
        );
        assert!(group_id("oslo engineering").is_err());
        assert!(name("#general", "the group").is_ok());
        assert!(name("#N/A", "the group").is_err());
    }

    #[test]
    fn uuids_are_distinguished_from_names() {
        assert!(is_uuid("d6750b14-1aa8-4ab2-xxxx-a6d44016da32"));
        assert!(is_uuid("396FAE73-650c-4265-aaaa-9c840897fc68"));
        for name in ["oslo-engineering", "d6750b14", "", "zzzzzzzz-1aa8-4ab2-xxxx-a6d44016da32"] {
            assert!(!is_uuid(name), "{name}");
        }
    }
}
