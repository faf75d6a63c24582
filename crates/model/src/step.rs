//! A step: one wanted change of one thing.
//!
//! The engine knows of a step only that it can be performed and, where there is one, looked at
//! and inverted. Whatever else it holds (whom it is done to, what was before, what is wanted) is
//! for the hands that perform it and for the report.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::door::{Api, Door};
use super::group::GroupId;
use super::outcome::Outcome;
use super::reason::Reason;
use super::user::{AccountId, AccountStatus, Product, Standing};

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Creates a user, or gives an existing one access (Jira, `POST user`).
    CreateUser,
    /// Invites a user (organisations, `users/invite`); up to 25 of them share a request.
    InviteUser,
    /// Takes a user off the site (Jira, `DELETE user`) or, with the organisation's key alone, out
    /// of the directory; the Atlassian account lives on.
    RemoveUser,
    /// Adds a user to a group (Jira, `POST group/user`, or the directory's `memberships`).
    AddMember,
    /// Removes a user from a group (Jira, `DELETE group/user`, or the directory's `memberships`).
    RemoveMember,
    /// Deactivates a managed account (user management, `lifecycle/disable`).
    Deactivate,
    /// Reactivates a managed account (user management, `lifecycle/enable`).
    Activate,
    /// Suspends a user in the directory (organisations, `suspend`).
    Suspend,
    /// Restores a suspended user (organisations, `restore`).
    Restore,
    /// Creates a group (the directory's `groups`, or Jira, `POST group`).
    CreateGroup,
    /// Deletes a group (the same ways); only as the undo of its creation.
    RemoveGroup,
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A user.
    User,
    /// A user in a group.
    Membership,
    /// A group.
    Group,
}

impl StepKind {
    /// What it is about.
    pub fn about(self) -> About {
        match self {
            Self::CreateUser
            | Self::InviteUser
            | Self::RemoveUser
            | Self::Deactivate
            | Self::Activate
            | Self::Suspend
            | Self::Restore => About::User,
            Self::AddMember | Self::RemoveMember => About::Membership,
            Self::CreateGroup | Self::RemoveGroup => About::Group,
        }
    }

    /// Whether it brings somebody to the site.
    pub fn creates_user(self) -> bool {
        matches!(self, Self::CreateUser | Self::InviteUser)
    }

    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::CreateUser,
        Self::InviteUser,
        Self::RemoveUser,
        Self::AddMember,
        Self::RemoveMember,
        Self::Deactivate,
        Self::Activate,
        Self::Suspend,
        Self::Restore,
        Self::CreateGroup,
        Self::RemoveGroup,
    ];

    /// The word in the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::CreateUser => "create-user",
            Self::InviteUser => "invite-user",
            Self::RemoveUser => "remove-user",
            Self::AddMember => "add-member",
            Self::RemoveMember => "remove-member",
            Self::Deactivate => "deactivate",
            Self::Activate => "activate",
            Self::Suspend => "suspend",
            Self::Restore => "restore",
            Self::CreateGroup => "create-group",
            Self::RemoveGroup => "remove-group",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Whom or what a step is done to. What is not known is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The user's account id; absent until a user is created.
    pub account: Option<AccountId>,
    /// The user's e-mail address as the sheet or the site writes it.
    pub mail: Option<String>,
    /// The user's name, for people to read.
    pub name: Option<String>,
    /// The group's id.
    pub group: Option<GroupId>,
    /// The group's name, for people to read.
    pub group_name: Option<String>,
}

impl Target {
    /// The user as a person would name them: mail, else name, else id.
    pub fn who(&self) -> &str {
        (self.mail.as_deref())
            .or(self.name.as_deref())
            .or(self.account.as_ref().map(AccountId::as_str))
            .unwrap_or("somebody")
    }

    /// The same with the name where it is known: `Dumisani Nkosi (dnkosi@banc.ly)`.
    pub fn person(&self) -> String {
        match (&self.name, &self.mail) {
            (Some(name), Some(mail)) if name != mail => format!("{name} ({mail})"),
            _ => self.who().to_owned(),
        }
    }

    /// The group as a person would name it: name, else id.
    pub fn which(&self) -> &str {
        (self.group_name.as_deref())
            .or(self.group.as_ref().map(GroupId::as_str))
            .unwrap_or("a group")
    }
}

/// What the look-up saw before the plan was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Before {
    /// The user was surely not on the site.
    Absent,
    /// The user was there, without every wanted product.
    Present,
    /// The keys could not show whether it was so before.
    Unseen,
    /// Whether the user was a member of the group.
    Member(bool),
    /// What state the account was in.
    Status(AccountStatus),
    /// Where the user stood in the directory.
    Standing(Standing),
}

/// What the step wants beyond its kind and target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Products of a new user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Product>,
    /// The same products as the organisation names them on this site; only invitations name them so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Groups that an invited user is put into.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// Their names, in the same order: groups are protected by name, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_names: Vec<String>,
    /// Products that come with the group a user is added to, and that they do not have as far as is
    /// known: each may take a seat. For people; nothing of it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gives: Vec<Product>,
    /// What is to be looked at twice before it is agreed to. For people; nothing of it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// A message that travels with a deactivation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What a new group is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Wanted {
    /// What of it is sent.
    pub fn sent(&self) -> Self {
        Self { gives: Vec::new(), notes: Vec::new(), ..self.clone() }
    }
}

/// What whoever agrees to a plan should know of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// By its name the group makes administrators.
    Administrators,
    /// Being in the group opens apps, which may take seats.
    OpensApps,
    /// The account is deactivated.
    Deactivated,
    /// The user is suspended on the site.
    Suspended,
    /// The row calls the person by another name than the site.
    OtherName,
}

impl Note {
    /// In words, to stand after the step or after a number of rows.
    pub fn words(self) -> &'static str {
        match self {
            Self::Administrators => "by its name the group makes administrators",
            Self::OpensApps => "the group opens apps, which may take seats",
            Self::Deactivated => "the account is deactivated",
            Self::Suspended => "the user is suspended",
            Self::OtherName => "the sheet has another name than the site",
        }
    }
}

/// Where a step is in its life; [`Move::ALL`] says where it may go from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Not sent.
    Pending,
    /// About to be sent, or sent.
    Started,
    /// Has its outcome.
    Settled,
}

/// A move that a step may make. The journal refuses any other, from whatever state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// From there.
    pub from: StepState,
    /// Only with this outcome.
    pub ended: Option<Outcome>,
    /// To there.
    pub to: StepState,
    /// When, for people; docs/reliability.md has it.
    pub when: &'static str,
}

impl Move {
    /// The table of legal moves.
    pub const ALL: [Self; 6] = {
        use StepState::{Pending, Settled, Started};
        let (unknown, skipped) = (Some(Outcome::Unknown), Some(Outcome::Skipped));
        [
            Self::new(Pending, None, Started, "committed before the request is sent"),
            Self::new(
                Started,
                None,
                Pending,
                "certainly no effect: refused for rate, never sent, or reading shows it undone",
            ),
            Self::new(Started, None, Settled, "it has its outcome"),
            Self::new(
                Pending,
                None,
                Settled,
                "read again before sending: already in the wanted state, or changed since the \
                 plan; or a step that it needs was not done",
            ),
            Self::new(Settled, unknown, Started, "`run resume` reads the site again"),
            Self::new(
                Settled,
                skipped,
                Pending,
                "not sent because the step that it needs had ended unknown, and that one is read \
                 again",
            ),
        ]
    };

    const fn new(
        from: StepState,
        ended: Option<Outcome>,
        to: StepState,
        when: &'static str,
    ) -> Self {
        Self { from, ended, to, when }
    }

    /// Whether the table has this move; `ended` is the outcome of a step that has one.
    pub fn is_legal(from: StepState, ended: Option<Outcome>, to: StepState) -> bool {
        let fits = |legal: &Self| {
            legal.from == from && legal.to == to && (legal.ended.is_none() || legal.ended == ended)
        };
        Self::ALL.iter().any(fits)
    }
}

/// How a step ended, with the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// The machine word for why.
    pub reason: Reason,
    /// A sentence for people; keys are masked and control characters taken out.
    pub detail: String,
    /// Status of the last answer, where there was one.
    pub http_status: Option<u16>,
    /// The account the site named in its answer (of a created user).
    pub account: Option<AccountId>,
    /// The group the site named in its answer (of a created group).
    pub group: Option<GroupId>,
}

impl Verdict {
    /// An outcome that needed no answer of the site.
    pub fn new(outcome: Outcome, reason: Reason, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { outcome, reason, detail, http_status: None, account: None, group: None }
    }

    /// The same with the status of the answer.
    pub fn with_status(mut self, status: Option<u16>) -> Self {
        self.http_status = status;
        self
    }
}

/// A step as the engine takes it from the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number in the run, from 1, in the order of the plan.
    pub number: u64,
    /// The first row it serves.
    pub row: u64,
    /// What it does.
    pub kind: StepKind,
    /// The door that it goes through, and no other. `None`: a version of headcount planned it that
    /// recorded none, and the journal does not show it for sure; such a step is never sent.
    pub door: Option<Arc<Door>>,
    /// To whom.
    pub target: Target,
    /// What was before.
    pub before: Before,
    /// What is wanted.
    pub wanted: Wanted,
    /// Requests sent for it so far.
    pub attempts: u32,
    /// Sendings that lost their answer while reading showed nothing: if the site later says
    /// "already so", one of them did it after all.
    pub unclear: u32,
    /// When it was last sent, before what is under way now.
    pub sent_at: Option<Timestamp>,
    /// The step that has to be done before this one may be sent.
    pub needs: Option<u64>,
    /// Where it is.
    pub state: StepState,
}

impl Step {
    /// The API that it goes through, where that is recorded.
    pub fn api(&self) -> Option<Api> {
        self.door.as_deref().map(Door::api)
    }

    /// Whether it was sent and has no outcome, or none that is sure: it is looked at before anything
    /// is sent for it.
    pub fn is_looked_at_first(&self) -> bool {
        match self.state {
            StepState::Pending => false,
            StepState::Started => true,
            StepState::Settled => self.attempts > 0,
        }
    }
}
