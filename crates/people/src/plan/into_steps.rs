//! What became of the rows, into the journal: as steps or outcomes.
//!
//! The same thing wanted twice is one step that serves both rows. A row all of whose steps are above
//! is a `duplicate` and names these rows; one that wants something besides has the outcome of all its
//! steps, no matter which rows they are with.

use crate::steps::{self, NewStep, Note};
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::name_mismatch::NameColumns;
use super::seats::note_seats;
use super::unverified::{Planned, Unverified, note_absence, note_doubts, note_unverified};
use crate::directory::Directory;
use crate::error::PlanError;
use crate::jobs::{self, Creates};
use crate::lookup::undecided;
use crate::resolve::{Part, Resolved, Spec};
use crate::rows::{Columns, Intents};
use headcount_journal::{Added, Batch, Journal, Run};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;
use headcount_model::user::AccountType;
use headcount_sheet::Raw;

/// Pages that are written at once. A step's place in the index of what is the same is anywhere: the more
/// of them a commit holds, the fewer pages of it are written again and again.
const AT_ONCE: usize = 5;

/// Turns every readable row into steps or an outcome.
///
/// Deciding only reads, so it runs next to the writing, on a thread of its own. Pages are written in
/// the order of the rows no matter which is quicker, so that the same sheet always makes the same steps.
pub fn plan_rows(
    journal: &mut Journal,
    run: &Run,
    columns: &Columns,
    intents: &Intents,
    directory: &Directory,
    spec: &Spec,
) -> Result<(), PlanError> {
    let reader = journal.another()?;
    let names = NameColumns::of(&run.headings, columns);
    let deciding = Deciding { run, names, intents, directory, spec };
    let unverified = std::thread::scope(|scope| {
        let (send, pages) = sync_channel(AT_ONCE);
        scope.spawn(move || {
            if let Err(error) = deciding.pages(&reader, &send) {
                // Without a receiver the writing has failed too and reported why.
                let _ = send.send(Err(error));
            }
        });
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

/// What the rows of a draft are decided by.
struct Deciding<'a> {
    run: &'a Run,
    names: NameColumns,
    intents: &'a Intents,
    directory: &'a Directory,
    spec: &'a Spec,
}

impl Deciding<'_> {
    /// Decides page by page.
    fn pages(
        &self,
        journal: &Journal,
        to: &SyncSender<Result<Page, PlanError>>,
    ) -> Result<(), PlanError> {
        let mut after = 0;
        loop {
            let page = undecided(journal, self.run, after)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.number;
            let decided = page.iter().filter_map(|raw| self.row(raw)).collect();
            if to.send(Ok(decided)).is_err() {
                return Ok(());
            }
        }
    }

    fn row(&self, raw: &Raw) -> Option<(u64, Resolved)> {
        let intent = self.intents.of(raw.number)?;
        let mut resolved = jobs::resolve(&intent, self.directory, self.spec);
        note_name(&mut resolved, &self.names, &raw.cells);
        note_account_type(&mut resolved, self.directory);
        Some((raw.number, resolved))
    }
}

fn write(
    journal: &mut Journal,
    run: &Run,
    directory: &Directory,
    decided: Receiver<Result<Page, PlanError>>,
) -> Result<Unverified, PlanError> {
    let mut decided = decided.into_iter();
    let mut planned = Planned::new(directory);
    loop {
        // Nobody else can write while a batch is open, so nothing is waited for in it.
        let pages = decided.by_ref().take(AT_ONCE).collect::<Result<Vec<Page>, _>>()?;
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
fn note_name(resolved: &mut Resolved, names: &NameColumns, cells: &[String]) {
    let Resolved::Step(step) = resolved else { return };
    let site = step.target.name.as_deref().filter(|_| !steps::of(step.kind).creates_user);
    if site.is_some_and(|site| names.tell_another(cells, site)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::read_rows;
    use crate::resolve::Guards;
    use crate::rows::{SheetJob, open};
    use headcount_journal::NewRun;
    use headcount_model::job::Job;
    use headcount_sheet::{Input, Options, Source};

    /// What the deciding side cannot read is reported, and what was written before is no plan.
    #[test]
    fn a_row_that_cannot_be_read_again_makes_no_plan() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let mut journal = headcount_journal_sqlite::open(&path).unwrap();
        let text = format!("Email\n{}", "ann@example.com\n".repeat(2_500));
        let input = Input::Stream(Box::new(std::io::Cursor::new(text.into_bytes())));
        let mut sheet = open(Source { name: "in.csv".into(), input }, &Options::default()).unwrap();
        let columns = Columns::of(&sheet, SheetJob::Users, &Options::default()).unwrap();
        let new = NewRun {
            job: Job::DeactivateUsers,
            site: "https://acme.atlassian.net".into(),
            organization: None,
            profile: "acme".into(),
            input: "in.csv".into(),
            headings: sheet.headings().to_vec(),
            options: serde_json::json!({}),
            undoes: None,
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        let (run, _lock) = journal.begin(&new).unwrap();
        let read = read_rows(&mut journal, &run, &mut sheet, &columns, &mut |_| {}).unwrap();
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute("UPDATE rows SET cells = 'no list' WHERE row = 2100", []).unwrap();
        let spec = Spec {
            job: run.job,
            products: Vec::new(),
            message: None,
            invite: None,
            guards: Guards::default(),
            doors: headcount_model::door::Doors::default(),
        };
        let planned =
            plan_rows(&mut journal, &run, &columns, &read.intents, &Directory::default(), &spec);
        assert!(matches!(planned, Err(PlanError::Journal(_))), "{planned:?}");
        assert_eq!(journal.undecided(&run.id, 0, 10_000).map_err(|_| ()), Err(()));
    }
}
