//! A draft: the sheet's rows in the journal as cells, and the names they hold. What becomes of them
//! is in `into_steps`.
//!
//! Rows are streamed in batches: memory grows with the people and groups they name, not with the
//! rows. A draft needs not survive a crash (nothing of it was sent), so its commits don't wait for
//! the disk; sealing does.

use std::collections::BTreeSet;

use super::intent::{self, NoIntent};
use super::unseen::UnseenMarks;
use crate::error::PlanError;
use crate::lookup::{BATCH, NameKind};
use crate::rows::{Columns, Field, Intent, OtherReading};
use headcount_journal::{Batch, Journal, Run};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::spelling::spelled;
use headcount_model::user::mail_key;
use headcount_sheet::{Problem, Raw, Sheet};

/// Problems that are kept to be shown; the others are only counted.
pub(super) const KEPT: usize = 200;

/// What reading the sheet showed.
#[derive(Debug, Default)]
pub struct ReadRows {
    /// Rows read.
    pub rows: u64,
    /// Unreadable rows.
    pub bad: u64,
    /// The first problems, at most 200.
    pub problems: Vec<Problem>,
    /// Older fields of the create call that are filled somewhere: the API takes them no longer
    /// and they are never sent.
    pub dropped: BTreeSet<&'static str>,
    /// Marks that no reader sees: they were taken out.
    pub unseen: UnseenMarks,
}

/// Reads every row into the draft and notes the names it holds. Unreadable rows are settled as
/// `skipped: unreadable-row`; whether the draft continues with them is the caller's question.
pub fn read_rows(
    journal: &mut Journal,
    run: &Run,
    sheet: &mut Sheet,
    columns: &Columns,
    progress: &mut dyn FnMut(u64),
) -> Result<ReadRows, PlanError> {
    let mut read = ReadRows::default();
    loop {
        let mut batch = journal.batch(&run.id)?;
        let mut many = 0;
        for raw in sheet.by_ref().take(BATCH as usize) {
            read_row(&mut batch, run.job, &raw?, columns, &mut read)?;
            many += 1;
        }
        batch.commit()?;
        progress(read.rows);
        if many < BATCH {
            return Ok(read);
        }
    }
}

fn read_row(
    batch: &mut Batch<'_>,
    job: Job,
    raw: &Raw,
    columns: &Columns,
    read: &mut ReadRows,
) -> Result<(), PlanError> {
    let intent = intent::read(job, raw, columns);
    read.unseen.note(raw, columns);
    batch.add_row(raw.number, raw.line, &raw.cells)?;
    read.rows += 1;
    match intent {
        Ok(intent) => {
            note_names(batch, &intent)?;
            note_written_groups(batch, raw, columns)?;
            read.dropped.extend(intent.dropped);
        }
        Err(NoIntent::NotAsked(words)) => {
            batch.settle_row(raw.number, Outcome::Skipped, Reason::NotAsked, &words)?;
        }
        Err(NoIntent::Unreadable(problems)) => {
            let words: Vec<_> = problems.iter().map(ToString::to_string).collect();
            batch.settle_row(
                raw.number,
                Outcome::Skipped,
                Reason::UnreadableRow,
                &words.join("; "),
            )?;
            read.bad += 1;
            let room = KEPT.saturating_sub(read.problems.len());
            read.problems.extend(problems.into_iter().take(room));
        }
    }
    Ok(())
}

/// Groups are looked up as the row writes them, too, with its white space and unseen marks: a group that
/// is called so is not mistaken for one whose name looks the same.
fn note_written_groups(
    batch: &mut Batch<'_>,
    raw: &Raw,
    columns: &Columns,
) -> Result<(), PlanError> {
    for field in [Field::Group, Field::Groups] {
        let Some(cell) = columns.index(field).and_then(|at| raw.cells.get(at)) else { continue };
        let names = cell.split(|c| field == Field::Groups && c == ';').map(str::trim);
        for name in names.filter(|name| spelled(name) != **name) {
            batch.add_name(NameKind::GroupName.word(), name)?;
        }
    }
    Ok(())
}

fn note_names(batch: &mut Batch<'_>, intent: &Intent) -> Result<(), PlanError> {
    if let Some(user) = &intent.user {
        // Both id and mail are looked up, so that it shows when they disagree.
        if let Some(id) = &user.account {
            batch.add_name(NameKind::Account.word(), id.as_str())?;
        }
        if let Some(mail) = &user.mail {
            batch.add_name(NameKind::Mail.word(), &mail_key(mail))?;
        }
    }
    for group in &intent.groups {
        if let Some(id) = &group.id {
            batch.add_name(NameKind::GroupId.word(), id.as_str())?;
        } else if let Some(name) = &group.name {
            batch.add_name(NameKind::GroupName.word(), name)?;
        }
        match &group.other {
            Some(OtherReading::Id(id)) => batch.add_name(NameKind::GroupId.word(), id.as_str())?,
            // A name is looked up as it is written; the id's letters have no case.
            Some(OtherReading::Name(name)) => {
                for name in [name.as_str(), &name.to_lowercase(), &name.to_uppercase()] {
                    batch.add_name(NameKind::GroupName.word(), name)?;
                }
            }
            None => {}
        }
    }
    Ok(())
}
