//! Caches the summaries of runs: counts, reasons, plan, throughput. Computing one reads all rows of a run, so it
//! is kept as long as the journal cannot have changed it: while the run is not active and its time stamps stay.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use headcount_app::collections::{is_collection, summary_of};
use headcount_app::failure::Failure;
use headcount_app::words::steps::one_step_words;
use headcount_journal::{Course, Journal, JournalError, ReasonCount, Run, RunState};
use headcount_model::outcome::Counts;
use headcount_model::step::StepState;
use headcount_people::plan::Summary;
use headcount_people::steps;
use jiff::Timestamp;

/// The most summaries that are kept.
const MOST: usize = 64;

/// The summary of a run.
#[derive(Debug, Default)]
pub struct Facts {
    /// Counts of its rows.
    pub counts: Counts,
    /// The reasons of the outcomes.
    pub reasons: Vec<ReasonCount>,
    /// The steps that may still be sent; `None` if there are none, and while the run is active.
    pub plan: Option<Summary>,
    /// The plan's effect, if it is a single step.
    pub only: Option<String>,
    /// The throughput; empty while the run is active.
    pub course: Course,
}

/// Changes whenever the run's rows may have changed.
type Stamp = (RunState, [Option<Timestamp>; 3]);

/// The summaries that are kept.
#[derive(Default)]
pub struct Kept(Mutex<HashMap<String, (Stamp, Arc<Facts>)>>);

impl Kept {
    /// The summary of a run. `is_going_on`: a process applies it now.
    pub fn get(
        &self,
        journal: &Journal,
        run: &Run,
        is_going_on: bool,
    ) -> Result<Arc<Facts>, Failure> {
        if is_going_on {
            let (counts, reasons) = journal.tally(&run.id)?;
            return Ok(Arc::new(Facts { counts, reasons, ..Facts::default() }));
        }
        let stamp = (run.state, [run.sealed_at, run.started_at, run.ended_at]);
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, facts)) = kept().get(run.id.as_str())
            && *known == stamp
            // An interrupted run: another process may apply it and be interrupted again without a trace.
            && run.state != RunState::Running
        {
            return Ok(Arc::clone(facts));
        }
        let facts = Arc::new(read(journal, run)?);
        let mut all = kept();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(run.id.to_string(), (stamp, Arc::clone(&facts)));
        Ok(facts)
    }
}

/// Computes the summary from the journal.
pub fn read(journal: &Journal, run: &Run) -> Result<Facts, Failure> {
    let waits = matches!(
        run.state,
        RunState::Sealed | RunState::Unapproved | RunState::Stopped | RunState::Running
    );
    let plan = waits.then(|| summary_of(journal, run)).transpose()?;
    let is_alone = plan.as_ref().is_some_and(|plan| plan.steps == 1) && !is_collection(run);
    let only = match is_alone {
        true => journal.steps(&run.id, StepState::Pending, 0, 1)?,
        false => Vec::new(),
    };
    let only = steps::read_all(only).map_err(JournalError::from)?.pop();
    let (counts, reasons) = match &plan {
        // The plan has the counts already.
        Some(plan) => (plan.counts, plan.reasons.clone()),
        None => journal.tally(&run.id)?,
    };
    Ok(Facts {
        counts,
        reasons,
        plan,
        only: only.as_ref().map(one_step_words),
        course: match run.started_at {
            Some(_) => journal.course(&run.id)?,
            None => Course::default(),
        },
    })
}
