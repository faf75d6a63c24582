//! Reads Atlassian's exports into a directory.
//!
//! `users.csv` and `groups.csv` as admin.atlassian.com writes them: plain, with apps, in the pivot form (one row for each
//! membership, so users and groups occur many times), trimmed to the columns that A-groups keeps, or the list of managed
//! accounts. Both may be the same file.
//!
//! An export shows the state of one day. It shows which user has which id, which does not change. It does not prove that a
//! user is *not* on the site, nor who is in which group now (that is read from the site before anything is sent). If the
//! file contradicts itself (for example, one email with two ids), both are kept, so that a lookup finds several and never
//! guesses; the contradiction is reported.

use std::collections::HashSet;

use super::columns_of_people::Listed;
use super::{Directory, FoundGroup, FoundPerson, Group, GroupIndex, PersonIndex};
use crate::rows::{Columns, ExportedGroup, ExportedUser, Field, SheetJob as Job};
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, AccountStatus, mail_key, plain_mail_key};
use headcount_sheet::{Options, Problem, Raw, Sheet, SheetError, normalized, read_ahead, trim};

/// How many notices about a file are kept; the others are only counted.
const KEPT: usize = 50;

/// Notices about an export: unusable rows and contradictions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// The number of rows that were read.
    pub rows: u64,
    /// The number of users or groups that the file added.
    pub added: u64,
    /// The first notices, in the file's order.
    pub first: Vec<Problem>,
    /// The number of further notices.
    pub more: u64,
}

impl Notices {
    fn add(&mut self, problem: Problem) {
        if self.first.len() < KEPT {
            self.first.push(problem);
        } else {
            self.more += 1;
        }
    }

    fn tell(&mut self, line: u64, what: String, todo: &str) {
        self.add(Problem { line, column: None, what, todo: todo.to_owned() });
    }
}

/// Adds the users of a users export.
///
/// # Errors
/// The file has no column for the id or the email, or reading fails.
pub fn read_users(
    directory: &mut Directory,
    mut sheet: Sheet,
    options: &Options,
) -> Result<Notices, SheetError> {
    let columns = Columns::of(&sheet, Job::UsersExport, options)?;
    // Only the list of managed accounts has this heading for ids (KB 1388159392).
    let managed = columns
        .index(Field::AccountId)
        .is_some_and(|at| normalized(&columns.heading(at)) == normalized("Atlassian ID"));
    let has_groups = sheet.headings().iter().any(|heading| normalized(heading) == "groupid");
    let mut notices = Notices::default();
    let before = directory.how_many_people();
    let mut told = HashSet::new();
    let mut hidden = false;
    let mut add = |row: ReadUser| {
        row.problems.into_iter().for_each(|problem| notices.add(problem));
        let Some(user) = row.user else { return };
        let listed = user.listed(managed);
        hidden |= listed.mail.is_none();
        let known = directory.people.by_id(listed.id);
        contradictions(directory, known, &listed, row.line, &mut told, &mut notices);
        match known {
            None => directory.add_listed(&listed),
            // A pivot export repeats the user for each group.
            Some(known) if listed.is_in(&directory.people.listed(known)) => known,
            Some(_) => directory.add_person(listed.person()),
        };
    };
    let mut rows_read = 0;
    read_ahead(
        &mut sheet,
        |raw| ReadUser::read(&raw, &columns),
        |rows| {
            for row in rows {
                rows_read += 1;
                if let Some(row) = row? {
                    add(row);
                }
            }
            Ok::<_, SheetError>(())
        },
    )?;
    notices.rows = rows_read;
    directory.sees_every_mail = !hidden;
    // Managed accounts are not all users, and a file with groups may contain only some groups.
    directory.lists_people = !managed && !has_groups;
    notices.added = (directory.how_many_people() - before) as u64;
    Ok(notices)
}

/// A row of a users export, as the thread that reads the file hands it over.
struct ReadUser {
    line: u64,
    problems: Vec<Problem>,
    /// The row's user, if the row can be used.
    user: Option<UserText>,
}

/// A user in one piece of text (id, email, name), which costs less to hand over than a text for each.
struct UserText {
    text: Box<str>,
    /// The bytes of each part.
    parts: [Option<usize>; 3],
    status: Option<AccountStatus>,
    org_admin: Option<bool>,
}

impl ReadUser {
    /// Reads a row; `None` if it is empty.
    fn read(raw: &Raw, columns: &Columns) -> Option<Self> {
        if is_blank(&raw.cells) {
            return None;
        }
        let (user, problems) = ExportedUser::read(raw, columns);
        let user = user.filter(|user| AccountId::is_one(&user.account_id));
        Some(Self { line: raw.line, problems, user: user.map(|user| UserText::of(&user)) })
    }
}

impl UserText {
    fn of(user: &ExportedUser<'_>) -> Self {
        let parts = [Some(&user.account_id), user.email.as_ref(), user.name.as_ref()];
        let mut text = String::with_capacity(parts.iter().flatten().map(|part| part.len()).sum());
        parts.iter().flatten().for_each(|part| text.push_str(part));
        Self {
            text: text.into_boxed_str(),
            parts: parts.map(|part| part.map(|part| part.len())),
            status: user.status.as_deref().and_then(AccountStatus::read),
            org_admin: user.org_role.as_deref().filter(|role| is_admin_role(role)).map(|_| true),
        }
    }

    fn listed(&self, managed: bool) -> Listed<'_> {
        let mut rest = &*self.text;
        let [id, mail, name] = self.parts.map(|length| {
            let (part, after) = rest.split_at(length?);
            rest = after;
            Some(part)
        });
        Listed {
            id: id.unwrap_or_default(),
            mail,
            name,
            status: self.status,
            managed: managed.then_some(true),
            org_admin: self.org_admin,
        }
    }
}

/// Adds the groups of an export in the pivot form.
///
/// # Errors
/// The file has no column for the group's id or name, or reading fails.
pub fn read_groups(
    directory: &mut Directory,
    sheet: Sheet,
    options: &Options,
) -> Result<Notices, SheetError> {
    let columns = Columns::of(&sheet, Job::GroupsExport, options)?;
    let mut notices = Notices::default();
    let before = directory.groups().len();
    let mut told: HashSet<GroupIndex> = HashSet::new();
    for raw in sheet {
        let raw = raw?;
        notices.rows += 1;
        if is_blank(&raw.cells) {
            continue;
        }
        let (group, problems) = ExportedGroup::read(&raw, &columns);
        problems.into_iter().for_each(|problem| notices.add(problem));
        let Some(group) = group else { continue };
        let id = GroupId::new(&group.id);
        if let Some(known) = directory.group_by_id(&id) {
            let name = &directory.group(known).name;
            if **name != *group.name && told.insert(known) {
                let what = format!(
                    "the group {id} is called “{name}” on an earlier line and “{}” on this line",
                    group.name
                );
                notices.tell(raw.line, what, "headcount uses the first; export the file again");
            }
            continue;
        }
        let same_name = match directory.group_by_name(&group.name) {
            FoundGroup::One(other) => *directory.group(other).name == *group.name,
            FoundGroup::Several(others) => {
                others.iter().any(|&other| *directory.group(other).name == *group.name)
            }
            FoundGroup::Nothing => false,
        };
        if same_name {
            let what =
                format!("“{}” is also the name of another group on an earlier line", group.name);
            notices.tell(raw.line, what, "use the ids of these groups");
        }
        directory.add_group(Group { id, name: group.name.into(), synced: None });
    }
    notices.added = (directory.groups().len() - before) as u64;
    Ok(notices)
}

/// Whether an export's `Org role` is an administrator's. The words are not documented.
pub fn is_admin_role(role: &str) -> bool {
    role.to_lowercase().contains("admin")
}

/// Reports one id with two emails, or one email with two ids, once for each.
fn contradictions(
    directory: &Directory,
    known: Option<PersonIndex>,
    user: &Listed<'_>,
    line: u64,
    told: &mut HashSet<String>,
    notices: &mut Notices,
) {
    let Some(mail) = user.mail else { return };
    if let Some(other) = known.and_then(|known| directory.mail(known)) {
        if plain_mail_key(other) != plain_mail_key(mail) && told.insert(user.id.to_owned()) {
            let what = format!(
                "the account {} is {other} on an earlier line and {mail} on this line",
                user.id
            );
            notices.tell(line, what, "headcount uses the last; export the file again");
        }
        return;
    }
    let another = match directory.people_by_mail(mail) {
        FoundPerson::Nobody => None,
        FoundPerson::One(one) => Some(one),
        FoundPerson::Several(several) => several.first().copied(),
    };
    if let Some(another) = another.filter(|another| Some(*another) != known)
        && told.insert(mail_key(mail))
    {
        let other = directory.account_id(another);
        let what = format!(
            "{mail} is the address of {other} on an earlier line and of {} on this line",
            user.id
        );
        notices.tell(line, what, "use the account ids of these users");
    }
}

fn is_blank(cells: &[String]) -> bool {
    cells.iter().all(|cell| trim(cell).is_empty())
}
