//! Masks credentials that are recognized by their position: after `Bearer`, in `user:password@`, in `?token=`, in
//! `"password": …`.

use std::borrow::Cow;

use super::named_values::{NamedValue, is_template, named_values};
use super::secret_names::SecretNames;

/// The text that replaces a secret.
pub const MASK: &str = "••••••";

/// Masks the text after `Basic` and `Bearer`, after a user's name in an address, and the values whose names mean a
/// secret.
pub fn masked<'t>(text: impl Into<Cow<'t, str>>, names: &SecretNames) -> Cow<'t, str> {
    let mut masked = text.into();
    if SCHEMES.iter().any(|scheme| masked.contains(scheme)) {
        masked = schemes(&masked).into();
    }
    if masked.contains("://") && masked.contains('@') {
        masked = users(&masked).into();
    }
    if let Some(named) = named(&masked, names) {
        masked = named.into();
    }
    masked
}

/// The words before credentials.
const SCHEMES: [&str; 2] = ["Basic ", "Bearer "];

/// Credentials end at a space, a quote or a separator.
fn ends(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | ',' | ';' | '<' | '>' | '\\')
}

fn schemes(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let found = SCHEMES.iter().filter_map(|it| Some((rest.find(it)?, it.len())));
        let Some((at, length)) = found.min() else { break };
        let (before, after) = rest.split_at(at + length);
        masked += before;
        let end = after.find(ends).unwrap_or(after.len());
        let value = &after[..end];
        let is_word = value.len() < 8 || value.contains("{{");
        masked += if is_word { value } else { MASK };
        rest = &after[end..];
    }
    masked + rest
}

fn users(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        masked += before;
        let end = after.find(|it| ends(it) || matches!(it, '/' | '?' | '#')).unwrap_or(after.len());
        let authority = &after[..end];
        let user = authority.rfind('@').map(|at| &authority[..at]);
        match user.and_then(|user| user.split_once(':')) {
            Some((user, password)) if !password.is_empty() && !password.starts_with("{{") => {
                masked +=
                    &format!("{user}:{MASK}{}", &authority[user.len() + 1 + password.len()..]);
            }
            _ => masked += authority,
        }
        rest = &after[end..];
    }
    masked + rest
}

/// Masks the values whose names mean a secret.
fn named(text: &str, names: &SecretNames) -> Option<String> {
    let values = named_values(text, names);
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for NamedValue { at, quote } in values {
        if is_shown_secret(&text[at.clone()]) {
            masked += &text[from..at.start];
            masked += &format!("{quote}{MASK}{quote}");
            from = at.end;
        }
    }
    (from > 0).then(|| masked + &text[from..])
}

/// Whether a value is to be masked: not empty, not masked already, and not a `{{variable}}`.
pub fn is_shown_secret(value: &str) -> bool {
    !value.is_empty() && value != MASK && !is_template(value)
}

#[cfg(test)]
mod tests {
    use super::{SecretNames, masked};

    #[test]
    fn credentials_are_masked_where_they_are() {
        let cases = [
            ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ••••••"),
            ("\"Bearer eyJhbGciOi.x\", next", "\"Bearer ••••••\", next"),
            ("Basic plan", "Basic plan"),
            ("Bearer {{token}}", "Bearer {{token}}"),
            ("https://ann:s3cret@h.example/a", "https://ann:••••••@h.example/a"),
            ("https://ann:p@ss@h.example", "https://ann:••••••@h.example"),
            ("https://h.example:8080/a@b:c", "https://h.example:8080/a@b:c"),
            ("GET http://h/x?token=abc&page=2", "GET http://h/x?token=••••••&page=2"),
            ("http://h/x?a=1&api_key=k#f", "http://h/x?a=1&api_key=••••••#f"),
            ("http://h/x?access_token={{t}}", "http://h/x?access_token={{t}}"),
            ("a == b ? c=1 : d", "a == b ? c=1 : d"),
        ];
        for (text, wanted) in cases {
            assert_eq!(masked(text, &SecretNames::default()), wanted);
        }
    }

    #[test]
    fn names_of_credentials_are_known() {
        let names = SecretNames::default();
        for name in ["Authorization", "Cookie", "X-Api-Key", "client_secret", "password", "token"] {
            assert!(names.has(name), "{name}");
        }
        for name in ["Accept", "page", "query", "addTokenTo", "key", "name", "emailAddress"] {
            assert!(!names.has(name), "{name}");
        }
    }
}
