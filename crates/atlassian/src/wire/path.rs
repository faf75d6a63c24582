//! Builds paths and queries with percent-encoding: a group's name may be `R&D #1, Zürich + süd`.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything except the unreserved characters of RFC 3986 is encoded, so that no value can change the rest of the
/// address.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path with its query.
#[derive(Clone, Debug)]
pub struct Path(String);

impl Path {
    /// A path without placeholders.
    pub fn new(path: &str) -> Self {
        Self(path.to_owned())
    }

    /// Replaces the placeholders in braces with the values, in order.
    pub fn filled(template: &str, values: &[&str]) -> Self {
        let mut path = String::with_capacity(template.len() + 40);
        let mut rest = template;
        for value in values {
            let Some((before, after)) = rest.split_once('{') else { break };
            let Some((_, after)) = after.split_once('}') else { break };
            let _ = write!(path, "{before}{}", escape_segment(value));
            rest = after;
        }
        path.push_str(rest);
        Self(path)
    }

    /// Adds a parameter to the query.
    pub fn with(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        let _ = write!(self.0, "{name}={}", utf8_percent_encode(value.as_ref(), ESCAPED));
        self
    }

    /// The path as text.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// The number of bytes that a value takes in a query.
pub fn escaped_len(value: &str) -> usize {
    utf8_percent_encode(value, ESCAPED).map(str::len).sum()
}

/// `.` and `..` as a whole segment would be removed on the way to the server.
fn escape_segment(value: &str) -> String {
    match value {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => utf8_percent_encode(value, ESCAPED).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn odd_names_stay_in_their_place() {
        let path = Path::new("/rest/api/3/group/bulk").with("groupName", "R&D #1, Zürich + süd/x");
        assert_eq!(
            path.into_string(),
            "/rest/api/3/group/bulk?groupName=R%26D%20%231%2C%20Z%C3%BCrich%20%2B%20s%C3%BCd%2Fx"
        );
        let path = Path::filled("/users/{account}/manage", &["../x|y:z"]);
        assert_eq!(path.into_string(), "/users/..%2Fx%7Cy%3Az/manage");
        let path = Path::filled("/v2/orgs/{org}/directories/{dir}/users/search", &["..", "-"]);
        assert_eq!(path.into_string(), "/v2/orgs/%2E%2E/directories/-/users/search");
    }

    proptest! {
        #[test]
        fn a_value_comes_back_as_it_went(value in ".{0,60}") {
            let text = Path::new("/p").with("q", &value).into_string();
            let (_, encoded) = text.split_once('=').unwrap();
            prop_assert!(!encoded.contains(['&', '#', '+', ' ', '/', '?']));
            prop_assert_eq!(encoded.len(), escaped_len(&value));
            let back = percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap();
            prop_assert_eq!(back, value);
        }
    }
}
