//! The filters of `user export` on a file instead of on the site.
//!
//! The file's own columns are written. A row for each membership (the pivot form) stays a row for each
//! membership; a user is counted once. Who is in which group is read from the whole file first.

use std::collections::HashMap;
use std::io::Write;

use jiff::Timestamp;
use jiff::civil::Date;

use super::columns::Out;
use super::file_columns::FileColumns;
use super::file_error::FileError;
use super::seen::Seen;
use crate::choose::{Facts, Filters, Tally, Verdict, judge};
use crate::directory::{Directory, FoundGroup, Group, GroupIndex};
use crate::rows::{Columns, ExportedGroup, SheetJob};
use headcount_model::group::GroupId;
use headcount_model::user::AccountId;
use headcount_sheet::{Options, Sheet, SheetError};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filtered {
    /// How many users the file has, and which of them are listed.
    pub tally: Tally,
    /// Rows written below the heading.
    pub rows: u64,
    /// Rows without a readable account id, which are not written.
    pub unreadable: u64,
    /// The latest date of use in the file: later use is not in it.
    pub newest: Option<Date>,
}

/// Opens the file, from its beginning each time.
pub type Again<'a> = &'a dyn Fn() -> Result<Sheet, SheetError>;

/// Writes the rows of the users that the filters list.
///
/// # Errors
/// The file cannot be read, lacks a column, an app or a group that a filter needs; the output cannot be
/// written. What was written until then is no list.
pub fn filter_file(
    again: Again<'_>,
    filters: &Filters,
    now: Timestamp,
    out: impl Write,
) -> Result<Filtered, FileError> {
    let options = Options::default();
    let sheet = again()?;
    let columns = FileColumns::of(&sheet, &options)?;
    columns.check(filters)?;
    let apps = columns.apps.named(&filters.products)?;
    let groups = Groups::read(again, filters)?;
    let mut out = Out::new(out);
    out.headings(sheet.headings())?;
    let (mut tally, mut unreadable, mut newest) = (Tally::default(), 0, None);
    let mut seen = Seen::default();
    for raw in sheet {
        let raw = raw?;
        let user = columns.user(&raw);
        let id = user.as_ref().and_then(|user| AccountId::parse(&user.account_id).ok());
        let (Some(user), Some(id)) = (user, id) else {
            unreadable += u64::from(!raw.cells.iter().all(|cell| cell.trim().is_empty()));
            continue;
        };
        newest = newest.max(columns.newest(&raw.cells));
        let facts = Facts {
            in_group: groups.wanted.as_ref().map(|of| of.has(&id)),
            in_excluded_group: groups.excluded.as_ref().map(|of| of.has(&id)),
            ..columns.facts(&user, &raw.cells)
        };
        let verdict = judge(filters, apps.as_deref(), &facts, now);
        if seen.add(&id) {
            tally.add(verdict);
        }
        if verdict == Verdict::Listed {
            out.cells(&raw.cells)?;
        }
    }
    Ok(Filtered { tally, rows: out.end()?, unreadable, newest })
}

/// Who is in the groups of `--group` and `--not-group`, by the file.
#[derive(Default)]
struct Groups {
    wanted: Option<Seen>,
    excluded: Option<Seen>,
}

impl Groups {
    fn read(again: Again<'_>, filters: &Filters) -> Result<Self, FileError> {
        if filters.groups.is_empty() && filters.not_groups.is_empty() {
            return Ok(Self::default());
        }
        let options = Options::default();
        let sheet = again()?;
        let of_users = FileColumns::of(&sheet, &options)?;
        let of_groups = Columns::of(&sheet, SheetJob::GroupsExport, &options)?;
        let mut directory = Directory::default();
        let blank = Seen::default();
        let mut members: HashMap<GroupIndex, Seen> = HashMap::new();
        for raw in sheet {
            let raw = raw?;
            let Some(group) = ExportedGroup::read(&raw, &of_groups).0 else { continue };
            let (id, name) = (GroupId::new(&group.id), group.name.as_ref().into());
            let at = directory.add_group(Group { id, name, synced: None });
            let user = of_users.user(&raw);
            if let Some(id) = user.and_then(|user| AccountId::parse(&user.account_id).ok()) {
                members.entry(at).or_insert_with(|| blank.alike()).add(&id);
            }
        }
        let of = |names: &[String]| {
            let mut all = blank.alike();
            for name in names {
                let group = group(&directory, name)?;
                members.get(&group).into_iter().for_each(|of| all.add_all(of));
            }
            Ok::<_, FileError>((!names.is_empty()).then_some(all))
        };
        Ok(Self { wanted: of(&filters.groups)?, excluded: of(&filters.not_groups)? })
    }
}

fn group(directory: &Directory, name: &str) -> Result<GroupIndex, FileError> {
    if let Some(at) = directory.group_by_id(&GroupId::new(name.trim())) {
        return Ok(at);
    }
    match directory.group_by_name(name) {
        FoundGroup::One(at) => Ok(at),
        FoundGroup::Nothing => {
            let nearest_names = directory.hint_groups(name);
            Err(FileError::NoGroup { name: name.to_owned(), nearest_names })
        }
        FoundGroup::Several(_) => Err(FileError::SeveralGroups(name.to_owned())),
    }
}
