//! Reads a list from a spreadsheet, or from the sheets of a workbook: a sheet of users, one of memberships, and one
//! with the groups that the list owns.

use std::sync::Arc;

use headcount_model::reading::Reading;
use headcount_sheet::{Options, Problem, Raw, Sheet, SheetError, cell_text, normalized};

use super::list::{Gathered, List, ListedUser, Place};
use crate::rows::{
    self, Chosen, Columns, Field, Intent, ListRow, ProductsCell, SheetJob, WhichGroup, told_by,
    which_user,
};

/// How many problems are kept to be shown; the others are only counted.
const KEPT: usize = 200;

/// The name of the sheet with the groups that the list owns, normalized.
const MANAGED_GROUPS: &str = "managedgroups";

/// A list, as it was read.
#[derive(Debug, Default)]
pub struct ReadList {
    /// The list.
    pub list: List,
    /// The number of rows.
    pub rows: u64,
    /// The number of rows with a problem. A list with such rows is not used: a user whose row is left out would count
    /// as absent.
    pub bad: u64,
    /// The first problems, at most 200.
    pub problems: Vec<Problem>,
    /// How the file was understood, if it has only one sheet.
    pub reading: Option<Reading>,
}

/// What the rows of a sheet are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Users,
    Memberships,
    ManagedGroups,
}

impl Kind {
    /// A sheet of memberships has a column for one group, and none for several.
    fn of(name: Option<&str>, headings: &[String]) -> Self {
        if name.is_some_and(|name| normalized(name) == MANAGED_GROUPS) {
            return Self::ManagedGroups;
        }
        let has = |job: SheetJob, wanted: &[Field]| {
            let told = |heading: &String| told_by(job, heading);
            headings.iter().filter_map(told).any(|field| wanted.contains(&field))
        };
        let of_users = [Field::Groups, Field::Products];
        let group = [Field::Group, Field::GroupName, Field::GroupId];
        match has(SheetJob::Memberships, &group) && !has(SheetJob::List, &of_users) {
            true => Self::Memberships,
            false => Self::Users,
        }
    }

    fn sheet(self) -> SheetJob {
        match self {
            Self::Users => SheetJob::List,
            Self::Memberships => SheetJob::Memberships,
            Self::ManagedGroups => SheetJob::Groups,
        }
    }
}

/// Reads the sheets of a list one by one.
#[derive(Debug, Default)]
pub struct Reader {
    gathered: Gathered,
    read: ReadList,
    sheets: u64,
}

impl Reader {
    /// Reads a sheet. `name`: its name, if the workbook has several.
    ///
    /// # Errors
    /// The file cannot be read, or its columns are uncertain.
    pub fn read(
        &mut self,
        mut sheet: Sheet,
        name: Option<&str>,
        options: &Options,
    ) -> Result<(), SheetError> {
        let kind = Kind::of(name, sheet.headings());
        let columns = Columns::of(&sheet, kind.sheet(), options)?;
        match kind {
            Kind::Users => {}
            Kind::Memberships => self.gathered.begin_memberships(),
            Kind::ManagedGroups => self.gathered.begin_managed_groups(),
        }
        let name: Option<Arc<str>> = name.map(Into::into);
        for raw in sheet.by_ref() {
            let raw = raw?;
            self.read.rows += 1;
            let place = Place { sheet: name.clone(), line: raw.line };
            if let Err(problems) = self.row(kind, &raw, &columns, place) {
                self.read.bad += 1;
                let room = KEPT.saturating_sub(self.read.problems.len());
                let of_sheet = problems.into_iter().map(|problem| in_sheet(problem, &name));
                self.read.problems.extend(of_sheet.take(room));
            }
        }
        self.sheets += 1;
        let reading = columns.reading(&sheet, kind.sheet());
        self.read.reading = (self.sheets == 1).then_some(reading);
        Ok(())
    }

    /// Reads all filled sheets of a file. `open` opens it with given options.
    ///
    /// # Errors
    /// As of [`read`](Self::read).
    pub fn read_all(
        options: &Options,
        open: &dyn Fn(&Options) -> Result<Sheet, SheetError>,
    ) -> Result<ReadList, SheetError> {
        let mut reader = Self::default();
        match open(options) {
            Ok(sheet) => {
                all_shown(sheet.name(), sheet.hidden_sheets())?;
                reader.read(sheet, None, options)?;
            }
            Err(SheetError::SeveralSheets { name, sheets, hidden, .. }) => {
                all_shown(&name, &hidden)?;
                for name in sheets {
                    let options = Options { sheet: Some(name.clone()), ..options.clone() };
                    reader.read(open(&options)?, Some(&name), &options)?;
                }
            }
            Err(error) => return Err(error),
        }
        Ok(reader.end())
    }

    /// The list.
    pub fn end(self) -> ReadList {
        ReadList { list: self.gathered.end(), ..self.read }
    }

    fn row(
        &mut self,
        kind: Kind,
        raw: &Raw,
        columns: &Columns,
        place: Place,
    ) -> Result<(), Vec<Problem>> {
        let carried = columns.with_carried_faint(raw);
        let raw = carried.as_ref().unwrap_or(raw);
        if let Some(problem) = &raw.problem {
            return Err(vec![problem.clone()]);
        }
        if let Some(problem) = not_meant(raw, columns) {
            return Err(vec![problem]);
        }
        let alone = |problem| vec![problem];
        match kind {
            Kind::Users => {
                let row = ListRow::read(raw, columns)?;
                self.gathered.add_user(listed(row, place)).map_err(alone)
            }
            Kind::Memberships => {
                let Intent { user, groups, .. } = rows::member(raw, columns)?;
                let (user, group) = (user.unwrap_or_default(), groups.into_iter().next());
                let group = group.unwrap_or_default();
                self.gathered.add_membership(user, group, place).map_err(alone)
            }
            Kind::ManagedGroups => {
                let groups = rows::group(raw, columns)?.groups;
                groups.into_iter().for_each(|group| self.gathered.add_managed_group(group));
                Ok(())
            }
        }
    }
}

/// Refuses hidden sheets: each sheet is a part of the list, and a hidden `managedGroups` would say what it owns.
fn all_shown(name: &str, hidden: &[String]) -> Result<(), SheetError> {
    match hidden {
        [] => Ok(()),
        hidden => Err(SheetError::HiddenSheets { name: name.to_owned(), sheets: hidden.to_vec() }),
    }
}

/// A cell that says whether the row is meant. In a list every row counts: a user whose row did not would be absent.
fn not_meant(raw: &Raw, columns: &Columns) -> Option<Problem> {
    let chosen = columns.chosen(&raw.cells).filter(|(_, chosen)| *chosen != Chosen::Yes);
    let asked = columns.index(Field::Action);
    let at = chosen.map(|(at, _)| at).or(asked).or_else(|| columns.passed_answer(&raw.cells))?;
    let cell = cell_text(raw.cells.get(at).map_or("", String::as_str));
    let what = match cell {
        "" => "the cell is empty, so the row may not be meant".to_owned(),
        _ => "the cell says what to do with the row, and in a list every row counts".to_owned(),
    };
    let todo =
        format!("remove the row, or leave the column out: {}", columns.option_to_leave_out(at));
    Some(Problem { line: raw.line, column: Some(columns.heading(at)), what, todo })
}

fn listed(row: ListRow, place: Place) -> ListedUser {
    let ListRow { account_id, email, display_name, status, groups, products, apps } = row;
    ListedUser {
        user: which_user(account_id, email),
        name: display_name,
        place,
        status,
        says_groups: groups.is_some(),
        groups: groups.map(|groups| groups.into_iter().map(WhichGroup::in_a_list).collect()),
        products: match products {
            ProductsCell::Default => None,
            ProductsCell::None => Some(Vec::new()),
            ProductsCell::These(products) => Some(products),
        },
        named_apps: apps,
        apps: Vec::new(),
        has_row: true,
    }
}

/// The problem with the name of its sheet, if the workbook has several.
fn in_sheet(problem: Problem, sheet: &Option<Arc<str>>) -> Problem {
    match sheet {
        Some(sheet) => {
            Problem { what: format!("sheet “{sheet}”: {}", problem.what), ..problem }
        }
        None => problem,
    }
}
