//! Reads one row of Atlassian's exports.
//!
//! Exports are only used to look up names, never to change users, so a row is used as far as possible: a user
//! without a readable email still has an id. Unused parts are reported.

use std::borrow::Cow;

use super::address;
use super::cell;
use super::columns::Columns;
use super::row::Row;
use super::wanted::Field;
use headcount_sheet::{Problem, Raw};

/// A row of a users export. (Borrowed, because a pivot export repeats a user for each group.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedUser<'a> {
    /// The account id.
    pub account_id: Cow<'a, str>,
    /// The email address; absent if it is hidden or unreadable.
    pub email: Option<Cow<'a, str>>,
    /// The display name.
    pub name: Option<Cow<'a, str>>,
    /// The account's state in the export's words.
    pub status: Option<Cow<'a, str>>,
    /// The role in the organization in the export's words.
    pub org_role: Option<Cow<'a, str>>,
}

/// A row of a groups export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedGroup<'a> {
    /// The group's id.
    pub id: Cow<'a, str>,
    /// The group's name.
    pub name: Cow<'a, str>,
}

impl<'a> ExportedUser<'a> {
    /// Reads a row as far as it can be used; `None` without a readable id.
    pub fn read(raw: &'a Raw, columns: &'a Columns) -> (Option<Self>, Vec<Problem>) {
        let mut row = Row::new(raw, columns);
        let account_id = row.take(Field::AccountId, cell::account_id);
        row.need(&[Field::AccountId], "the row has no account id", LEFT_OUT);
        let email = row.take(Field::Email, address::mail);
        let name = row.spelled(Field::DisplayName);
        let status = row.spelled(Field::UserStatus);
        let org_role = row.spelled(Field::OrgRole);
        let user = account_id.map(|account_id| Self { account_id, email, name, status, org_role });
        (user.filter(|_| raw.problem.is_none()), row.into_problems())
    }
}

impl<'a> ExportedGroup<'a> {
    /// Reads a row; `None` if id or name cannot be used. A row without both is not a problem: a pivot export has
    /// one for each user who is in no group.
    pub fn read(raw: &'a Raw, columns: &'a Columns) -> (Option<Self>, Vec<Problem>) {
        let mut row = Row::new(raw, columns);
        let id = row.take(Field::GroupId, cell::group_id);
        let of_group = |text| cell::name(text, "the group's name");
        let name =
            row.take(Field::GroupName, of_group).or_else(|| row.take(Field::Group, of_group));
        if id.is_some() {
            row.need(&[Field::GroupName, Field::Group], "the group has no name", LEFT_OUT);
        }
        if name.is_some() {
            row.need(&[Field::GroupId], "the group has no id", LEFT_OUT);
        }
        let group = id.zip(name).map(|(id, name)| Self { id, name });
        (group.filter(|_| raw.problem.is_none()), row.into_problems())
    }
}

const LEFT_OUT: &str = "row skipped; export again if you need it";
