//! The definition of a kind of step, as a value.

use std::borrow::Cow;
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
use headcount_model::user::Privilege;

use super::change::{Step, Target, Wanted};
use super::current::{No, Now};
use super::kind::StepKind;
use crate::directory::Person;

/// The definition of a kind of step.
#[derive(Debug)]
pub struct KindSpec {
    /// The kind, as the journal names it.
    pub kind: StepKind,
    /// What it concerns.
    pub about: About,
    /// What it does to its target through an API: `remove ann@example.com from the site`. The API is `None` if it
    /// is not recorded.
    pub does: fn(&Target, Option<Api>) -> String,
    /// The same once it is done.
    pub done: fn(&Target, Option<Api>) -> String,
    /// A planned step with its particulars: `create ann@example.com with jira-software`.
    pub planned: fn(&Step) -> String,
    /// The same after another step of its row, which has named the user: `add to berlin`.
    pub also_planned: fn(&Step) -> String,
    /// The wanted state, shown next to what was found: `ann@example.com in berlin`.
    pub wanted: fn(&Step) -> String,
    /// The same after another step of its row, which has named the user: `in berlin`.
    pub also_wanted: fn(&Step) -> String,
    /// The reason if the target is already in the wanted state.
    pub already: Reason,
    /// What the site shows now about its target: the user, who may be a member of the group.
    pub now: fn(&Person, Option<bool>) -> Result<Now, No>,
    /// What has changed about its user since the plan, so that today's plan would leave the step out, start from another
    /// state, or warn of it. Only what `observe` of its [`Way`] does not show. For plans that waited.
    pub since_plan: fn(&Step, &Person) -> Option<String>,
    /// How a row differs from an earlier one with the same user or group, to follow `row 3 has`.
    pub differs: &'static str,
    /// The APIs with a call for it. A new step goes through the first one that is open.
    pub ways: &'static [Way],
    /// Its opposite, if only by name: an undo also lists steps that it does not send.
    pub opposite: StepKind,
    /// Why a change is not undone; `None` if its opposite undoes it.
    pub not_undoable: fn(&Undone<'_>) -> Option<Cow<'static, str>>,
    /// The target of the step that undoes it, and what that step wants.
    pub undo: fn(&Step) -> (Target, Wanted),
    /// The result of an undo if its user is no longer on the site.
    pub user_gone: UserGone,
    /// The job whose guards apply, if it concerns an existing user or group.
    pub guards: Option<Job>,
    /// Whether it takes a user's access away, so that administrators are not changed.
    pub takes_away: bool,
    /// Whether it creates a user. Such a step is not repeated to learn the state, because the site may email the
    /// user each time.
    pub creates_user: bool,
    /// Whether the site sends an email to each user that it creates.
    pub mails: bool,
    /// What a 404 may mean.
    pub not_found: NotFound,
    /// The privilege by which the site says beforehand if it allows it (user management).
    pub announced: Option<Privilege>,
    /// Whether each one is verified, because no undo restores what it takes away
    /// ([`Rules`](headcount_engine::Rules)).
    pub read_back: bool,
}

/// How a change of what an identity provider owns can be made with headcount: on the command line, and on the page.
pub const THROUGH_IT: &str = "make the plan again through the identity provider's directory (--scim; the profile needs \
                              scim_directory_id and the SCIM API key)";

/// Two rows with the same user or group ask for the same change, because only creations can differ.
pub(super) const NO_DIFFERENCE: &str = "something else for the same user or group";

/// What a kind of step concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A user.
    User,
    /// A user in a group.
    Membership(Membership),
    /// A group.
    Group,
    /// A user's role in an app.
    Role,
    /// A group's role in an app.
    GroupRole,
    /// An API token of a user.
    Token,
}

/// The wanted membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// The user becomes a member.
    Joins,
    /// The user is removed.
    Leaves,
}

/// A change that an undo should reverse.
#[derive(Clone, Copy, Debug)]
pub struct Undone<'a> {
    /// The step that made it.
    pub step: &'a Step,
    /// The reason with which the step ended as `changed`.
    pub reason: Reason,
    /// Whether created users and groups may be removed.
    pub remove_created: bool,
}

/// No state of the user makes another change of it than the plan shows.
pub(super) fn any_state(_: &Step, _: &Person) -> Option<String> {
    None
}

/// Its opposite always undoes it.
pub(super) fn undoable(_: &Undone<'_>) -> Option<Cow<'static, str>> {
    None
}

/// The step that undoes it has the same target, and wants nothing more.
pub(super) fn nothing_more(step: &Step) -> (Target, Wanted) {
    (step.payload.target.clone(), Wanted::default())
}

/// The result of an undo if its user is no longer on the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserGone {
    /// Nothing to do: that is the wanted state.
    Wanted,
    /// Nothing to do if an earlier undo removed the user; otherwise it is impossible.
    WantedAfterUndo,
    /// It is impossible.
    NotUndoable,
}

/// What a 404 may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// Something that it needs does not exist.
    Refused,
    /// What should be removed no longer exists. It may also mean "you may not", so the site is read before it
    /// counts.
    Gone {
        /// The reason of the failure if a read shows that it still exists. `None` means that only a later read can
        /// show it.
        denied: Option<Reason>,
    },
}

/// How a kind of step is sent and observed through an API.
#[derive(Debug)]
pub struct Way {
    /// The API.
    pub api: Api,
    /// The call that sends it.
    pub call: Endpoint,
    /// Sends it.
    pub sends: Sends,
    /// Reads what the site shows about it.
    pub observe: for<'a> fn(Means<'a>, &'a Step) -> Observing<'a>,
}

/// How a step is sent.
#[derive(Debug)]
pub enum Sends {
    /// In a request of its own.
    Alone(Send),
    /// In a request of its own, if a read directly before it shows that it may be sent.
    AfterLook {
        /// Looks.
        look: for<'a> fn(Means<'a>, &'a Step) -> Looking<'a>,
        /// Sends it.
        send: Send,
    },
    /// Together with others that ask for the same: the first one's apps and groups are those of all.
    InPacks(for<'a> fn(Means<'a>, Vec<&'a Step>, Permit) -> Inviting<'a>),
}

/// Sends a step in a request of its own.
pub type Send = for<'a> fn(Means<'a>, &'a Step, Permit) -> Performing<'a>;

/// A step that is being sent.
pub type Performing<'a> = BoxFuture<'a, Result<Performed, SendError>>;

/// A read before a step is sent: the result of a step that may not be sent.
pub type Looking<'a> = BoxFuture<'a, Result<Option<Performed>, SendError>>;

/// Steps that are sent together: the status of the answer, and its part for each user.
pub type Inviting<'a> = BoxFuture<'a, Result<(u16, Vec<Invited>), SendError>>;

/// A step that is being observed.
pub type Observing<'a> = BoxFuture<'a, Result<Observation, CallError>>;

/// Why a step has no simple answer.
#[derive(Debug)]
pub enum SendError {
    /// Its call failed.
    Call(CallError),
    /// It was not sent, with this result.
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

/// The data for sending and observing a step.
#[derive(Clone, Copy, Debug)]
pub struct Means<'a> {
    /// The site.
    pub site: &'a Site,
    /// Accounts that were on the site before a create run: a 201 that names one of them created no user.
    pub known: &'a HashSet<String>,
    /// The definition of the step's kind.
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
    /// A step of this kind in words.
    pub(super) fn in_words(&self, step: &Step) -> String {
        (self.does)(&step.payload.target, step.api())
    }

    /// The API for a new step, among the open ones.
    pub fn api(&self, is_open: impl Fn(Api) -> bool) -> Option<Api> {
        self.ways.iter().map(|way| way.api).find(|api| is_open(*api))
    }

    /// How it goes through an API; `None` if the API has no call for it.
    pub fn way(&self, api: Api) -> Option<&'static Way> {
        self.ways.iter().find(|way| way.api == api)
    }

    /// The wanted membership, if it concerns a membership.
    pub fn membership(&self) -> Option<Membership> {
        match self.about {
            About::Membership(membership) => Some(membership),
            About::User | About::Group | About::Role | About::GroupRole | About::Token => None,
        }
    }

    /// Whether a step adds a user to a group who had to be created first.
    pub fn waited_for_its_user(&self, step: &Step) -> bool {
        self.membership() == Some(Membership::Joins) && step.needs.is_some()
    }
}
