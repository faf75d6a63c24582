//! Reads one row as the job needs it, or reports all its problems.
//!
//! Pure: from a row and the columns to a typed row or a list of problems. Whether the user or group exists is not
//! checked here. An id has precedence over an email or a name; both are passed on, so that the resolver finds a
//! contradiction.

use std::borrow::Cow;

use headcount_model::spelling::spelled;

use super::address;
use super::cell::{self, Fault};
use super::columns::Columns;
use super::finding::Twin;
use super::fitting::{is_same, may_be_an_account_id};
use super::no_name;
use super::products::{may_be_app, product};
use super::wanted::{Field, Older};
use headcount_model::user::Product;
use headcount_sheet::quoting::{excerpt, shown};
use headcount_sheet::{MASKED_PASSWORD, MASKED_TOKEN, Problem, Raw};

/// A row of `user create`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateRow {
    /// The mail address.
    pub email: String,
    /// The display name, if there is one. (The API no longer takes it.)
    pub display_name: Option<String>,
    /// The apps in the `products` cell.
    pub products: ProductsCell,
    /// The groups in the `groups` cell, each once, in order.
    pub groups: Vec<String>,
    /// Older fields with a value in this row that the API no longer takes.
    pub dropped: Vec<&'static str>,
}

/// The content of a `products` cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductsCell {
    /// Empty: the default applies.
    Default,
    /// `none`: no app.
    None,
    /// These apps, each once, in the cell's order.
    These(Vec<Product>),
}

/// A row of a job on users. It has at least one of id and email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// The account id.
    pub account_id: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The role in the organization, as the export writes it.
    pub org_role: Option<String>,
}

/// A row of `user email`. It has at least one of id and email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailRow {
    /// The user.
    pub user: UserRow,
    /// The new email address.
    pub new_email: String,
}

/// A row of a job on memberships. It has at least one of id and email, and at least one of group id and group
/// name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// The user's account id.
    pub account_id: Option<String>,
    /// The user's email address.
    pub email: Option<String>,
    /// The group's id.
    pub group_id: Option<String>,
    /// The group's name, including any commas.
    pub group_name: Option<String>,
    /// The text that was read as the id, if the cell may also hold a name.
    pub id_or_name: Option<String>,
}

/// A row of a job on existing groups. It has at least one of id and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhichGroupRow {
    /// The group's id.
    pub group_id: Option<String>,
    /// The group's name, including any commas.
    pub group_name: Option<String>,
    /// The text that was read as the id, if the cell may also hold a name.
    pub id_or_name: Option<String>,
}

/// A row of `group create`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// The group's name.
    pub name: String,
    /// The group's description.
    pub description: Option<String>,
}

impl CreateRow {
    /// Reads a row. The error has all its problems.
    pub fn read(raw: &Raw, columns: &Columns) -> Result<Self, Vec<Problem>> {
        let mut row = Row::new(raw, columns);
        let email = row.take(Field::Email, address::new_mail);
        row.need(&[Field::Email], "there is no email address", "write one, or remove the row");
        let display_name = row.take(Field::DisplayName, |text| cell::name(text, "the name"));
        let products = row.products();
        let groups = row.groups();
        let dropped = Older::ALL
            .into_iter()
            .filter(|older| row.text(Field::Gone(*older)).is_some())
            .map(Older::name)
            .collect();
        row.end(|| {
            Some(Self {
                email: email?.into_owned(),
                display_name: owned(display_name),
                products,
                groups,
                dropped,
            })
        })
    }
}

impl UserRow {
    /// Reads a row. The error has all its problems.
    pub fn read(raw: &Raw, columns: &Columns) -> Result<Self, Vec<Problem>> {
        let mut row = Row::new(raw, columns);
        let (account_id, email) = row.person();
        let org_role = row.take(Field::OrgRole, |text| cell::no_error(text, "a role"));
        row.end(|| {
            Some(Self {
                account_id: owned(account_id),
                email: owned(email),
                org_role: owned(org_role),
            })
        })
    }
}

impl EmailRow {
    /// Reads a row. The error has all its problems.
    pub fn read(raw: &Raw, columns: &Columns) -> Result<Self, Vec<Problem>> {
        let mut row = Row::new(raw, columns);
        let (account_id, email) = row.person();
        let new_email = row.take(Field::NewEmail, address::new_mail);
        row.need(
            &[Field::NewEmail],
            "there is no new email address",
            "write one, or remove the row",
        );
        let org_role = row.take(Field::OrgRole, |text| cell::no_error(text, "a role"));
        row.end(|| {
            let user = UserRow {
                account_id: owned(account_id),
                email: owned(email),
                org_role: owned(org_role),
            };
            Some(Self { user, new_email: new_email?.into_owned() })
        })
    }
}

impl MemberRow {
    /// Reads a row. The error has all its problems.
    pub fn read(raw: &Raw, columns: &Columns) -> Result<Self, Vec<Problem>> {
        let mut row = Row::new(raw, columns);
        let (account_id, email) = row.person();
        let group = row.group();
        row.end(|| {
            Some(Self {
                account_id: owned(account_id),
                email: owned(email),
                group_id: owned(group.id),
                group_name: owned(group.name),
                id_or_name: owned(group.id_or_name),
            })
        })
    }
}

impl WhichGroupRow {
    /// Reads a row. The error has all its problems.
    pub fn read(raw: &Raw, columns: &Columns) -> Result<Self, Vec<Problem>> {
        let mut row = Row::new(raw, columns);
        let group = row.group();
        row.end(|| {
            Some(Self {
                group_id: owned(group.id),
                group_name: owned(group.name),
                id_or_name: owned(group.id_or_name),
            })
        })
    }
}

impl GroupRow {
    /// Reads a row. The error has all its problems.
    pub fn read(raw: &Raw, columns: &Columns) -> Result<Self, Vec<Problem>> {
        let mut row = Row::new(raw, columns);
        let name = row.take(Field::Name, no_name::new_group);
        row.need(&[Field::Name], "the group has no name", "write one, or remove the row");
        let description =
            row.take(Field::Description, |text| cell::no_error(text, "a description"));
        row.end(|| Some(Self { name: name?.into_owned(), description: owned(description) }))
    }
}

/// Whether a cell has a masked API token. Hardly any cell has its first character, which is quicker to search.
fn is_masked(cell: &str) -> bool {
    cell.contains('[') && cell.contains(MASKED_TOKEN)
}

/// A sentence without its quotation.
fn unquoted(what: &str) -> String {
    // Up to the last quotation mark, because the cell may contain some.
    match (what.find('“'), what.rfind('”')) {
        (Some(from), Some(to)) if from < to => {
            format!("{}the cell (not shown){}", &what[..from], &what[to + '”'.len_utf8()..])
        }
        _ => what.to_owned(),
    }
}

pub(super) fn owned(text: Option<Cow<'_, str>>) -> Option<String> {
    text.map(Cow::into_owned)
}

/// The cells with which a row names a group.
pub(super) struct GroupCells<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) id_or_name: Option<Cow<'a, str>>,
}

/// A row that is being read, with the problems found so far.
pub(super) struct Row<'a> {
    raw: &'a Raw,
    columns: &'a Columns,
    problems: Vec<Problem>,
}

impl<'a> Row<'a> {
    pub(super) fn new(raw: &'a Raw, columns: &'a Columns) -> Self {
        let mut row = Self { raw, columns, problems: raw.problem.clone().into_iter().collect() };
        row.twins();
        row.tokens();
        row
    }

    /// Reports API tokens and passwords in the cells that the job reads. The reader has masked them.
    fn tokens(&mut self) {
        for (field, at) in self.columns.used() {
            if self.raw.cells.get(*at).is_some_and(|cell| cell.contains(MASKED_PASSWORD)) {
                let what = "the cell seems to have a password (not shown)".to_owned();
                self.add(*field, what, "remove the password from the file".to_owned());
            }
            if self.raw.cells.get(*at).is_some_and(|cell| is_masked(cell)) {
                let mut todo = "remove the token from the file".to_owned();
                if *field == Field::Token {
                    todo.push_str(", and write the id that `token list` shows");
                }
                let what = "the cell has an API token (not shown)".to_owned();
                self.add(*field, what, todo);
            }
        }
    }

    /// Checks the columns that were equal in the first rows, and so counted as one.
    fn twins(&mut self) {
        let cell = |at: usize| self.raw.cells.get(at).map_or("", String::as_str);
        let differs = |twin: &&Twin| !is_same(twin.field, cell(twin.used), cell(twin.other));
        let differing: Vec<Twin> = self.columns.twins().iter().filter(differs).copied().collect();
        for Twin { field, used, other } in differing {
            let (one, two) = (self.columns.heading(used), self.columns.heading(other));
            let what = format!(
                "the columns {} and {} have different values here, and both look like {}",
                shown(&one),
                shown(&two),
                field.meaning()
            );
            let todo = format!(
                "write the same in both, or leave one out: {}, or {}",
                self.columns.option_to_leave_out(other),
                self.columns.option_to_leave_out(used)
            );
            self.add(field, what, todo);
        }
    }

    /// The text of a field's cell; `None` if it is empty or there is no such column.
    pub(super) fn text(&self, field: Field) -> Option<&'a str> {
        let cell = self.raw.cells.get(self.columns.index(field)?)?;
        Some(cell::text(cell)).filter(|text| !text.is_empty())
    }

    /// The same, as it is shown and sent.
    pub(super) fn spelled(&self, field: Field) -> Option<Cow<'a, str>> {
        self.text(field).map(spelled)
    }

    pub(super) fn take(
        &mut self,
        field: Field,
        read: impl FnOnce(&'a str) -> Result<Cow<'a, str>, Fault>,
    ) -> Option<Cow<'a, str>> {
        let raw = self.columns.index(field).and_then(|at| self.raw.cells.get(at));
        if raw.is_some_and(|cell| cell.contains('\u{202e}')) {
            let what = "the cell has a mark (U+202E) that shows its text from right to left, so you do not see \
                        what it holds";
            self.add(field, what.to_owned(), "write the cell again".to_owned());
            return None;
        }
        match read(self.text(field)?) {
            Ok(text) => Some(text),
            Err(fault) => {
                self.add(field, fault.what, fault.todo);
                None
            }
        }
    }

    pub(super) fn add(&mut self, field: Field, mut what: String, todo: String) {
        let is_address =
            || field == Field::Email && self.text(field).is_some_and(address::has_mails_form);
        // A separator too many may have moved a part of a password into the cell.
        if !self.columns.secret_indexes().is_empty() && !is_address() {
            what = unquoted(&what);
        }
        // The cells of a row with too many or too few cells may be in the wrong columns, so they do not count.
        if self.raw.problem.is_none() {
            let column = self.columns.index(field).map(|at| self.columns.heading(at));
            self.problems.push(Problem { line: self.raw.line, column, what, todo });
        }
    }

    /// Requires one of these fields. (A field with an unreadable value is reported already.)
    pub(super) fn need(&mut self, fields: &[Field], what: &str, todo: &str) {
        if fields.iter().any(|field| self.text(*field).is_some()) {
            return;
        }
        let there = |field: &&Field| self.columns.index(**field).is_some();
        let field = fields.iter().find(there).unwrap_or(&fields[0]);
        self.add(*field, what.to_owned(), todo.to_owned());
    }

    /// The user that the row names: id and email.
    pub(super) fn person(&mut self) -> (Option<Cow<'a, str>>, Option<Cow<'a, str>>) {
        let id = self.take(Field::AccountId, cell::account_id);
        let is_foreign =
            |id: &Cow<'_, str>| self.columns.has_ids_of_any_program && !may_be_an_account_id(id);
        if let Some(id) = id.as_ref().filter(|id| is_foreign(id)) {
            let what = format!("“{}” is not an Atlassian account id", excerpt(id));
            self.add(Field::AccountId, what, self.columns.to_leave_ids_out());
        }
        let mail = self.take(Field::Email, address::mail);
        self.need(
            &[Field::Email, Field::AccountId],
            "the row names no user",
            "write an email address or an account id, or remove the row",
        );
        (id, mail)
    }

    pub(super) fn group(&mut self) -> GroupCells<'a> {
        let mut cells = GroupCells {
            id: self.take(Field::GroupId, cell::group_id),
            name: self.take(Field::GroupName, |text| cell::name(text, "the group's name")),
            id_or_name: None,
        };
        if let Some(group) = self.take(Field::Group, |text| cell::name(text, "the group")) {
            let is_id = cell::is_uuid(&group);
            let id = is_id.then(|| Cow::Owned(group.to_ascii_lowercase()));
            if cells.id.is_none() && is_id {
                cells.id = id;
                cells.id_or_name = Some(group);
            } else if cells.id != id || id.is_none() {
                cells.name = Some(group);
            }
        }
        self.need(
            &[Field::Group, Field::GroupName, Field::GroupId],
            "there is no group",
            "write its name or its id, or remove the row",
        );
        cells
    }

    pub(super) fn products(&mut self) -> ProductsCell {
        self.products_or(|_| false)
    }

    /// The same, with the names that may be those of other apps of the organization, each once.
    pub(super) fn products_and_apps(&mut self) -> (ProductsCell, Vec<String>) {
        // A part of a password may have moved into the cell, and no later message may show it.
        if !self.columns.secret_indexes().is_empty() {
            return (self.products(), Vec::new());
        }
        let mut apps: Vec<String> = Vec::new();
        let products = self.products_or(|word| {
            let is_app = may_be_app(word);
            if is_app && apps.iter().all(|known| known != word) {
                apps.push(word.to_owned());
            }
            is_app
        });
        match products {
            // The row names apps, and none of Jira's.
            ProductsCell::Default if !apps.is_empty() => (ProductsCell::These(Vec::new()), apps),
            products => (products, apps),
        }
    }

    /// Reads the products. `takes` takes words that are not among them; the others are problems.
    fn products_or(&mut self, mut takes: impl FnMut(&str) -> bool) -> ProductsCell {
        let Some(text) = self.text(Field::Products) else { return ProductsCell::Default };
        let mut these: Vec<Product> = Vec::new();
        let (mut none, mut taken) = (false, false);
        for word in text.split([';', ',']).map(cell::trim).filter(|word| !word.is_empty()) {
            if word.eq_ignore_ascii_case("none") {
                none = true;
                continue;
            }
            match cell::no_error(word, "a product").and_then(|_| product(word)) {
                Ok(product) if these.contains(&product) => {}
                Ok(product) => these.push(product),
                Err(_) if takes(word) => taken = true,
                Err(fault) => self.add(Field::Products, fault.what, fault.todo),
            }
        }
        match (none, these.is_empty() && !taken) {
            (false, _) if these.is_empty() => ProductsCell::Default,
            (false, _) => ProductsCell::These(these),
            (true, true) => ProductsCell::None,
            (true, false) => {
                let what = format!("“{}” has `none` and a product", excerpt(text));
                let todo = "write only `none`, or only the products";
                self.add(Field::Products, what, todo.to_owned());
                ProductsCell::None
            }
        }
    }

    pub(super) fn groups(&mut self) -> Vec<String> {
        let mut groups: Vec<String> = Vec::new();
        let text = self.text(Field::Groups).unwrap_or_default();
        for word in text.split(';').map(cell::text).filter(|word| !word.is_empty()) {
            match cell::name(word, "a group's name") {
                Ok(name) if groups.iter().any(|known| *known == name) => {}
                Ok(name) => groups.push(name.into_owned()),
                Err(fault) => self.add(Field::Groups, fault.what, fault.todo),
            }
        }
        groups
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    pub(super) fn end<T>(self, row: impl FnOnce() -> Option<T>) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty()
            && let Some(row) = row()
        {
            return Ok(row);
        }
        Err(self.problems)
    }
}
