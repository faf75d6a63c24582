//! The change of a step, as the journal stores it: the user and the group, the state before, and the wanted state.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::kind::StepKind;
use headcount_model::app_role::AppRole;
use headcount_model::door::Door;
use headcount_model::group::GroupId;
use headcount_model::step;
use headcount_model::user::{AccountId, AccountStatus, Product, Standing};

/// A step with a parsed payload.
pub type Step = step::Step<Change>;

/// The change of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its kind.
    pub kind: StepKind,
    /// The user or the group that it changes.
    pub target: Target,
    /// The state before.
    pub before: Before,
    /// The wanted state.
    pub wanted: Wanted,
}

/// The user or group of a step. Unknown values are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The user's account id; absent until a user is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The user's email address as the file or the site writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// The user's name, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The group's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// The group's name, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// The app's id, for a role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// The app's name, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_name: Option<String>,
    /// The role in the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<AppRole>,
    /// The id of an API token; never its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The API token's label, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_label: Option<String>,
    /// The id of the user's record in the identity provider's directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The id of the group's record there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_record: Option<String>,
}

impl Target {
    /// The role and its app for a message: `the role user in Jira - acme`.
    pub fn role_words(&self) -> String {
        let app = self.app_name.as_deref().or(self.app.as_deref()).unwrap_or("an app");
        format!("the role {} in {app}", self.role.unwrap_or_default().word())
    }

    /// The API token for a message: label and id.
    pub fn token_words(&self) -> String {
        let id = self.token.as_deref().unwrap_or_default();
        match self.token_label.as_deref().filter(|label| !label.is_empty()) {
            Some(label) => format!("the API token “{label}” ({id})"),
            None => format!("the API token {id}"),
        }
    }

    /// The key by which two steps on a user or group are equal: with the part that is changed.
    pub fn with_part(&self, whole: &str) -> String {
        self.part().map_or_else(|| whole.to_owned(), |part| format!("{whole} {part}"))
    }

    /// What of the user or group a step changes, if that is only a part: a role in an app, or a token.
    pub fn part(&self) -> Option<String> {
        let role =
            self.app.as_ref().map(|app| format!("{app} {}", self.role.unwrap_or_default().word()));
        role.or_else(|| self.token.clone())
    }

    /// The user for a message: email, else name, else id; the group if the step has no user.
    pub fn who(&self) -> &str {
        (self.mail.as_deref())
            .or(self.name.as_deref())
            .or(self.account.as_ref().map(AccountId::as_str))
            .or(self.group_name.as_deref())
            .unwrap_or("a user")
    }

    /// The same with the name if known: `Dumisani Nkosi (dnkosi@banc.ly)`.
    pub fn person(&self) -> String {
        match (&self.name, &self.mail) {
            (Some(name), Some(mail)) if name != mail => format!("{name} ({mail})"),
            _ => self.who().to_owned(),
        }
    }

    /// The group for a message: name, else id.
    pub fn which(&self) -> &str {
        (self.group_name.as_deref())
            .or(self.group.as_ref().map(GroupId::as_str))
            .unwrap_or("a group")
    }
}

/// The state that the lookup saw before the plan was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Before {
    /// The user was certainly not on the site.
    Absent,
    /// The user was there, without every wanted product.
    Present,
    /// The credentials could not show the state before.
    Unseen,
    /// Whether the user was a member of the group.
    Member(bool),
    /// The state of the account.
    Status(AccountStatus),
    /// The state of the user in the directory.
    Standing(Standing),
}

/// What the step wants beyond its kind and target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Products of a new user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Product>,
    /// The same products as the organization names them on this site; only invitations need them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Groups that an invited user is added to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// Their names, in the same order, because groups are protected by name, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_names: Vec<String>,
    /// Products that come with the group a user is added to, and that the user is not known to have:
    /// each may take a seat. For people; never sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gives: Vec<Product>,
    /// Warnings to check before agreeing to the plan. For people; never sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// A message that is sent with a deactivation or an invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The description of a new group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The members of a group that is deleted with them, as they were written to a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<WrittenMembers>,
    /// The new email address of a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The users that the site emails because of the change. For people; never sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emailed: Option<Emailed>,
}

/// The users that the site emails because of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emailed {
    /// How many.
    pub users: u64,
    /// The first of them.
    pub first: Vec<String>,
}

impl Emailed {
    /// How many users are named.
    pub const NAMED: usize = 20;

    /// In words: `emails 3 members: ann@…, bob@…, cem@…`.
    pub fn words(&self) -> String {
        let members = if self.users == 1 { "member" } else { "members" };
        let more = self.users.saturating_sub(self.first.len() as u64);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("emails {} {members}: {}{more}", self.users, self.first.join(", "))
    }
}

impl Wanted {
    /// The parts that are sent.
    pub fn sent(&self) -> Self {
        Self { gives: Vec::new(), notes: Vec::new(), emailed: None, ..self.clone() }
    }
}

/// The members of a group that were written to a file before the group is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenMembers {
    /// Their number.
    pub number: u64,
    /// SHA-256 of their account ids, in order: only a group with exactly these members is deleted.
    pub digest: String,
}

impl WrittenMembers {
    /// Of these accounts, whose order is that of a set.
    pub fn of<'a>(accounts: impl Iterator<Item = &'a AccountId>) -> Self {
        let (mut digest, mut number) = (Sha256::new(), 0);
        for account in accounts {
            digest.update(account.as_str());
            // No id contains it.
            digest.update("\n");
            number += 1;
        }
        let digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { number, digest }
    }
}

/// A warning about a step, shown before the plan is agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// The group's name suggests that it makes administrators.
    Administrators,
    /// Membership opens apps, which may take seats.
    OpensApps,
    /// The account is deactivated.
    Deactivated,
    /// The user is suspended on the site.
    Suspended,
    /// The file and the site have different names for the user.
    OtherName,
    /// The account is an app.
    App,
    /// The account is a customer of a help desk.
    Customer,
    /// These credentials do not show whether the group gives access to an app.
    AppsUnseen,
    /// The user keeps the app through a group.
    KeepsThroughGroup,
    /// The site emails the group's members.
    EmailsMembers,
}

impl Note {
    /// In words, for a place after the step or after a number of rows.
    pub fn words(self) -> &'static str {
        match self {
            Self::Administrators => "the group's name suggests administrator rights",
            Self::OpensApps => "the group gives access to apps, which may take seats",
            Self::Deactivated => "the account is deactivated",
            Self::Suspended => "the user is suspended",
            Self::OtherName => "the file and the site have different names for this user",
            Self::App => "the account is an app, not a person",
            Self::Customer => "the account is a help desk customer",
            Self::AppsUnseen => {
                "these credentials do not show whether the group gives access to an app"
            }
            Self::KeepsThroughGroup => "the user keeps the app through a group",
            Self::EmailsMembers => "Atlassian emails the group's members",
        }
    }
}

/// Products in words.
pub fn list(products: &[Product]) -> String {
    match products {
        [] => "no product".to_owned(),
        products => products.iter().map(|product| product.key()).collect::<Vec<_>>().join(", "),
    }
}

/// A step to be planned.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// What it does.
    pub kind: StepKind,
    /// The door that it goes through.
    pub door: Arc<Door>,
    /// The key by which two steps of a kind are equal: the user, or user and group.
    pub subject: String,
    /// The user or group.
    pub target: Target,
    /// The state before.
    pub before: Before,
    /// The wanted state.
    pub wanted: Wanted,
    /// The number of a step to be done first.
    pub needs: Option<u64>,
}
