//! What a row of a job asks for.

use crate::rows::Columns;
use headcount_model::job::Job;
use headcount_sheet::{Problem, Raw};

use super::verbs;
use crate::jobs;
use crate::rows::Intent;

/// What a row asks for; or all its problems at once.
pub fn read(job: Job, raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    if let Some(problem) = &raw.problem {
        return Err(vec![problem.clone()]);
    }
    let intent = (jobs::of(job).read)(raw, columns);
    match (verbs::another(job, raw, columns), intent) {
        (None, intent) => intent,
        (Some(problem), Ok(_)) => Err(vec![problem]),
        (Some(problem), Err(mut problems)) => {
            problems.push(problem);
            Err(problems)
        }
    }
}
