//! Resolves the rows and writes the results into the journal, as steps or outcomes.
//!
//! Two rows that ask for the same change share one step. If all steps of a row belong to earlier rows, the row is a
//! `duplicate` and names these rows. A row with at least one step of its own has the outcome of all its steps,
//! whichever rows they belong to.

use std::collections::{BTreeSet, HashMap};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::access_seats::note_access_seats;
use super::name_mismatch::is_another;
use super::seats::note_seats;
use super::unverified::{Unverified, note_absence, note_doubts, note_unverified};
use crate::directory::Directory;
use crate::error::PlanError;
use crate::jobs::{self, Creates, Placed};
use crate::lookup::BATCH;
use crate::resolve::{Part, Resolved, Resolver, Spec};
use crate::rows::Intents;
use crate::steps::{self, About, NewStep, Note};
use headcount_journal::{self as journal, Added, Batch, Journal, Run};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;
use headcount_model::user::AccountType;

/// How many rows are written in one commit.
const AT_ONCE: usize = 2_000;

/// How many rows are handed over at once, and how many such pages wait: a resolved row takes about 2 kilobytes.
const PAGE: usize = 200;
const AHEAD: usize = 2;

/// Turns every readable row into steps or an outcome.
///
/// Resolving needs no journal, so it runs on a thread of its own while pages are written. Pages are always written in
/// the order of the rows, so that the same spreadsheet always makes the same steps.
pub fn plan_rows(
    journal: &mut Journal,
    run: &Run,
    intents: &Intents,
    directory: &Directory,
    spec: &Spec,
) -> Result<(), PlanError> {
    let unverified = match jobs::of(spec.job).arrange {
        Some(arrange) => {
            let placed = arrange(resolved(intents, directory, spec).collect(), directory)?;
            let mut planned = Planned::new(directory);
            plan_placed(journal, run, placed, &mut planned)?;
            planned.unverified()
        }
        None => std::thread::scope(|scope| {
            let (send, pages) = sync_channel(AHEAD);
            scope.spawn(move || decide(intents, directory, spec, &send));
            // When `write` ends, the receiver is dropped, which ends the other thread.
            write(journal, run, directory, pages)
        })?,
    };
    if jobs::of(spec.job).creates == Creates::Users {
        note_absence(journal, run, directory)?;
    }
    note_seats(journal, run, directory)?;
    note_access_seats(journal, run, directory)?;
    note_doubts(journal, run, directory)?;
    note_unverified(journal, run, unverified)
}

/// Rows with their results.
type Page = Vec<ResolvedRow>;

/// The result of a row, and its steps in the journal's form.
struct ResolvedRow {
    row: u64,
    resolved: Resolved,
    records: Vec<journal::NewStep>,
}

/// Resolves the rows, in order.
fn resolved<'a>(
    intents: &'a Intents,
    directory: &'a Directory,
    spec: &'a Spec,
) -> impl Iterator<Item = (u64, Resolved)> + 'a {
    let job = jobs::of(spec.job);
    let with = Resolver { directory, spec, touches: job.touches() };
    intents.undecided().map(move |(row, intent)| {
        let mut resolved = (job.resolve)(&intent, with).unwrap_or_else(Resolved::from);
        note_name(&mut resolved, intent.called.as_deref());
        note_account_type(&mut resolved, directory);
        (row, resolved)
    })
}

/// Resolves the rows, page by page, so that the other thread only has to write.
fn decide(intents: &Intents, directory: &Directory, spec: &Spec, to: &SyncSender<Page>) {
    let rows = resolved(intents, directory, spec);
    let mut rows = rows.map(|(row, resolved)| {
        let records = records_of(&resolved);
        ResolvedRow { row, resolved, records }
    });
    loop {
        let page: Page = rows.by_ref().take(PAGE).collect();
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
    let mut decided = decided.into_iter().flatten().peekable();
    let mut planned = Planned::new(directory);
    // No other process can write while a batch is open. In it, only the next rows are awaited, which takes less time
    // than writing them.
    while decided.peek().is_some() {
        let mut batch = journal.batch(&run.id)?;
        for one in decided.by_ref().take(AT_ONCE) {
            plan_resolved(&mut batch, one, &mut planned)?;
        }
        batch.commit()?;
    }
    Ok(planned.unverified())
}

/// Counts what the guards of a plan could not check, while its steps are written.
pub(super) struct Planned<'a> {
    directory: &'a Directory,
    unverified: Unverified,
    /// The last row that was counted for its groups.
    last: u64,
}

impl<'a> Planned<'a> {
    pub(super) fn new(directory: &'a Directory) -> Self {
        Self { directory, unverified: Unverified::default(), last: 0 }
    }

    /// The counts.
    pub(super) fn unverified(self) -> Unverified {
        self.unverified
    }

    /// Counts a step that the plan will send for a row. Rows come in order.
    pub(super) fn add(&mut self, row: u64, step: &NewStep) {
        let directory = self.directory;
        let owner = |id| directory.group_by_id(id).and_then(|at| directory.group(at).synced);
        if step.target.group.as_ref().is_some_and(|id| owner(id).is_none()) {
            self.unverified.groups += u64::from(std::mem::replace(&mut self.last, row) != row);
        }
        let kind = steps::of(step.kind);
        let unseen = step.wanted.notes.contains(&Note::AppsUnseen);
        self.unverified.apps += u64::from(kind.about == About::Group && unseen);
        // The members of a group were read with their roles.
        if !kind.takes_away || kind.about == About::GroupRole {
            return;
        }
        let person = step.target.account.as_ref().and_then(|id| directory.person_by_id(id));
        let person = person.map(|at| directory.person(at));
        let is_unknown = |known: Option<bool>| u64::from(known.is_none());
        self.unverified.administrators += is_unknown(person.and_then(|person| person.org_admin));
        if kind.announced.is_none() {
            self.unverified.people += is_unknown(person.and_then(|person| person.synced));
        }
    }
}

/// Warns about accounts that are not a person's. (A guard refuses to take anything away from these.)
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

/// Warns if the row has another name for the user than the site.
fn note_name(resolved: &mut Resolved, called: Option<&str>) {
    let (Resolved::Step(step), Some(called)) = (resolved, called) else { return };
    let site = step.target.name.as_deref().filter(|_| !steps::of(step.kind).creates_user);
    if site.is_some_and(|site| is_another(called, site)) {
        step.wanted.notes.push(Note::OtherName);
    }
}

/// Writes the results of rows whose order matters: a step waits for the step of the row that it follows.
pub(super) fn plan_placed(
    journal: &mut Journal,
    run: &Run,
    placed: Vec<Placed>,
    planned: &mut Planned<'_>,
) -> Result<(), PlanError> {
    let mut numbers = HashMap::new();
    let mut placed = placed.into_iter();
    loop {
        let page: Vec<Placed> = placed.by_ref().take(BATCH as usize).collect();
        if page.is_empty() {
            return Ok(());
        }
        let mut batch = journal.batch(&run.id)?;
        for Placed { row, mut resolved, after } in page {
            if let Resolved::Step(step) = &mut resolved {
                step.needs = after.and_then(|row| numbers.get(&row)).copied();
            }
            if let Some(number) = plan_row(&mut batch, row, resolved, planned)? {
                numbers.insert(row, number);
            }
        }
        batch.commit()?;
    }
}

/// The steps of a result in the journal's form.
fn records_of(resolved: &Resolved) -> Vec<journal::NewStep> {
    match resolved {
        Resolved::Settled(..) => Vec::new(),
        Resolved::Step(step) => vec![step.record()],
        Resolved::Parts(parts) => parts.iter().map(|part| part.step.record()).collect(),
    }
}

/// Writes the result of a row into the journal. Returns the number of its first step.
pub(super) fn plan_row(
    batch: &mut Batch<'_>,
    row: u64,
    resolved: Resolved,
    planned: &mut Planned<'_>,
) -> Result<Option<u64>, PlanError> {
    let records = records_of(&resolved);
    plan_resolved(batch, ResolvedRow { row, resolved, records }, planned)
}

fn plan_resolved(
    batch: &mut Batch<'_>,
    decided: ResolvedRow,
    planned: &mut Planned<'_>,
) -> Result<Option<u64>, PlanError> {
    let ResolvedRow { row, resolved, records } = decided;
    let parts = match resolved {
        Resolved::Settled(outcome, reason, detail) => {
            batch.settle_row(row, outcome, reason, &detail)?;
            return Ok(None);
        }
        Resolved::Step(step) => vec![Part::new(*step)],
        Resolved::Parts(parts) => parts,
    };
    plan_parts(batch, row, parts.into_iter().zip(records).collect(), planned)
}

/// Writes all steps of a row before it settles any, so that no single step decides the row's outcome.
fn plan_parts(
    batch: &mut Batch<'_>,
    row: u64,
    parts: Vec<(Part, journal::NewStep)>,
    planned: &mut Planned<'_>,
) -> Result<Option<u64>, PlanError> {
    let mut numbers = Vec::with_capacity(parts.len());
    let mut above = BTreeSet::new();
    let mut settled = Vec::new();
    let many = parts.len();
    for (part, record) in parts {
        let needs = part.needs.and_then(|at| numbers.get(at)).copied().or(part.step.needs);
        let step = NewStep { needs, ..part.step };
        let record = journal::NewStep { needs, needs_name: step.needs_name(), ..record };
        match batch.add_step(row, &record)? {
            Added::New(number) => {
                numbers.push(number);
                match part.settled {
                    Some(ended) => settled.push((number, ended)),
                    None => planned.add(row, &step),
                }
            }
            // Only creations can differ, and they come first, so no step of this row is planned yet.
            Added::SameAs { row: first, common, .. } if !step.is_sent_as(&common)? => {
                let detail = format!("row {first} has {}", steps::of(step.kind).differs);
                batch.settle_row(row, Outcome::Skipped, Reason::Mismatch, &detail)?;
                return Ok(None);
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
        return Ok(numbers.first().copied());
    }
    for (number, (outcome, reason, detail)) in settled {
        batch.settle_in_plan(number, &Verdict::new(outcome, reason, detail))?;
    }
    Ok(numbers.first().copied())
}

fn stands_in(rows: &BTreeSet<u64>) -> String {
    let named: Vec<String> = rows.iter().map(u64::to_string).collect();
    match named.as_slice() {
        [one] => format!("duplicate of row {one}"),
        several => format!("duplicate of rows {}", several.join(" and ")),
    }
}
