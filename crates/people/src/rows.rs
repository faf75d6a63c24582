//! What a row asks for, once its cells are read. Which of these a job's rows are, the job says.

use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Product};
use headcount_sheet::{
    Columns, CreateRow, GroupRow, MemberRow, Problem, ProductsCell, Raw, UserRow,
};

/// Whom a row means: an id, a mail, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichUser {
    /// The account id; taken before the mail.
    pub account: Option<AccountId>,
    /// The mail address as written.
    pub mail: Option<String>,
}

/// Which group a row means: an id, a name, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichGroup {
    /// The group id; taken before the name.
    pub id: Option<GroupId>,
    /// The name as written, commas and all.
    pub name: Option<String>,
}

/// What is done to a user's account or access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserChange {
    /// `user deactivate`.
    Deactivate,
    /// `user activate`.
    Activate,
    /// `user suspend`.
    Suspend,
    /// `user restore`.
    Restore,
    /// `user remove`.
    Remove,
}

/// What is done to a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// `member add`.
    Add,
    /// `member remove`.
    Remove,
}

/// What a row asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// `user create`.
    Create {
        /// The new user's mail address.
        mail: String,
        /// The name in the sheet: shown, never sent (the API takes none any more).
        name: Option<String>,
        /// What the `products` cell says; `None`: empty, take the default.
        products: Option<Vec<Product>>,
        /// The groups of the `groups` cell, by name.
        groups: Vec<String>,
    },
    /// A job on one person.
    User {
        /// What is done.
        change: UserChange,
        /// Whom.
        user: WhichUser,
        /// The cell of an export's column `Org role`.
        org_role: Option<String>,
    },
    /// `group create`.
    Group {
        /// The new group's name.
        name: String,
        /// What it is for.
        description: Option<String>,
    },
    /// A job on a membership.
    Member {
        /// What is done.
        change: MemberChange,
        /// Whom.
        user: WhichUser,
        /// In which group.
        group: WhichGroup,
    },
}

/// A row of a job on users.
pub fn user(change: UserChange, raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = UserRow::read(raw, columns)?;
    let user = which_user(row.account_id, row.email);
    Ok(Intent::User { change, user, org_role: row.org_role })
}

/// A row of a job on memberships.
pub fn member(change: MemberChange, raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = MemberRow::read(raw, columns)?;
    let group = WhichGroup { id: row.group_id.as_deref().map(GroupId::new), name: row.group_name };
    Ok(Intent::Member { change, user: which_user(row.account_id, row.email), group })
}

/// A row of `user create`.
pub fn create(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = CreateRow::read(raw, columns)?;
    let products = match row.products {
        ProductsCell::Default => None,
        ProductsCell::None => Some(Vec::new()),
        ProductsCell::These(products) => Some(products),
    };
    Ok(Intent::Create { mail: row.email, name: row.display_name, products, groups: row.groups })
}

/// A row of `group create`.
pub fn group(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = GroupRow::read(raw, columns)?;
    Ok(Intent::Group { name: row.name, description: row.description })
}

/// The reader has checked the id's form already.
fn which_user(account: Option<String>, mail: Option<String>) -> WhichUser {
    WhichUser { account: account.and_then(|id| AccountId::parse(&id).ok()), mail }
}
