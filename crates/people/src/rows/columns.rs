//! Which column is what.
//!
//! Headings are compared by their words ([`normalized`]); `--map` goes before everything. Where two
//! columns could both be what decides whom a change hits (a person, a group, products), that is an
//! error, even if they agree in the first rows: nothing shows that they do in the last. So is a column
//! that looks like one of the job and is read from nowhere. Columns that are only shown may come twice;
//! the likeliest is taken.

use super::column_name::{column_name, name_of};
use super::error::SheetError;
use super::finding::{Found, Sought, Twin};
use super::heading_words::normalized;
use super::options::Options;
use super::quoting::shell;
use super::remedy;
use super::secret::secret_columns;
use super::wanted::{Field, Job, LEFT_OUT, is_known, told, wanted};

/// Which column is what, for one job and one sheet.
#[derive(Clone, Debug)]
pub struct Columns {
    headings: Vec<String>,
    found: Found,
    secret: Vec<usize>,
}

/// Whether a heading means something to any job, or is named by a `--map`.
pub(super) fn known(heading: &str, map: &[(String, String)]) -> bool {
    let spelt = normalized(heading);
    is_known(heading) || map.iter().any(|(_, mapped)| normalized(mapped) == spelt)
}

impl Columns {
    /// Finds the columns a job uses.
    ///
    /// # Errors
    /// A needed column is missing; one that is used is headed by data; two columns could both be it; a
    /// column without a known heading looks like one of the job; a `--map` names a field or a heading
    /// that is not there. The errors call the sheet "the sheet"; see [`Sheet::columns`] for ones
    /// that name it.
    ///
    /// [`Sheet::columns`]: super::Sheet::columns
    pub fn find(job: Job, headings: &[String], options: &Options) -> Result<Self, SheetError> {
        Self::find_by_rows(&Sought { job, headings, first: &[] }, options)
    }

    /// The same where the first rows are known.
    pub(super) fn find_by_rows(sought: &Sought<'_>, options: &Options) -> Result<Self, SheetError> {
        let found = sought.found(&options.map);
        let found = found.map_err(|trouble| remedy::error(sought, options, trouble))?;
        let secret = secret_columns(sought.headings, &options.map);
        Ok(Self { headings: sought.headings.to_vec(), found, secret })
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

    /// Columns that could be the same field as another, and must be the same in every row.
    pub(super) fn twins(&self) -> &[Twin] {
        &self.found.twins
    }

    /// The column with which this one is the same in every row.
    pub(super) fn twin_of(&self, at: usize) -> Option<usize> {
        self.found.twins.iter().find(|twin| twin.other == at).map(|twin| twin.used)
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
