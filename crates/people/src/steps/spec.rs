//! What a kind of step is, as a value.

use std::collections::HashSet;

use futures_util::future::BoxFuture;
use headcount_atlassian::admin::Admin;
use headcount_atlassian::jira::Jira;
use headcount_atlassian::pace::Permit;
use headcount_atlassian::{CallError, Endpoint, Site};
use headcount_engine::{Observation, Performed};
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::change::{Step, Target};
use super::kind::StepKind;

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
    /// What a step wants to be so, to stand beside what was found: `ann@example.com in berlin`.
    pub wanted: fn(&Step) -> String,
    /// The same after another step of its row, which has named the user: `in berlin`.
    pub also_wanted: fn(&Step) -> String,
    /// The reason of a step that was so already.
    pub already: Reason,
    /// The APIs that have a call for it. A new step goes through the first one that is open.
    pub ways: &'static [Way],
    /// What takes it back, if only by name: an undo says so of steps that it does not send, too.
    pub opposite: StepKind,
    /// The job whose guards it obeys, where it is about somebody who is there.
    pub guards: Option<Job>,
    /// It takes a user's access away: administrators are left alone.
    pub takes_away: bool,
    /// It creates a user. The site mails them each time, so it is not repeated to learn how things are.
    pub creates_user: bool,
    /// What a 404 to it may mean.
    pub not_found: NotFound,
    /// The site says beforehand whether it allows it (user management, `lifecycle.enablement`).
    pub is_announced: bool,
}

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

/// What a 404 may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// Something that it needs is not there.
    Refused,
    /// What was to be removed is gone already. It may also mean "you may not", so the site is read
    /// before it is believed.
    Gone {
        /// The reason of the failure where reading shows that it is still there; `None`: only a later
        /// look can tell.
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
    Alone(for<'a> fn(Means<'a>, &'a Step, Permit) -> Performing<'a>),
    /// Together with others that want the same.
    InPacks,
}

/// A step that is being sent.
pub type Performing<'a> = BoxFuture<'a, Result<Performed, SendError>>;

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
    /// The plan does not say to whom.
    pub(super) fn unnamed() -> Self {
        Self::Impossible("the plan does not name the account or the group")
    }
}

/// What a step is performed and observed with.
#[derive(Clone, Copy, Debug)]
pub struct Means<'a> {
    /// The site.
    pub site: &'a Site,
    /// Accounts that were on the site before a create run: a 201 that names one created nobody.
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
