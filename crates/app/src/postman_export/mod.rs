//! Writes a plan or a job as a collection, an environment and a data file for Postman, Newman and `postman run`.
//!
//! ```text
//! shape         splits a step's request into its shape and its own values
//! scripts       the scripts of a request
//! requests      turns shapes into the requests of a collection
//! doors         the doors of a job's sample row
//! steps         the steps whose requests are exported, in the plan's order
//! environment   addresses, ids, and empty credentials
//! data          one line for each change
//! files         the places of the three files
//! archive       the three files in one archive
//! ```
//!
//! The requests are those that the code of each step would send ([`Recorder`]); no code here lists jobs or kinds of
//! steps.

mod archive;
mod data;
mod doors;
mod environment;
mod files;
mod requests;
mod scripts;
mod shape;
mod steps;

use std::path::{Path, PathBuf};

use headcount_collections::is_collection;
use headcount_journal::{Journal, Run, RunState};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_people::requests::{NoRequest, Recorder, sample};
use headcount_people::steps::Step;
use headcount_postman::export::Collection;

pub use archive::archive;

use crate::configuration::choose::choose;
use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::settings;
use files::Files;
use shape::Unfit;
use steps::Steps;

/// The result of an export.
#[derive(Debug)]
pub struct Exported {
    /// The collection, the environment, and the data file.
    pub files: [PathBuf; 3],
    /// The variables of the environment that the user has to fill in.
    pub empty: Vec<&'static str>,
    /// The number of requests in the collection.
    pub requests: usize,
    /// The number of lines in the data file, one for each change.
    pub changes: u64,
    /// Rows that are left out, with outcome and reason.
    pub left_out: Vec<(Outcome, &'static str, u64)>,
    /// How many rows were sent without a recorded response; they are left out, too.
    pub unanswered: u64,
}

/// Writes the files of a run's plan.
///
/// # Errors
/// The run has no plan of users or groups, or nothing to send; a step cannot be exported; a file exists already,
/// or cannot be written.
pub async fn run(journal: &Journal, run: &Run, folder: &Path) -> Result<Exported, Failure> {
    check(run)?;
    let steps = Steps::Plan(journal, run);
    if steps.is_empty()? {
        let words = format!("run {} has no change to export; no file was written", run.id);
        return Err(
            Failure::new(USAGE, words).hint(format!("to see why: headcount run show {}", run.id))
        );
    }
    let files = Files::of(folder, &format!("headcount-{}", run.id))?;
    let title = format!("{}, run {}", run.job, run.id);
    let about = format!(
        "The changes of headcount's plan {} (`{}`) for {}.\n\n{NOTE}",
        run.id, run.job, run.site
    );
    let exported = export(&steps, files, title, about).await?;
    let (left_out, unanswered) = steps.left_out()?;
    Ok(Exported { left_out, unanswered, ..exported })
}

/// Writes the files of a job, with the row of its template. Users and groups are invented; addresses are the
/// profile's, if there is one.
///
/// # Errors
/// The job has no template; the named profile does not exist; a file exists already, or cannot be written.
pub async fn job(job: Job, context: &Context, folder: &Path) -> Result<Exported, Failure> {
    let config = settings::read_or_environment(context)?;
    let profile = match choose(context.profile.as_deref(), &context.environment, &config) {
        Ok(profile) => Some(profile),
        Err(error) if context.profile.is_some() => return Err(error.into()),
        Err(_) => None,
    };
    // Requests are exported even if the profile's credentials do not allow the job.
    let steps =
        sample(job, &doors::of(profile.as_ref())).or_else(|_| sample(job, &doors::of(None)));
    let steps = steps.map_err(|error| {
        Failure::new(USAGE, format!("{error}: its requests are those of your own collection"))
    })?;
    let files = Files::of(folder, &format!("headcount-{}", job.command().replace(' ', "-")))?;
    let about = format!(
        "The requests of `headcount {job}`, with one made-up row. Replace the row of the data file by \
         your own.\n\n{NOTE}"
    );
    export(&Steps::Sample(steps), files, format!("headcount {job}"), about).await
}

const NOTE: &str = "The collection sends each change without looking at the site first: it does not look up \
                    ids, does not leave out users and groups that have changed since the plan, and cannot \
                    resume or undo. `headcount run apply` does.";

fn check(run: &Run) -> Result<(), Failure> {
    if is_collection(run) {
        let words =
            format!("run {} is a Postman collection's: its collection is {}", run.id, run.input);
        return Err(Failure::new(USAGE, words));
    }
    match run.state {
        RunState::Draft => {
            let words = format!("run {} is being planned; there is nothing to export yet", run.id);
            Err(Failure::new(USAGE, words))
        }
        RunState::Running => {
            let words = format!("run {} is being applied, or was interrupted", run.id);
            let hint = format!("let it end, or: headcount run resume {}", run.id);
            Err(Failure::new(USAGE, words).hint(hint))
        }
        RunState::Unapproved | RunState::Rejected => {
            let words = format!("run {} is {}; its plan may not be sent", run.id, run.state.word());
            Err(Failure::new(USAGE, words))
        }
        RunState::Sealed | RunState::Stopped | RunState::Finished | RunState::Cancelled => Ok(()),
    }
}

async fn export(
    steps: &Steps<'_>,
    files: Files,
    title: String,
    about: String,
) -> Result<Exported, Failure> {
    let mut recorder = Recorder::default();
    let mut found = requests::Requests::default();
    let mut after = 0;
    while let Some((page, last)) = steps.page(after)? {
        after = last;
        for step in &page {
            found.add(step, &mut recorder).await.map_err(|why| refused(step, &why))?;
        }
    }
    let requests = found.finish();
    let mut lines = files.data()?;
    let mut changes = 0;
    lines.headings(&requests)?;
    after = 0;
    while let Some((page, last)) = steps.page(after)? {
        after = last;
        for step in &page {
            let line =
                requests.line(step, &mut recorder).await.map_err(|why| refused(step, &why))?;
            lines.line(&requests, step, &line)?;
            changes += 1;
        }
    }
    let environment = environment::Environment::of(&requests.doors);
    let collection =
        Collection { name: title.clone(), description: about, requests: requests.collection() };
    let count = collection.requests.len();
    let empty = environment.empty();
    let files = files.write(&collection.to_json(), &environment.to_json(&title), lines)?;
    Ok(Exported { files, empty, requests: count, changes, left_out: Vec::new(), unanswered: 0 })
}

/// Why a step is not exported.
#[derive(Debug, thiserror::Error)]
enum NotExported {
    #[error(transparent)]
    NoRequest(#[from] NoRequest),
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The steps of one API go to two addresses.
    #[error("its changes go to another organization, directory or site than those before")]
    OtherDoor,
    /// Its account comes from a step that is not exported.
    #[error("it needs step {0}, whose account is not known")]
    NeedsOther(u64),
}

fn refused(step: &Step, why: &NotExported) -> Failure {
    let target = &step.payload.target;
    let words = format!(
        "row {} ({}) cannot be exported: {why}; no file was written",
        step.row,
        crate::words::clean(&crate::words::steps::words(step.payload.kind, step.api(), target))
    );
    Failure::new(USAGE, words).hint(
        "leave the row out of the spreadsheet and plan again, or apply the plan with headcount",
    )
}
