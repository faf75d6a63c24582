//! How headcount understood the file, in words.

use std::fmt::Write;

use headcount_model::reading::{LeftOut, MergedCells, Reading, Why};

use super::many;

/// How many headings are listed one by one.
const NAMED: usize = 12;

/// One fact about how the file was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its kind: `read`, `columns`, `copied`, `masked`, `merged`, `left out`, `hidden`.
    pub what: &'static str,
    /// The fact in words; headings are quoted as they are in the file.
    pub words: String,
    /// Whether it concerns rows that the spreadsheet program hides.
    pub is_hidden: bool,
}

/// The facts about how the file was understood.
pub fn facts(reading: &Reading) -> Vec<Fact> {
    let fact = |what, words| Fact { what, words, is_hidden: false };
    let columns = reading.columns.iter().map(|(field, heading)| format!("{field}: `{heading}`"));
    let mut facts = vec![
        fact("read", source(reading)),
        fact("columns", columns.collect::<Vec<_>>().join("; ")),
    ];
    if !reading.carried.is_empty() {
        facts.push(fact("copied", format!("{} (report only)", list(&reading.carried))));
    }
    if !reading.blanked.is_empty() {
        facts.push(fact("masked", list(&reading.blanked)));
    }
    if !reading.merged.is_empty() {
        let cells = |merged: &MergedCells| {
            format!("{} (`{}`: “{}”)", merged.range, merged.column, merged.value)
        };
        let all: Vec<String> = reading.merged.iter().map(cells).collect();
        facts.push(fact("merged", format!("each row has the value of {}", all.join(", "))));
    }
    facts.extend(reading.left_out.iter().map(|left| {
        let (what, words) = left_out(left);
        let is_hidden = matches!(left.why, Why::Hidden | Why::HiddenUsed);
        Fact { what, words, is_hidden }
    }));
    facts
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
            let (rows, place) = (many(*rows, "hidden row"), place("row"));
            ("hidden", format!("{rows} used ({place})"))
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
