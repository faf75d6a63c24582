//! What the site says of people and groups, freed from the shapes of either API.
//!
//! `None` is "not said", never "no".

use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, AccountStatus, AccountType, Product, Standing};

/// A person, as one answer shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// The account id.
    pub id: AccountId,
    /// The mail address; absent where it is hidden.
    pub mail: Option<Box<str>>,
    /// The display name.
    pub name: Option<Box<str>>,
    /// The account's state. Jira says only active or not.
    pub status: Option<AccountStatus>,
    /// Whether the organization manages the account.
    pub managed: Option<bool>,
    /// Whether an identity provider owns the account.
    pub synced: Option<bool>,
    /// Whether the person administers the organization.
    pub org_admin: Option<bool>,
    /// The person's state in the organization; only its directory shows it.
    pub standing: Option<Standing>,
    /// What the account is, where the answer says so.
    pub account_type: Option<AccountType>,
}

impl PersonRecord {
    /// Whether it is an app or a customer of the help desk rather than a colleague.
    pub fn not_a_colleague(&self) -> bool {
        self.account_type.and_then(AccountType::no_person).is_some()
    }
}

/// A group, as one answer shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRecord {
    /// The id.
    pub id: GroupId,
    /// The name.
    pub name: Box<str>,
    /// Whether an identity provider owns it; only the organization shows it.
    pub synced: Option<bool>,
}

/// A product of the site: who has it and how many more may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRecord {
    /// The product.
    pub product: Product,
    /// The groups whose members have it.
    pub groups: Vec<GroupId>,
    /// Seats that are left; `None` without a limit, or where the site does not say.
    pub seats_left: Option<u64>,
}

/// Which groups give which product of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteProducts {
    /// The products that headcount knows.
    pub products: Vec<ProductRecord>,
    /// All groups that give any product; `None` where the answer does not name the groups of each.
    pub giving: Option<Vec<GroupId>>,
}

/// Jira's whole view of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// Who it is.
    pub person: PersonRecord,
    /// The groups, id and name.
    pub groups: Vec<(GroupId, String)>,
    /// Whether those are all of them.
    pub groups_complete: bool,
    /// Jira's products that the user has access to, where the answer shows them all.
    pub products: Option<Vec<Product>>,
}

/// A page of a group's members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPage {
    /// Members in all, if the site says so.
    pub total: Option<u64>,
    /// Whether it is the last page.
    pub is_last: bool,
    /// The members on this page.
    pub members: Vec<PersonRecord>,
}

impl MemberPage {
    /// Whether a first page shows another number of members than its total says, and no page follows
    /// that could show the others.
    pub fn contradicts_itself(&self) -> bool {
        let is_all = self.is_last || self.members.is_empty();
        is_all && self.total.is_some_and(|total| total != self.members.len() as u64)
    }

    /// How many members there are by a first page; where it contradicts itself, the larger number.
    pub fn count(&self) -> u64 {
        self.total.unwrap_or(0).max(self.members.len() as u64)
    }
}

/// A page of Jira's groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPage {
    /// Groups in all, if the site says so.
    pub total: Option<u64>,
    /// Whether it is the last page.
    pub is_last: bool,
    /// Rows on this page, those of groups without an id too.
    pub rows: u64,
    /// The groups on this page.
    pub groups: Vec<GroupRecord>,
}

/// Whether a group's name in an answer is the one that was sent: a site may trim it and change its case.
pub(crate) fn same_name(theirs: &str, ours: &str) -> bool {
    theirs.trim().to_lowercase() == ours.trim().to_lowercase()
}

/// What came of `POST user`. A 201 is no proof that a user was created: the site answers the
/// same for a user who is there with access (Jira platform description, `createUser`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The account, if the answer named it.
    pub account: Option<AccountId>,
    /// The answer's status.
    pub status: u16,
}

/// What came of inviting one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The mail address that was invited.
    pub mail: String,
    /// The account.
    pub account: Option<AccountId>,
    /// What could not be given: which product or group, and the site's words.
    pub refused: Vec<String>,
    /// Whether those words say that no seat is left.
    pub full: bool,
}

/// What came of creating a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupMade {
    /// It was created.
    Done {
        /// Its id, if the site named it.
        id: Option<GroupId>,
        /// The answer's status.
        status: u16,
    },
    /// The name is in use.
    InUse {
        /// The answer's status.
        status: u16,
    },
}

/// The result of a change that may have been there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The site did it.
    Done {
        /// The answer's status.
        status: u16,
    },
    /// The site says that nothing had to be changed.
    AlreadySo {
        /// The answer's status.
        status: u16,
    },
}

/// A person, as a listing of a directory shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPerson {
    /// Who it is.
    pub person: PersonRecord,
    /// When the person was first added to a directory; ISO 8601.
    pub added: Option<Box<str>>,
    /// The groups, where they were asked for.
    pub groups: Option<Vec<GroupRecord>>,
    /// Jira's products that the person has access to, where they were asked for.
    pub products: Option<Vec<Product>>,
}

/// A group, as a listing of a directory shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedGroup {
    /// Which it is.
    pub group: GroupRecord,
    /// What it is for.
    pub description: Option<Box<str>>,
    /// How many people are in it, by the site's count.
    pub members: Option<u64>,
    /// How many apps it opens, by the site's count.
    pub apps: Option<u64>,
    /// Whether the site lets it be deleted (organizations description, `managementAccess.deletable`).
    pub deletable: Option<bool>,
}

/// A directory of an organization. (The centralised user management has exactly one.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryRecord {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}
