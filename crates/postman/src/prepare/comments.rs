//! Comments in a JSON body: Postman shows them and does not send them.

/// Removes `//` and `/* */` outside of strings, as `strip-json-comments` does without leaving spaces.
pub fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.find(['\n', '\r']).map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = rest[2..].find("*/").map_or("", |end| &rest[end + 4..]);
        } else if letter == '"' {
            let end = end_of_string(rest);
            kept += &rest[..end];
            rest = &rest[end..];
        } else {
            kept.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    kept
}

fn end_of_string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn comments_are_removed_outside_of_strings() {
        let cases = [
            ("{\"a\": 1 // one\n}", "{\"a\": 1 \n}"),
            ("{/* x */\"a\": \"// no /* no */\"}", "{\"a\": \"// no /* no */\"}"),
            (r#"{"a": "\"//"} // x"#, r#"{"a": "\"//"} "#),
            ("/* open", ""),
            ("ä // ö", "ä "),
        ];
        for (text, wanted) in cases {
            assert_eq!(without_comments(text), wanted, "{text}");
        }
    }
}
