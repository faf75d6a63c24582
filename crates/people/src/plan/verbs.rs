//! What a row's `Action` cell asks for: it must be what the job does. Pure.
//!
//! A job does one thing to every row. A spreadsheet that says `remove` in some rows and `add` in others
//! is meant for several jobs, and its rows would be changed the wrong way round.

use crate::jobs;
use crate::rows::{Columns, Field, is_imperative, names_a_person};
use headcount_model::job::Job;
use headcount_sheet::{Problem, Raw, cell_text, normalized};

/// Words that say to which user or group it is done, and nothing else.
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
    in_action(job, raw, columns).or_else(|| elsewhere(job, raw, columns))
}

/// A cell under a heading that says nothing of it (`Status`, `Change`), which as a whole is a verb that
/// this job is not: `delete`, `keep`.
fn elsewhere(job: Job, raw: &Raw, columns: &Columns) -> Option<Problem> {
    let is_carried = |at: &usize| {
        !columns.uses(*at)
            && !columns.is_left_out(*at)
            && !columns.secret_indexes().contains(at)
            && !names_a_person(&columns.heading(*at))
    };
    let asks_for_another = |at: &usize| {
        let written = cell_text(&raw.cells[*at]);
        is_order(written) && !asks_for(job, written)
    };
    let at = (0..raw.cells.len()).filter(is_carried).find(asks_for_another)?;
    Some(problem(job, raw, columns, at))
}

/// Whether a cell is nothing but a verb of a job, or one that says not to change the row.
fn is_order(written: &str) -> bool {
    // Longer cells are sentences.
    written.len() <= 40 && written.split_whitespace().count() <= 3 && {
        let words = || written.split_whitespace().map(normalized);
        words().any(|word| is_imperative(&word))
            && words().all(|word| is_imperative(&word) || is_beside(&word))
    }
}

fn is_beside(word: &str) -> bool {
    BESIDE.split_whitespace().any(|known| known == word)
}

fn in_action(job: Job, raw: &Raw, columns: &Columns) -> Option<Problem> {
    let at = columns.index(Field::Action)?;
    let written = cell_text(raw.cells.get(at).map_or("", String::as_str));
    if asks_for(job, written) {
        return None;
    }
    Some(problem(job, raw, columns, at))
}

fn problem(job: Job, raw: &Raw, columns: &Columns, at: usize) -> Problem {
    let written = cell_text(raw.cells.get(at).map_or("", String::as_str));
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
    let without = columns.option_to_leave_out(at);
    let todo = format!(
        "put the rows of each action into a file of their own, or leave the column out: {without}"
    );
    Problem { line: raw.line, column: Some(columns.heading(at)), what, todo }
}
