//! Parses an address as `postman-url-encoder` 3.0.5 does: from the end, leniently, and ignoring separators inside
//! `{{variables}}`.

use super::braces::{inside_braces, split_opaque};
use super::param::Param;
use super::url::Url;

/// Parses the text of an address.
pub fn parse(text: &str) -> Url {
    let text = text.trim_start();
    parse_opaque(text, &inside_braces(text))
}

/// The same; an opaque byte is never a separator.
pub fn parse_opaque(text: &str, opaque: &[bool]) -> Url {
    let mut url = Url::default();
    if text.is_empty() {
        return url;
    }
    let mut end = text.len();
    if let Some(at) = first(text, opaque, 0, end, b"#") {
        url.hash = Some(text[at + 1..end].to_owned());
        end = at;
    }
    if let Some(at) = first(text, opaque, 0, end, b"?") {
        url.query = parse_query(&text[at + 1..end], &opaque[at + 1..end]);
        end = at;
    }
    // A backslash is a slash for Postman.
    let slashed = with_slashes(&text[..end], &opaque[..end]);
    let text = slashed.as_str();
    let mut start = 0;
    if let Some(at) = find_protocol(text, opaque) {
        url.protocol = Some(text[..at].to_owned());
        start = at + 3;
        let is_file = text[..at].eq_ignore_ascii_case("file");
        let slashes = text[start..].bytes().take_while(|byte| *byte == b'/').count();
        start += if is_file { slashes.saturating_sub(1) } else { slashes };
    }
    if let Some(at) = first(text, opaque, start, end, b"/") {
        url.path = Some(split_opaque(&text[at + 1..end], &opaque[at + 1..end], b'/'));
        end = at;
    }
    if let Some(at) = last(text, opaque, start, end, b'@') {
        let user = &text[start..at];
        let colon = first(text, opaque, start, at, b":");
        url.auth = Some(match colon {
            Some(colon) => {
                (Some(text[start..colon].to_owned()), Some(text[colon + 1..at].to_owned()))
            }
            None => (Some(user.to_owned()), None),
        });
        start = at + 1;
    }
    if let Some(at) = last(text, opaque, start, end, b':')
        && !text[at + 1..end].contains(']')
    {
        url.port = Some(text[at + 1..end].to_owned());
        end = at;
    }
    if start < end {
        url.host = Some(split_opaque(&text[start..end], &opaque[start..end], b'.'));
    }
    url
}

fn parse_query(text: &str, opaque: &[bool]) -> Vec<Param> {
    let mut params = Vec::new();
    let mut from = 0;
    let parts = split_opaque(text, opaque, b'&');
    for (at, part) in parts.iter().enumerate() {
        let opaque = &opaque[from..from + part.len()];
        from += part.len() + 1;
        if part.is_empty() && at + 1 < parts.len() {
            params.push(Param::default());
            continue;
        }
        let equals = (0..part.len()).find(|at| part.as_bytes()[*at] == b'=' && !opaque[*at]);
        params.push(match equals {
            Some(equals) => Param {
                key: Some(part[..equals].to_owned()),
                value: Some(part[equals + 1..].to_owned()),
                disabled: false,
            },
            None => Param { key: Some(part.clone()), value: None, disabled: false },
        });
    }
    params
}

fn with_slashes(text: &str, opaque: &[bool]) -> String {
    let slash = |(at, letter): (usize, char)| match letter {
        '\\' if !opaque[at] => '/',
        letter => letter,
    };
    text.char_indices().map(slash).collect()
}

fn find_protocol(text: &str, opaque: &[bool]) -> Option<usize> {
    text.match_indices("://").map(|(at, _)| at).find(|at| !opaque[*at])
}

fn first(text: &str, opaque: &[bool], from: usize, to: usize, wanted: &[u8]) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..to).find(|at| wanted.contains(&bytes[*at]) && !opaque[*at])
}

fn last(text: &str, opaque: &[bool], from: usize, to: usize, wanted: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..to).rev().find(|at| bytes[*at] == wanted && !opaque[*at])
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn addresses_are_taken_apart_and_put_together() {
        let cases = [
            "http://u:p@h.example:8080/a/b?x=1&y&&z=#frag",
            "{{base}}/x/:id.json",
            "{{base.url}}:{{port}}/{{a/b}}?q={{c?d&e}}",
            "localhost",
            "h/",
            "h?",
            "[::1]:80/x",
        ];
        for text in cases {
            assert_eq!(parse(text).text(), text, "{text}");
        }
    }

    #[test]
    fn a_backslash_is_a_slash_and_extra_slashes_are_dropped() {
        assert_eq!(parse(r"http:\\h\a?b\c").text(), r"http://h/a?b\c");
        assert_eq!(parse("http:////h/a").text(), "http://h/a");
        assert_eq!(parse("  h/a").text(), "h/a");
    }

    #[test]
    fn a_path_variable_takes_its_value_and_keeps_what_follows_a_dot() {
        let mut url = parse("h/:id.json/:other/:empty");
        url.variables = [("id", Some("7")), ("empty", Some(""))]
            .map(|(key, value)| super::super::url::PathVariable {
                key: key.to_owned(),
                value: value.map(str::to_owned),
                disabled: false,
            })
            .to_vec();
        assert_eq!(url.text(), "h/7.json/:other/:empty");
    }
}
