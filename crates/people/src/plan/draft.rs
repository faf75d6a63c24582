//! A draft: the spreadsheet's rows in the journal as cells, and the names in them. `into_steps` resolves the rows.
//!
//! Rows are streamed in batches; only what each one asks for stays in memory until the plan is made. A draft need
//! not survive a crash, because nothing of it was sent, so its commits do not wait for the disk; sealing does.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::contradictions;
use super::intent::{self, NoIntent};
use crate::error::PlanError;
use crate::jobs;
use crate::lookup::{BATCH, NameKind};
use crate::rows::{
    Columns, Field, Intent, Intents, NameColumns, OtherReading, SheetJob, WhichUser,
};
use headcount_journal::{Batch, Journal, Run};
use headcount_model::outcome::Outcome;
use headcount_model::reading::Reading;
use headcount_model::reason::Reason;
use headcount_model::spelling::{spelled, unseen_in};
use headcount_model::user::mail_key;
use headcount_sheet::{Problem, Raw, Sheet, read_ahead};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// How many problems are kept to be shown; the others are only counted.
pub(super) const KEPT: usize = 200;

/// The result of reading the spreadsheet.
#[derive(Debug, Default)]
pub struct ReadRows {
    /// The number of rows.
    pub rows: u64,
    /// The number of unreadable rows.
    pub bad: u64,
    /// The first problems, at most 200.
    pub problems: Vec<Problem>,
    /// Older fields of the creation call that have values in some rows. The API no longer takes them, and they are
    /// never sent.
    pub dropped: BTreeSet<&'static str>,
    /// Invisible marks that were removed.
    pub unseen: UnseenMarks,
    /// What the readable rows ask for.
    pub intents: Intents,
    /// The users that rows of an access review keep, and the first such row.
    kept: HashMap<String, u64>,
}

/// Invisible marks in the cells that a job reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnseenMarks {
    /// How many cells have one.
    pub cells: u64,
    /// The place of the first: the line, and the column's heading.
    pub first: Option<(u64, String)>,
    /// The marks.
    pub marks: BTreeSet<char>,
}

impl UnseenMarks {
    /// Notes the marks of a row.
    pub(super) fn note(&mut self, raw: &Raw, columns: &Columns) {
        for (at, cell) in raw.cells.iter().enumerate() {
            if cell.is_ascii() || !columns.uses(at) {
                continue;
            }
            let marks = unseen_in(cell);
            if !marks.is_empty() {
                self.cells += 1;
                self.first.get_or_insert_with(|| (raw.line, columns.heading(at)));
                self.marks.extend(marks);
            }
        }
    }

    /// Their codes: `U+200B, U+FEFF`.
    pub fn codes(&self) -> String {
        let codes = self.marks.iter().map(|mark| format!("U+{:04X}", u32::from(*mark)));
        codes.collect::<Vec<_>>().join(", ")
    }
}

/// Reads every row into the draft and notes its names. Unreadable rows are settled as `skipped: unreadable-row`;
/// the caller decides whether the draft continues with them.
pub fn read_rows(
    journal: &mut Journal,
    run: &Run,
    sheet: &mut Sheet,
    columns: &Columns,
    progress: &mut dyn FnMut(u64),
) -> Result<ReadRows, PlanError> {
    let mut read = ReadRows::default();
    let mut names = RecentNames::default();
    let called = NameColumns::of(columns);
    let today = day(run.created_at);
    let read_row = |raw: Raw| {
        let intent = intent::read(run.job, &raw, columns, today)
            .map(|intent| Intent { called: called.written(&raw.cells), ..intent });
        (raw, intent)
    };
    read_ahead(sheet, read_row, |rows| {
        loop {
            let mut batch = journal.batch(&run.id)?;
            let mut many = 0;
            for row in (&mut *rows).take(BATCH as usize) {
                let (raw, intent) = row?;
                keep_row(&mut batch, &raw, intent, columns, &mut names, &mut read)?;
                many += 1;
            }
            batch.commit()?;
            progress(read.rows);
            if many < BATCH {
                return Ok::<_, PlanError>(());
            }
        }
    })?;
    skip_kept(journal, run, &mut read)?;
    if jobs::of(run.job).sheet == SheetJob::Actions {
        let refused = contradictions::refuse(journal, run, columns, &mut read.intents)?;
        read.bad += refused.len() as u64;
        let room = KEPT.saturating_sub(read.problems.len());
        read.problems.extend(refused.into_iter().take(room));
    }
    Ok(read)
}

/// The day of a moment, by UTC.
pub(super) fn day(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// Skips rows that would deactivate a user that another row of the same access review keeps: each row is about one
/// app, but deactivating takes away all of them.
fn skip_kept(journal: &mut Journal, run: &Run, read: &mut ReadRows) -> Result<(), PlanError> {
    if read.kept.is_empty() || jobs::of(run.job).sheet != SheetJob::Users {
        return Ok(());
    }
    let mut differing = Vec::new();
    for (row, intent) in read.intents.undecided() {
        let keys = intent.user.iter().flat_map(WhichUser::keys);
        if let Some(kept) = keys.filter_map(|key| read.kept.get(&key)).min() {
            differing.push((row, *kept));
        }
    }
    let mut batch = journal.batch(&run.id)?;
    for (row, kept) in differing {
        read.intents.drop_row(row);
        let words = format!("row {kept} decides `keep` for the same user");
        batch.settle_row(row, Outcome::Skipped, Reason::DecisionsDiffer, &words)?;
    }
    Ok(batch.commit()?)
}

fn keep_row(
    batch: &mut Batch<'_>,
    raw: &Raw,
    intent: Result<Intent, NoIntent>,
    columns: &Columns,
    names: &mut RecentNames,
    read: &mut ReadRows,
) -> Result<(), PlanError> {
    read.unseen.note(raw, columns);
    batch.add_row(raw.number, raw.line, &raw.cells)?;
    read.rows += 1;
    match intent {
        Ok(intent) => {
            names.note(batch, &intent)?;
            names.note_written_groups(batch, raw, columns)?;
            read.dropped.extend(&intent.dropped);
            read.intents.keep(raw.number, intent);
        }
        Err(NoIntent::Kept(words, intent)) => {
            for key in intent.user.iter().flat_map(WhichUser::keys) {
                read.kept.entry(key).or_insert(raw.number);
            }
            batch.settle_row(raw.number, Outcome::Skipped, Reason::NotAsked, &words)?;
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

/// Notes in the draft how its file was understood.
///
/// # Errors
/// The journal cannot be written.
pub fn note_reading(journal: &mut Journal, run: &Run, reading: &Reading) -> Result<(), PlanError> {
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ Reading::OPTION: reading }))?;
    Ok(batch.commit()?)
}

/// Names that are in the journal already: most names of a long spreadsheet occur again and again.
#[derive(Default)]
struct RecentNames {
    names: HashMap<NameKind, HashSet<String>>,
    many: usize,
}

/// How many names are remembered before all are forgotten, so that memory does not grow with the spreadsheet.
const REMEMBERED: usize = 16_384;

impl RecentNames {
    fn add(&mut self, batch: &mut Batch<'_>, kind: NameKind, name: &str) -> Result<(), PlanError> {
        if self.names.get(&kind).is_some_and(|names| names.contains(name)) {
            return Ok(());
        }
        batch.add_name(kind.word(), name)?;
        if self.many == REMEMBERED {
            *self = Self::default();
        }
        self.names.entry(kind).or_default().insert(name.to_owned());
        self.many += 1;
        Ok(())
    }

    /// Also notes groups exactly as the row writes them, with white space and invisible marks, so that a group
    /// with exactly this name is not taken for one whose name looks the same.
    fn note_written_groups(
        &mut self,
        batch: &mut Batch<'_>,
        raw: &Raw,
        columns: &Columns,
    ) -> Result<(), PlanError> {
        for field in [Field::Group, Field::Groups] {
            let Some(cell) = columns.index(field).and_then(|at| raw.cells.get(at)) else {
                continue;
            };
            let names = cell.split(|c| field == Field::Groups && c == ';').map(str::trim);
            for name in names.filter(|name| spelled(name) != **name) {
                self.add(batch, NameKind::GroupName, name)?;
            }
        }
        Ok(())
    }

    /// Notes the user and the groups of a row.
    fn note(&mut self, batch: &mut Batch<'_>, intent: &Intent) -> Result<(), PlanError> {
        if let Some(user) = &intent.user {
            // Both id and email are looked up, so that a contradiction is found.
            if let Some(id) = &user.account {
                self.add(batch, NameKind::Account, id.as_str())?;
            }
            if let Some(mail) = &user.mail {
                self.add(batch, NameKind::Mail, &mail_key(mail))?;
            }
        }
        if let Some(mail) = &intent.new_mail {
            self.add(batch, NameKind::Mail, &mail_key(mail))?;
        }
        for group in &intent.groups {
            if let Some(id) = &group.id {
                self.add(batch, NameKind::GroupId, id.as_str())?;
            } else if let Some(name) = &group.name {
                self.add(batch, NameKind::GroupName, name)?;
            }
            match &group.other {
                Some(OtherReading::Id(id)) => self.add(batch, NameKind::GroupId, id.as_str())?,
                // A name is looked up as it is written; an id ignores case.
                Some(OtherReading::Name(name)) => {
                    for name in [name.as_str(), &name.to_lowercase(), &name.to_uppercase()] {
                        self.add(batch, NameKind::GroupName, name)?;
                    }
                }
                None => {}
            }
        }
        Ok(())
    }
}
