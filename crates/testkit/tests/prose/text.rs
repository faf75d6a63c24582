//! Extracts the texts that people read: of a page everything but code, of Rust the string literals. Doc comments
//! count if they are the command's help.

/// Separates two texts, so that no phrase is found across them.
const BETWEEN: &str = "\n¶\n";

/// A page without code blocks and inline code. Example output is not prose.
pub fn of_markdown(page: &str) -> String {
    let mut text = String::new();
    let mut in_block = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            for (index, part) in line.split('`').enumerate() {
                text.push_str(if index % 2 == 0 { part } else { "_" });
            }
            text.push('\n');
        }
    }
    text
}

/// The string literals of a source file, one a line; with `help`, its doc comments too.
pub fn of_rust(source: &str, help: bool) -> String {
    let mut text = String::new();
    let mut rest = before_tests(source);
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("//") {
            let line = after.lines().next().unwrap_or_default();
            if help && line.starts_with('/') {
                text.push_str(line.trim_start_matches('/'));
                text.push('\n');
            }
            rest = &after[line.len()..];
        } else if let Some((hashes, after)) = raw_string(rest) {
            let end = after.find(&format!("\"{hashes}")).unwrap_or(after.len());
            text.push_str(&after[..end]);
            text.push_str(BETWEEN);
            rest = after.get(end + 1 + hashes.len()..).unwrap_or_default();
        } else if let Some(after) = rest.strip_prefix('"') {
            let end = string_end(after);
            text.push_str(&unescaped(&after[..end]));
            text.push_str(BETWEEN);
            rest = after.get(end + 1..).unwrap_or_default();
        } else if let Some(after) =
            rest.strip_prefix("'\"'").or_else(|| rest.strip_prefix("'\\\"'"))
        {
            rest = after;
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    text
}

/// The comments of a source file without code in backquotes, and the names of its tests as words.
pub fn of_comments_and_test_names(source: &str) -> String {
    let (mut text, mut block) = (String::new(), String::new());
    let mut of_a_test = false;
    for line in source.lines().chain([""]).map(str::trim_start) {
        if let Some(comment) = line.strip_prefix("//") {
            block.push_str(comment.trim_start_matches(['/', '!']));
            block.push('\n');
            continue;
        }
        // A backquote may open on one line and close on the next one.
        for part in block.split('`').step_by(2) {
            text.push_str(part);
            text.push('_');
        }
        if !block.is_empty() {
            block.clear();
            text.push_str(BETWEEN);
        }
        if line.starts_with("#[") {
            of_a_test |= line.contains("test]") || line.contains("test(");
        } else if let Some((_, name)) = line.split_once("fn ").filter(|_| of_a_test) {
            text.push_str(&name.split('(').next().unwrap_or_default().replace('_', " "));
            text.push_str(BETWEEN);
            of_a_test = false;
        }
    }
    text
}

/// The part of a file before its own tests.
fn before_tests(source: &str) -> &str {
    source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

/// If a raw string starts here: its hashes, and the text after its opening quote.
fn raw_string(source: &str) -> Option<(&str, &str)> {
    let after = source.strip_prefix("r")?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    Some((&after[..hashes], after[hashes..].strip_prefix('"')?))
}

/// The end of a string, given the text after its opening quote.
fn string_end(source: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in source.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index,
            _ => {}
        }
    }
    source.len()
}

/// The text of a literal; lines that a backslash continues are joined.
fn unescaped(literal: &str) -> String {
    let mut parts = literal.split("\\\n");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.trim_start());
    }
    text.replace("\\\"", "\"").replace("\\n", "\n")
}
