//! Values in a JSON body: escaped inside quotes; outside, they must be JSON.

use crate::variables::{Mark, Marked};

use super::comments::without_comments;
use super::error::NotPrepared;

/// The body with its values encoded for their positions.
///
/// # Errors
/// A value outside of quotes makes the body invalid.
pub fn encoded(body: &Marked) -> Result<String, NotPrepared> {
    let quoted = inside_quotes(body);
    let mut has_bare = false;
    let text = body.with_data(|at, value, text| {
        if quoted.get(at) == Some(&true) {
            let escaped = serde_json::Value::String(value.to_owned()).to_string();
            *text += escaped.get(1..escaped.len() - 1).unwrap_or_default();
        } else {
            has_bare = true;
            *text += value;
        }
    });
    // If no value is outside of quotes, an invalid body is the collection's own and is sent unchanged.
    if has_bare {
        let parsed = serde_json::from_str::<serde::de::IgnoredAny>(&without_comments(&text));
        if let Err(error) = parsed {
            return Err(NotPrepared::NotJson { line: error.line(), column: error.column() });
        }
    }
    Ok(text)
}

/// For each byte, whether it is inside a string of the template; values don't open or close one.
fn inside_quotes(body: &Marked) -> Vec<bool> {
    let mut quoted = vec![false; body.text().len()];
    let mut in_string = false;
    let mut is_escaped = false;
    for (at, byte) in body.text().bytes().enumerate() {
        quoted[at] = in_string;
        if body.marks().get(at) != Some(&Mark::Structure) {
            continue;
        }
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ => {}
        }
    }
    quoted
}
