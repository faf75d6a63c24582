//! A step: one wanted change of one thing.
//!
//! The engine only performs a step, observes it and inverts it. Everything else in it (its user or
//! group, the state before, the wanted state) is for the code that performs it and for the report.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use super::kind::{About, StepKind};

use super::door::{Api, Door};
use super::group::GroupId;
use super::outcome::Outcome;
use super::reason::Reason;
use super::user::{AccountId, AccountStatus, Product, Standing};

/// The user or group of a step. Unknown values are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The user's account id; absent until a user is created.
    pub account: Option<AccountId>,
    /// The user's email address as the file or the site writes it.
    pub mail: Option<String>,
    /// The user's name, for people to read.
    pub name: Option<String>,
    /// The group's id.
    pub group: Option<GroupId>,
    /// The group's name, for people to read.
    pub group_name: Option<String>,
}

impl Target {
    /// The user for a message: email, else name, else id.
    pub fn who(&self) -> &str {
        (self.mail.as_deref())
            .or(self.name.as_deref())
            .or(self.account.as_ref().map(AccountId::as_str))
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
    /// A message that is sent with a deactivation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The description of a new group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Wanted {
    /// The parts that are sent.
    pub fn sent(&self) -> Self {
        Self { gives: Vec::new(), notes: Vec::new(), ..self.clone() }
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
}

impl Note {
    /// In words, for a place after the step or after a number of rows.
    pub fn words(self) -> &'static str {
        match self {
            Self::Administrators => "by its name, the group makes its members administrators",
            Self::OpensApps => "the group gives access to apps, which may take seats",
            Self::Deactivated => "the account is deactivated",
            Self::Suspended => "the user is suspended",
            Self::OtherName => "the file and the site have different names for this user",
            Self::App => "the account is an app, not a person",
            Self::Customer => "the account is a help desk customer",
        }
    }
}

/// The state of a step; [`Move::ALL`] lists the legal changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Not sent.
    Pending,
    /// About to be sent, or sent.
    Started,
    /// Has its outcome.
    Settled,
}

/// A legal change of a step's state. The journal refuses any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The state before.
    pub from: StepState,
    /// Only for a step with this outcome.
    pub ended: Option<Outcome>,
    /// The state after.
    pub to: StepState,
    /// When, for people; docs/reliability.md has the table.
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
    /// The stable reason.
    pub reason: Reason,
    /// A sentence for people, with credentials masked and without control characters.
    pub detail: String,
    /// Status of the last answer, where there was one.
    pub http_status: Option<u16>,
    /// The account the site named in its answer (of a created user).
    pub account: Option<AccountId>,
    /// The group the site named in its answer (of a created group).
    pub group: Option<GroupId>,
}

impl Verdict {
    /// An outcome without an answer of the site.
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
    /// To what.
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
