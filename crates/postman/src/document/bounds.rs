//! Limits on the size and depth of a file.

/// The largest collection, environment or data file that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The deepest nesting of objects and lists. Postman's own limit for folders is much lower.
pub const MAX_DEPTH: usize = 120;

/// The offset of the first bracket that is nested too deeply.
pub fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut in_string = false;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(at);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}
