//! Finds the values in a text whose names mean a secret: members of JSON (also inside of a JSON text), fields of
//! forms and addresses, elements and attributes of XML. The text may be cut, or contain `{{variables}}`.

use std::ops::Range;

use super::secret_names::SecretNames;

/// The longest name that is looked at, in bytes.
const LONGEST: usize = 200;

/// A value in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedValue {
    /// Its position, without quotes.
    pub(super) at: Range<usize>,
    /// The quotes that its replacement needs, so that JSON stays JSON.
    pub(super) quote: String,
}

/// The values, in order.
pub(super) fn named_values(text: &str, names: &SecretNames) -> Vec<NamedValue> {
    let mut found = Vec::new();
    if text.contains(':') {
        members(text, names, &mut found);
    }
    if text.contains('=') {
        fields(text, names, &mut found);
    }
    if text.contains("</") {
        elements(text, names, &mut found);
    }
    found.retain(|value: &NamedValue| !value.at.is_empty());
    found.sort_by_key(|value| value.at.start);
    let mut apart: Vec<NamedValue> = Vec::with_capacity(found.len());
    for value in found {
        match apart.last_mut().filter(|last| value.at.start < last.at.end) {
            Some(last) => last.at.end = last.at.end.max(value.at.end),
            None => apart.push(value),
        }
    }
    apart
}

/// Whether a text consists of `{{variables}}` only.
pub(super) fn is_template(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.strip_prefix("{{").and_then(|it| it.split_once("}}")) {
        rest = after;
    }
    rest.is_empty()
}

fn members(text: &str, names: &SecretNames, found: &mut Vec<NamedValue>) {
    let mut from = 0;
    for (colon, _) in text.match_indices(':') {
        if colon < from {
            continue;
        }
        let Some((key, quote)) = key_before(&text[..colon]) else { continue };
        if is_secret(key, names) {
            from = member(text, colon + 1, quote, found);
        }
    }
}

/// The key at the end of a text, and its quote with the backslashes before it.
fn key_before(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    let Some(inner) = text.strip_suffix('"') else {
        let start = text.rfind(|it: char| !is_name(it)).map_or(0, |at| at + after(text, at));
        let key = &text[start..];
        return (!key.is_empty() && key.len() <= LONGEST).then_some((key, ""));
    };
    let key = inner.trim_end_matches('\\');
    let quote = &text[key.len()..];
    let start = key.rfind('"')? + 1;
    (key.len() - start <= LONGEST).then(|| (&key[start..], quote))
}

/// The length of the character at a position.
fn after(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '$' | '[' | ']' | '%')
}

fn is_secret(key: &str, names: &SecretNames) -> bool {
    // A site may write any character of a key as an escape.
    let decoded = || serde_json::from_str::<String>(&format!("\"{key}\"")).ok();
    let decoded = key.contains("\\u").then(decoded).flatten();
    names.has(decoded.as_deref().unwrap_or(key))
}

/// Adds a member's value, with everything in it, and returns its end. A key without quotes needs a text as value,
/// because `Password: wrong` is a sentence.
fn member(text: &str, from: usize, quote: &str, found: &mut Vec<NamedValue>) -> usize {
    let at = text.len() - text[from..].trim_start().len();
    let rest = &text[at..];
    if let Some(slashes) = opening(rest) {
        let (end, next) = string_end(text, at + slashes + 1, slashes);
        found.push(NamedValue { at: at + slashes + 1..end, quote: String::new() });
        return next;
    }
    if quote.is_empty() {
        return at;
    }
    match rest.starts_with(['{', '[']) && !rest.starts_with("{{") {
        true => nested(text, at, quote, found),
        false => scalar(text, at, quote, found),
    }
}

/// How many backslashes are before the quote with which a text begins.
fn opening(text: &str) -> Option<usize> {
    let rest = text.trim_start_matches('\\');
    rest.starts_with('"').then(|| text.len() - rest.len())
}

/// The end of a string's content, and of the string. Its quotes have that many backslashes before them.
fn string_end(text: &str, from: usize, slashes: usize) -> (usize, usize) {
    for (at, _) in text[from..].match_indices('"') {
        let content = &text[from..from + at];
        let count = content.len() - content.trim_end_matches('\\').len();
        if count < slashes {
            return (from + at - count, from + at + 1);
        }
        if (count - slashes).is_multiple_of(2 * (slashes + 1)) {
            return (from + at - slashes, from + at + 1);
        }
    }
    (text.len(), text.len())
}

/// Adds all values in an object or a list, except the keys, and returns its end.
fn nested(text: &str, from: usize, quote: &str, found: &mut Vec<NamedValue>) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while let Some(letter) = text[at..].chars().next() {
        match letter {
            '{' | '[' if !text[at..].starts_with("{{") => (at, depth) = (at + 1, depth + 1),
            '}' | ']' => {
                (at, depth) = (at + 1, depth.saturating_sub(1));
                if depth == 0 {
                    return at;
                }
            }
            ',' | ':' => at += 1,
            '"' | '\\' if opening(&text[at..]).is_some() => {
                let slashes = opening(&text[at..]).unwrap_or_default();
                let (end, next) = string_end(text, at + slashes + 1, slashes);
                if !text[next..].trim_start().starts_with(':') {
                    found.push(NamedValue { at: at + slashes + 1..end, quote: String::new() });
                }
                at = next;
            }
            letter if letter.is_whitespace() => at += letter.len_utf8(),
            _ => at = scalar(text, at, quote, found).max(at + letter.len_utf8()),
        }
    }
    at
}

/// Adds a value without quotes, unless it is `true`, `false` or `null`, and returns its end.
fn scalar(text: &str, from: usize, quote: &str, found: &mut Vec<NamedValue>) -> usize {
    let ends = |it: char| it.is_whitespace() || matches!(it, ',' | '}' | ']' | '"' | '\\');
    let end = end_of_value(text, from, ends);
    if !matches!(&text[from..end], "true" | "false" | "null") {
        found.push(NamedValue { at: from..end, quote: quote.to_owned() });
    }
    end
}

/// The end of a value; names of variables may contain anything.
fn end_of_value(text: &str, from: usize, ends: impl Fn(char) -> bool) -> usize {
    let mut at = from;
    while let Some(letter) = text[at..].chars().next() {
        let name = text[at..].strip_prefix("{{").and_then(|it| it.find("}}"));
        match name {
            Some(length) => at += length + 4,
            None if ends(letter) => break,
            None => at += letter.len_utf8(),
        }
    }
    at
}

/// Fields of forms and addresses (`token=…&`), and attributes (`token="…"`).
fn fields(text: &str, names: &SecretNames, found: &mut Vec<NamedValue>) {
    let ends = |it: char| {
        it.is_whitespace() || matches!(it, '"' | '\'' | '`' | '<' | '>' | '\\' | '&' | '#')
    };
    let mut from = 0;
    for (at, _) in text.match_indices('=') {
        let begin = at.saturating_sub(LONGEST);
        let begin = (begin..=at).find(|it| text.is_char_boundary(*it)).unwrap_or(at);
        let before = &text[begin..at];
        let start = before.rfind(|it: char| !is_name(it));
        let name = start.map_or(before, |start| &before[start + after(before, start)..]);
        let value = at + 1;
        if at < from || name.is_empty() || text[value..].starts_with('=') || !names.has(name) {
            continue;
        }
        let is_attribute = start.is_some_and(|at| before[at..].starts_with(char::is_whitespace));
        let quote = text[value..].chars().next().filter(|it| is_attribute && "\"'".contains(*it));
        let at = match quote {
            Some(quote) => {
                let end = text[value + 1..].find(quote).map_or(text.len(), |it| value + 1 + it);
                value + 1..end
            }
            None => value..end_of_value(text, value, ends),
        };
        from = at.end;
        found.push(NamedValue { at, quote: String::new() });
    }
}

/// The texts of elements: `<password>…</password>`.
fn elements(text: &str, names: &SecretNames, found: &mut Vec<NamedValue>) {
    let mut content = None;
    for (at, sign) in text.match_indices(['<', '>']) {
        if sign == ">" {
            let is_end = text[..at].ends_with("]]");
            content = if is_end { content } else { Some(at + 1) };
            continue;
        }
        let rest = &text[at + 1..];
        if rest.starts_with("![CDATA[") {
            content = content.filter(|from| text[*from..at].trim().is_empty());
            continue;
        }
        if let (Some(from), Some(end)) = (content, rest.strip_prefix('/')) {
            let name = end.split(['>', '<']).next().unwrap_or_default().trim();
            let name = name.rsplit(':').next().unwrap_or_default();
            if name.len() <= LONGEST && names.has(name) {
                found.push(NamedValue { at: from..at, quote: String::new() });
            }
        }
        content = None;
    }
}

#[cfg(test)]
mod tests {
    use super::super::mask::masked;
    use super::super::secret_names::SecretNames;
    use super::named_values;

    #[test]
    fn values_with_secret_names_are_masked_in_each_notation() {
        let cases = [
            (r#"{"password":"abc","name":"Ann"}"#, r#"{"password":"••••••","name":"Ann"}"#),
            (
                r#"{ "refresh_token" : "a\"b", "n": 1 }"#,
                r#"{ "refresh_token" : "••••••", "n": 1 }"#,
            ),
            (r#"{"p\u0061ssword":"abc"}"#, r#"{"p\u0061ssword":"••••••"}"#),
            (r#"{"pin":1234,"id":1}"#, r#"{"pin":"••••••","id":1}"#),
            (r#"{"pin": {{pin}}, "a": "{{b}}"}"#, r#"{"pin": {{pin}}, "a": "{{b}}"}"#),
            (r#"{"password":"{{a}}-x"}"#, r#"{"password":"••••••"}"#),
            (
                r#"{"passwordSet":true,"secret":null,"token":""}"#,
                r#"{"passwordSet":true,"secret":null,"token":""}"#,
            ),
            (
                r#"{"credentials":{"password":{"value":"x1"},"n":[2,"y"]},"id":3}"#,
                r#"{"credentials":{"password":{"value":"••••••"},"n":["••••••","••••••"]},"id":3}"#,
            ),
            (
                r#"{"user":{"apiKey":"k"},"keys":["a"]}"#,
                r#"{"user":{"apiKey":"••••••"},"keys":["a"]}"#,
            ),
            (
                r#"{"text":"{\"token\":\"a\\\"b\",\"x\":1}"}"#,
                r#"{"text":"{\"token\":\"••••••\",\"x\":1}"}"#,
            ),
            (r#"5" disk {"token":"abc"}"#, r#"5" disk {"token":"••••••"}"#),
            (r#"{"token":"cut off"#, r#"{"token":"••••••"#),
            (r#"login(password: "x") { id }"#, r#"login(password: "••••••") { id }"#),
            ("access_token=a1&scope=b", "access_token=••••••&scope=b"),
            ("scope=b&client_secret=a,b;c", "scope=b&client_secret=••••••"),
            ("password={{ my pw }}&x=1", "password={{ my pw }}&x=1"),
            ("<a:token>t</a:token><b>x</b>", "<a:token>••••••</a:token><b>x</b>"),
            ("<password><![CDATA[t]]></password>", "<password>••••••</password>"),
            (r#"<user id="1" password="p q"/>"#, r#"<user id="1" password="••••••"/>"#),
            (r#"{"token_type":"bearer","key":"HC-1"}"#, r#"{"token_type":"bearer","key":"HC-1"}"#),
            ("Password: wrong, token == x", "Password: wrong, token == x"),
        ];
        for (text, wanted) in cases {
            assert_eq!(masked(text, &SecretNames::default()), wanted);
        }
    }

    #[test]
    fn any_text_is_searched_once() {
        let names = SecretNames::default();
        for part in [
            "\"token\":",
            "\":",
            "{\"token\":[",
            "\\\"",
            "token=",
            "<token>",
            "</token",
            "ä:=",
            " :",
        ] {
            let text = part.repeat(10_000);
            let _ = named_values(&text, &names);
            let _ = masked(text.as_str(), &names);
        }
    }
}
