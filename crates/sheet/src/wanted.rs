//! What each job looks for in a heading: the fields, the headings they go by, what is needed.
//!
//! Sources of the headings: the create-user call's page (A-api), the articles' sample files
//! (A-create `emailAddress`; A-groups `Email`, `Group`, `accountId`, `groupId`, `Username`), and
//! Atlassian's exports as real files show them: users plain and with product access
//! (`User id,User name,email,User status,Added to org,Org role,…`), the pivot form with `Group id`
//! and `Group name` before those, managed accounts (`Atlassian ID`, `Name`, `Email`, `Status`;
//! KB 1388159392), and the exports from before September 2021
//! (`group_name,username,full_name,email,active,…`).

use super::cell::is_invisible;
use headcount_model::job::Job as Change;

/// What a sheet is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// `user create`.
    CreateUsers,
    /// `user deactivate`, `activate`, `suspend`, `restore`, `remove`.
    Users,
    /// `member add`, `member remove`, `member map`.
    Memberships,
    /// `group create`.
    CreateGroups,
    /// `--users`: Atlassian's export of users.
    UsersExport,
    /// `--groups`: Atlassian's export of users in its pivot form, trimmed or not.
    GroupsExport,
}

impl From<Change> for Job {
    fn from(job: Change) -> Self {
        match job {
            Change::CreateUsers => Self::CreateUsers,
            Change::DeactivateUsers
            | Change::ActivateUsers
            | Change::SuspendUsers
            | Change::RestoreUsers
            | Change::RemoveUsers => Self::Users,
            Change::CreateGroups | Change::RemoveGroups => Self::CreateGroups,
            Change::AddMembers | Change::RemoveMembers => Self::Memberships,
        }
    }
}

/// What a column can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// A person's account id.
    AccountId,
    /// A person's e-mail address.
    Email,
    /// A group's id.
    GroupId,
    /// A group's name.
    GroupName,
    /// One column `Group`: a name, or an id where it has an id's form.
    Group,
    /// A person's display name.
    DisplayName,
    /// The products a new person gets.
    Products,
    /// The groups a new person gets into.
    Groups,
    /// The person's role in the organisation, as the export tells it.
    OrgRole,
    /// A new group's name.
    Name,
    /// A new group's description.
    Description,
    /// The account's state, as the export tells it.
    UserStatus,
    /// A field of the create call that the API no longer takes (A-api; Jira platform description:
    /// "no longer available").
    Gone(Older),
}

/// The older fields of the create call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Older {
    /// `key`.
    Key,
    /// `name`.
    Name,
    /// `password`: never returned, journalled or shown.
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
    /// The name by which `--map` knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountId => "accountId",
            Self::Email => "email",
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
            Self::Gone(older) => older.name(),
        }
    }

    /// What it tells, in words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::AccountId => "the person's account id",
            Self::Email => "the person's e-mail address",
            Self::GroupId => "the group's id",
            Self::GroupName | Self::Group | Self::Name => "the group's name",
            Self::DisplayName => "the person's name",
            Self::Products => "the products",
            Self::Groups => "the groups of a new person",
            Self::OrgRole => "the person's role in the organisation",
            Self::Description => "the group's description",
            Self::UserStatus => "the account's state",
            Self::Gone(_) => "a field the API no longer takes",
        }
    }

    /// Columns that are only shown or passed over: of two, the first in the list of headings is
    /// taken, as they cannot send anything to the wrong person.
    pub(super) fn harmless(self) -> bool {
        matches!(self, Self::DisplayName | Self::UserStatus | Self::Gone(_))
    }
}

/// A field and the headings it goes by; the preferred first.
pub(super) type Wanted = (Field, &'static [&'static str]);

const ACCOUNT_ID: Wanted = (Field::AccountId, &["accountId", "User id", "Atlassian ID"]);
const EMAIL: Wanted = (Field::Email, &["emailAddress", "Email"]);
const GROUP_ID: Wanted = (Field::GroupId, &["groupId"]);
const GROUP_NAME: Wanted = (Field::GroupName, &["Group name"]);
const GROUP: Wanted = (Field::Group, &["Group"]);
const ORG_ROLE: Wanted = (Field::OrgRole, &["Org role"]);
const PERSON_NAME: Wanted =
    (Field::DisplayName, &["displayName", "User name", "full_name", "Name"]);

/// What the job looks for.
pub(super) fn wanted(job: Job) -> &'static [Wanted] {
    match job {
        Job::CreateUsers => &[
            EMAIL,
            (Field::DisplayName, &["displayName", "User name"]),
            (Field::Products, &["products"]),
            (Field::Groups, &["groups"]),
            (Field::Gone(Older::Key), &["key"]),
            (Field::Gone(Older::Name), &["name"]),
            (Field::Gone(Older::Password), &["password"]),
            (Field::Gone(Older::Notification), &["notification"]),
            (Field::Gone(Older::ApplicationKeys), &["applicationKeys"]),
        ],
        Job::Users => &[ACCOUNT_ID, EMAIL, ORG_ROLE],
        Job::Memberships => &[ACCOUNT_ID, EMAIL, GROUP_ID, GROUP_NAME, GROUP],
        Job::CreateGroups => &[
            (Field::Name, &["name", "Group name", "Group"]),
            (Field::Description, &["description"]),
        ],
        Job::UsersExport => &[
            ACCOUNT_ID,
            EMAIL,
            PERSON_NAME,
            (Field::UserStatus, &["User status", "Status", "active"]),
            ORG_ROLE,
        ],
        Job::GroupsExport => &[GROUP_ID, GROUP_NAME, GROUP],
    }
}

/// The fields a job looks for.
pub(super) fn fields_of(job: Job) -> impl Iterator<Item = Field> {
    wanted(job).iter().map(|(field, _)| *field)
}

/// A need of a job: one of these fields, told in words.
pub(super) struct Need {
    pub(super) one_of: &'static [Field],
    pub(super) what: &'static str,
    /// More to say where it is missing.
    pub(super) besides: &'static str,
}

const fn need(one_of: &'static [Field], what: &'static str) -> Need {
    Need { one_of, what, besides: "" }
}

/// What the job cannot do without.
pub(super) fn needs(job: Job) -> &'static [Need] {
    const PIVOT: &str = " Export the users again with Group membership and Pivot to column: only \
                         that form has the groups' ids.";
    const PERSON: Need = need(&[Field::Email, Field::AccountId], "who is meant");
    match job {
        Job::CreateUsers => &[const { need(&[Field::Email], "the person's e-mail address") }],
        Job::Users => &[PERSON],
        Job::Memberships => &[
            PERSON,
            const { need(&[Field::Group, Field::GroupName, Field::GroupId], "the group") },
        ],
        Job::CreateGroups => &[const { need(&[Field::Name], "the group's name") }],
        Job::UsersExport => &[
            const { need(&[Field::AccountId], "the person's account id") },
            const { need(&[Field::Email], "the person's e-mail address") },
        ],
        Job::GroupsExport => &[
            const { Need { one_of: &[Field::GroupId], what: "the group's id", besides: PIVOT } },
            const {
                Need {
                    one_of: &[Field::GroupName, Field::Group],
                    what: "the group's name",
                    besides: PIVOT,
                }
            },
        ],
    }
}

/// Plain words by which people's own sheets head what a job needs, and what they tell. They are only
/// heard where no heading tells it by its name: beside a `Group`, a `Team` is only a team.
pub(super) fn plain_words(need: &Need) -> Option<(Field, &'static [&'static str])> {
    let tells = |field| need.one_of.contains(&field);
    if tells(Field::Email) {
        return Some((Field::Email, MAIL_WORDS));
    }
    if tells(Field::Group) {
        return Some((Field::Group, GROUP_WORDS));
    }
    // Of exports the headings are known: `Name` is a new group's only.
    tells(Field::Name).then_some((Field::Name, GROUP_WORDS))
}

const MAIL_WORDS: &[&str] = &[
    "Mail",
    "Mails",
    "Mail address",
    "E-Mail-Adresse",
    "Mailadresse",
    "Email ID",
    "Emails",
    "Work email",
    "Business email",
    "Company email",
    "User email",
];

const GROUP_WORDS: &[&str] =
    &["Team", "Team name", "Gruppe", "Gruppenname", "User group", "Jira group"];

/// All of them, for telling separators apart.
pub(super) fn every_plain_word() -> impl Iterator<Item = &'static str> {
    MAIL_WORDS.iter().chain(GROUP_WORDS).copied()
}

/// Every list of headings there is, for telling separators apart.
pub(super) fn every_heading() -> impl Iterator<Item = &'static str> {
    [
        Job::CreateUsers,
        Job::Users,
        Job::Memberships,
        Job::CreateGroups,
        Job::UsersExport,
        Job::GroupsExport,
    ]
    .into_iter()
    .flat_map(wanted)
    .flat_map(|(_, headings)| headings.iter().copied())
}

/// A heading as it is compared: lower case, without white space, `-`, `_` and invisible marks.
pub fn normalised(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The field of a name in `--map`: its own, or any heading it goes by.
pub(super) fn field(job: Job, name: &str) -> Option<Field> {
    let name = normalised(name);
    let own = |(field, _): &&(Field, _)| normalised(field.name()) == name;
    let by_heading = |(_, headings): &&(Field, &[&str])| {
        headings.iter().any(|heading| normalised(heading) == name)
    };
    let all = wanted(job);
    all.iter().find(own).or_else(|| all.iter().find(by_heading)).map(|(field, _)| *field)
}
