//! The fields of each job, their headings, and which fields are required.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::headings::{
    ACCOUNT_ID, ACTION, APP, DECISION, DESCRIPTION, DISPLAY_NAME, EMAIL, GROUP, GROUP_ID,
    GROUP_NAME, GROUP_WORDS, GROUPS, Headings, MAIL_WORDS, MORE_GROUPS, NAME_IN_EXPORT, NEW_EMAIL,
    NEW_GROUP, NEW_WORDS, OLD_APPLICATION_KEYS, OLD_EMAIL, OLD_KEY, OLD_NAME, OLD_NOTIFICATION,
    OLD_PASSWORD, OLD_WORDS, ONE_APP, ORG_ROLE, PRODUCTS, ROLE, STATUS, TOKEN, USER_STATUS,
};
use super::old_or_new::{Address, old_or_new};
use headcount_sheet::Heading;
use headcount_sheet::heading::words::known_by;
use headcount_sheet::heading::words::normalized;

/// The field name with which `--map` leaves a column out.
pub const LEFT_OUT: &str = "-";

/// What a spreadsheet is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// `user create`.
    CreateUsers,
    /// `user deactivate`, `activate`, `suspend`, `restore`, `remove`.
    Users,
    /// `user email`.
    NewEmails,
    /// `member add`, `member remove`, `member map`.
    Memberships,
    /// `group create`.
    CreateGroups,
    /// `group delete`.
    Groups,
    /// `access grant`, `access revoke`.
    Access,
    /// `token revoke`.
    Tokens,
    /// `sync`: one user in each row.
    List,
    /// `sync` with a column `Action`: a change of any of the jobs above on users in each row.
    Actions,
    /// `--users`: Atlassian's export of users.
    UsersExport,
    /// `--groups`: Atlassian's export of users in its pivot form, trimmed or not.
    GroupsExport,
}

impl Job {
    /// All of them.
    pub(super) const ALL: [Self; 12] = [
        Self::CreateUsers,
        Self::Users,
        Self::NewEmails,
        Self::Memberships,
        Self::CreateGroups,
        Self::Groups,
        Self::Access,
        Self::Tokens,
        Self::List,
        Self::Actions,
        Self::UsersExport,
        Self::GroupsExport,
    ];

    /// Whether its rows name users that exist.
    pub fn names_users(self) -> bool {
        match self {
            Self::Users | Self::Memberships => true,
            // A list of users has no new addresses.
            Self::CreateUsers
            | Self::NewEmails
            | Self::CreateGroups
            | Self::Groups
            | Self::Access
            | Self::Tokens
            | Self::List
            | Self::Actions
            | Self::UsersExport
            | Self::GroupsExport => false,
        }
    }

    /// A `--map` that its spreadsheets may need, for the help.
    pub fn example_map(self) -> &'static str {
        match self {
            Self::CreateUsers
            | Self::Users
            | Self::Memberships
            | Self::Access
            | Self::Tokens
            | Self::List
            | Self::Actions
            | Self::UsersExport => "email=\"Contact\"",
            Self::NewEmails => "newEmail=\"Address from May\"",
            Self::CreateGroups => "name=\"New team\"",
            Self::Groups | Self::GroupsExport => "group=\"Old team\"",
        }
    }
}

/// Whether it is an export, which is read as Atlassian writes it, without options.
pub(super) fn is_export(job: Job) -> bool {
    matches!(job, Job::UsersExport | Job::GroupsExport)
}

/// The field of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// A user's account id.
    AccountId,
    /// A user's email address.
    Email,
    /// A user's new email address.
    NewEmail,
    /// A group's id.
    GroupId,
    /// A group's name.
    GroupName,
    /// One column `Group`: a name, or an id if it has the form of one.
    Group,
    /// A user's display name.
    DisplayName,
    /// The apps of a new user.
    Products,
    /// The groups of a new user.
    Groups,
    /// The user's role in the organization, as the export writes it.
    OrgRole,
    /// A new group's name.
    Name,
    /// A new group's description.
    Description,
    /// The account's state, as the export writes it.
    UserStatus,
    /// The state that a list wants for its user.
    Status,
    /// An app, by name, key or id.
    App,
    /// The role in an app.
    Role,
    /// The id of an API token.
    Token,
    /// The decision of an access review.
    Decision,
    /// The action for the row, which must be the job's.
    Action,
    /// A field of the creation call that the API no longer takes (A-api; Jira platform description: "no longer
    /// available").
    Gone(Older),
}

/// The older fields of the creation call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Older {
    /// `key`.
    Key,
    /// `name`.
    Name,
    /// `password`: never returned, stored or shown.
    Password,
    /// `notification`.
    Notification,
    /// `applicationKeys`.
    ApplicationKeys,
}

impl Older {
    /// All of them, in the order of the call's page.
    pub const ALL: [Self; 5] =
        [Self::Key, Self::Name, Self::Password, Self::Notification, Self::ApplicationKeys];

    /// The field's name in the call's body.
    pub fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Name => "name",
            Self::Password => "password",
            Self::Notification => "notification",
            Self::ApplicationKeys => "applicationKeys",
        }
    }
}

impl Field {
    /// The field's name in `--map`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountId => "accountId",
            Self::Email => "email",
            Self::NewEmail => "newEmail",
            Self::GroupId => "groupId",
            Self::GroupName => "groupName",
            Self::Group => "group",
            Self::DisplayName => "displayName",
            Self::Products => "products",
            Self::Groups => "groups",
            Self::OrgRole => "orgRole",
            Self::Name => "name",
            Self::Description => "description",
            Self::UserStatus => "userStatus",
            Self::Status => "status",
            Self::App => "product",
            Self::Role => "role",
            Self::Token => "tokenId",
            Self::Decision => "decision",
            Self::Action => "action",
            Self::Gone(older) => older.name(),
        }
    }

    /// The field in words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::AccountId => "the user's account id",
            Self::Email => "the user's email address",
            Self::NewEmail => "the user's new email address",
            Self::GroupId => "the group's id",
            Self::GroupName | Self::Group | Self::Name => "the group's name",
            Self::DisplayName => "the user's name",
            Self::Products => "the products",
            Self::Groups => "the user's groups",
            Self::OrgRole => "the user's role in the organization",
            Self::Description => "the group's description",
            Self::UserStatus => "the account's state",
            Self::Status => "the user's state",
            Self::App => "the app",
            Self::Role => "the role in the app",
            Self::Token => "the API token's id",
            Self::Decision => "the decision of an access review",
            Self::Action => "what to do with the row",
            Self::Gone(_) => "a field that the API no longer takes",
        }
    }

    /// Whether the field is only shown or ignored. Of two such columns, the first in the list of headings is used,
    /// because they cannot change the wrong user.
    pub(super) fn harmless(self) -> bool {
        matches!(self, Self::DisplayName | Self::UserStatus | Self::Gone(_))
    }
}

/// A field and its headings by source, the preferred one first.
pub(super) type Wanted = (Field, &'static [Headings]);

const OF_NEW_USERS: &[Wanted] = &[
    (Field::Email, EMAIL),
    (Field::DisplayName, DISPLAY_NAME),
    (Field::Products, PRODUCTS),
    (Field::Groups, GROUPS),
    (Field::Action, ACTION),
    (Field::Gone(Older::Key), OLD_KEY),
    (Field::Gone(Older::Name), OLD_NAME),
    (Field::Gone(Older::Password), OLD_PASSWORD),
    (Field::Gone(Older::Notification), OLD_NOTIFICATION),
    (Field::Gone(Older::ApplicationKeys), OLD_APPLICATION_KEYS),
];

const OF_USERS: &[Wanted] = &[
    (Field::AccountId, ACCOUNT_ID),
    (Field::Email, EMAIL),
    (Field::OrgRole, ORG_ROLE),
    (Field::Decision, DECISION),
    (Field::Action, ACTION),
];

const OF_NEW_EMAILS: &[Wanted] = &[
    (Field::AccountId, ACCOUNT_ID),
    (Field::NewEmail, NEW_EMAIL),
    (Field::Email, OLD_EMAIL),
    (Field::OrgRole, ORG_ROLE),
    (Field::Action, ACTION),
];

const OF_MEMBERSHIPS: &[Wanted] = &[
    (Field::AccountId, ACCOUNT_ID),
    (Field::Email, EMAIL),
    (Field::GroupId, GROUP_ID),
    (Field::GroupName, GROUP_NAME),
    (Field::Group, GROUP),
    (Field::Action, ACTION),
];

const OF_NEW_GROUPS: &[Wanted] =
    &[(Field::Name, NEW_GROUP), (Field::Description, DESCRIPTION), (Field::Action, ACTION)];

const OF_GROUPS: &[Wanted] = &[
    (Field::GroupId, GROUP_ID),
    (Field::GroupName, GROUP_NAME),
    (Field::Group, GROUP),
    (Field::Action, ACTION),
];

const OF_ACCESS: &[Wanted] = &[
    (Field::AccountId, ACCOUNT_ID),
    (Field::Email, EMAIL),
    (Field::GroupId, GROUP_ID),
    (Field::GroupName, GROUP_NAME),
    (Field::Group, GROUP),
    (Field::App, APP),
    (Field::Role, ROLE),
    (Field::OrgRole, ORG_ROLE),
    (Field::Decision, DECISION),
    (Field::Action, ACTION),
];

const OF_TOKENS: &[Wanted] = &[
    (Field::AccountId, ACCOUNT_ID),
    (Field::Email, EMAIL),
    (Field::Token, TOKEN),
    (Field::OrgRole, ORG_ROLE),
    (Field::Action, ACTION),
];

const OF_LIST: &[Wanted] = &[
    (Field::AccountId, ACCOUNT_ID),
    (Field::Email, EMAIL),
    (Field::DisplayName, DISPLAY_NAME),
    (Field::Status, STATUS),
    (Field::Groups, GROUPS),
    (Field::Products, PRODUCTS),
    (Field::Action, ACTION),
];

/// A column `products` is one of new users; a row about an app may name it there, too.
const OF_ACTIONS: &[Wanted] = &[
    (Field::Action, ACTION),
    (Field::AccountId, ACCOUNT_ID),
    (Field::Email, EMAIL),
    (Field::DisplayName, DISPLAY_NAME),
    (Field::GroupId, GROUP_ID),
    (Field::GroupName, GROUP_NAME),
    (Field::Group, GROUP),
    (Field::Groups, MORE_GROUPS),
    (Field::Products, PRODUCTS),
    (Field::App, ONE_APP),
    (Field::Role, ROLE),
    (Field::OrgRole, ORG_ROLE),
    (Field::Token, TOKEN),
];

const OF_USERS_EXPORT: &[Wanted] = &[
    (Field::AccountId, ACCOUNT_ID),
    (Field::Email, EMAIL),
    (Field::DisplayName, NAME_IN_EXPORT),
    (Field::UserStatus, USER_STATUS),
    (Field::OrgRole, ORG_ROLE),
];

const OF_GROUPS_EXPORT: &[Wanted] =
    &[(Field::GroupId, GROUP_ID), (Field::GroupName, GROUP_NAME), (Field::Group, GROUP)];

/// The fields of a job with their headings, in the order of preference.
pub(super) fn wanted(job: Job) -> &'static [Wanted] {
    match job {
        Job::CreateUsers => OF_NEW_USERS,
        Job::Users => OF_USERS,
        Job::NewEmails => OF_NEW_EMAILS,
        Job::Memberships => OF_MEMBERSHIPS,
        Job::CreateGroups => OF_NEW_GROUPS,
        Job::Groups => OF_GROUPS,
        Job::Access => OF_ACCESS,
        Job::Tokens => OF_TOKENS,
        Job::List => OF_LIST,
        Job::Actions => OF_ACTIONS,
        Job::UsersExport => OF_USERS_EXPORT,
        Job::GroupsExport => OF_GROUPS_EXPORT,
    }
}

/// The fields of a job.
pub(super) fn fields_of(job: Job) -> impl Iterator<Item = Field> {
    wanted(job).iter().map(|(field, _)| *field)
}

/// Fields with their headings.
type FieldHeadings = Vec<(Field, Vec<String>)>;

/// The fields of a job with their normalized headings, in the order of preference.
pub(super) fn headings_of(job: Job) -> &'static [(Field, Vec<String>)] {
    static ALL: LazyLock<HashMap<Job, FieldHeadings>> = LazyLock::new(|| {
        let spelt =
            |all: &[Headings]| all.iter().flat_map(Headings::iter).map(normalized).collect();
        let of = |job| wanted(job).iter().map(|(field, all)| (*field, spelt(all))).collect();
        Job::ALL.into_iter().map(|job| (job, of(job))).collect()
    });
    ALL.get(&job).map_or(&[], Vec::as_slice)
}

/// The field that a heading names for this job, and its rank in the order of preference.
pub(super) fn told(job: Job, heading: &Heading) -> Option<(Field, usize)> {
    type Places = HashMap<&'static str, (Field, usize)>;
    static ALL: LazyLock<HashMap<Job, Places>> = LazyLock::new(|| {
        let of = |job| {
            let mut places = HashMap::new();
            for (field, known) in headings_of(job) {
                for (rank, spelt) in known.iter().enumerate() {
                    places.entry(spelt.as_str()).or_insert((*field, rank));
                }
            }
            places
        };
        Job::ALL.into_iter().map(|job| (job, of(job))).collect()
    });
    let places = ALL.get(&job)?;
    let known = heading.known_by().iter().find_map(|spelt| places.get(spelt.as_str()).copied());
    // `Nuova e-mail`: no table has each address next to each word.
    known.or_else(|| (job == Job::NewEmails).then(|| by_age(heading)).flatten())
}

/// The old or new address, by a word next to it; an address without one is the old one.
fn by_age(heading: &Heading) -> Option<(Field, usize)> {
    match old_or_new(heading) {
        Some(Address::Old) => Some((Field::Email, usize::MAX)),
        Some(Address::New) => Some((Field::NewEmail, usize::MAX)),
        None => told(Job::Users, heading).filter(|(field, _)| *field == Field::Email),
    }
}

/// The words that say which of two addresses is the old and which the new one, each with its field and source.
pub fn every_word_of_old_and_new() -> impl Iterator<Item = (Field, &'static str, &'static str)> {
    let of = |(field, sources): Wanted| {
        let each = |from: &'static Headings| from.iter().map(|one| (from.source, one));
        sources.iter().flat_map(each).map(move |(source, one)| (field, source, one))
    };
    [(Field::Email, OLD_WORDS), (Field::NewEmail, NEW_WORDS)].into_iter().flat_map(of)
}

/// Normalized headings.
pub(super) fn spelt(all: &[Headings]) -> HashSet<String> {
    all.iter().flat_map(Headings::iter).map(normalized).collect()
}

/// All headings, each with its job, field and source.
pub fn every_heading() -> impl Iterator<Item = (Job, Field, &'static str, &'static str)> {
    let of = |(job, (field, sources)): (Job, &'static Wanted)| {
        let each = |from: &'static Headings| from.iter().map(|one| (from.source, one));
        sources.iter().flat_map(each).map(move |(source, one)| (job, *field, source, one))
    };
    Job::ALL.into_iter().flat_map(|job| wanted(job).iter().map(move |all| (job, all))).flat_map(of)
}

/// Whether a heading is in a table of any job; used to find the separator.
pub(super) fn is_known(heading: &str) -> bool {
    static ALL: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let named = every_heading().map(|(.., heading)| normalized(heading));
        named.chain(spelt(MAIL_WORDS)).chain(spelt(GROUP_WORDS)).collect()
    });
    known_by(heading).any(|heading| ALL.contains(&heading))
}

/// The field with this name in `--map`: its own name, or any of its headings.
pub(super) fn field(job: Job, name: &str) -> Option<Field> {
    let spelt = normalized(name);
    let own = |(field, _): &&(Field, _)| normalized(field.name()) == spelt;
    let own = wanted(job).iter().find(own).map(|(field, _)| *field);
    own.or_else(|| told(job, &Heading::of(name)).map(|(field, _)| field))
}
