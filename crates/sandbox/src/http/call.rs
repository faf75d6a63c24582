//! A request as the calls' functions get it: matched, decoded, and with a known sender.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::Caller;
use crate::config::Card;

/// Characters that are not escaped in addresses.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Escapes a value for a query.
pub(crate) fn encode(value: &str) -> String {
    utf8_percent_encode(value, PLAIN).to_string()
}

/// Undoes percent-encoding; bytes that are not UTF-8 become U+FFFD.
pub(crate) fn decode(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

/// The decoded pairs of a query, in their order.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(raw: &str) -> Self {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = |part: &str| decode(&part.replace('+', " "));
            (plain(name), plain(value))
        });
        Self(pairs.collect())
    }

    /// The first value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The first value of a name, if it has one that is not empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All values of a name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a name, each split at commas: the two ways in which lists are sent.
    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.all(name)
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }

    /// Whether a switch is on. Python's clients write `True`.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A whole number, or the default. `Err` is the text that is not a number.
    pub(crate) fn number(&self, name: &str, default: i64) -> Result<i64, &str> {
        match self.filled(name) {
            None => Ok(default),
            Some(text) => text.trim().parse().map_err(|_| text),
        }
    }
}

/// One request, ready for its call's function.
pub(crate) struct Call<'a> {
    /// Decoded values of the template's `{…}`, in order.
    pub(crate) params: &'a [String],
    pub(crate) query: &'a Query,
    /// The path and query as sent, for links to the same call.
    pub(crate) path: &'a str,
    pub(crate) raw_query: &'a str,
    /// The prefix of the path: `/ex/jira/{cloudId}` at the gateway, else empty.
    pub(crate) prefix: &'a str,
    pub(crate) body: &'a [u8],
    /// The media type without parameters, in lower case.
    pub(crate) content_type: &'a str,
    pub(crate) caller: Caller,
    /// Jira's API version in the path, 2 or 3.
    pub(crate) version: u8,
    /// The time on the sandbox's clock, in milliseconds since 1970.
    pub(crate) now_ms: i64,
    pub(crate) card: &'a Card,
    /// The number of the request, for the ids of errors.
    pub(crate) number: u64,
}

impl Call<'_> {
    /// The value of the `n`-th `{…}` of the template.
    pub(crate) fn param(&self, n: usize) -> &str {
        self.params.get(n).map_or("", String::as_str)
    }

    pub(crate) fn is_json(&self) -> bool {
        self.content_type == "application/json" || self.content_type.ends_with("+json")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded_and_keep_their_order() {
        let query = Query::parse("g=a%26b&x=1+2&g=R%23D&empty=&&flag");
        assert_eq!(query.all("g").collect::<Vec<_>>(), ["a&b", "R#D"]);
        assert_eq!(query.get("x"), Some("1 2"));
        assert_eq!(query.get("empty"), Some(""));
        assert_eq!(query.filled("empty"), None);
        assert_eq!(query.get("flag"), Some(""));
        assert_eq!(query.number("x", 7), Err("1 2"));
        assert_eq!(query.number("none", 7), Ok(7));
    }

    proptest::proptest! {
        #[test]
        fn what_is_encoded_is_read_back(name in ".{0,40}", value in ".{0,40}") {
            let raw = format!("{}={}", encode(&name), encode(&value));
            let query = Query::parse(&raw);
            proptest::prop_assert_eq!(query.get(&name), Some(value.as_str()));
        }

        #[test]
        fn no_query_panics(raw in ".{0,80}") {
            let query = Query::parse(&raw);
            let _ = query.get("a");
        }
    }
}
