//! The canary: the first steps alone, read back, shown and asked about.

use super::dispatcher::{Dispatcher, Finished, is_as_wanted};
use super::ending::{Stop, StopKind};
use super::hands::Hands;
use super::how::{Level, Verify};
use super::start::RunError;
use super::watcher::{CanaryReport, Watcher};
use crate::values::event::Event;
use crate::values::outcome::Outcome;
use crate::values::step::{Step, StepKind};

/// Sends the canary and judges it; `None`: go on with the others.
pub(super) async fn canary<H: Hands, W: Watcher>(
    dispatcher: &mut Dispatcher<'_, H, W>,
) -> Result<Option<Stop>, RunError> {
    let wanted = dispatcher.how.canary;
    if wanted == 0 {
        return Ok(None);
    }
    let verify = dispatcher.how.verify != Verify::None;
    let (finished, stop) = dispatcher.send(Some(wanted), verify).await?;
    let reports: Vec<CanaryReport> = finished.iter().map(|done| report(done, verify)).collect();
    for report in &reports {
        dispatcher.watcher.event(&Event::Canary {
            row: report.row,
            ok: report.ok,
            wanted: report.wanted.clone(),
            found: report.found.clone(),
        });
    }
    if stop.is_some() {
        return Ok(stop);
    }
    if let Some(bad) = reports.iter().find(|report| !report.ok) {
        let why = format!(
            "the canary (row {}, {}) ended {}: {}",
            bad.row, bad.who, bad.outcome, bad.found
        );
        return Ok(Some(Stop::new(StopKind::Canary, why)));
    }
    let left = dispatcher.journal.open_steps(&dispatcher.run)?;
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

fn report(done: &Finished, verify: bool) -> CanaryReport {
    let verdict = &done.settled.verdict;
    let seen = done.settled.seen.as_ref();
    let well = matches!(verdict.outcome, Outcome::Changed | Outcome::Unchanged);
    let read_back = !verify || verdict.outcome == Outcome::Unchanged || is_as_wanted(seen);
    CanaryReport {
        row: done.step.row,
        who: done.step.target.who().to_owned(),
        outcome: verdict.outcome,
        wanted: wanted(&done.step),
        found: seen.map_or(verdict.detail.as_str(), |sight| sight.words()).to_owned(),
        ok: well && read_back,
    }
}

/// What a step wants, as a sentence.
pub(super) fn wanted(step: &Step) -> String {
    let (who, which) = (step.target.who(), step.target.which());
    match step.kind {
        StepKind::CreateUser => {
            let products: Vec<_> =
                step.wanted.products.iter().map(|product| product.key()).collect();
            match products.as_slice() {
                [] => format!("{who} on the site, with no product"),
                products => format!("{who} on the site, with {}", products.join(", ")),
            }
        }
        StepKind::RemoveUser => format!("{who} not on the site"),
        StepKind::AddMember => format!("{who} in {which}"),
        StepKind::RemoveMember => format!("{who} not in {which}"),
        StepKind::Deactivate => format!("{who} deactivated"),
        StepKind::Activate => format!("{who} active"),
        StepKind::Suspend => format!("{who} suspended"),
        StepKind::Restore => format!("{who} not suspended"),
        StepKind::CreateGroup => format!("the group {which}"),
        StepKind::RemoveGroup => format!("no group {which}"),
    }
}
