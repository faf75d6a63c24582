//! The columns of a job as headings, a `--map` and the first rows tell them together.

use super::cell::trim;
use super::fitting::{Fit, are_equal, fit};
use super::search::{Trouble, attempt};
use super::telling_cells::doubt;
use super::wanted::{Field, Job, LEFT_OUT, field, told};
use headcount_sheet::FirstRows;
use headcount_sheet::heading::names::{by_letter, column};

/// What the columns are looked for with.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    pub(super) job: Job,
    pub(super) headings: &'a [String],
    /// The first rows below the headings; none where only the headings are known.
    pub(super) first: &'a FirstRows,
}

/// Two columns that could both be a field, and are the same as far as was seen. Each row is held to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Twin {
    pub(super) field: Field,
    /// The column that is used, from 0.
    pub(super) used: usize,
    /// The other one.
    pub(super) other: usize,
}

/// Which column is what.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) fields: Vec<(Field, usize)>,
    pub(super) twins: Vec<Twin>,
    /// Columns of which was said that they mean nothing.
    pub(super) left_out: Vec<usize>,
}

impl Sought<'_> {
    /// Finds the columns. Two that could both be it are none where they hold the same.
    pub(super) fn found(&self, map: &[(String, String)]) -> Result<Found, Trouble> {
        let Self { job, headings, first } = *self;
        let mut with_twins = map.to_vec();
        let mut twins = Vec::new();
        loop {
            let fields = attempt(job, headings, &with_twins);
            let settled = fields.and_then(|fields| {
                doubt(job, headings, first, &fields, &with_twins).map_or(Ok(fields), Err)
            });
            match settled {
                Ok(fields) => {
                    let said = map.iter().filter(|(name, _)| name == LEFT_OUT);
                    let left_out = said.filter_map(|(_, heading)| column(headings, heading).ok());
                    return Ok(Found { fields, twins, left_out: left_out.collect() });
                }
                Err(Trouble::Two(field, one, other)) if self.is_one(field, one, other) => {
                    let (used, other) = self.preferred(one, other);
                    with_twins.push((LEFT_OUT.to_owned(), by_letter(other)));
                    twins.push(Twin { field, used, other });
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// Whether most of the first rows have no cell beyond the headings.
    fn has_a_heading_for_each_cell(&self) -> bool {
        let is_within = |(_, cells): &&(u64, Vec<String>)| {
            cells.iter().skip(self.headings.len()).all(|cell| trim(cell).is_empty())
        };
        self.first.iter().filter(is_within).count() * 2 >= self.first.len()
    }

    /// The first of the two, unless only the other has a heading of the job.
    fn preferred(&self, one: usize, other: usize) -> (usize, usize) {
        let (first, second) = (one.min(other), one.max(other));
        let is_told = |at: usize| told(self.job, &self.headings[at]).is_some();
        if is_told(second) && !is_told(first) { (second, first) } else { (first, second) }
    }

    /// Whether two columns can be taken for one. (A role keeps administrators safe, so it is none.)
    fn is_one(&self, field: Field, one: usize, other: usize) -> bool {
        let is_named = |at: usize| column(self.headings, &by_letter(at)) == Ok(at);
        field != Field::OrgRole && is_named(one) && is_named(other) && {
            let (used, other) = self.preferred(one, other);
            are_equal(field, used, other, self.first)
        }
    }

    /// Whether the cells of these options' columns hold what the options say, and a column that tells
    /// whom the job means does.
    pub(super) fn fits(&self, map: &[(String, String)], found: &Found) -> bool {
        let is_said = |(name, heading): &(String, String)| {
            let told = field(self.job, name).zip(column(self.headings, heading).ok());
            let holds = |(field, at)| fit(field, at, self.first) == Fit::Fits;
            self.first.is_empty() || told.is_none_or(holds)
        };
        let holds_other = |wanted: Field| {
            let mut all = found.fields.iter().filter(|(field, _)| *field == wanted);
            all.any(|(field, at)| fit(*field, *at, self.first) == Fit::Other)
        };
        let has_mail = found.fields.iter().any(|(field, _)| *field == Field::Email);
        let is_told = !holds_other(Field::Email) && (has_mail || !holds_other(Field::AccountId));
        map.iter().all(is_said) && is_told && self.has_a_heading_for_each_cell()
    }
}
