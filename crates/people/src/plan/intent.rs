//! What a row of a job asks for.

use crate::rows::{Chosen, Columns};
use headcount_model::job::Job;
use headcount_sheet::quoting::{excerpt, shown};
use headcount_sheet::{Problem, Raw, cell_text};

use super::verbs;
use crate::jobs;
use crate::rows::Intent;

/// Why a row asks for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoIntent {
    /// All its problems at once.
    Unreadable(Vec<Problem>),
    /// Its own cell says that it is not to be changed; in words.
    NotAsked(String),
}

/// What a row asks for.
pub fn read(job: Job, raw: &Raw, columns: &Columns) -> Result<Intent, NoIntent> {
    if let Some(problem) = &raw.problem {
        return Err(NoIntent::Unreadable(vec![problem.clone()]));
    }
    if let Some((at, Chosen::No)) = columns.chosen(&raw.cells) {
        return Err(NoIntent::NotAsked(not_asked(raw, columns, at)));
    }
    let intent = (jobs::of(job).read)(raw, columns);
    match (verbs::another(job, raw, columns), intent) {
        (None, intent) => intent.map_err(NoIntent::Unreadable),
        (Some(problem), Ok(_)) => Err(NoIntent::Unreadable(vec![problem])),
        (Some(problem), Err(mut problems)) => {
            problems.push(problem);
            Err(NoIntent::Unreadable(problems))
        }
    }
}

fn not_asked(raw: &Raw, columns: &Columns, at: usize) -> String {
    let heading = shown(&columns.heading(at));
    match cell_text(raw.cells.get(at).map_or("", String::as_str)) {
        "" => format!("{heading} is empty in this row"),
        cell => format!("{heading} says “{}” in this row", excerpt(cell)),
    }
}
