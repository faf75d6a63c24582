//! How messages quote names and cells.

use headcount_model::harmful::is_harmful;

/// A heading or a sheet's name for a message: in back quotes, on one line, shortened.
pub fn shown(text: &str) -> String {
    format!("`{}`", excerpt(text))
}

/// A cell's text for a message: on one line, at most 60 characters.
pub fn excerpt(text: &str) -> String {
    let mut clean: String =
        text.trim().chars().map(|c| if is_harmful(c) { '\u{fffd}' } else { c }).take(61).collect();
    if clean.chars().count() > 60 {
        clean.pop();
        clean.push('…');
    }
    clean
}

/// A heading for the lines of a plan: its first 60 characters.
pub fn shortened(text: String) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A list of names: `a`, `b` and 3 more.
pub fn list<T: AsRef<str>>(names: &[T]) -> String {
    const MOST: usize = 12;
    let mut text =
        names.iter().take(MOST).map(|name| shown(name.as_ref())).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text.push_str(&format!(" and {} more", names.len() - MOST));
    }
    text
}

/// A word as you type it on a command line, in single quotes if it needs them.
pub fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | ':');
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
