//! Texts for people, on standard error. A reader that is gone (`2>&1 | head`, a lost SSH connection) or a full
//! disk never stops the program: the text is dropped. `eprintln!` would panic, and a lint forbids it in this
//! crate.

use std::fmt::Display;
use std::io::Write;

/// Writes a line.
pub fn line(words: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{words}");
}

/// Writes a text without a line end, such as a question.
pub fn part(words: impl Display) {
    let mut out = std::io::stderr().lock();
    let _ = write!(out, "{words}");
    let _ = out.flush();
}
