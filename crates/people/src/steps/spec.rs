//! What a kind of step is, as a value.

use std::collections::HashSet;

use futures_util::future::BoxFuture;
use headcount_atlassian::admin::Admin;
use headcount_atlassian::jira::Jira;
use headcount_atlassian::pace::Permit;
use headcount_atlassian::records::Invited;
use headcount_atlassian::{CallError, Endpoint, Site};
use headcount_engine::{Observation, Performed};
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::change::{Step, Target};
use super::current::{No, Now};
use super::kind::StepKind;
use crate::directory::Person;

/// What a kind of step is.
#[derive(Debug)]
pub struct KindSpec {
    /// Which one, as the journal knows it.
    pub kind: StepKind,
    /// What it is about.
    pub about: About,
    /// What it does to its target through an API: `remove ann@example.com from the site`. `None`: which
    /// API is not recorded.
    pub does: fn(&Target, Option<Api>) -> String,
    /// The same once it is done.
    pub done: fn(&Target, Option<Api>) -> String,
    /// What a step of a plan does, with its particulars: `create ann@example.com with jira-software`.
    pub planned: fn(&Step) -> String,
    /// The same after another step of its row, which has named the user: `add to berlin`.
    pub also_planned: fn(&Step) -> String,
    /// The state that a step wants, shown next to what was found: `ann@example.com in berlin`.
    pub wanted: fn(&Step) -> String,
    /// The same after another step of its row, which has named the user: `in berlin`.
    pub also_wanted: fn(&Step) -> String,
    /// The reason of a step whose target is already in the wanted state.
    pub already: Reason,
    /// What the site shows now of what it would change: of the user, who may be a member of the group.
    pub now: fn(&Person, Option<bool>) -> Result<Now, No>,
    /// How a row differs from an earlier one about the same user or group, after `row 3 has`.
    pub differs: &'static str,
    /// The APIs that have a call for it. A new step goes through the first one that is open.
    pub ways: &'static [Way],
    /// What undoes it, if only by name: an undo lists steps that it does not send, too.
    pub opposite: StepKind,
    /// Why a change is not undone; `None`: its opposite undoes it.
    pub not_undoable: fn(&Undone<'_>) -> Option<&'static str>,
    /// What an undo by it amounts to where its user is no longer on the site.
    pub user_gone: UserGone,
    /// The job whose guards it obeys, where it is about an existing user or group.
    pub guards: Option<Job>,
    /// It takes a user's access away: administrators are left alone.
    pub takes_away: bool,
    /// It creates a user. It is not repeated to learn the current state, because each time the site may
    /// send the user an email.
    pub creates_user: bool,
    /// The site sends an email to each user that it creates.
    pub mails: bool,
    /// What a 404 to it may mean.
    pub not_found: NotFound,
    /// The site says beforehand whether it allows it (user management, `lifecycle.enablement`).
    pub is_announced: bool,
    /// No undo brings back what it takes away, so each one is read back ([`Rules`](headcount_engine::Rules)).
    pub read_back: bool,
}

/// Two rows about the same user or group ask for the same: only creations can differ.
pub(super) const NO_DIFFERENCE: &str = "something else for the same user or group";

/// What a kind of step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A user.
    User,
    /// A user in a group.
    Membership(Membership),
    /// A group.
    Group,
}

/// What becomes of a user in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// A member.
    Joins,
    /// No member.
    Leaves,
}

/// A change that an undo is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Undone<'a> {
    /// The step that made it.
    pub step: &'a Step,
    /// The reason with which the step ended as `changed`.
    pub reason: Reason,
    /// What was created may be removed.
    pub remove_created: bool,
}

/// Its opposite undoes it always.
pub(super) fn undoable(_: &Undone<'_>) -> Option<&'static str> {
    None
}

/// What an undo by a kind of step amounts to where its user is no longer on the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserGone {
    /// Nothing: that is the wanted state.
    Wanted,
    /// Nothing where an earlier undo removed the user; otherwise it is not possible.
    WantedAfterUndo,
    /// It is not possible.
    NotUndoable,
}

/// What a 404 may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// Something that it needs is not there.
    Refused,
    /// What was to be removed is gone already. It may also mean "you may not", so the site is read
    /// before it is believed.
    Gone {
        /// The reason of the failure where reading shows that it is still there; `None`: only a later
        /// read can show it.
        denied: Option<Reason>,
    },
}

/// How a kind of step is performed and observed through an API.
#[derive(Debug)]
pub struct Way {
    /// The API.
    pub api: Api,
    /// The call that performs it.
    pub call: Endpoint,
    /// Sends it.
    pub sends: Sends,
    /// Reads what the site shows of it.
    pub observe: for<'a> fn(Means<'a>, &'a Step) -> Observing<'a>,
}

/// How a step is sent.
#[derive(Debug)]
pub enum Sends {
    /// In a request of its own.
    Alone(Send),
    /// The same, where a look at the site just before shows that it may be.
    AfterLook {
        /// Looks.
        look: for<'a> fn(Means<'a>, &'a Step) -> Looking<'a>,
        /// Sends it.
        send: Send,
    },
    /// Together with others that want the same: the first one's products and groups are those of all.
    InPacks(for<'a> fn(Means<'a>, Vec<&'a Step>, Permit) -> Inviting<'a>),
}

/// Sends a step in a request of its own.
pub type Send = for<'a> fn(Means<'a>, &'a Step, Permit) -> Performing<'a>;

/// A step that is being sent.
pub type Performing<'a> = BoxFuture<'a, Result<Performed, SendError>>;

/// A look before a step is sent: what becomes of a step that may not be.
pub type Looking<'a> = BoxFuture<'a, Result<Option<Performed>, SendError>>;

/// Steps that are being sent together: the status of the answer, and what it says of each user.
pub type Inviting<'a> = BoxFuture<'a, Result<(u16, Vec<Invited>), SendError>>;

/// A step that is being observed.
pub type Observing<'a> = BoxFuture<'a, Result<Observation, CallError>>;

/// Why a step was not simply answered.
#[derive(Debug)]
pub enum SendError {
    /// Its call failed.
    Call(CallError),
    /// It was not sent, and this is what becomes of it.
    Unsent(Performed),
    /// It can't be sent as it was planned, and why.
    Impossible(&'static str),
}

impl From<CallError> for SendError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl SendError {
    /// The plan names no account or group.
    pub(super) fn unnamed() -> Self {
        Self::Impossible("the plan does not name the account or the group")
    }
}

/// What a step is performed and observed with.
#[derive(Clone, Copy, Debug)]
pub struct Means<'a> {
    /// The site.
    pub site: &'a Site,
    /// Accounts that were on the site before a create run: a 201 that names one of them created no user.
    pub known: &'a HashSet<String>,
    /// What the step is.
    pub spec: &'static KindSpec,
}

impl<'a> Means<'a> {
    /// Jira.
    pub(super) fn jira(&self) -> Result<&'a Jira, SendError> {
        self.site.jira.as_ref().ok_or(SendError::Impossible("there is no API token"))
    }

    /// The organization.
    pub(super) fn admin(&self) -> Result<&'a Admin, SendError> {
        let admin = self.site.admin.as_ref();
        admin.ok_or(SendError::Impossible("there is no organization API key"))
    }
}

impl KindSpec {
    /// What a step of it does.
    pub(super) fn in_words(&self, step: &Step) -> String {
        (self.does)(&step.payload.target, step.api())
    }

    /// The API that a new step goes through, of those that are open.
    pub fn api(&self, is_open: impl Fn(Api) -> bool) -> Option<Api> {
        self.ways.iter().map(|way| way.api).find(|api| is_open(*api))
    }

    /// How it goes through an API; `None`: the API has no call for it.
    pub fn way(&self, api: Api) -> Option<&'static Way> {
        self.ways.iter().find(|way| way.api == api)
    }

    /// What becomes of the user in the group, where it is about a membership.
    pub fn membership(&self) -> Option<Membership> {
        match self.about {
            About::Membership(membership) => Some(membership),
            About::User | About::Group => None,
        }
    }

    /// Whether a step adds a user to a group who had to be created first.
    pub fn waited_for_its_user(&self, step: &Step) -> bool {
        self.membership() == Some(Membership::Joins) && step.needs.is_some()
    }
}
