//! Suggests corrections for names that were not found. It chooses nothing itself.
//!
//! A wrong user is worse than none. So a user is suggested only if all users with their emails are known (from an
//! export of all users): the most similar of only the spreadsheet's users is certainly not the intended one. A
//! user who is already in the spreadsheet, or whose name differs from a row's name, is not suggested.

use std::collections::BTreeMap;

use super::draft::day;
use super::intent;
use super::name_mismatch::is_another;
use crate::directory::{Directory, FoundGroup, FoundPerson};
use crate::error::PlanError;
use crate::lookup::{BATCH, NameKind};
use crate::rows::{Columns, Field, NameColumns, WhichUser};
use headcount_journal::{Filter, Journal, Page, RowView, Run};
use headcount_model::reason::Reason;
use headcount_model::spelling::spelled;
use headcount_model::user::mail_key;
use headcount_sheet::{Corrections, Raw, cell_text, trim};

/// How many names are shown; with more, the user has to correct the spreadsheet itself.
const NAMES: usize = 50;

/// How many rows are searched for each reason.
const ROWS: u64 = 10_000;

/// A name that was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The name in the spreadsheet.
    pub written: String,
    /// Whether it is the name of a group.
    pub is_group: bool,
    /// The suggestion, if exactly one name is similar.
    pub near: Option<Suggestion>,
    /// The cells with the name.
    places: Vec<Place>,
}

/// A suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The email or the group's name, as the site has it.
    pub there: String,
    /// The user with this email.
    pub whose: Option<String>,
}

/// A cell with the name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    row: u64,
    column: usize,
    /// The cell's text, if it has several names.
    list: Option<String>,
}

impl Missing {
    /// How many rows have the name.
    pub fn rows(&self) -> u64 {
        self.places.len() as u64
    }

    /// Replaces the name, also in cells in which other names were corrected before.
    pub fn correct(&self, instead: &str, cells: &mut Corrections) {
        for place in &self.places {
            let at = (place.row, place.column);
            let cell = match &place.list {
                Some(cell) => in_list(cells.get(&at).unwrap_or(cell), &self.written, instead),
                None => instead.to_owned(),
            };
            cells.insert(at, cell);
        }
    }
}

/// The names in a plan's rows that were not found, in the spreadsheet's order; called while the plan is a draft.
///
/// # Errors
/// The journal cannot be read.
pub fn missing_names(
    journal: &Journal,
    run: &Run,
    columns: &Columns,
    directory: &Directory,
) -> Result<Vec<Missing>, PlanError> {
    let names = NameColumns::of(columns);
    let mut missing = Vec::new();
    for reason in [Reason::GroupNotFound, Reason::UserNotFound] {
        let look = Look { journal, run, columns, directory, names: &names, reason };
        let is_group = reason == Reason::GroupNotFound;
        let mut found = Found { is_group, ..Found::default() };
        let (mut after, mut looked) = (0, 0);
        while looked < ROWS {
            let page = journal.find_rows(
                &run.id,
                &Filter::of_reason(reason),
                Page::after(after, BATCH),
            )?;
            let Some(last) = page.last() else { break };
            after = last.row;
            looked += page.len() as u64;
            for row in &page {
                look.note_row(&mut found, row)?;
            }
        }
        missing.extend(found.missing);
    }
    Ok(missing)
}

/// The names found so far.
#[derive(Default)]
struct Found {
    missing: Vec<Missing>,
    /// Whether they are names of groups.
    is_group: bool,
    /// The index of each name in `missing`.
    known: BTreeMap<String, usize>,
}

impl Found {
    /// Notes a name in a cell. A similar name is searched once, and must fit every row with the name.
    fn note<E>(
        &mut self,
        written: &str,
        place: Place,
        near: impl FnOnce() -> Result<Option<Suggestion>, E>,
        fits: impl FnOnce(&Suggestion) -> bool,
    ) -> Result<(), E> {
        let at = match self.known.get(written) {
            Some(at) => {
                let missing = &mut self.missing[*at];
                missing.near = missing.near.take().filter(fits);
                *at
            }
            None if self.missing.len() >= NAMES => return Ok(()),
            None => {
                let near = near()?;
                self.missing.push(Missing {
                    written: written.to_owned(),
                    is_group: self.is_group,
                    near,
                    places: Vec::new(),
                });
                self.known.insert(written.to_owned(), self.missing.len() - 1);
                self.missing.len() - 1
            }
        };
        self.missing[at].places.push(place);
        Ok(())
    }
}

/// The data with which rows are checked.
struct Look<'l> {
    journal: &'l Journal,
    run: &'l Run,
    columns: &'l Columns,
    directory: &'l Directory,
    names: &'l NameColumns,
    reason: Reason,
}

impl Look<'_> {
    fn note_row(&self, found: &mut Found, row: &RowView) -> Result<(), PlanError> {
        let (number, line, cells) = (row.row, row.line, row.cells.clone());
        let raw = Raw { number, line, cells, problem: None, faint: None, comments: Vec::new() };
        let place = |column, list| Place { row: row.row, column, list };
        let column = |field| self.columns.index(field);
        let today = day(self.run.created_at);
        let Ok(intent) = intent::read(self.run.job, &raw, self.columns, today) else {
            return Ok(());
        };
        if self.reason == Reason::UserNotFound {
            let Some(WhichUser { account: None, mail: Some(mail) }) = intent.user else {
                return Ok(());
            };
            let Some(column) = column(Field::Email) else { return Ok(()) };
            let fits = |near: &Suggestion| !self.calls_another(row, near.whose.as_deref());
            return found.note(&mail, place(column, None), || self.near_person(&mail, row), fits);
        }
        let list = column(Field::Groups);
        let at = list.or_else(|| column(Field::GroupName)).or_else(|| column(Field::Group));
        let Some(at) = at else { return Ok(()) };
        let named = intent.groups.into_iter().filter(|group| group.id.is_none());
        for name in named.filter_map(|group| group.name) {
            if matches!(self.directory.group_by_name(&name), FoundGroup::Nothing) {
                let place = place(at, list.map(|at| row.cells[at].clone()));
                found.note(&name, place, || self.near_group(&name), |_| true)?;
            }
        }
        Ok(())
    }

    fn near_group(&self, name: &str) -> Result<Option<Suggestion>, PlanError> {
        Ok(match self.directory.nearest_groups(name, 2).as_slice() {
            [one] => Some(Suggestion { there: (*one).to_owned(), whose: None }),
            _ => None,
        })
    }

    fn near_person(&self, mail: &str, row: &RowView) -> Result<Option<Suggestion>, PlanError> {
        let &[there] = self.directory.nearest_of_all_mails(mail, 2).as_slice() else {
            return Ok(None);
        };
        let FoundPerson::One(at) = self.directory.people_by_mail(there) else { return Ok(None) };
        let person = self.directory.person(at);
        let holds =
            |kind: NameKind, name: &str| self.journal.holds_name(&self.run.id, kind.word(), name);
        let is_in_sheet = holds(NameKind::Mail, &mail_key(there))?
            || holds(NameKind::Account, person.id.as_str())?;
        let whose = person.name.as_deref();
        if is_in_sheet || self.calls_another(row, whose) {
            return Ok(None);
        }
        Ok(Some(Suggestion { there: there.to_owned(), whose: whose.map(str::to_owned) }))
    }

    fn calls_another(&self, row: &RowView, whose: Option<&str>) -> bool {
        let called = self.names.written(&row.cells);
        whose.zip(called.as_deref()).is_some_and(|(site, called)| is_another(called, site))
    }
}

/// A cell with several names, with one of them replaced.
fn in_list(cell: &str, written: &str, instead: &str) -> String {
    let names = cell.split(';');
    let is_it = |name: &str| spelled(cell_text(name)) == written;
    let names = names.map(|name| if is_it(name) { instead } else { trim(name) });
    names.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn a_name_is_corrected_in_its_cells_and_in_lists() {
        let whole = Place { row: 3, column: 1, list: None };
        let list = Place { row: 4, column: 2, list: Some("oslo ;huston; huston-sales".into()) };
        let named = |written: &str, places| Missing {
            written: written.into(),
            is_group: true,
            near: None,
            places,
        };
        let missing = named("huston", vec![whole, list.clone()]);
        let mut corrected = Corrections::new();
        missing.correct("houston", &mut corrected);
        assert_eq!(corrected[&(3, 1)], "houston");
        assert_eq!(corrected[&(4, 2)], "oslo; houston; huston-sales");
        assert_eq!(missing.rows(), 2);
        // Another name in the same cell does not undo the first correction.
        named("oslo", vec![list]).correct("bergen", &mut corrected);
        assert_eq!(corrected[&(4, 2)], "bergen; houston; huston-sales");
        // Names are compared as the reader takes them.
        assert_eq!(in_list("oslo; \"huston\"", "huston", "houston"), "oslo; houston");
        assert_eq!(in_list("oslo;'-huston", "-huston", "houston"), "oslo; houston");
        assert_eq!(in_list("oslo;hu\u{200b}ston\u{a0}", "huston", "houston"), "oslo; houston");
    }

    #[test]
    fn what_is_near_to_a_name_is_looked_for_once() {
        let mut found = Found::default();
        let place = |row| Place { row, column: 0, list: None };
        let near = Suggestion { there: "houston".into(), whose: None };
        let once = || Ok::<_, Infallible>(Some(near.clone()));
        let twice = || -> Result<_, Infallible> { unreachable!("compared twice") };
        assert_eq!(found.note("huston", place(1), once, |_| true), Ok(()));
        assert_eq!(found.note("huston", place(2), twice, |_| true), Ok(()));
        assert_eq!(found.missing[0].rows(), 2);
        assert_eq!(found.missing[0].near, Some(near.clone()));
        // One row that names another user is enough.
        assert_eq!(found.note("huston", place(3), twice, |_| false), Ok(()));
        assert_eq!((found.missing[0].rows(), &found.missing[0].near), (3, &None));
    }
}
