//! Runs in words.

use headcount_journal::{Journal, Run, RunId, RunState};
use headcount_model::rows::Rows;
use headcount_people::plan::chosen;
use headcount_people::sync::Drafted;

use super::many;

/// The state of a run. A `running` run that no process holds was interrupted. A run that waits for a worker is queued.
///
/// A process records how its run ended and then releases the lock. So if the lock is free, the run is read again:
/// the first read may be older than its end.
pub fn state(journal: &Journal, run: &Run) -> &'static str {
    let may_wait = matches!(run.state, RunState::Sealed | RunState::Stopped | RunState::Running);
    if !may_wait || (run.state == RunState::Running && journal.is_held(&run.id)) {
        return word(run.state);
    }
    if journal.is_queued(&run.id) {
        return "queued";
    }
    if run.state != RunState::Running {
        return word(run.state);
    }
    match journal.run(run.id.as_str()) {
        Ok(now) if now.state != RunState::Running => word(now.state),
        _ => "interrupted",
    }
}

/// A state's word on the screen; the journal keeps the spelling of its first version.
fn word(state: RunState) -> &'static str {
    match state {
        RunState::Cancelled => "canceled",
        RunState::Draft
        | RunState::Sealed
        | RunState::Unapproved
        | RunState::Rejected
        | RunState::Running
        | RunState::Stopped
        | RunState::Finished => state.word(),
    }
}

/// `row 3`, `rows 3, 7-9`.
pub fn rows_in_words(rows: &Rows) -> String {
    let text = rows.to_string();
    let row = if text.parse::<u64>().is_ok() { "row" } else { "rows" };
    format!("{row} {text}")
}

/// `run 20261121-7`, `rows 3, 7-9 of run 20261121-7`.
pub fn undone_in_words(run: &Run, undone: &RunId) -> String {
    match chosen(run) {
        Some(rows) => format!("{} of run {undone}", rows_in_words(&rows)),
        None => format!("run {undone}"),
    }
}

/// The changes of the last minutes that a comparison with a list takes for made, without a full stop; `None` if there are
/// none.
pub fn recent_words(drafted: &Drafted) -> Option<String> {
    let changes: u64 = drafted.recent.iter().map(|(_, changes)| changes).sum();
    let runs: Vec<&str> = drafted.recent.iter().map(|(run, _)| run.as_str()).collect();
    let run = if runs.len() == 1 { "run" } else { "runs" };
    (changes > 0).then(|| {
        format!(
            "{} of {run} {} from the 10 minutes before count as made; if another person has reversed one since, \
             only a later `sync` shows it",
            many(changes, "change"),
            runs.join(", "),
        )
    })
}

#[cfg(test)]
mod tests {
    use headcount_journal::NewRun;
    use headcount_model::job::Job;

    use super::*;

    /// A run's process may end between the reading of the run and the check of its lock.
    #[test]
    fn a_run_that_ends_while_it_is_read_is_not_shown_as_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = crate::journal::open_file(&folder.path().join("journal.db")).unwrap();
        let at = "2026-11-20T18:00:00Z".parse().unwrap();
        let new = NewRun {
            job: Job::AddMembers,
            site: "https://acme.atlassian.net".into(),
            organization: None,
            profile: "acme".into(),
            input: "people.csv".into(),
            headings: vec!["Email".into()],
            options: serde_json::json!({}),
            undoes: None,
            at,
        };
        let (run, lock) = journal.begin(&new).unwrap();
        journal.seal(&run.id, at).unwrap();
        journal.start(&run.id, at).unwrap();
        let read = journal.run(run.id.as_str()).unwrap();
        assert_eq!(state(&journal, &read), "running");
        journal.end(&run.id, None, at).unwrap();
        assert_eq!(state(&journal, &read), "running", "it is held, and will be let go of");
        drop(lock);
        assert_eq!(state(&journal, &read), "finished");

        let (run, lock) = journal.begin(&new).unwrap();
        journal.seal(&run.id, at).unwrap();
        journal.start(&run.id, at).unwrap();
        drop(lock);
        let read = journal.run(run.id.as_str()).unwrap();
        assert_eq!(state(&journal, &read), "interrupted");
    }
}
