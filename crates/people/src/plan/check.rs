//! Reads a spreadsheet before there is a draft, in the same way as a draft would, without writing anything.

use super::draft::{KEPT, ReadRows, day};
use super::intent::{self, NoIntent};
use crate::error::PlanError;
use crate::rows::{Columns, Intent};
use headcount_model::job::Job;
use headcount_sheet::{Problem, Raw, Sheet, read_ahead};
use jiff::Timestamp;

/// How many of the first rows, and of the unreadable rows, are kept to be shown.
const SHOWN: usize = 25;

/// An unreadable row with all its problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The row; cells of columns that hold passwords or keys are empty.
    pub raw: Raw,
    /// What is wrong, and what to do.
    pub problems: Vec<Problem>,
}

/// The result of reading.
#[derive(Debug, Default)]
pub struct Checked {
    /// What reading it into a draft would show.
    pub read: ReadRows,
    /// The first rows; cells of columns that hold passwords or keys are empty.
    pub first: Vec<Raw>,
    /// The first unreadable rows.
    pub bad: Vec<BadRow>,
}

/// Reads every row as the draft would that begins at this moment.
///
/// # Errors
/// Reading the file fails.
pub fn check_rows(
    sheet: &mut Sheet,
    job: Job,
    columns: &Columns,
    now: Timestamp,
) -> Result<Checked, PlanError> {
    let mut checked = Checked::default();
    let today = day(now);
    let read = |raw: Raw| (intent::read(job, &raw, columns, today), raw);
    read_ahead(sheet, read, |rows| {
        for row in rows {
            let (intent, raw) = row?;
            checked.add(raw, intent, columns);
        }
        Ok(checked)
    })
}

impl Checked {
    fn add(&mut self, raw: Raw, intent: Result<Intent, NoIntent>, columns: &Columns) {
        self.read.unseen.note(&raw, columns);
        self.read.rows += 1;
        match intent {
            Ok(intent) => self.read.dropped.extend(intent.dropped),
            Err(NoIntent::NotAsked(_) | NoIntent::Kept(..)) => {}
            Err(NoIntent::Unreadable(problems)) => {
                self.read.bad += 1;
                let room = KEPT.saturating_sub(self.read.problems.len());
                self.read.problems.extend(problems.iter().take(room).cloned());
                if self.bad.len() < SHOWN {
                    self.bad.push(BadRow { raw: raw.clone(), problems });
                }
            }
        }
        if self.first.len() < SHOWN {
            self.first.push(raw);
        }
    }
}
