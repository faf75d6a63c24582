//! `member map`: only the lookup step of A-groups (two XLOOKUPs, and a search for the rows that they left empty),
//! offline and without a plan.
//!
//! The input's own columns come first and unchanged, then `accountId` and `groupId`, spelled as A-groups' Postman
//! request expects them. If the input has a column for an id already, that column is filled instead, because a
//! second one could contradict it. If a name is not certainly one user or one group, its id stays empty, as with
//! XLOOKUP's `""`, and the reason is reported.
//!
//! The lookup is that of [`resolve`](crate::resolve), so that `map` and `member add` never differ. That is why it
//! is here and not with the directory.

use crate::directory::Directory;
use crate::resolve::find::{find_group, find_person};
use crate::rows::{Columns, Field, MemberRow, SheetJob as Job};
use crate::rows::{WhichGroup, WhichUser, which_group};
use crate::steps::No;
use headcount_model::user::AccountId;
use headcount_sheet::{Options, Problem, Raw, Sheet, SheetError, trim};

/// Maps the rows of one spreadsheet.
#[derive(Debug)]
pub struct Map {
    columns: Columns,
    headings: Vec<String>,
    account_at: usize,
    group_at: usize,
}

/// A row before it is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRow {
    line: u64,
    cells: Vec<String>,
    /// What it names, or why it cannot be read.
    names: Result<(WhichUser, WhichGroup), Vec<Problem>>,
}

/// A row that was mapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The line in the file, from 1.
    pub line: u64,
    /// The cells under [`Map::headings`].
    pub cells: Vec<String>,
    /// Why the row could not be read; then nothing was looked up.
    pub problems: Vec<Problem>,
    /// Why there is no account id, with the most similar names.
    pub person: Option<No>,
    /// Why there is no group id, with the most similar names.
    pub group: Option<No>,
}

impl Mapped {
    /// Whether both ids were found with certainty.
    pub fn is_found(&self) -> bool {
        self.problems.is_empty() && self.person.is_none() && self.group.is_none()
    }
}

impl Map {
    /// Finds the columns of a spreadsheet of memberships.
    ///
    /// # Errors
    /// A column is missing or there twice: see [`Columns::find`].
    pub fn new(sheet: &Sheet, options: &Options) -> Result<Self, SheetError> {
        let columns = Columns::of(sheet, Job::Memberships, options)?;
        let mut headings = sheet.headings().to_vec();
        let mut place = |field, heading: &str| {
            columns.index(field).unwrap_or_else(|| {
                headings.push(heading.to_owned());
                headings.len() - 1
            })
        };
        let account_at = place(Field::AccountId, "accountId");
        let group_at = place(Field::GroupId, "groupId");
        Ok(Self { columns, headings, account_at, group_at })
    }

    /// The headings of the result.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Reads and looks up one row.
    pub fn row(&self, raw: Raw, directory: &Directory) -> Mapped {
        self.look_up(self.read(raw), directory)
    }

    /// Reads what one row names.
    pub fn read(&self, raw: Raw) -> ReadRow {
        let read = MemberRow::read(&raw, &self.columns);
        let mut cells = raw.cells;
        // Both ids are written into the row.
        cells.reserve_exact(self.headings.len().saturating_sub(cells.len()));
        cells.resize(self.headings.len(), String::new());
        let names = read.map(|row| {
            let account = row.account_id.as_deref().and_then(|id| AccountId::parse(id).ok());
            let user = WhichUser { account, mail: row.email };
            (user, which_group(row.group_id, row.group_name, row.id_or_name))
        });
        ReadRow { line: raw.line, cells, names }
    }

    /// Looks up what a row names.
    pub fn look_up(&self, row: ReadRow, directory: &Directory) -> Mapped {
        let ReadRow { line, cells, names } = row;
        let mut mapped = Mapped { line, cells, problems: Vec::new(), person: None, group: None };
        let (user, group) = match names {
            Ok(names) => names,
            Err(problems) => {
                mapped.problems = problems;
                return mapped;
            }
        };
        match find_person(&user, directory) {
            Ok(found) => mapped.fill(self.account_at, directory.account_id(found)),
            Err(no) => mapped.person = Some(no),
        }
        match find_group(&group, directory) {
            Ok(found) => mapped.fill(self.group_at, directory.group(found).id.as_str()),
            Err(no) => mapped.group = Some(no),
        }
        mapped
    }
}

impl Mapped {
    /// Writes an id into an empty cell.
    fn fill(&mut self, at: usize, id: &str) {
        if let Some(cell) = self.cells.get_mut(at)
            && trim(cell).is_empty()
        {
            id.clone_into(cell);
        }
    }
}
