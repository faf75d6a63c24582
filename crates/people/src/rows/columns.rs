//! Which column is what.
//!
//! Headings are compared by their words ([`normalized`]); `--map` goes before everything. Where two
//! columns could both be what decides whom a change hits (a person, a group, products), that is an
//! error, even if they agree in the first rows: nothing shows that they do in the last. So is a column
//! that looks like one of the job and is read from nowhere. Columns that are only shown may come twice;
//! the likeliest is taken.

use headcount_model::reading::Reading;
use headcount_sheet::heading::names::{column, column_name, letters, name_of};
use headcount_sheet::quoting::shell;
use headcount_sheet::{Advice, Change, Options, Sheet, SheetError, cell_text, secret_columns};

use super::answers::{Answer, answer};
use super::finding::{ChosenBy, Found, Sought, Twin};
use super::heading_line;
use super::remedy;
use super::wanted::{Field, Job, LEFT_OUT, fields_of, is_export, told, wanted};

/// Which column is what, for one job and one sheet.
#[derive(Clone, Debug)]
pub struct Columns {
    headings: Vec<String>,
    found: Found,
    secret: Vec<usize>,
    /// Columns of which no option speaks, and below which an answer would decide on its row; and the
    /// yes that all of the first rows say there.
    undecided: Vec<(usize, Option<Answer>)>,
}

/// What a row's own cell says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A yes: it is meant.
    Yes,
    /// A no, or nothing: it is not to be changed.
    No,
    /// Something else: what it says is not certain.
    Unclear,
}

impl Columns {
    /// Finds the columns a job uses.
    ///
    /// # Errors
    /// A needed column is missing; one that is used is headed by data; two columns could both be it; a
    /// column that no heading tells looks like one of the job; a `--map` names a field or a heading
    /// that is not there. The errors call the sheet "the sheet"; see [`Columns::of`] for ones
    /// that name it.
    pub fn find(job: Job, headings: &[String], options: &Options) -> Result<Self, SheetError> {
        Self::find_by_rows(&Sought { job, headings, first: &[] }, options)
    }

    /// The same where the first rows are known.
    fn find_by_rows(sought: &Sought<'_>, options: &Options) -> Result<Self, SheetError> {
        let found = sought.found(&options.map);
        let found = found.map_err(|trouble| remedy::error(sought, options, trouble))?;
        let secret = secret_columns(sought.headings, &options.map);
        let mut undecided = sought.undecided(&options.map);
        undecided.retain(|at| !found.fields.iter().any(|(_, used)| used == at));
        let undecided = undecided.into_iter().map(|at| (at, sought.same_yes(at))).collect();
        Ok(Self { headings: sought.headings.to_vec(), found, secret, undecided })
    }

    /// Finds the columns of a sheet; errors name the sheet and the heading's line.
    ///
    /// # Errors
    /// As [`Columns::find`]; a column that the job would use is hidden; the headings seem to be on
    /// another line.
    pub fn of(sheet: &Sheet, job: Job, options: &Options) -> Result<Self, SheetError> {
        let place = match options.no_headings {
            true => sheet.name().to_owned(),
            false => format!("{}, line {}", sheet.name(), sheet.heading_line()),
        };
        let sought = Sought { job, headings: sheet.headings(), first: sheet.first_rows() };
        let found = Self::find_by_rows(&sought, options);
        let found = found.map_err(|error| match options.no_headings {
            true => error,
            false => {
                let above = (sheet.heading_line(), sheet.lines_above());
                heading_line::better(error, &sought, above, options)
            }
        });
        let columns = found.and_then(|columns| {
            sheet.check_headings()?;
            let title = heading_line::below_a_title(&sought, options);
            title.map_or(Ok(()), Err)?;
            columns.only_seen(sheet, job, options)
        });
        columns.map_err(|error| error.at(&place).with_hidden_sheets(sheet.hidden_sheets()))
    }

    /// Refuses a hidden column that the job would use, unless it is mapped.
    fn only_seen(self, sheet: &Sheet, job: Job, options: &Options) -> Result<Self, SheetError> {
        for field in fields_of(job) {
            let Some(at) = self.index(field) else { continue };
            let is_mapped =
                options.map.iter().any(|(_, mapped)| column(&self.headings, mapped) == Ok(at));
            if sheet.hides(at) && !is_mapped {
                let (name, letters) = (sheet.name().to_owned(), letters(at));
                let (heading, advice) = (self.heading(at), self.that_it_is_meant(job, field, at));
                return Err(SheetError::HiddenColumn { name, heading, letters, advice });
            }
        }
        Ok(self)
    }

    fn that_it_is_meant(&self, job: Job, field: Field, at: usize) -> Advice {
        // Exports are read as Atlassian writes them.
        if is_export(job) {
            return Advice::default();
        }
        let mut advice = Advice::words("; to use it anyway: ");
        let map = vec![(field.name().to_owned(), name_of(&self.headings, at))];
        advice.offer(vec![Change::of_map(map)]);
        advice
    }

    /// How a sheet was understood so far: complete once all rows were read.
    pub fn reading(&self, sheet: &Sheet, job: Job) -> Reading {
        let place = |field: Field| Some((field.name(), self.index(field)?));
        let found: Vec<_> = fields(job).into_iter().filter_map(place).collect();
        let twins = self.found.twins.iter();
        let same: Vec<_> = twins.map(|twin| (twin.other, twin.used)).collect();
        sheet.reading(&found, &same)
    }

    /// The place of a field's column in a row, from 0.
    pub fn index(&self, field: Field) -> Option<usize> {
        self.found.fields.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    /// Whether a column is read for the job.
    pub fn uses(&self, at: usize) -> bool {
        self.found.fields.iter().any(|(_, known)| *known == at)
    }

    /// The heading of a column, or its letter where it has none.
    pub fn heading(&self, at: usize) -> String {
        column_name(&self.headings, at)
    }

    /// The option that leaves a column out, as it is typed.
    pub fn option_to_leave_out(&self, at: usize) -> String {
        format!("--map {LEFT_OUT}={}", shell(&name_of(&self.headings, at)))
    }

    /// Whether it was said that a column means nothing.
    pub fn is_left_out(&self, at: usize) -> bool {
        self.found.left_out.contains(&at)
    }

    /// The column whose answers choose the rows, and what it says of a row.
    pub fn chosen(&self, cells: &[String]) -> Option<(usize, Chosen)> {
        let ChosenBy { at, has_ticks } = self.found.chosen_by?;
        let cell = cells.get(at).map_or("", String::as_str);
        let chosen = match answer(cell) {
            Some(Answer::Yes) => Chosen::Yes,
            Some(Answer::Cross) if !has_ticks => Chosen::Yes,
            Some(Answer::No) => Chosen::No,
            None if cell_text(cell).is_empty() => Chosen::No,
            Some(Answer::Cross | Answer::YesBut) | None => Chosen::Unclear,
        };
        Some((at, chosen))
    }

    /// A column that is read from nowhere, and that seems to decide on the row: with an answer, or with
    /// something else than the yes of the first rows.
    pub fn passed_answer(&self, cells: &[String]) -> Option<usize> {
        let decides = |(at, yes): &&(usize, Option<Answer>)| {
            let answer = cells.get(*at).and_then(|cell| answer(cell));
            if yes.is_some() { answer != *yes } else { answer.is_some() }
        };
        self.undecided.iter().find(decides).map(|(at, _)| *at)
    }

    /// Columns that could be the same field as another, and must be the same in every row.
    pub(super) fn twins(&self) -> &[Twin] {
        &self.found.twins
    }

    /// The columns that hold passwords or keys, from 0, whatever the job: the reader masks their
    /// cells.
    pub fn secret_indexes(&self) -> &[usize] {
        &self.secret
    }
}

/// The field that a heading names, for this job.
pub fn told_by(job: Job, heading: &str) -> Option<Field> {
    told(job, heading).map(|(field, _)| field)
}

/// The fields a job can use, in the order in which messages list them; none of those that the API no
/// longer takes.
pub fn fields(job: Job) -> Vec<Field> {
    let all = wanted(job).iter().map(|(field, _)| *field);
    all.filter(|field| !matches!(field, Field::Gone(_))).collect()
}
