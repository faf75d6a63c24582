//! What a row asks for, once its cells are read. Which of these a job's rows are, the job says.

use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Product};
use headcount_sheet::{Problem, Raw};

use super::cell::is_uuid;
use super::columns::Columns;
use super::row::{CreateRow, GroupRow, MemberRow, ProductsCell, UserRow, WhichGroupRow};

/// Whom a row means: an id, a mail, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct WhichUser {
    /// The account id; taken before the mail.
    pub account: Option<AccountId>,
    /// The mail address as written.
    pub mail: Option<String>,
}

/// Which group a row means: an id, a name, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct WhichGroup {
    /// The group id; taken before the name.
    pub id: Option<GroupId>,
    /// The name as written, commas and all.
    pub name: Option<String>,
    /// The same text read the other way, where the cell may hold a name as well as an id.
    pub other: Option<OtherReading>,
}

/// The other way to read a cell that has the form of an id. Where both ways lead to a group, the row is
/// ambiguous.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OtherReading {
    /// It was taken as an id, and may be a name.
    Name(String),
    /// It was taken as a name, and may be an id.
    Id(GroupId),
}

/// What a row asks for: which user, which groups, and what else its cells say. What is done to them, the
/// job says; what its rows do not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intent {
    /// Which user.
    pub user: Option<WhichUser>,
    /// Which groups.
    pub groups: Vec<WhichGroup>,
    /// A new user's name: shown, never sent (the API takes none any more).
    pub name: Option<String>,
    /// What the `products` cell says; `None`: empty, take the default.
    pub products: Option<Vec<Product>>,
    /// The cell of an export's column `Org role`.
    pub org_role: Option<String>,
    /// What a new group is for.
    pub description: Option<String>,
    /// What the row calls the user, in columns that no job reads.
    pub called: Option<String>,
    /// Fields that the row fills and that the API no longer takes.
    pub dropped: Vec<&'static str>,
}

/// A row of a job on users.
pub fn user(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = UserRow::read(raw, columns)?;
    let user = Some(which_user(row.account_id, row.email));
    Ok(Intent { user, org_role: row.org_role, ..Intent::default() })
}

/// A row of a job on memberships.
pub fn member(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = MemberRow::read(raw, columns)?;
    let group = which_group(row.group_id, row.group_name, row.id_or_name);
    let user = Some(which_user(row.account_id, row.email));
    Ok(Intent { user, groups: vec![group], ..Intent::default() })
}

/// A row of `user create`.
pub fn create(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = CreateRow::read(raw, columns)?;
    let products = match row.products {
        ProductsCell::Default => None,
        ProductsCell::None => Some(Vec::new()),
        ProductsCell::These(products) => Some(products),
    };
    let user = Some(WhichUser { account: None, mail: Some(row.email) });
    let groups = row.groups.into_iter().map(WhichGroup::in_a_list).collect();
    let (name, dropped) = (row.display_name, row.dropped);
    Ok(Intent { user, name, products, groups, dropped, ..Intent::default() })
}

/// A row of `group create`.
pub fn new_group(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = GroupRow::read(raw, columns)?;
    let groups = vec![WhichGroup::named(row.name)];
    Ok(Intent { groups, description: row.description, ..Intent::default() })
}

/// A row of a job on groups that are there.
pub fn group(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = WhichGroupRow::read(raw, columns)?;
    let group = which_group(row.group_id, row.group_name, row.id_or_name);
    Ok(Intent { groups: vec![group], ..Intent::default() })
}

impl WhichGroup {
    /// A group by its name alone.
    pub fn named(name: String) -> Self {
        Self { name: Some(name), ..Self::default() }
    }

    /// A group by its name, under a heading that says only that it is a group.
    fn in_a_list(name: String) -> Self {
        let other = is_uuid(&name).then(|| OtherReading::Id(GroupId::new(&name.to_lowercase())));
        Self { other, ..Self::named(name) }
    }
}

/// The reader has checked the id's form already.
fn which_user(account: Option<String>, mail: Option<String>) -> WhichUser {
    WhichUser { account: account.and_then(|id| AccountId::parse(&id).ok()), mail }
}

/// The group of a row.
pub(crate) fn which_group(
    id: Option<String>,
    name: Option<String>,
    id_or_name: Option<String>,
) -> WhichGroup {
    let other = id_or_name.map(OtherReading::Name);
    WhichGroup { id: id.as_deref().map(GroupId::new), name, other }
}
