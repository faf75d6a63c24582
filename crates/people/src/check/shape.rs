//! Guesses by its form what a text is. The result is a hint, not a proof.
//!
//! Atlassian documents no format. API tokens of accounts begin with `ATATT3`, and those from before 2023 have 24
//! characters. Organization API keys have been seen to begin with `ATCTT3`, like Bitbucket's access tokens; `ATBB`
//! was Bitbucket's app passwords (community and secret scanners; a guess).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The form of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An account's API token.
    ApiToken,
    /// An organization's API key, or an access token of Bitbucket.
    OrgKey,
    /// An app password of Bitbucket.
    Bitbucket,
    /// It begins with `Basic` or `Bearer`, which headcount itself adds.
    WithScheme,
    /// Email and token together, as requests carry them: `base64(email:token)` or `email:token`.
    WithMail,
    /// Too short for a token, so perhaps a password. Atlassian refuses passwords since 2019.
    Short,
    /// A variable of Postman without a value.
    Variable,
    /// No known form.
    Unknown,
}

/// Finds the form of a credential.
pub fn of(key: &str) -> Shape {
    let key = key.trim();
    let lower = key.to_ascii_lowercase();
    if lower.starts_with("basic ") || lower.starts_with("bearer ") {
        return Shape::WithScheme;
    }
    if key.starts_with("{{") {
        return Shape::Variable;
    }
    let encoded = STANDARD.decode(key).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    if [Some(key), encoded.as_deref()].into_iter().flatten().any(has_mail) {
        return Shape::WithMail;
    }
    match key {
        key if key.starts_with("ATATT3") => Shape::ApiToken,
        key if key.starts_with("ATCTT3") => Shape::OrgKey,
        key if key.starts_with("ATBB") => Shape::Bitbucket,
        key if key.len() < 16 => Shape::Short,
        _ => Shape::Unknown,
    }
}

fn has_mail(text: &str) -> bool {
    text.split_once(':').is_some_and(|(mail, rest)| mail.contains('@') && !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_looks() {
        for (key, shape) in [
            ("ATATT3xFfGF0abcdefghijk", Shape::ApiToken),
            ("  ATCTT3xFfGN0abcdefghijk", Shape::OrgKey),
            ("ATBBabcdefghijklmnopqrstuvwx", Shape::Bitbucket),
            ("Bearer ATCTT3xFfGN0", Shape::WithScheme),
            ("basic YTpi", Shape::WithScheme),
            ("you@acme.com:ATATT3xFfGF0", Shape::WithMail),
            ("eW91QGFjbWUuY29tOkFUQVRUM3g=", Shape::WithMail),
            ("{{apiToken}}", Shape::Variable),
            ("hunter22", Shape::Short),
            ("abcdefghijklmnopqrstuvwx", Shape::Unknown),
            ("", Shape::Short),
        ] {
            assert_eq!(of(key), shape, "{key}");
        }
    }
}
