//! What a row asks for, after its cells were read. The job says which kind of rows it has. The intents of a draft
//! are kept until the plan is made, so that a row is parsed once. Many rows name the same users and groups, so
//! each of these is stored once, and a row takes 16 bytes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use headcount_model::app_role::AppRole;
use headcount_model::group::GroupId;
use headcount_model::job;
use headcount_model::user::{AccountId, Product, mail_key};
use headcount_sheet::{Problem, Raw};

use super::access_row::{AccessRow, TokenRow};
use super::cell::is_uuid;
use super::columns::Columns;
use super::row::{CreateRow, EmailRow, GroupRow, MemberRow, ProductsCell, UserRow, WhichGroupRow};

/// The user that a row names: by id, by email, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct WhichUser {
    /// The account id, which has precedence over the email.
    pub account: Option<AccountId>,
    /// The mail address as written.
    pub mail: Option<String>,
}

/// The group that a row names: by id, by name, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct WhichGroup {
    /// The group id, which has precedence over the name.
    pub id: Option<GroupId>,
    /// The name as written, including any commas.
    pub name: Option<String>,
    /// The same text read in the other way, if the cell may hold a name as well as an id.
    pub other: Option<OtherReading>,
}

/// The other way to read a cell that has the form of an id. If both ways lead to a group, the row is ambiguous.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OtherReading {
    /// It was read as an id and may be a name.
    Name(String),
    /// It was read as a name and may be an id.
    Id(GroupId),
}

/// What a row asks for: the user, the groups, and its other cells. The job says what is done with them. Fields
/// that its rows do not have are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intent {
    /// The job that changes the row, if the run has rows of several jobs.
    pub job: Option<job::Job>,
    /// The user.
    pub user: Option<WhichUser>,
    /// The groups.
    pub groups: Vec<WhichGroup>,
    /// A new user's name: shown, never sent (the API no longer takes one).
    pub name: Option<String>,
    /// The apps in the `products` cell; `None` if it is empty and the default applies.
    pub products: Option<Vec<Product>>,
    /// The cell of an export's column `Org role`.
    pub org_role: Option<String>,
    /// The description of a new group.
    pub description: Option<String>,
    /// The user's new email address.
    pub new_mail: Option<String>,
    /// An app and a role in it.
    pub access: Option<(String, AppRole)>,
    /// Whether an earlier row of the run activates or restores the user.
    pub comes_back: bool,
    /// The id of an API token.
    pub token: Option<String>,
    /// The row's name for the user, from columns that no job reads.
    pub called: Option<String>,
    /// Fields with a value in this row that the API no longer takes.
    pub dropped: Vec<&'static str>,
}

/// Reads a row of a job on users.
pub fn user(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = UserRow::read(raw, columns)?;
    let user = Some(which_user(row.account_id, row.email));
    Ok(Intent { user, org_role: row.org_role, ..Intent::default() })
}

/// Reads a row of `user email`.
pub fn new_email(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let EmailRow { user: row, new_email } = EmailRow::read(raw, columns)?;
    let user = Some(which_user(row.account_id, row.email));
    let new_mail = Some(new_email);
    Ok(Intent { user, org_role: row.org_role, new_mail, ..Intent::default() })
}

/// Reads a row of a job on memberships.
pub fn member(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = MemberRow::read(raw, columns)?;
    let group = which_group(row.group_id, row.group_name, row.id_or_name);
    let user = Some(which_user(row.account_id, row.email));
    Ok(Intent { user, groups: vec![group], ..Intent::default() })
}

/// Reads a row of `user create`.
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

/// Reads a row of `group create`.
pub fn new_group(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = GroupRow::read(raw, columns)?;
    let groups = vec![WhichGroup::named(row.name)];
    Ok(Intent { groups, description: row.description, ..Intent::default() })
}

/// Reads a row of a job on existing groups.
pub fn group(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = WhichGroupRow::read(raw, columns)?;
    let group = which_group(row.group_id, row.group_name, row.id_or_name);
    Ok(Intent { groups: vec![group], ..Intent::default() })
}

/// Reads a row of a job on roles in apps.
pub fn access(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let row = AccessRow::read(raw, columns)?;
    let group = row.group.map(|row| which_group(row.group_id, row.group_name, row.id_or_name));
    let org_role = row.user.as_ref().and_then(|user| user.org_role.clone());
    let user = row.user.map(|user| which_user(user.account_id, user.email));
    let groups = group.into_iter().collect();
    Ok(Intent { user, groups, org_role, access: Some((row.app, row.role)), ..Intent::default() })
}

/// Reads a row of `token revoke`.
pub fn token(raw: &Raw, columns: &Columns) -> Result<Intent, Vec<Problem>> {
    let TokenRow { user, token } = TokenRow::read(raw, columns)?;
    let (org_role, which) = (user.org_role, which_user(user.account_id, user.email));
    Ok(Intent { user: Some(which), org_role, token: Some(token), ..Intent::default() })
}

impl WhichUser {
    /// The keys by which two rows name the same user.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let account = self.account.as_ref().map(|id| id.as_str().to_owned());
        account.into_iter().chain(self.mail.as_deref().map(mail_key))
    }
}

impl WhichGroup {
    /// A group by its name only.
    pub fn named(name: String) -> Self {
        Self { name: Some(name), ..Self::default() }
    }

    /// A group by its name, under a heading that only says that it is a group.
    pub fn in_a_list(name: String) -> Self {
        let other = is_uuid(&name).then(|| OtherReading::Id(GroupId::new(&name.to_lowercase())));
        Self { other, ..Self::named(name) }
    }
}

/// The reader has already checked the form of the id.
pub(crate) fn which_user(account: Option<String>, mail: Option<String>) -> WhichUser {
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

/// What the rows of a draft ask for, by their numbers.
#[derive(Debug, Default)]
pub struct Intents {
    /// In the order of the rows.
    rows: Vec<Kept>,
    users: Once<Called>,
    groups: Once<Vec<WhichGroup>>,
    others: Once<Others>,
}

/// A row, and the indexes of its parts.
#[derive(Debug)]
struct Kept {
    /// A file with more rows than this can count does not fit into memory.
    row: u32,
    user: u32,
    groups: u32,
    /// [`DROPPED`] for a row whose outcome is decided already.
    others: u32,
}

/// The index of nothing.
const DROPPED: u32 = u32::MAX;

/// A row's user, and its name for the user.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Called {
    user: Option<WhichUser>,
    called: Option<String>,
}

/// The other values of a row; most jobs have none.
#[derive(Debug, Default, PartialEq, Eq, Hash)]
struct Others {
    job: Option<job::Job>,
    name: Option<String>,
    products: Option<Vec<Product>>,
    org_role: Option<String>,
    description: Option<String>,
    new_mail: Option<String>,
    access: Option<(String, AppRole)>,
    comes_back: bool,
    token: Option<String>,
    dropped: Vec<&'static str>,
}

/// Values that are stored once.
#[derive(Debug)]
struct Once<T> {
    values: Vec<Arc<T>>,
    places: HashMap<Arc<T>, u32>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Eq + Hash> Once<T> {
    fn place(&mut self, value: T) -> u32 {
        if let Some(place) = self.places.get(&value) {
            return *place;
        }
        let place = self.values.len() as u32;
        let value = Arc::new(value);
        self.values.push(Arc::clone(&value));
        self.places.insert(value, place);
        place
    }

    fn at(&self, place: u32) -> &T {
        &self.values[place as usize]
    }
}

impl Intents {
    /// Keeps what a row asks for. Rows come in order.
    pub fn keep(&mut self, row: u64, intent: Intent) {
        let Intent { job, user, groups, called, .. } = intent;
        let Intent {
            name,
            products,
            org_role,
            description,
            new_mail,
            access,
            comes_back,
            token,
            dropped,
            ..
        } = intent;
        self.rows.push(Kept {
            row: row as u32,
            user: self.users.place(Called { user, called }),
            groups: self.groups.place(groups),
            others: self.others.place(Others {
                job,
                name,
                products,
                org_role,
                description,
                new_mail,
                access,
                comes_back,
                token,
                dropped,
            }),
        });
    }

    /// Drops a row whose outcome is decided already.
    pub fn drop_row(&mut self, row: u64) {
        if let Ok(at) = self.rows.binary_search_by_key(&row, |kept| kept.row.into()) {
            self.rows[at].others = DROPPED;
        }
    }

    /// Those of a job, in a draft whose rows belong to several.
    pub fn of_job(&self, job: job::Job) -> Self {
        let mut all = Self::default();
        let of_it = |kept: &&Kept| self.others.at(kept.others).job == Some(job);
        self.left().filter(of_it).for_each(|kept| all.keep(kept.row.into(), self.whole(kept)));
        all
    }

    /// Whether no row is undecided.
    pub fn is_empty(&self) -> bool {
        self.left().next().is_none()
    }

    /// The undecided rows, in order, with what each asks for.
    pub fn undecided(&self) -> impl Iterator<Item = (u64, Intent)> {
        self.left().map(|kept| (kept.row.into(), self.whole(kept)))
    }

    /// The users and groups of the rows, in order.
    pub fn targets(&self) -> impl Iterator<Item = (Option<&WhichUser>, &[WhichGroup])> {
        self.left().map(|kept| {
            (self.users.at(kept.user).user.as_ref(), self.groups.at(kept.groups).as_slice())
        })
    }

    fn left(&self) -> impl Iterator<Item = &Kept> {
        self.rows.iter().filter(|kept| kept.others != DROPPED)
    }

    fn whole(&self, kept: &Kept) -> Intent {
        let Called { user, called } = self.users.at(kept.user);
        let others = self.others.at(kept.others);
        Intent {
            job: others.job,
            user: user.clone(),
            groups: self.groups.at(kept.groups).clone(),
            name: others.name.clone(),
            products: others.products.clone(),
            org_role: others.org_role.clone(),
            description: others.description.clone(),
            new_mail: others.new_mail.clone(),
            access: others.access.clone(),
            comes_back: others.comes_back,
            token: others.token.clone(),
            called: called.clone(),
            dropped: others.dropped.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    fn intent() -> impl Strategy<Value = Intent> {
        let few = || option::of("[ab]{1,2}");
        let user = option::of(few().prop_map(|mail| WhichUser { account: None, mail }));
        let group = few().prop_map(|name| WhichGroup { name, ..WhichGroup::default() });
        (user, vec(group, 0..3), few(), few(), few(), few()).prop_map(
            |(user, groups, name, org_role, description, called)| Intent {
                user,
                groups,
                name,
                org_role,
                description,
                called,
                ..Intent::default()
            },
        )
    }

    proptest! {
        /// Each row gets its own intent back, whichever rows are equal; a dropped row has none.
        #[test]
        fn each_row_has_its_own_intent(all in vec((intent(), 1..4_u64, any::<bool>()), 0..40)) {
            let mut intents = Intents::default();
            let mut row = 0;
            let mut wanted = Vec::new();
            for (intent, step, is_dropped) in all {
                row += step;
                intents.keep(row, intent.clone());
                if is_dropped {
                    intents.drop_row(row);
                }
                wanted.push((row, (!is_dropped).then_some(intent)));
            }
            let wanted: Vec<_> = wanted
                .into_iter()
                .filter_map(|(row, intent)| Some((row, intent?)))
                .collect();
            prop_assert_eq!(&intents.undecided().collect::<Vec<_>>(), &wanted);
            let kept = wanted.iter();
            let targets: Vec<_> =
                kept.map(|(_, intent)| (intent.user.as_ref(), intent.groups.as_slice())).collect();
            prop_assert_eq!(intents.targets().collect::<Vec<_>>(), targets);
        }
    }
}
