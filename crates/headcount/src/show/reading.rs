//! How the file was understood, in words.

use std::fmt::Write;

use headcount_app::words::{clean, many, thousands};
use headcount_core::values::reading::{LeftOut, Reading, Why};

use crate::terminal::Paint;

/// Headings that are named one by one.
const NAMED: usize = 12;

/// Adds the lines of a plan that say what was read as what.
pub fn lines(text: &mut String, reading: &Reading, paint: Paint) {
    let mut line = |what: &str, words: String| {
        let _ = writeln!(text, "  {what:<10} {}", clean(&words));
    };
    line("read", source(reading));
    let columns = reading.columns.iter().map(|(field, heading)| format!("{field}: `{heading}`"));
    line("columns", columns.collect::<Vec<_>>().join("; "));
    if !reading.carried.is_empty() {
        line("carried", list(&reading.carried));
    }
    if !reading.blanked.is_empty() {
        line("masked", list(&reading.blanked));
    }
    for left in &reading.left_out {
        let (what, words) = left_out(left);
        let line = format!("  {what:<10} {}", clean(&words));
        let _ = match left.why {
            Why::Empty | Why::AboveHeadings => writeln!(text, "{line}"),
            Why::Hidden | Why::HiddenUsed => writeln!(text, "{}", paint.yellow(&line)),
        };
    }
}

/// `CSV with ;, UTF-8, headings on line 1`.
fn source(reading: &Reading) -> String {
    let mut words = match (&reading.sheet, reading.separator) {
        (Some(sheet), _) if reading.hidden_sheet => format!("XLSX, hidden sheet `{sheet}`"),
        (Some(sheet), _) => format!("XLSX, sheet `{sheet}`"),
        (None, Some('\t')) => "CSV with tabs".to_owned(),
        (None, Some(separator)) => format!("CSV with `{separator}`"),
        (None, None) => "CSV".to_owned(),
    };
    if let Some(encoding) = &reading.encoding {
        let _ = write!(words, ", {encoding}");
    }
    match reading.heading_line {
        Some(line) => {
            let _ = write!(words, ", headings on line {line}");
        }
        None => words.push_str(", no headings"),
    }
    words
}

fn left_out(left: &LeftOut) -> (&'static str, String) {
    let LeftOut { rows, lines, why } = left;
    let place = |what: &str| match *rows {
        1 => format!("{what} {lines}"),
        _ => format!("{what}s {lines}"),
    };
    match why {
        Why::Empty => ("left out", format!("{} ({})", many(*rows, "empty row"), place("line"))),
        Why::AboveHeadings => {
            let lines = many(*rows, "line");
            ("left out", format!("{lines} above the headings ({})", place("line")))
        }
        Why::Hidden => ("left out", format!("{} ({})", many(*rows, "hidden row"), place("row"))),
        Why::HiddenUsed => {
            let (rows, place) = (thousands(*rows), place("row"));
            ("hidden", format!("{rows} used though hidden ({place})"))
        }
    }
}

/// `a`, `b` and 3 more.
fn list(names: &[String]) -> String {
    let mut words =
        names.iter().take(NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        let _ = write!(words, " and {} more", names.len() - NAMED);
    }
    words
}
