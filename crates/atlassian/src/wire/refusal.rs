//! What a site says when it refuses: five shapes of error bodies, HTML, or nothing.
//!
//! | shape | whose |
//! | --- | --- |
//! | `{"errorMessages":[…],"errors":{field: …}}` | Jira platform description, `ErrorCollection` |
//! | `{"errors":[{"code","title","detail"}]}` | organisations description |
//! | `{"code":401,"message":…}` | the admin APIs' gateway |
//! | `{"key":…,"context":{"reason":{"key"},"message","errorCodes":[…]}}` | user management description; the live service adds mirror fields (AX-201) |
//! | anything else | shown as it is, shortened |

use serde_json::Value;

use crate::json;

/// Characters of a page's title that are shown.
const TITLE_KEPT: usize = 120;

/// What was understood of an error body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The site's message; empty if there is none.
    pub words: String,
    /// The reason's key, where one is given.
    pub key: Option<String>,
    /// Whether it speaks of licences or seats.
    pub about_licence: bool,
}

/// Reads an error body of any shape.
pub fn read(text: &str) -> Refusal {
    let mut refusal = match json::read::<Value>(text.as_bytes()) {
        Ok(body) => read_json(&body),
        Err(_) => Refusal { words: read_page(text), ..Refusal::default() },
    };
    let words = refusal.words.to_lowercase();
    // A group may be called so.
    let about_a_member = words.contains("already a member") || words.contains("not a member");
    refusal.about_licence = refusal.key.as_deref() == Some("ADMIN-409-3")
        || !about_a_member
            && ["licence", "license", "user limit", "seats"]
                .iter()
                .any(|word| words.contains(word));
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
    Refusal { words: said.join("; "), key, about_licence: false }
}

/// A page: its title says most. Plain text: itself.
fn read_page(text: &str) -> String {
    if text.trim_start().starts_with('<') { page_words(text) } else { text.trim().to_owned() }
}

/// What is said of a web page that came instead of data.
pub fn page_words(text: &str) -> String {
    // ASCII case only, so that byte positions stay those of the text.
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

/// One line without control characters (terminal escapes, line breaks, marks that turn the
/// direction of writing), at most `most` characters.
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

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
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
    fn licences_are_recognised_by_code_or_words() {
        assert!(super::read(r#"{"errors":[{"code":"ADMIN-409-3","title":"x"}]}"#).about_licence);
        assert!(
            super::read(r#"{"errorMessages":["The license limit is exceeded"]}"#).about_licence
        );
        assert!(!super::read(r#"{"errorMessages":["already a member"]}"#).about_licence);
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
