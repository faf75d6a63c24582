//! How headcount understood the file, on the command line.

use std::fmt::Write;

use headcount_app::words::clean;
use headcount_app::words::reading::facts;
use headcount_model::reading::Reading;

use crate::terminal::Paint;

/// Adds the lines of a plan that say how the file was read.
pub fn lines(text: &mut String, reading: &Reading, paint: Paint) {
    for fact in facts(reading) {
        let line = format!("  {:<10} {}", fact.what, clean(&fact.words));
        let _ = writeln!(text, "{}", if fact.is_hidden { paint.yellow(&line) } else { line });
    }
}
