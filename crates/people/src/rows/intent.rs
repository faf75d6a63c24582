//! What a row asks for, after its cells were read. The job says which kind of rows it has. The intents of a draft
//! are kept until the plan is made, so that a row is parsed once. Many rows name the same users and groups, so
//! each of these is stored once, and a row takes about 5 bytes.

use std::collections::{HashMap, HashSet};
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
    rows: KeptRows,
    /// Rows whose outcome is decided already.
    dropped: HashSet<u32>,
    users: Once<Called>,
    groups: Once<Vec<WhichGroup>>,
    others: Once<Others>,
}

/// A row, and the indexes of its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Kept {
    /// A file with more rows than this can count does not fit into memory.
    row: u32,
    user: u32,
    groups: u32,
    others: u32,
}

impl Kept {
    fn numbers(&mut self) -> [&mut u32; 4] {
        [&mut self.row, &mut self.user, &mut self.groups, &mut self.others]
    }
}

/// Rows in their order. Each is written as its differences from the row before, which are small, 7 bits in a byte.
#[derive(Debug, Default)]
struct KeptRows {
    /// Chunks of one size, so that growing never needs memory for all rows twice. No row is in two of them.
    chunks: Vec<Vec<u8>>,
    last: Kept,
}

/// The size of a chunk, and the most bytes of a row.
const CHUNK: usize = 1 << 16;
const LONGEST: usize = 4 * 5;

impl KeptRows {
    fn push(&mut self, mut kept: Kept) {
        if self.chunks.last().is_none_or(|chunk| chunk.len() + LONGEST > CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let Some(chunk) = self.chunks.last_mut() else { return };
        let before = std::mem::replace(&mut self.last, kept).numbers().map(|number| *number);
        for (number, before) in kept.numbers().into_iter().zip(before) {
            let by = number.wrapping_sub(before) as i32;
            // Its sign is the lowest bit.
            let mut left = ((by << 1) ^ (by >> 31)) as u32;
            while left >= 0x80 {
                chunk.push(left as u8 | 0x80);
                left >>= 7;
            }
            chunk.push(left as u8);
        }
    }

    fn iter(&self) -> impl Iterator<Item = Kept> {
        let mut bytes = self.chunks.iter().flatten();
        let mut last = Kept::default();
        std::iter::from_fn(move || {
            for number in last.numbers() {
                let (mut value, mut shift) = (0, 0);
                loop {
                    let byte = u32::from(*bytes.next()?);
                    value |= (byte & 0x7f) << shift;
                    shift += 7;
                    if byte < 0x80 {
                        break;
                    }
                }
                *number = number.wrapping_add((value >> 1) ^ (value & 1).wrapping_neg());
            }
            Some(last)
        })
    }
}

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
    /// The place of the last value: the next one is often equal.
    last: u32,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: HashMap::new(), last: 0 }
    }
}

impl<T: Eq + Hash> Once<T> {
    fn place(&mut self, value: T) -> u32 {
        if self.values.get(self.last as usize).is_some_and(|last| **last == value) {
            return self.last;
        }
        if let Some(place) = self.places.get(&value) {
            self.last = *place;
            return *place;
        }
        let place = self.values.len() as u32;
        let value = Arc::new(value);
        self.values.push(Arc::clone(&value));
        self.places.insert(value, place);
        self.last = place;
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
        self.dropped.insert(row as u32);
    }

    /// Those of a job, in a draft whose rows belong to several.
    pub fn of_job(&self, job: job::Job) -> Self {
        let mut all = Self::default();
        let of_it = |kept: &Kept| self.others.at(kept.others).job == Some(job);
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

    /// The pairs of a user and a group of the rows, as `person` and `group` find them: each pair once, by groups.
    pub fn pairs<P: Copy + Ord, G: Copy + Ord>(
        &self,
        person: impl Fn(&WhichUser) -> Option<P>,
        group: impl Fn(&WhichGroup) -> Option<G>,
    ) -> Vec<(P, G)> {
        let people = self.users.values.iter().map(|called| person(called.user.as_ref()?));
        let people: Vec<Option<P>> = people.collect();
        let groups = self.groups.values.iter().map(|all| all.iter().filter_map(&group).collect());
        let groups: Vec<Vec<G>> = groups.collect();
        let all = || {
            self.left().flat_map(|kept| {
                let person = people[kept.user as usize];
                groups[kept.groups as usize].iter().filter_map(move |group| Some((person?, *group)))
            })
        };
        // Counted first, because a list that grows takes twice the memory.
        let mut pairs = Vec::with_capacity(all().count());
        pairs.extend(all());
        pairs.sort_unstable_by_key(|(person, group)| (*group, *person));
        pairs.dedup();
        pairs
    }

    /// The lists of groups of the rows, each once.
    pub fn groups(&self) -> impl Iterator<Item = &[WhichGroup]> {
        let mut are_used = vec![false; self.groups.values.len()];
        self.left().for_each(|kept| are_used[kept.groups as usize] = true);
        let used = self.groups.values.iter().zip(are_used).filter(|(_, is_used)| *is_used);
        used.map(|(groups, _)| groups.as_slice())
    }

    fn left(&self) -> impl Iterator<Item = Kept> {
        self.rows.iter().filter(|kept| !self.dropped.contains(&kept.row))
    }

    fn whole(&self, kept: Kept) -> Intent {
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
        fn each_row_has_its_own_intent(
            all in vec((intent(), prop_oneof![1..4_u64, 100..9_000_000_u64], any::<bool>()), 0..40),
        ) {
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
