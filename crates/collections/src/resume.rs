//! Checks whether a collection's run can continue: with the files with which it was planned, and if its rows run
//! one after another, with the variables that the last row left.

use headcount_journal::{Journal, JournalError, Run, StepQuery};
use headcount_model::step::StepState;
use headcount_postman::check::Order;

use super::files::Files;
use super::note::Note;
use super::plan::{Kept, kept};
use super::record::RowRecord;
use super::source::{Given, Loaded, NotLoaded, Source};

/// Why the run can't continue. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum NotResumed {
    /// Another version planned it.
    #[error(
        "run {0} does not say which files it is made of; another version of headcount planned it"
    )]
    Unknown(String),
    /// Values that are not stored are missing.
    #[error("run {run} was planned with {}, whose values are not kept", .missing.join(" and "))]
    Values {
        /// The run.
        run: String,
        /// The missing options, as you type them.
        missing: Vec<String>,
    },
    /// The files are on no disk.
    #[error("the files of run {run} were uploaded and are not kept")]
    Uploaded {
        /// The run.
        run: String,
    },
    /// The files differ.
    #[error("{what} has changed since run {run} was planned")]
    Changed {
        /// The run.
        run: String,
        /// The file.
        what: &'static str,
    },
    /// The files can't be used.
    #[error(transparent)]
    NotLoaded(#[from] NotLoaded),
    /// The variables can't be restored.
    #[error(
        "the rows of run {run} pass variables on from one to the next, and those before row {row} cannot \
         be restored: {why}"
    )]
    State {
        /// The run.
        run: String,
        /// The next row.
        row: u64,
        /// The reason.
        why: String,
    },
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Reads the files and options of a planned run again.
///
/// # Errors
/// They are not those of the plan, or the run can't continue from the state that its rows left.
pub fn check_resumable(
    journal: &Journal,
    run: &Run,
    given: &Given,
) -> Result<(Source, Loaded), NotResumed> {
    check(journal, run, None, given)
}

/// The same with files that were uploaded again.
///
/// # Errors
/// As for [`check_resumable`].
pub fn check_resumable_with(
    journal: &Journal,
    run: &Run,
    files: Files,
    given: &Given,
) -> Result<(Source, Loaded), NotResumed> {
    check(journal, run, Some(files), given)
}

fn check(
    journal: &Journal,
    run: &Run,
    files: Option<Files>,
    given: &Given,
) -> Result<(Source, Loaded), NotResumed> {
    let id = || run.id.to_string();
    let kept = kept(run).ok_or_else(|| NotResumed::Unknown(id()))?;
    if kept.source.is_uploaded && files.is_none() {
        return Err(NotResumed::Uploaded { run: id() });
    }
    let missing = missing(&kept, given);
    if !missing.is_empty() {
        return Err(NotResumed::Values { run: id(), missing });
    }
    let files = files.map_or_else(|| kept.source.files(), Ok)?;
    let loaded = kept.source.load_files(files, given)?;
    if let Some(what) = loaded.digests.difference(&kept.digests) {
        return Err(NotResumed::Changed { run: id(), what });
    }
    if matches!(loaded.order, Order::InTurn(_)) {
        check_state(journal, run, &loaded)?;
    }
    Ok((kept.source, loaded))
}

/// Options whose values have to be given again.
fn missing(kept: &Kept, given: &Given) -> Vec<String> {
    let lacks = |names: &[String], given: &[(String, String)], option: &str| {
        let is_missing = |name: &&String| !given.iter().any(|(key, _)| key == *name);
        let missing = names.iter().filter(is_missing);
        missing.map(|name| format!("{option} {name}=…")).collect::<Vec<_>>()
    };
    let mut missing = lacks(&kept.env_vars, &given.environment, "--env-var");
    missing.extend(lacks(&kept.hidden_vars, &given.hidden, "--env-var"));
    missing.extend(lacks(&kept.global_vars, &given.globals, "--global-var"));
    missing
}

/// Finished rows come first; the last of them must have left its variables.
fn check_state(journal: &Journal, run: &Run, loaded: &Loaded) -> Result<(), NotResumed> {
    let started = journal.steps(&run.id, StepState::Started, 0, 1)?.pop();
    let pending = journal.steps(&run.id, StepQuery::Ready, 0, 1)?.pop();
    let lost = |row, why| NotResumed::State { run: run.id.to_string(), row, why };
    let next = match (started, pending) {
        (Some(started), pending) => {
            let note = Note::last(&journal.records(&run.id, started.number)?);
            match (note, pending) {
                (Some(_), None) => return Ok(()),
                (Some(note), Some(pending)) => {
                    let why = format!(
                        "row {} was interrupted while it sent {}",
                        started.row,
                        note.words()
                    );
                    return Err(lost(pending.row, why));
                }
                (None, _) => started,
            }
        }
        (None, Some(pending)) => pending,
        (None, None) => return Ok(()),
    };
    if next.number <= 1 {
        return Ok(());
    }
    let record = RowRecord::read(&journal.records(&run.id, next.number - 1)?);
    let restored = match record.and_then(|record| record.state) {
        Some(state) => state.restored(&loaded.run).map(drop),
        None => Err(format!("row {} did not come to its end", next.row - 1)),
    };
    restored.map_err(|why| lost(next.row, why))
}
