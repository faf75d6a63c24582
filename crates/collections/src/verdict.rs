//! The verdict on a collection's row as a step of a run.

use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;
use headcount_postman::run::{Ending, Execution, RowOutcome, RowResult, Secrets};
use headcount_postman::variables::Mode;

/// The verdict of a row, without its record.
pub(crate) fn verdict(executions: &[Execution], ending: Ending, secrets: &Secrets) -> Verdict {
    let mut row = RowResult::default();
    executions.iter().for_each(|execution| row.add(execution, Mode::Safe));
    if ending == Ending::Endless {
        let detail = "setNextRequest leads in a circle; headcount ended the row";
        return Verdict::new(Outcome::Failed, Reason::TestFailed, detail).with_status(row.status);
    }
    let detail = secrets.masked(&row.detail);
    let verdict = match row.outcome {
        RowOutcome::Changed => Verdict::new(Outcome::Changed, Reason::Done, sent(executions)),
        RowOutcome::Unchanged => {
            Verdict::new(Outcome::Unchanged, Reason::ReadOnly, sent(executions))
        }
        RowOutcome::Unknown => {
            let detail = format!("{detail}; check it on the site, because it is not sent again");
            Verdict::new(Outcome::Unknown, Reason::NoResponse, detail)
        }
        RowOutcome::Failed => Verdict::new(Outcome::Failed, why(executions), detail),
    };
    verdict.with_status(row.status)
}

/// Why a row failed.
fn why(executions: &[Execution]) -> Reason {
    let has_error = |execution: &Execution| execution.requests.iter().any(|it| it.error.is_some());
    let is_tested = |execution: &Execution| {
        execution.has_failed_assertion() || execution.script_failures().next().is_some()
    };
    if executions.iter().any(has_error) {
        Reason::NotSent
    } else if executions.iter().any(is_tested) {
        Reason::TestFailed
    } else {
        Reason::Refused
    }
}

/// `2 requests, 3 tests passed`.
fn sent(executions: &[Execution]) -> String {
    let requests: usize = executions.iter().map(|execution| execution.requests.len()).sum();
    let tests: usize = executions.iter().map(|execution| execution.assertions().count()).sum();
    let many = |number: usize, one: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    };
    match tests {
        0 => many(requests, "request"),
        tests => format!("{}, {} passed", many(requests, "request"), many(tests, "test")),
    }
}
