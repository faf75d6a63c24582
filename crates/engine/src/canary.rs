//! The canary: the first rows, with all their steps. The engine sends them alone, reads them back, shows what
//! it found, and asks whether to continue.

use headcount_journal::{Count, StepQuery};
use std::collections::BTreeMap;

use super::dispatcher::Dispatcher;
use super::error::RunError;
use super::executor::{Description, Executor, Observation};
use super::halt::Level;
use super::options::Verify;
use super::queue::Canary;
use super::stop_reason::{Stop, StopKind};
use super::watcher::{CanaryReport, Watcher};
use super::worker::Finished;
use headcount_model::event::Event;
use headcount_model::outcome::Outcome;

/// Sends the canary and judges it. `None` means: continue with the other rows.
pub(super) async fn canary<E: Executor, W: Watcher>(
    dispatcher: &mut Dispatcher<'_, E, W>,
) -> Result<Option<Stop>, RunError> {
    if dispatcher.how.canary == 0 {
        return Ok(None);
    }
    let verify = dispatcher.how.verify != Verify::None;
    let mut canary = Canary::of(dispatcher.how.canary);
    let stop = dispatcher.send(Some(&mut canary), verify).await?;
    let reports = reports(&*dispatcher.executor, &canary.finished, verify);
    for report in &reports {
        dispatcher.watcher.event(&Event::Canary {
            row: report.row,
            ok: report.ok,
            wanted: report.wanted.clone(),
            found: report.found.clone(),
        });
    }
    if let Some(stop) = stop {
        let next =
            if stop.kind == StopKind::Canary { next_row(dispatcher)? } else { String::new() };
        return Ok(Some(Stop { why: joined(stop.why, &next), ..stop }));
    }
    if let Some(bad) = reports.iter().find(|report| !report.ok) {
        let why = format!(
            "the canary (row {}, {}) ended {}: {}",
            bad.row, bad.who, bad.outcome, bad.found
        );
        let again = match bad.outcome {
            Outcome::Unknown => {
                format!("; when you resume, headcount checks row {} first", bad.row)
            }
            Outcome::Changed | Outcome::Unchanged | Outcome::Failed | Outcome::Skipped => {
                String::new()
            }
        };
        let why = joined(why, &(again + &next_row(dispatcher)?));
        return Ok(Some(Stop::new(StopKind::Canary, why)));
    }
    let left = dispatcher.journal.count(&dispatcher.run, Count::OpenSteps)?;
    if left == 0 || reports.is_empty() {
        return Ok(None);
    }
    let halt = dispatcher.halt.clone();
    let go_on = tokio::select! {
        biased;
        () = halt.reached(Level::Drain) => {
            return Ok(Some(Stop::new(StopKind::Interrupted, "interrupted at the canary")));
        }
        go_on = dispatcher.watcher.go_on(&reports, left) => go_on,
    };
    if go_on {
        return Ok(None);
    }
    Ok(Some(Stop::new(StopKind::Declined, "the answer after the canary was no")))
}

/// Appends more parts to a sentence; each part begins with its own semicolon.
fn joined(why: String, more: &str) -> String {
    match more.is_empty() {
        true => why,
        false => why.trim_end_matches('.').to_owned() + more,
    }
}

/// Names the row after the canary, in words; empty if there is none.
fn next_row<E: Executor, W: Watcher>(
    dispatcher: &Dispatcher<'_, E, W>,
) -> Result<String, RunError> {
    let next = dispatcher.journal.steps(&dispatcher.run, StepQuery::Ready, 0, 1)?;
    let steps = dispatcher.read(next)?;
    let Some(step) = steps.first() else { return Ok(String::new()) };
    let who = dispatcher.executor.describe(&[step]).subject;
    Ok(format!("; the next row is row {} ({who})", step.row))
}

/// A report on each row of the canary, in the order of the input.
fn reports<E: Executor>(
    executor: &E,
    finished: &[Finished<E::Payload>],
    verify: bool,
) -> Vec<CanaryReport> {
    let mut rows: BTreeMap<u64, Vec<&Finished<E::Payload>>> = BTreeMap::new();
    for done in finished {
        rows.entry(done.step.row).or_default().push(done);
    }
    rows.into_iter().filter_map(|(row, done)| report(executor, row, done, verify)).collect()
}

/// A report on one row: that all its steps are as wanted, or what was found for the first that is not.
fn report<E: Executor>(
    executor: &E,
    row: u64,
    mut done: Vec<&Finished<E::Payload>>,
    verify: bool,
) -> Option<CanaryReport> {
    let bad = done.iter().find(|done| !is_well(done, verify));
    // The last step was read last, so its observation also shows the effects of the others.
    let told = bad.or(done.last()).copied()?;
    let ok = bad.is_none();
    let verdict = &told.settled.verdict;
    let seen = told.settled.seen.as_ref();
    let found = seen.map_or(verdict.detail.as_str(), |seen| seen.words()).to_owned();
    let outcomes = done.iter().map(|done| done.settled.verdict.outcome);
    let outcome = outcomes.max_by_key(|outcome| outcome.rank())?;
    done.sort_by_key(|done| done.step.number);
    let steps: Vec<_> = done.iter().map(|done| &done.step).collect();
    let Description { subject: who, wanted } = executor.describe(&steps);
    Some(CanaryReport { row, who, outcome, wanted, found, ok })
}

fn is_well<P>(done: &Finished<P>, verify: bool) -> bool {
    let outcome = done.settled.verdict.outcome;
    let well = matches!(outcome, Outcome::Changed | Outcome::Unchanged);
    let as_wanted = matches!(done.settled.seen, Some(Observation::AsWanted { .. }));
    well && (!verify || outcome == Outcome::Unchanged || as_wanted)
}
