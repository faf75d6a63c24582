//! Words for people, on standard error. A reader that went away (`2>&1 | head`, a lost SSH
//! connection) or a full disk behind it never stops the program: the words are dropped. `eprintln!`
//! would panic, and a lint keeps it out of this crate.

use std::fmt::Display;
use std::io::Write;

/// Writes a line.
pub fn line(words: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{words}");
}

/// Writes words without an end of line, such as a question.
pub fn part(words: impl Display) {
    let mut out = std::io::stderr().lock();
    let _ = write!(out, "{words}");
    let _ = out.flush();
}
