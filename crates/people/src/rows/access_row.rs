//! Reads a row of a job on roles in apps, or on API tokens, or reports all its problems.

use super::cell;
use super::columns::Columns;
use super::row::{Row, UserRow, WhichGroupRow, owned};
use super::wanted::Field;
use headcount_model::app_role::AppRole;
use headcount_sheet::quoting::{excerpt, list};
use headcount_sheet::{Problem, Raw};

/// A row of a job on roles in apps. It has either a user or a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// The user.
    pub user: Option<UserRow>,
    /// The group.
    pub group: Option<WhichGroupRow>,
    /// The app as written.
    pub app: String,
    /// The role.
    pub role: AppRole,
}

/// A row of `token revoke`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// The token's owner.
    pub user: UserRow,
    /// The token's id.
    pub token: String,
}

impl AccessRow {
    /// Reads a row. The error has all its problems.
    pub fn read(raw: &Raw, columns: &Columns) -> Result<Self, Vec<Problem>> {
        let mut row = Row::new(raw, columns);
        let has =
            |fields: &[Field], row: &Row<'_>| fields.iter().any(|field| row.text(*field).is_some());
        let groups = &[Field::Group, Field::GroupName, Field::GroupId];
        let of_group = has(groups, &row);
        if of_group && has(&[Field::AccountId, Field::Email], &row) {
            let field = groups.iter().find(|field| row.text(**field).is_some());
            row.add(
                *field.unwrap_or(&Field::Group),
                "the row names a user and a group".to_owned(),
                "empty one of the cells: a row changes the role of one user, or of one group"
                    .to_owned(),
            );
        }
        let (user, group) = match of_group {
            true => (None, Some(row.group())),
            false => (Some(row.person()), None),
        };
        let org_role = row.take(Field::OrgRole, |text| cell::no_error(text, "a role"));
        let app = row.take(Field::App, |text| cell::no_error(text, "an app"));
        row.need(
            &[Field::App],
            "there is no app",
            "write the app's name or key, or remove the row",
        );
        let role = row.role(of_group);
        row.end(|| {
            let user = user.map(|(account_id, email)| UserRow {
                account_id: owned(account_id),
                email: owned(email),
                org_role: owned(org_role),
            });
            let group = group.map(|group| WhichGroupRow {
                group_id: owned(group.id),
                group_name: owned(group.name),
                id_or_name: owned(group.id_or_name),
            });
            Some(Self { user, group, app: app?.into_owned(), role })
        })
    }
}

impl TokenRow {
    /// Reads a row. The error has all its problems.
    pub fn read(raw: &Raw, columns: &Columns) -> Result<Self, Vec<Problem>> {
        let mut row = Row::new(raw, columns);
        let (account_id, email) = row.person();
        let org_role = row.take(Field::OrgRole, |text| cell::no_error(text, "a role"));
        let token = row.take(Field::Token, |text| cell::no_error(text, "a token's id"));
        row.need(
            &[Field::Token],
            "there is no token",
            "write the id that `token list` shows, or remove the row",
        );
        row.end(|| {
            let user = UserRow {
                account_id: owned(account_id),
                email: owned(email),
                org_role: owned(org_role),
            };
            Some(Self { user, token: token?.into_owned() })
        })
    }
}

impl Row<'_> {
    /// The role; `user` if the cell is empty.
    fn role(&mut self, of_group: bool) -> AppRole {
        let Some(text) = self.text(Field::Role) else { return AppRole::default() };
        let is_possible = |role: &AppRole| of_group || role.is_for_users();
        let role = AppRole::read(text).filter(is_possible);
        if role.is_none() {
            let possible = AppRole::ALL.into_iter().filter(is_possible);
            let words: Vec<String> = possible.map(|role| role.word().to_owned()).collect();
            let what = format!("“{}” is no role in an app", excerpt(text));
            self.add(Field::Role, what, format!("write one of {}", list(&words)));
        }
        role.unwrap_or_default()
    }
}
