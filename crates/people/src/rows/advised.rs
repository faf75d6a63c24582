//! Advice that needs to open the file again: which sheet of a workbook, and what to do with hidden rows. Each
//! alternative is tried on the file before it is shown.

use super::columns::Columns;
use super::needs::example_headings;
use super::wanted::{Job, LEFT_OUT};
use headcount_sheet::Sheet;
use headcount_sheet::SheetError;
use headcount_sheet::{Advice, Change};
use headcount_sheet::{HiddenRowsChoice, Options};

/// The most options in a row that are offered as advice.
const STEPS: usize = 4;

/// How many sheets are tried.
const SHEETS: usize = 20;

/// The same error with the options that solve it. `open` opens the same file again.
pub fn advised(
    error: SheetError,
    job: Job,
    options: &Options,
    open: &dyn Fn(&Options) -> Result<Sheet, SheetError>,
) -> SheetError {
    let trial = Trial { job, options, open };
    match error {
        SheetError::SeveralSheets { name, sheets, hidden, .. } => {
            let mut advice = Advice::default();
            let usable = trial.usable(sheets.iter().take(SHEETS).map(|sheet| of_sheet(sheet)));
            if !usable.is_empty() {
                advice.say(": ");
                advice.offer(usable);
            }
            SheetError::SeveralSheets { name, sheets, hidden, advice }
        }
        SheetError::OnlyHiddenSheets { name, sheets, .. } => {
            let usable = trial.usable(sheets.iter().take(SHEETS).map(|sheet| of_sheet(sheet)));
            let mut advice = Advice::words(match (usable.is_empty(), sheets.len()) {
                (true, _) => ", which this job cannot use",
                (false, 1) => ". To read it, name it: ",
                (false, _) => ". To read one of them, name it: ",
            });
            advice.offer(usable);
            SheetError::OnlyHiddenSheets { name, sheets, advice }
        }
        SheetError::HiddenRows { name, rows, .. } => {
            let of = |choice| Change { hidden_rows: Some(choice), ..Change::default() };
            let choices = [
                (HiddenRowsChoice::Include, " uses them"),
                (HiddenRowsChoice::Skip, " leaves them out"),
            ];
            let mut advice = Advice::default();
            for (choice, what) in choices {
                let sure = trial.with_all_it_needs(of(choice), Rows::Asked);
                let every = || trial.with_all_it_needs(of(choice), Rows::All);
                let more = if sure.is_none() { ", also those with a no" } else { "" };
                let Some(change) = sure.or_else(every) else { continue };
                advice.say(if advice.words.is_empty() { "; or decide here: " } else { ", " });
                advice.offer(vec![change]);
                advice.say(what);
                advice.say(more);
            }
            SheetError::HiddenRows { name, rows, advice }
        }
        SheetError::Empty { name, .. } => {
            SheetError::Empty { name, headings: example_headings(job) }
        }
        error => error,
    }
}

/// Whether the advice may use rows with a no: only if the message says so.
fn uses_every_row(error: &SheetError, next: &Change) -> bool {
    matches!(error, SheetError::RowAnswers { .. })
        && next.map.first().is_some_and(|(name, _)| name == LEFT_OUT)
}

fn of_sheet(sheet: &str) -> Change {
    Change { sheet: Some(sheet.to_owned()), ..Change::default() }
}

/// The rows that options may use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// No row with a no in a column that decides.
    Asked,
    All,
}

struct Trial<'a> {
    job: Job,
    options: &'a Options,
    open: &'a dyn Fn(&Options) -> Result<Sheet, SheetError>,
}

impl Trial<'_> {
    /// The changes with which the job finds its columns, each with all other options that it needs. If some need
    /// no others, only those.
    fn usable(&self, changes: impl Iterator<Item = Change>) -> Vec<Change> {
        let tried: Vec<(bool, Change)> = changes
            .filter_map(|change| {
                let whole = self.with_all_it_needs(change.clone(), Rows::Asked)?;
                Some((whole == change, whole))
            })
            .collect();
        let is_plain = tried.iter().any(|(plain, _)| *plain);
        tried
            .into_iter()
            .filter(|(plain, _)| *plain || !is_plain)
            .map(|(_, change)| change)
            .collect()
    }

    /// A change with the options that its own errors offer, until the job finds its columns and a row.
    fn with_all_it_needs(&self, mut change: Change, rows: Rows) -> Option<Change> {
        for _ in 0..STEPS {
            let options = change.added_to(self.options);
            let sheet = match (self.open)(&options) {
                Ok(sheet) => sheet,
                Err(error) => {
                    change = change.and(&self.next(error, &options)?);
                    continue;
                }
            };
            match Columns::of(&sheet, self.job, &options) {
                Ok(_) if sheet.is_empty() => return None,
                Ok(_) => return Some(change),
                // If the headings are hidden, the first visible row is not the headings.
                Err(error) => {
                    let is_safe = |next: &&Change| {
                        !next.no_headings && (rows == Rows::All || !uses_every_row(&error, next))
                    };
                    change = change.and(error.options().first().filter(is_safe)?);
                }
            }
        }
        None
    }

    /// The option that an error of opening offers: rows of the chosen sheet may be hidden.
    fn next(&self, error: SheetError, options: &Options) -> Option<Change> {
        let SheetError::HiddenRows { .. } = error else { return None };
        let skip = Change { hidden_rows: Some(HiddenRowsChoice::Skip), ..Change::default() };
        let include = Change { hidden_rows: Some(HiddenRowsChoice::Include), ..Change::default() };
        let opens = |change: &Change| {
            let options = change.added_to(options);
            let sheet = (self.open)(&options).ok()?;
            let ends = Columns::of(&sheet, self.job, &options);
            (ends.is_ok() || ends.is_err_and(|error| !error.options().is_empty())).then_some(())
        };
        [skip, include].into_iter().find(|change| opens(change).is_some())
    }
}
