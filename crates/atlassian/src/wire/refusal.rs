//! The bodies of refusals: five forms of errors, HTML, or nothing.
//!
//! | form | source |
//! | --- | --- |
//! | `{"errorMessages":[…],"errors":{field: …}}` | Jira platform description, `ErrorCollection` |
//! | `{"errors":[{"code","title","detail"}]}` | organizations description |
//! | `{"code":401,"message":…}` | the admin APIs' gateway |
//! | `{"key":…,"context":{"reason":{"key"},"message","errorCodes":[…]}}` | user management description; the live service adds mirror fields (AX-201) |
//! | anything else | shown unchanged, shortened |

use headcount_model::harmful::is_harmful;
use serde_json::Value;

use crate::json;

/// How many characters of a page's title are shown.
const TITLE_KEPT: usize = 120;

/// The content of an error body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The site's message; empty if there is none.
    pub words: String,
    /// The reason's key, where one is given.
    pub key: Option<String>,
    /// Whether it says that no seat is left.
    pub seats: Seats,
}

/// Whether an answer says that no seat is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seats {
    /// It does not say so.
    #[default]
    Unsaid,
    /// It mentions licenses or seats; a 400 or a 409 does so if none is left.
    Mentioned,
    /// It has Atlassian's own words or key for it, which count with any status.
    Full,
}

/// Atlassian's own words (support.atlassian.com, “Unable to invite user, restore access or add a user to a group”;
/// confluence.atlassian.com/jirakb 1116291737; the organizations description).
const FULL: [&str; 19] = [
    "maximum number of users",
    "reached the maximum",
    "reached your user limit",
    "reached the user limit",
    "user limit exceeded",
    "exceeds the user limit",
    "exceed your user limit",
    "license limit",
    "license count",
    "license exceeded",
    "not enough licen",
    "no licenses",
    "no available licen",
    "no more licen",
    "out of licen",
    "no seats",
    "no seat is",
    "not enough seats",
    "out of seats",
];

/// Other words that mention seats or licenses.
const MENTIONED: [&str; 7] = [
    "license",
    "user limit",
    "seats",
    "seat limit",
    "limit reached",
    "upgrade your plan",
    "upgrade to grow",
];

/// Keys for it: the organizations description's code, user management's key, and a key that Jira's check logs.
const FULL_KEYS: [&str; 3] = ["admin-409-3", "licenseexceeded", "licensecheckhardlimitfailure"];

/// Whether a message says that no seat is left. Text in quotation marks does not count, because a group's name may
/// have these words; nor do words about a membership.
pub fn seats(key: Option<&str>, words: &str) -> Seats {
    // Atlassian uses both spellings.
    let american = |text: &str| text.to_lowercase().replace("licence", "license");
    let key = american(key.unwrap_or_default());
    let said = american(&unquoted(words));
    if FULL_KEYS.iter().any(|full| key == *full || said.contains(full)) {
        return Seats::Full;
    }
    if said.contains("already a member") || said.contains("not a member") {
        return Seats::Unsaid;
    }
    match (
        FULL.iter().any(|full| said.contains(full)),
        MENTIONED.iter().any(|one| said.contains(one)),
    ) {
        (true, _) => Seats::Full,
        (false, true) => Seats::Mentioned,
        (false, false) => Seats::Unsaid,
    }
}

/// The message without the text in quotation marks. An apostrophe (`you've`) is not a quotation mark.
fn unquoted(words: &str) -> String {
    let mut rest = String::new();
    let mut closing = None;
    let mut before = ' ';
    for c in words.chars() {
        match closing {
            Some(end) if c == end => closing = None,
            Some(_) => {}
            None => match c {
                '"' => closing = Some('"'),
                '“' => closing = Some('”'),
                '\'' if !before.is_alphanumeric() => closing = Some('\''),
                c => rest.push(c),
            },
        }
        before = c;
    }
    rest
}

/// Whether a body has the form of an error, with any status: no described answer to a change has one of these
/// fields, except `{"message":"Success"}` (user management description, `ResultMessage`).
pub fn is_error(body: &[u8]) -> bool {
    const FIELDS: [&str; 5] = ["errorMessages", "errors", "error", "message", "code"];
    // Nearly every answer has none of these words, and does not have to be parsed.
    let is_plain =
        |text: &str| !text.contains('\\') && !FIELDS.iter().any(|word| text.contains(word));
    if std::str::from_utf8(body).is_ok_and(is_plain) {
        return false;
    }
    let Ok(body) = json::read::<Value>(body) else { return false };
    let only = body.as_object().filter(|fields| fields.len() == 1);
    if only.and_then(|fields| fields.get("message")).and_then(Value::as_str) == Some("Success") {
        return false;
    }
    let has = |field: &str| body.get(field).is_some_and(|value| !value.is_null());
    FIELDS.into_iter().any(has)
}

/// Reads an error body of any form.
pub fn read(text: &str) -> Refusal {
    let mut refusal = match json::read::<Value>(text.as_bytes()) {
        Ok(body) => read_json(&body),
        Err(_) => Refusal { words: read_page(text), ..Refusal::default() },
    };
    refusal.seats = seats(refusal.key.as_deref(), &refusal.words);
    refusal
}

fn read_json(body: &Value) -> Refusal {
    let mut said: Vec<String> = Vec::new();
    let mut key = None;
    let mut say = |value: Option<&Value>| {
        if let Some(text) = value.and_then(Value::as_str).map(str::trim)
            && !text.is_empty()
            && !said.iter().any(|old| old == text)
        {
            said.push(text.to_owned());
        }
    };
    for message in body["errorMessages"].as_array().into_iter().flatten() {
        say(Some(message));
    }
    match &body["errors"] {
        Value::Object(fields) => {
            for (field, message) in fields {
                say(message.as_str().map(|text| Value::from(format!("{field}: {text}"))).as_ref());
            }
        }
        Value::Array(errors) => {
            for error in errors {
                say(error.get("detail").filter(|detail| detail.is_string()).or(error.get("title")));
                say(error.get("message"));
                key = key.or_else(|| error["code"].as_str().map(str::to_owned));
            }
        }
        _ => {}
    }
    say(body.get("message"));
    say(body.get("detail"));
    key = key.or_else(|| body["scimType"].as_str().map(str::to_owned));
    let context = &body["context"];
    say(context.get("message"));
    for error in context["errorCodes"].as_array().into_iter().flatten() {
        say(error.get("message"));
    }
    if let Some(plain) = body["key"].as_str() {
        let reason = context["reason"]["key"].as_str();
        say(Some(&Value::from(reason.map_or(plain.to_owned(), |key| format!("{plain}: {key}")))));
        key = Some(reason.unwrap_or(plain).to_owned());
    }
    Refusal { words: said.join("; "), key, seats: Seats::Unsaid }
}

/// For a web page, its title; for plain text, the text itself.
fn read_page(text: &str) -> String {
    if text.trim_start().starts_with('<') { page_words(text) } else { text.trim().to_owned() }
}

/// The message for a web page that came instead of data.
pub fn page_words(text: &str) -> String {
    // Only ASCII letters are changed, so that byte positions stay the same.
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|start| {
        let from = start + lower[start..].find('>')? + 1;
        Some(text[from..from + lower[from..].find("</title")?].trim().to_owned())
    });
    match title {
        Some(title) if !title.is_empty() => {
            format!("a web page instead of data: {}", one_line(&title, TITLE_KEPT))
        }
        _ => "a web page instead of data".to_owned(),
    }
}

/// One line of at most `most` characters without control characters (terminal escapes, line breaks, marks that
/// change the direction of writing).
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut count = 0;
    for c in text.chars() {
        let c = if is_harmful(c) || c.is_whitespace() { ' ' } else { c };
        if c == ' ' && (line.is_empty() || line.ends_with(' ')) {
            continue;
        }
        if count == most - 1 {
            line.truncate(line.trim_end().len());
            line.push('…');
            return line;
        }
        line.push(c);
        count += 1;
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_known_shape_gives_its_words_and_key() {
        let read = |text| {
            let refusal = read(text);
            (refusal.words, refusal.key)
        };
        assert_eq!(
            read(r#"{"errorMessages":["No."],"errors":{"emailAddress":"is bad"},"status":400}"#),
            ("No.; emailAddress: is bad".to_owned(), None)
        );
        assert_eq!(
            read(
                r#"{"errors":[{"id":"1","status":"404","code":"ADMIN-404-8","title":"T","detail":null}]}"#
            ),
            ("T".to_owned(), Some("ADMIN-404-8".to_owned()))
        );
        assert_eq!(read(r#"{"code":401,"message":"Unauthorized"}"#).0, "Unauthorized");
        assert_eq!(
            read(
                r#"{"key":"forbidden.action","context":{"allowed":false,"reason":{"key":"externalDirectory.google"}},"errorKey":"forbidden.action","errorDetail":{}}"#
            ),
            (
                "forbidden.action: externalDirectory.google".to_owned(),
                Some("externalDirectory.google".to_owned())
            )
        );
        assert_eq!(
            read(r#"{"key":"conflict.lifecycleErrors","context":{"accountId":"1","message":"m","errorCodes":[{"code":"c","message":"This account isn't eligible"}]}}"#).0,
            "m; This account isn't eligible; conflict.lifecycleErrors"
        );
        assert_eq!(
            read("<html><head><TITLE>502 Bad Gateway</TITLE></head>").0,
            "a web page instead of data: 502 Bad Gateway"
        );
        assert_eq!(read("").0, "");
    }

    #[test]
    fn a_missing_seat_is_recognized_by_key_or_words() {
        for full in [
            r#"{"errors":[{"code":"ADMIN-409-3","title":"x"}]}"#,
            r#"{"errorMessages":["The license limit is exceeded"]}"#,
            r#"{"errorMessages":["Action could not be performed because you've reached the maximum number of users for your plan. Upgrade to grow your team."]}"#,
            r#"{"errorMessages":["You've reached the maximum number of users for one of your products. To add this user, upgrade your plan."]}"#,
            r#"{"key":"licenceExceeded","context":{"message":"Licence exceeded: LicenceCheckHardLimitFailure{…}","reason":"[jira-product-discovery]"}}"#,
            r#"{"message":"HystrixRuntimeException: LicenceCheckHardLimitFailure"}"#,
            r#"{"errorMessages":["No seats left in 'oslo'"]}"#,
        ] {
            assert_eq!(super::read(full).seats, Seats::Full, "{full}");
        }
        for unsaid in [
            r#"{"errorMessages":["already a member of 'seats'"]}"#,
            r#"{"errorMessages":["You may not edit the group 'License limit'"]}"#,
            r#"{"errorMessages":["The group “No seats” doesn't exist"]}"#,
            r#"{"errorMessages":["User is already a member of no seats"]}"#,
            "",
        ] {
            assert_eq!(super::read(unsaid).seats, Seats::Unsaid, "{unsaid}");
        }
        let mentioned = r#"{"errorMessages":["A licence is required"]}"#;
        assert_eq!(super::read(mentioned).seats, Seats::Mentioned);
    }

    #[test]
    fn escapes_never_pass() {
        assert_eq!(one_line("a\u{1b}[31mred\r\n\tb\u{202e}c  ", 80), "a [31mred b c");
        assert_eq!(one_line("abcdef", 4), "abc…");
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_becomes_one_bounded_line(text in "(?s).{0,200}") {
            let line = one_line(&read(&text).words, 40);
            prop_assert!(line.chars().count() <= 40);
            prop_assert!(!line.chars().any(is_harmful));
            prop_assert_eq!(one_line(&line, 40), line.clone());
        }

        #[test]
        fn broken_pages_are_read(text in "<(title|TITLE|ü)?>?.{0,20}(</title>)?") {
            read(&text);
        }
    }
}
