//! The users and memberships of a list, and the contradictions between its rows. Pure.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use headcount_model::group::name_key;
use headcount_model::user::Product;
use headcount_sheet::Problem;

use crate::rows::{WantedStatus, WhichGroup, WhichUser};

/// Where a row is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The sheet, if the workbook has several.
    pub sheet: Option<Arc<str>>,
    /// The line.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            Some(sheet) => write!(f, "line {} of sheet “{sheet}”", self.line),
            None => write!(f, "line {}", self.line),
        }
    }
}

/// What a list says about a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedUser {
    /// The user.
    pub user: WhichUser,
    /// The display name: shown, never sent.
    pub name: Option<String>,
    /// The first row about the user.
    pub place: Place,
    /// The wanted state; `None`: the list does not say it.
    pub status: Option<WantedStatus>,
    /// The wanted groups; `None`: the list does not say them.
    pub groups: Option<Vec<WhichGroup>>,
    /// The wanted apps of Jira; `None`: the list does not say which apps the user has.
    pub products: Option<Vec<Product>>,
    /// The names of other wanted apps, as written.
    pub named_apps: Vec<String>,
    /// These apps, once the organization's apps were read, without those of Jira.
    pub apps: Vec<OtherApp>,
    /// Whether the user has a row, and is not only named by memberships.
    pub has_row: bool,
    /// Whether the row of the user says the groups, so that rows of memberships can only repeat them.
    pub says_groups: bool,
}

/// An app of the organization that is none of Jira's on this site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherApp {
    /// Its id.
    pub id: String,
    /// Its name with its site, such as `Confluence - acme`.
    pub name: String,
}

impl ListedUser {
    /// Whether the user is to be created if the site has no such user.
    pub fn is_to_be_there(&self) -> bool {
        match self.status {
            Some(WantedStatus::Active) => true,
            None => self.has_row,
            Some(WantedStatus::Deactivated | WantedStatus::Suspended | WantedStatus::Gone) => false,
        }
    }
}

/// A list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The users, in the order of their first rows.
    pub users: Vec<ListedUser>,
    /// The groups of the sheet `managedGroups`; `None`: there is no such sheet.
    pub managed_groups: Option<Vec<WhichGroup>>,
}

impl List {
    /// The groups that rows name, as often as they do.
    pub fn groups(&self) -> impl Iterator<Item = &WhichGroup> {
        self.users.iter().flat_map(|user| user.groups.iter().flatten())
    }

    /// Whether rows say which products their users have.
    pub fn says_products(&self) -> bool {
        self.users.iter().any(|user| user.products.is_some())
    }
}

/// A list whose rows come one by one.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    list: List,
    /// The places in the list of emails and account ids.
    keys: HashMap<String, usize>,
    /// Whether rows are memberships.
    has_memberships: bool,
}

fn problem(place: &Place, what: String, todo: &str) -> Problem {
    Problem { line: place.line, column: None, what, todo: todo.to_owned() }
}

impl Gathered {
    /// Adds a row about a user.
    ///
    /// # Errors
    /// An earlier row names the same user.
    pub fn add_user(&mut self, user: ListedUser) -> Result<(), Problem> {
        let known = user.user.keys().find_map(|key| self.keys.get(&key).copied());
        let Some(at) = known else {
            self.push(user);
            return Ok(());
        };
        let earlier = &self.list.users[at];
        if earlier.has_row {
            let what = format!("the row names the same user as {}", earlier.place);
            return Err(problem(&user.place, what, "keep one of the two rows"));
        }
        let named = earlier.groups.iter().flatten().find(|group| !allows(&user, group));
        if let Some(group) = named {
            return Err(differing(&user.place, &earlier.place, group));
        }
        let groups = earlier.groups.clone();
        for key in user.user.keys() {
            self.keys.entry(key).or_insert(at);
        }
        self.list.users[at] = ListedUser { groups: user.groups.clone().or(groups), ..user };
        Ok(())
    }

    /// Adds a row about a membership.
    ///
    /// # Errors
    /// The row of the user contradicts it.
    pub fn add_membership(
        &mut self,
        user: WhichUser,
        group: WhichGroup,
        place: Place,
    ) -> Result<(), Problem> {
        self.has_memberships = true;
        let Some(at) = user.keys().find_map(|key| self.keys.get(&key).copied()) else {
            self.push(ListedUser {
                user,
                name: None,
                place,
                status: None,
                groups: Some(vec![group]),
                products: None,
                named_apps: Vec::new(),
                apps: Vec::new(),
                has_row: false,
                says_groups: false,
            });
            return Ok(());
        };
        let earlier = &mut self.list.users[at];
        if earlier.has_row && !allows(earlier, &group) {
            return Err(differing(&place, &earlier.place, &group));
        }
        let groups = earlier.groups.get_or_insert_default();
        if !groups.iter().any(|known| is_same(known, &group)) {
            groups.push(group);
        }
        Ok(())
    }

    /// Adds a group of the sheet `managedGroups`.
    pub fn add_managed_group(&mut self, group: WhichGroup) {
        self.list.managed_groups.get_or_insert_default().push(group);
    }

    /// Notes that there is a sheet `managedGroups`, even if it has no row.
    pub fn begin_managed_groups(&mut self) {
        self.list.managed_groups.get_or_insert_default();
    }

    /// Notes that rows are memberships, even if there is none.
    pub fn begin_memberships(&mut self) {
        self.has_memberships = true;
    }

    /// The whole list. Where memberships have rows of their own, a user without any is in no group.
    pub fn end(mut self) -> List {
        if self.has_memberships {
            for user in &mut self.list.users {
                user.groups.get_or_insert_default();
            }
        }
        self.list
    }

    fn push(&mut self, user: ListedUser) {
        let at = self.list.users.len();
        for key in user.user.keys() {
            self.keys.entry(key).or_insert(at);
        }
        self.list.users.push(user);
    }
}

/// Whether the row of a user leaves room for a membership with a row of its own.
fn allows(user: &ListedUser, group: &WhichGroup) -> bool {
    let is_named = || user.groups.iter().flatten().any(|known| is_same(known, group));
    user.status != Some(WantedStatus::Gone) && (!user.says_groups || is_named())
}

fn differing(place: &Place, other: &Place, group: &WhichGroup) -> Problem {
    let name = group.name.as_deref().or(group.id.as_ref().map(|id| id.as_str()));
    let what = format!(
        "the row says that the user is in the group “{}”, and {other} says otherwise",
        name.unwrap_or_default()
    );
    problem(place, what, "correct one of the two rows")
}

/// Whether two texts mean the same group for sure.
fn is_same(one: &WhichGroup, other: &WhichGroup) -> bool {
    let name = |group: &WhichGroup| group.name.as_deref().map(name_key);
    match (&one.id, &other.id) {
        (Some(one), Some(other)) => one == other,
        _ => name(one).is_some() && name(one) == name(other),
    }
}
