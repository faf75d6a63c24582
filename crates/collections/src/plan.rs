//! Plans a collection's run: writes its rows as steps into the journal and seals it.

use headcount_journal::{Journal, JournalError, NewRun, NewStep, Run, RunLock};
use headcount_model::clock::Clock;
use headcount_model::job::Job;
use headcount_postman::check::Order;
use headcount_postman::data::RowLost;
use headcount_postman::run::Bail;
use headcount_postman::value::shown;
use headcount_sheet::MASKED;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::digest::Digests;
use super::first_row::first_row;
use super::origins::origins;
use super::payload::{Iteration, KIND};
use super::shown_files::PlannedFile;
use super::shown_requests::{PlannedRequest, listed};
use super::source::{Given, Loaded, Source};

/// Whether a run is a collection's, which is planned and sent in its own way.
pub fn is_collection(run: &Run) -> bool {
    run.job == JOB
}

const JOB: Job = Job::RunCollection;

/// Why there is no plan. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum NotPlanned {
    /// The journal can't be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A row can't be read again.
    #[error(transparent)]
    Row(#[from] RowLost),
}

/// The key of the sources in a run's options.
pub const OPTIONS: &str = "collection";

/// How many rows are written in one commit.
const BATCH: usize = 2_000;

/// The sources of a run in its options.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    pub(crate) source: Source,
    pub(crate) digests: Digests,
    /// Names of `--env-var` and `--global-var`; their values are not stored.
    pub(crate) env_vars: Vec<String>,
    pub(crate) global_vars: Vec<String>,
    /// Names of values that were typed on the page and are masked everywhere.
    pub(crate) hidden_vars: Vec<String>,
    /// How the rows run, for people.
    pub(crate) order: String,
    /// The collection's name, how many requests it has, and the first of them.
    pub(crate) name: String,
    pub(crate) requests: usize,
    pub(crate) listed: Vec<PlannedRequest>,
    /// The files, for people.
    pub(crate) files: Vec<PlannedFile>,
    /// The first row's requests, for people.
    pub(crate) first_row: Vec<String>,
}

/// Writes the rows and seals the run.
///
/// # Errors
/// The journal can't be written, or the rows can't be read again.
pub fn plan(
    journal: &mut Journal,
    source: &Source,
    given: &Given,
    loaded: &Loaded,
    clock: Clock,
) -> Result<(Run, RunLock), NotPlanned> {
    let run = &loaded.run;
    let headings = run.rows.first_columns().to_vec();
    let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect();
    let kept = Kept {
        source: source.clone(),
        digests: loaded.digests.clone(),
        env_vars: names(&given.environment),
        hidden_vars: names(&given.hidden),
        global_vars: names(&given.globals),
        order: match &loaded.order {
            Order::Parallel(_) if loaded.run.options.bail != Bail::No => {
                "Rows run one after the other: --bail stops at the first failed row.".to_owned()
            }
            Order::Parallel(why) => format!("Rows can run at the same time: {why}."),
            Order::InTurn(why) => format!("Rows run one after the other: {why}."),
        },
        name: run.collection.name.clone(),
        requests: run.items.len(),
        listed: listed(loaded),
        files: loaded.files.clone(),
        first_row: first_row(loaded)?,
    };
    let (planned, lock) = journal.begin(&NewRun {
        job: JOB,
        site: loaded.secrets.masked(&origins(run)?),
        organization: None,
        profile: run.scopes.environment.name.clone().unwrap_or_default(),
        input: source.name(),
        headings: headings.clone(),
        options: json!({ OPTIONS: kept }),
        undoes: None,
        at: clock.now(),
    })?;
    if let Err(error) = write_rows(journal, &planned, loaded, &headings) {
        // If that fails too, the next command removes the draft.
        let _ = journal.discard(&planned.id);
        return Err(error);
    }
    journal.seal(&planned.id, clock.now())?;
    Ok((journal.run(planned.id.as_str())?, lock))
}

fn write_rows(
    journal: &mut Journal,
    planned: &Run,
    loaded: &Loaded,
    headings: &[String],
) -> Result<(), NotPlanned> {
    let secret: Vec<bool> =
        headings.iter().map(|heading| loaded.secrets.are_column(heading)).collect();
    let mut next = 0;
    while next < loaded.run.iterations {
        let mut batch = journal.ordered_batch(&planned.id)?;
        for number in next..loaded.run.iterations.min(next + BATCH) {
            let row = number as u64 + 1;
            let cells = cells(loaded, number, headings, &secret)?;
            batch.add_row(row, row + 1, &cells)?;
            batch.add_step(row, &step(number, &cells))?;
        }
        batch.commit()?;
        next += BATCH;
    }
    Ok(())
}

/// The row's cells, without secrets.
fn cells(
    loaded: &Loaded,
    number: usize,
    headings: &[String],
    secret: &[bool],
) -> Result<Vec<String>, RowLost> {
    let row = loaded.run.row(number)?;
    let cell = |(heading, is_secret): (&String, &bool)| {
        let text = row.get(heading).map(shown).unwrap_or_default();
        match *is_secret && !text.is_empty() {
            true => MASKED.to_owned(),
            false => loaded.secrets.masked(&text),
        }
    };
    Ok(headings.iter().zip(secret).map(cell).collect())
}

fn step(number: usize, cells: &[String]) -> NewStep {
    NewStep {
        kind: KIND,
        door: None,
        subject: number.to_string(),
        payload: Iteration { number }.payload(),
        label: "row".to_owned(),
        about: cells.first().cloned().unwrap_or_default(),
        unseen: false,
        warned: false,
        needs: None,
        needs_name: false,
    }
}

/// The sources of a run; `None` if it is not a collection's, or from another version.
pub fn source_of(run: &Run) -> Option<Source> {
    kept(run).map(|kept| kept.source)
}

pub(crate) fn kept(run: &Run) -> Option<Kept> {
    serde_json::from_value(run.options.get(OPTIONS)?.clone()).ok()
}
