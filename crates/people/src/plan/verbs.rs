//! What a row's `Action` cell asks for: it must be what the job does. Pure.
//!
//! A job does one thing to every row. A spreadsheet that says `remove` in some rows and `add` in others
//! is meant for several jobs, and its rows would be changed the wrong way round.

use crate::jobs;
use headcount_model::job::Job;
use headcount_sheet::{Columns, Field, Problem, Raw, cell_text, normalized};

/// Words that say to whom or what it is done, and nothing else.
const BESIDE: &str = "user users account accounts member members person to from in into the group \
                      groups site access";

/// Whether a cell asks for what the job does: `Add`, `add to group`, `user create`; not `do not add`.
fn asks_for(job: Job, written: &str) -> bool {
    let is_in =
        |list: &str, word: &str| list.split_whitespace().any(|known| normalized(known) == word);
    let is_meant = |word: &String| jobs::of(job).asked.iter().any(|list| is_in(list, word));
    let asked: Vec<String> = written.split_whitespace().map(normalized).collect();
    asked.iter().any(is_meant) && asked.iter().all(|word| is_meant(word) || is_in(BESIDE, word))
}

/// What is wrong with a row that asks for something else than the job does, or for nothing.
pub(super) fn another(job: Job, raw: &Raw, columns: &Columns) -> Option<Problem> {
    let at = columns.index(Field::Action)?;
    let written = cell_text(raw.cells.get(at).map_or("", String::as_str));
    if asks_for(job, written) {
        return None;
    }
    let command = job.command();
    let what = match written.is_empty() {
        true => {
            format!("the cell is empty, so it does not ask for `{command}`")
        }
        false => {
            let written: String = written.chars().take(40).collect();
            format!("the row asks for “{written}”, and this job is `{command}`")
        }
    };
    let without = columns
        .option_to_leave_out(at)
        .map_or_else(String::new, |option| format!(", or leave the column out: {option}"));
    let todo = format!("put the rows of each action into a file of their own{without}");
    Some(Problem { line: raw.line, column: Some(columns.heading(at)), what, todo })
}
