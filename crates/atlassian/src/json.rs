//! Parses the JSON of answers, in one place.
//!
//! A display name that was cut in the middle of an emoji arrives as half a surrogate pair (`"Ann \ud83d"`;
//! esi/esi-issues#947, jqlang/jq#2543). RFC 8259, section 8.2, allows it and leaves its meaning open; Python,
//! JavaScript and Go read it, `serde_json` refuses it. One such name must not stop a whole job, so the half
//! becomes U+FFFD, as do bytes that are not UTF-8.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why an answer does not have the expected shape.
#[derive(Debug)]
pub struct Unfit {
    error: serde_json::Error,
    /// The account or group in whose object the parser stopped.
    whose: Option<String>,
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.whose {
            Some(whose) => write!(f, "{}, at {whose}", self.error),
            None => self.error.fmt(f),
        }
    }
}

impl std::error::Error for Unfit {}

/// Parses JSON into a type.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unfit> {
    // Nearly every answer parses as it is; the slower repair runs only if it does not.
    serde_json::from_slice(bytes).or_else(|_| {
        let text = String::from_utf8_lossy(bytes);
        let text = whole_characters(&text);
        serde_json::from_str(&text).map_err(|error| Unfit { whose: whose(&text, &error), error })
    })
}

/// Parses a field only from an object. Derived code also reads a struct from an array, and an empty array as an
/// object without any field.
pub fn object<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    struct Object<T>(std::marker::PhantomData<T>);

    impl<'de, T: serde::Deserialize<'de>> serde::de::Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(serde::de::value::MapAccessDeserializer::new(map))
        }
    }

    from.deserialize_map(Object(std::marker::PhantomData))
}

/// The text with U+FFFD for each escape that is half a surrogate pair. Byte positions stay the same.
fn whole_characters(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let (mut mended, mut at) = (String::new(), 0);
    let mut kept = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'\\') {
        let escape = at + found;
        at = escape + 2;
        match unit(bytes, escape) {
            Some(0xD800..=0xDBFF) if is_second_half(bytes, escape + 6) => at = escape + 12,
            Some(0xD800..=0xDFFF) => {
                mended.push_str(&text[kept..escape]);
                mended.push_str(r"\ufffd");
                at = escape + 6;
                kept = at;
            }
            _ => {}
        }
        if at >= bytes.len() {
            break;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(&text[kept..]);
    Cow::Owned(mended)
}

fn is_second_half(bytes: &[u8], at: usize) -> bool {
    matches!(unit(bytes, at), Some(0xDC00..=0xDFFF))
}

/// The UTF-16 unit of the escape at this position.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(br"\u")?;
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}

/// The account or group whose object contains the position of an error.
fn whose(text: &str, error: &serde_json::Error) -> Option<String> {
    let place = offset(text, error)?;
    let mut open = Vec::new();
    let mut objects = Vec::new();
    for (at, byte) in outside_strings(text) {
        match byte {
            b'{' => open.push(at),
            b'}' => {
                let from = open.pop()?;
                if from < place && place <= at + 1 {
                    objects.push(&text[from..=at]);
                }
            }
            _ => {}
        }
    }
    // The innermost object comes first.
    objects.into_iter().find_map(|object| {
        let object: Value = serde_json::from_str(object).ok()?;
        ["accountId", "account_id", "groupId", "id", "name"].iter().find_map(|key| {
            let value = object.get(key)?.as_str().filter(|value| !value.is_empty())?;
            Some(match *key {
                "accountId" | "account_id" => format!("account {value}"),
                key => format!("{key} {value}"),
            })
        })
    })
}

/// The byte position of an error; its column counts bytes.
fn offset(text: &str, error: &serde_json::Error) -> Option<usize> {
    let line = error.line().checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    Some(start + error.column())
}

/// The bytes outside strings, with their positions.
fn outside_strings(text: &str) -> impl Iterator<Item = (usize, u8)> + '_ {
    let (mut inside, mut escaped) = (false, false);
    text.bytes().enumerate().filter(move |(_, byte)| {
        let was_inside = inside;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            _ => {}
        }
        !was_inside && *byte != b'"'
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[test]
    fn half_a_pair_is_one_lost_character() {
        for (json, wanted) in [
            (r#""Ann \ud83d""#, "Ann \u{fffd}"),
            (r#""\uDE00 Ann""#, "\u{fffd} Ann"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\ud83d\ude00""#, "\u{1f600}"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83dA""#, "\u{fffd}A"),
            (r#""\ud83d\n\ud83d\\ud83d""#, "\u{fffd}\n\u{fffd}\\ud83d"),
            (r#""Gr\u00f6\ud800\u00dfe""#, "Grö\u{fffd}ße"),
            ("\"Größe \\uDBFF\"", "Größe \u{fffd}"),
        ] {
            assert_eq!(read::<String>(json.as_bytes()).expect(json), wanted, "{json}");
        }
        let bytes = b"\"Ann \xed\xa0\xbd!\"";
        assert!(read::<String>(bytes).expect("lost bytes").starts_with("Ann \u{fffd}"));
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for json in [r#""\ud8""#, r#""\ud83d"#, r#""\u"#, "\\", "<html>", "", r#""\ud83dx\"#] {
            assert!(read::<Value>(json.as_bytes()).is_err(), "{json}");
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only whether they are read matters")]
    struct Row {
        account_id: String,
        display_name: String,
    }

    #[test]
    fn the_account_is_named() {
        let rows = r#"[{"accountId":"1","displayName":"\ud83d {"},
            {"displayName":7,"accountId":"712020:2","more":{"id":"x"}},{"accountId":"3"}]"#;
        let error = read::<Vec<Row>>(rows.as_bytes()).expect_err("a number is no name");
        assert!(error.to_string().ends_with("at account 712020:2"), "{error}");
        let rows = r#"[{"accountId":"1","displayName":"a"},{"accountId":"3"}]"#;
        let error = read::<Vec<Row>>(rows.as_bytes()).expect_err("a name is missing");
        assert!(error.to_string().ends_with("at account 3"), "{error}");
    }
}
