//! Reads the rows of a sheet of several jobs: the cell `Action` of each row says which job changes it.
//!
//! A verb may mean several jobs: `remove` takes a user from the site, from a group, or an app from the user. So the other
//! cells of the row decide, and a cell that the job would not read is a problem. What takes away most is never the answer
//! to an empty cell: where the sheet has a column for groups or apps, a user leaves the site only by `user remove`.

use headcount_model::app_role::AppRole;
use headcount_model::job::Job;
use headcount_sheet::quoting::{excerpt, list, shown};
use headcount_sheet::{Problem, Raw, cell_text, nearest, normalized};

use super::asked;
use crate::rows::{self, Columns, Field, Intent, SheetJob};

/// The jobs of such a sheet: those on users. A group that a row creates would not be there for the others.
const JOBS: [Job; 13] = [
    Job::CreateUsers,
    Job::ActivateUsers,
    Job::RestoreUsers,
    Job::CancelDeleteUsers,
    Job::AddMembers,
    Job::GrantAccess,
    Job::RemoveMembers,
    Job::RevokeAccess,
    Job::RevokeTokens,
    Job::SuspendUsers,
    Job::DeactivateUsers,
    Job::RemoveUsers,
    Job::DeleteUsers,
];

/// Jobs of which the rows need a file of their own.
const OTHERS: [Job; 4] =
    [Job::CreateGroups, Job::RemoveGroups, Job::ChangeEmails, Job::UnlinkUsers];

/// What an action cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Create,
    Add,
    Remove,
    Delete,
    Deactivate,
    Activate,
    Suspend,
    Restore,
    CancelDelete,
}

/// The verbs with their words; the first is shown in messages.
const VERBS: [(Verb, &str); 9] = [
    (Verb::Create, asked::CREATE),
    (Verb::Add, asked::ADD),
    (Verb::Remove, asked::REMOVE),
    (Verb::Delete, asked::DELETE),
    (Verb::Deactivate, asked::DEACTIVATE),
    (Verb::Activate, asked::ACTIVATE),
    (Verb::Suspend, asked::SUSPEND),
    (Verb::Restore, asked::RESTORE),
    (Verb::CancelDelete, "cancel-delete undelete"),
];

/// Words that only say which user or group a verb is for: `add to group`. Without tokens: `revoke token` is another job.
const OBJECT_WORDS: &str = "user account member to from in into the group groups site access";

/// Fields in which a row names what is changed besides the user.
const GROUP: &[Field] = &[Field::Group, Field::GroupName, Field::GroupId];

/// Reads what a row asks for.
pub(super) fn read(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = ActionRow { raw, columns };
    let job = row.job().and_then(|job| row.unread(job)).map_err(|problem| vec![problem])?;
    let intent = match super::of(job).sheet {
        SheetJob::CreateUsers => {
            let mut intent = rows::create(raw, columns)?;
            if row.has(GROUP) {
                intent.groups.extend(rows::group(raw, columns)?.groups);
            }
            intent
        }
        SheetJob::Access if !row.has(&[Field::App]) && row.has(&[Field::Products]) => {
            row.access_by_products()?
        }
        SheetJob::Access
        | SheetJob::Users
        | SheetJob::NewEmails
        | SheetJob::Memberships
        | SheetJob::CreateGroups
        | SheetJob::Groups
        | SheetJob::Tokens
        | SheetJob::List
        | SheetJob::Actions
        | SheetJob::UsersExport
        | SheetJob::GroupsExport => (super::of(job).read)(raw, columns)?,
    };
    Ok(Intent { job: Some(job), ..intent })
}

/// A row of a sheet of several jobs.
#[derive(Clone, Copy)]
struct ActionRow<'a> {
    raw: &'a Raw,
    columns: &'a Columns,
}

impl ActionRow<'_> {
    /// The text of a field's cell; empty if there is no such column.
    fn text(&self, field: Field) -> &str {
        let cell = self.columns.index(field).and_then(|at| self.raw.cells.get(at));
        cell_text(cell.map_or("", String::as_str))
    }

    /// Whether one of these cells is filled.
    fn has(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| !self.text(*field).is_empty())
    }

    /// Whether the sheet has one of these columns.
    fn has_column(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.columns.index(*field).is_some())
    }

    /// A cell's text for a message. A file with a column of passwords may have them in other cells, too.
    fn quoted(&self, text: &str) -> String {
        match self.columns.secret_indexes() {
            [] => format!("“{}”", excerpt(text)),
            _ => "the cell (not shown)".to_owned(),
        }
    }

    fn problem(&self, field: Field, what: String, todo: String) -> Problem {
        let column = self.columns.index(field).map(|at| self.columns.heading(at));
        Problem { line: self.raw.line, column, what, todo }
    }

    /// The job that the row asks for.
    fn job(&self) -> Result<Job, Problem> {
        let written = self.text(Field::Action);
        if written.is_empty() {
            let what = "the cell is empty, so the row asks for nothing".to_owned();
            let todo = "write what to do, such as `create`, or remove the row".to_owned();
            return Err(self.problem(Field::Action, what, todo));
        }
        let is_command = |job: &Job| normalized(job.command()) == normalized(written);
        if let Some(job) = JOBS.into_iter().find(is_command) {
            return Ok(job);
        }
        if let Some(job) = OTHERS.into_iter().find(is_command) {
            let what = format!("`{job}` is no action of a file with several jobs");
            let todo = format!("put these rows into a file of their own, for `headcount {job}`");
            return Err(self.problem(Field::Action, what, todo));
        }
        match verbs(written).as_slice() {
            [] => Err(self.unknown(written)),
            [verb] => self.of_verb(*verb, written),
            several => {
                let words: Vec<_> = several.iter().map(|verb| first_word(*verb)).collect();
                let what = format!("{} may mean {}", self.quoted(written), words.join(", "));
                Err(self.problem(Field::Action, what, format!("write one of {}", list(&words))))
            }
        }
    }

    /// The job of a verb, by the cells of the row.
    fn of_verb(&self, verb: Verb, written: &str) -> Result<Job, Problem> {
        match verb {
            Verb::Create => Ok(Job::CreateUsers),
            Verb::Activate => Ok(Job::ActivateUsers),
            Verb::Restore => Ok(Job::RestoreUsers),
            Verb::CancelDelete => Ok(Job::CancelDeleteUsers),
            Verb::Suspend => Ok(Job::SuspendUsers),
            Verb::Deactivate => Ok(Job::DeactivateUsers),
            Verb::Add => match self.thing(written)? {
                Some(Thing::Group) => Ok(Job::AddMembers),
                Some(Thing::App) => Ok(Job::GrantAccess),
                Some(Thing::Token) | None => {
                    Err(self.nothing(written, "to create the user, write `create`"))
                }
            },
            Verb::Remove => self.taken(written, Job::RemoveUsers),
            Verb::Delete => self.taken(written, Job::DeleteUsers),
        }
    }

    /// The job that takes away what the row names; `whole`: the job on the user, if the sheet has no column for less.
    fn taken(&self, written: &str, whole: Job) -> Result<Job, Problem> {
        match self.thing(written)? {
            Some(Thing::Group) => Ok(Job::RemoveMembers),
            Some(Thing::App) => Ok(Job::RevokeAccess),
            Some(Thing::Token) => Ok(Job::RevokeTokens),
            None if self.has_column(GROUP) || self.has_column(&[Field::App, Field::Token]) => {
                let todo = format!("for the whole user, write `{}`", whole.command());
                Err(self.nothing(written, &todo))
            }
            None => Ok(whole),
        }
    }

    /// What the row names besides the user.
    fn thing(&self, written: &str) -> Result<Option<Thing>, Problem> {
        let (group, token) = (self.has(GROUP), self.has(&[Field::Token]));
        let app = self.has(&[Field::App, Field::Products]);
        let of_group = app && group && !self.has(&[Field::Email, Field::AccountId]);
        match (group && !of_group, app, token) {
            (false, false, false) => Ok(None),
            (true, false, false) => Ok(Some(Thing::Group)),
            (false, true, false) => Ok(Some(Thing::App)),
            (false, false, true) => Ok(Some(Thing::Token)),
            (true, true, _) | (true, _, true) | (_, true, true) => {
                let written = self.quoted(written);
                let what =
                    format!("the row names several things, so {written} may mean each of them");
                let todo = "put each of them into a row of its own".to_owned();
                Err(self.problem(Field::Action, what, todo))
            }
        }
    }

    fn nothing(&self, written: &str, todo: &str) -> Problem {
        let what =
            format!("{} is not enough: the row names no group and no app", self.quoted(written));
        self.problem(Field::Action, what, format!("name one; {todo}"))
    }

    /// A verb that no job has, with the nearest.
    fn unknown(&self, written: &str) -> Problem {
        let what = format!("{} is no action", self.quoted(written));
        let words = VERBS.map(|(verb, _)| first_word(verb));
        let commands = JOBS.map(Job::command);
        let known = words.iter().map(String::as_str).chain(commands);
        let todo = match nearest(written, known, 1).first() {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("write one of {}", list(&words)),
        };
        self.problem(Field::Action, what, todo)
    }

    /// Refuses a filled cell that the job would not read.
    fn unread(&self, job: Job) -> Result<Job, Problem> {
        let (group, app, token) = (GROUP, &[Field::App][..], &[Field::Token][..]);
        let lists = &[Field::Groups, Field::Products][..];
        let unread: &[&[Field]] = match super::of(job).sheet {
            SheetJob::CreateUsers => &[app, token],
            SheetJob::Users => &[group, app, token, lists],
            SheetJob::Memberships => &[app, token, lists],
            SheetJob::Access => &[token, &[Field::Groups]],
            SheetJob::Tokens => &[group, app, lists],
            SheetJob::NewEmails
            | SheetJob::CreateGroups
            | SheetJob::Groups
            | SheetJob::List
            | SheetJob::Actions
            | SheetJob::UsersExport
            | SheetJob::GroupsExport => &[],
        };
        let filled = unread.iter().copied().flatten().find(|field| self.has(&[**field]));
        let Some(field) = filled else { return Ok(job) };
        let said = self.quoted(self.text(*field));
        let what = format!("the cell says {said}, and `{job}` does not read it");
        let heading = self.columns.index(*field).map(|at| self.columns.heading(at));
        let action = self.columns.index(Field::Action).map(|at| self.columns.heading(at));
        let todo = format!(
            "empty the cell below {}, or correct the one below {}",
            shown(&heading.unwrap_or_default()),
            shown(&action.unwrap_or_default())
        );
        Err(self.problem(*field, what, todo))
    }

    /// A row about an app whose name is in the column `products`, as in the table of `sync --check`.
    fn access_by_products(&self) -> Result<Intent, Vec<Problem>> {
        let app = self.text(Field::Products);
        if app.contains([';', ',']) {
            let what = format!("{} names several apps", self.quoted(app));
            let todo = "put each of them into a row of its own".to_owned();
            return Err(vec![self.problem(Field::Products, what, todo)]);
        }
        let intent = rows::user(self.raw, self.columns)?;
        Ok(Intent { access: Some((app.to_owned(), AppRole::default())), ..intent })
    }
}

/// What a row names besides its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Group,
    App,
    Token,
}

/// The verbs of a cell.
fn verbs(written: &str) -> Vec<Verb> {
    let is_in =
        |list: &str, word: &str| list.split_whitespace().any(|known| normalized(known) == word);
    let words: Vec<String> = written.split_whitespace().map(normalized).collect();
    let asks = |list: &str| {
        words.iter().any(|word| is_in(list, word))
            && words.iter().all(|word| is_in(list, word) || is_in(OBJECT_WORDS, word))
    };
    VERBS.into_iter().filter(|(_, list)| asks(list)).map(|(verb, _)| verb).collect()
}

/// The first word of a verb, as it is shown.
fn first_word(verb: Verb) -> String {
    let words = VERBS.iter().find(|(known, _)| *known == verb).map_or("", |(_, words)| *words);
    words.split_whitespace().next().unwrap_or_default().to_owned()
}
