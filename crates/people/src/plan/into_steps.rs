//! What became of the rows, into the journal: as steps or outcomes.
//!
//! The same thing wanted twice is one step that serves both rows. A row all of whose steps are above
//! is a `duplicate` and names these rows; one that wants something besides has the outcome of all its
//! steps, no matter which rows they are with.

use crate::steps::{self, NewStep, Note};
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::name_mismatch::is_another;
use super::seats::note_seats;
use super::unverified::{Planned, Unverified, note_absence, note_doubts, note_unverified};
use crate::directory::Directory;
use crate::error::PlanError;
use crate::jobs::{self, Creates};
use crate::lookup::BATCH;
use crate::resolve::{Part, Resolved, Spec};
use crate::rows::Intents;
use headcount_journal::{Added, Batch, Journal, Run};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;
use headcount_model::user::AccountType;

/// Pages that are written at once. A step's place in the index of what is the same is anywhere: the more
/// of them a commit holds, the fewer pages of it are written again and again.
const AT_ONCE: usize = 5;

/// Turns every readable row into steps or an outcome.
///
/// Deciding needs no journal, so it runs next to the writing, on a thread of its own. Pages are written in
/// the order of the rows no matter which is quicker, so that the same sheet always makes the same steps.
pub fn plan_rows(
    journal: &mut Journal,
    run: &Run,
    intents: &Intents,
    directory: &Directory,
    spec: &Spec,
) -> Result<(), PlanError> {
    let unverified = std::thread::scope(|scope| {
        let (send, pages) = sync_channel(AT_ONCE);
        scope.spawn(move || decide(intents, directory, spec, &send));
        // Whatever ends this drops the receiver, and that ends the other.
        write(journal, run, directory, pages)
    })?;
    if jobs::of(spec.job).creates == Creates::Users {
        note_absence(journal, run, directory)?;
    }
    note_seats(journal, run, directory)?;
    note_doubts(journal, run, directory)?;
    note_unverified(journal, run, unverified)
}

/// Rows and what becomes of them.
type Page = Vec<(u64, Resolved)>;

/// Decides page by page.
fn decide(intents: &Intents, directory: &Directory, spec: &Spec, to: &SyncSender<Page>) {
    let mut rows = intents.undecided().map(|(row, intent)| {
        let mut resolved = jobs::resolve(&intent, directory, spec);
        note_name(&mut resolved, intent.called.as_deref());
        note_account_type(&mut resolved, directory);
        (row, resolved)
    });
    loop {
        let page: Page = rows.by_ref().take(BATCH as usize).collect();
        if page.is_empty() || to.send(page).is_err() {
            return;
        }
    }
}

fn write(
    journal: &mut Journal,
    run: &Run,
    directory: &Directory,
    decided: Receiver<Page>,
) -> Result<Unverified, PlanError> {
    let mut decided = decided.into_iter();
    let mut planned = Planned::new(directory);
    loop {
        // Nobody else can write while a batch is open, so nothing is waited for in it.
        let pages: Vec<Page> = decided.by_ref().take(AT_ONCE).collect();
        if pages.is_empty() {
            return Ok(planned.unverified());
        }
        let mut batch = journal.batch(&run.id)?;
        for (row, resolved) in pages.into_iter().flatten() {
            plan_row(&mut batch, row, resolved, &mut planned)?;
        }
        batch.commit()?;
    }
}

/// Notes what is no person's account. (Nothing is taken away from such: a guard holds that back.)
fn note_account_type(resolved: &mut Resolved, directory: &Directory) {
    let step = match resolved {
        Resolved::Step(step) => &mut **step,
        Resolved::Parts(parts) => match parts.first_mut() {
            Some(part) => &mut part.step,
            None => return,
        },
        Resolved::Settled(..) => return,
    };
    let at = step.target.account.as_ref().and_then(|id| directory.person_by_id(id));
    match at.and_then(|at| directory.person(at).account_type) {
        Some(AccountType::App) => step.wanted.notes.push(Note::App),
        Some(AccountType::Customer) => step.wanted.notes.push(Note::Customer),
        Some(AccountType::Person) | None => {}
    }
}

/// Notes where the row has another name for the user that the site found.
fn note_name(resolved: &mut Resolved, called: Option<&str>) {
    let (Resolved::Step(step), Some(called)) = (resolved, called) else { return };
    let site = step.target.name.as_deref().filter(|_| !steps::of(step.kind).creates_user);
    if site.is_some_and(|site| is_another(called, site)) {
        step.wanted.notes.push(Note::OtherName);
    }
}

/// Journals what becomes of a row.
pub(super) fn plan_row(
    batch: &mut Batch<'_>,
    row: u64,
    resolved: Resolved,
    planned: &mut Planned<'_>,
) -> Result<(), PlanError> {
    match resolved {
        Resolved::Settled(outcome, reason, detail) => {
            Ok(batch.settle_row(row, outcome, reason, &detail)?)
        }
        Resolved::Step(step) => plan_parts(batch, row, vec![Part::new(*step)], planned),
        Resolved::Parts(parts) => plan_parts(batch, row, parts, planned),
    }
}

/// First every step of the row, so that none of them alone decides it, then what is settled already.
fn plan_parts(
    batch: &mut Batch<'_>,
    row: u64,
    parts: Vec<Part>,
    planned: &mut Planned<'_>,
) -> Result<(), PlanError> {
    let mut numbers = Vec::with_capacity(parts.len());
    let mut above = BTreeSet::new();
    let mut settled = Vec::new();
    let many = parts.len();
    for part in parts {
        let needs = part.needs.and_then(|at| numbers.get(at)).copied();
        let step = NewStep { needs, ..part.step };
        match batch.add_step(row, &step.record())? {
            Added::New(number) => {
                numbers.push(number);
                match part.settled {
                    Some(ended) => settled.push((number, ended)),
                    None => planned.add(row, &step),
                }
            }
            // Only creations differ, and they come first: nothing of this row is planned yet.
            Added::SameAs { row: first, common, .. } if !step.is_sent_as(&common)? => {
                let detail = format!("row {first} has {}", steps::of(step.kind).differs);
                batch.settle_row(row, Outcome::Skipped, Reason::Mismatch, &detail)?;
                return Ok(());
            }
            Added::SameAs { step: number, row: first, .. } => {
                batch.serve(number, row)?;
                numbers.push(number);
                above.insert((first, number));
            }
        }
    }
    if above.len() == many {
        let rows: BTreeSet<u64> = above.into_iter().map(|(row, _)| row).collect();
        batch.settle_row(row, Outcome::Skipped, Reason::Duplicate, &stands_in(&rows))?;
        return Ok(());
    }
    for (number, (outcome, reason, detail)) in settled {
        batch.settle_in_plan(number, &Verdict::new(outcome, reason, detail))?;
    }
    Ok(())
}

fn stands_in(rows: &BTreeSet<u64>) -> String {
    let named: Vec<String> = rows.iter().map(u64::to_string).collect();
    match named.as_slice() {
        [one] => format!("duplicate of row {one}"),
        several => format!("duplicate of rows {}", several.join(" and ")),
    }
}
