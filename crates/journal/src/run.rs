//! A run: a plan with its life in the journal.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use headcount_model::door::{Api, Door};
use headcount_model::job::Job;
use headcount_model::reading::Reading;

use super::act::{Act, Actor, Did};

/// The key, among a run's options, of the email address of the user who planned it.
pub const WHO: &str = "who";

/// The key, among a run's options, of a name of its site that is the same for all addresses of the site, such as
/// `cloud://ID`. Stores with turns read it.
pub const SITE_ID: &str = "site_id";

/// The key, among a run's options, of the names of the exports that supplied ids.
pub const EXPORTS: &str = "exports";

/// The site of runs on the embedded sandbox, and the profile that leads there.
pub const SANDBOX: &str = "sandbox";

/// A run's id: the day it was planned and a number that counts all runs of the journal, such as
/// `20261121-7`. Short enough to type, unique in its journal, in order of time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunId {
    number: i64,
    text: Box<str>,
}

impl RunId {
    /// The id of the run with this number, planned at this time; for stores.
    pub fn new(number: i64, planned: Timestamp) -> Self {
        let day = planned.strftime("%Y%m%d");
        Self { number, text: format!("{day}-{number}").into() }
    }

    /// The number alone: what a store knows the run by.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The id as it is shown and typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The state of a run.
///
/// ```text
/// draft ──▶ sealed ──▶ running ──▶ finished
///   │ │      ▲ │ ▲       │  ▲
///   │ ▼      │ ▼ └ ─ ─   ▼  │
///   │ unapproved ▶ cancelled ◀─ stopped
///   ▼    │
/// (swept) └▶ rejected
/// ```
///
/// A plan that needs approval is sealed as `unapproved`. A sealed plan that was approved can still be rejected.
///
/// A run that is `running` without a holder of its lock was interrupted; it is resumed like a
/// stopped one. A draft without a holder is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// Being planned.
    Draft,
    /// Planned; nothing has been sent.
    Sealed,
    /// Planned, and waiting for approval; nothing has been sent.
    Unapproved,
    /// Refused by an approver; never sent.
    Rejected,
    /// Being applied (or interrupted).
    Running,
    /// Stopped before its end; can be resumed.
    Stopped,
    /// Every row has its outcome.
    Finished,
    /// Given up; never sent again.
    Cancelled,
}

impl RunState {
    const ALL: [Self; 8] = [
        Self::Draft,
        Self::Sealed,
        Self::Unapproved,
        Self::Rejected,
        Self::Running,
        Self::Stopped,
        Self::Finished,
        Self::Cancelled,
    ];

    /// The word in the journal and on the screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sealed => "planned",
            Self::Unapproved => "unapproved",
            Self::Rejected => "rejected",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A legal move of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunMove<'m> {
    /// The plan is final.
    Seal,
    /// The plan is final, and needs approval.
    Submit,
    /// It has all approvals that it needs.
    Approve,
    /// An approver refused it, for this reason.
    Reject(&'m str),
    /// It is applied or resumed.
    Start,
    /// Every row has its outcome.
    Finish,
    /// It stopped, for this reason.
    Stop(&'m str),
    /// It stopped, for this reason, and a user has to look at it: no worker continues it by itself.
    StopForReview(&'m str),
    /// A finished run that holds unknown rows is opened, to look again.
    Reopen,
    /// It is given up.
    Cancel,
}

impl<'m> RunMove<'m> {
    /// The states that it starts from; in any other it is refused ([`crate::JournalError::WrongState`]).
    pub fn starts_from(self) -> &'static [RunState] {
        use RunState::{Draft, Finished, Running, Sealed, Stopped, Unapproved};
        match self {
            Self::Seal | Self::Submit => &[Draft],
            Self::Approve => &[Unapproved],
            Self::Reject(_) => &[Unapproved, Sealed],
            Self::Start => &[Sealed, Stopped, Running],
            Self::Cancel => &[Sealed, Unapproved, Stopped, Running],
            Self::Finish | Self::Stop(_) | Self::StopForReview(_) => &[Running],
            Self::Reopen => &[Finished],
        }
    }

    /// The state that it leads to. Of the times of a run, the first start and else the newest is kept.
    pub fn leads_to(self) -> RunState {
        match self {
            Self::Seal | Self::Approve => RunState::Sealed,
            Self::Submit => RunState::Unapproved,
            Self::Reject(_) => RunState::Rejected,
            Self::Start => RunState::Running,
            Self::Finish => RunState::Finished,
            Self::Stop(_) | Self::StopForReview(_) | Self::Reopen => RunState::Stopped,
            Self::Cancel => RunState::Cancelled,
        }
    }

    /// Why it stopped, or was refused.
    pub fn why(self) -> Option<&'m str> {
        match self {
            Self::Stop(why) | Self::StopForReview(why) | Self::Reject(why) => Some(why),
            Self::Seal
            | Self::Submit
            | Self::Approve
            | Self::Start
            | Self::Finish
            | Self::Reopen
            | Self::Cancel => None,
        }
    }

    /// Which time of the run it sets.
    pub fn sets(self) -> RunTime {
        match self {
            Self::Seal | Self::Submit | Self::Approve => RunTime::Sealed,
            Self::Start => RunTime::Started,
            Self::Finish
            | Self::Stop(_)
            | Self::StopForReview(_)
            | Self::Reopen
            | Self::Cancel
            | Self::Reject(_) => RunTime::Ended,
        }
    }
}

/// A time of a run that a move sets. Of seals and starts the first is kept, of ends the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunTime {
    /// When its plan became final.
    Sealed,
    /// When it was first started.
    Started,
    /// When it last ended.
    Ended,
}

/// The values of a new run.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// What is done.
    pub job: Job,
    /// The site's address: where alone it may be sent.
    pub site: String,
    /// The organization's address, for a job of the admin APIs: the only one whose users it may change.
    pub organization: Option<String>,
    /// The profile's name, for the advice on how to resume.
    pub profile: String,
    /// The input's name, for people.
    pub input: String,
    /// The input's headings.
    pub headings: Vec<String>,
    /// The options that shaped the plan, as JSON.
    pub options: serde_json::Value,
    /// The run it undoes.
    pub undoes: Option<RunId>,
    /// When.
    pub at: Timestamp,
}

/// A run as the journal knows it.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// What is done.
    pub job: Job,
    /// Its state.
    pub state: RunState,
    /// The site's address.
    pub site: String,
    /// The organization's address, for a job of the admin APIs.
    pub organization: Option<String>,
    /// The profile's name.
    pub profile: String,
    /// The input's name.
    pub input: String,
    /// The input's headings.
    pub headings: Vec<String>,
    /// The options that shaped the plan.
    pub options: serde_json::Value,
    /// The run it undoes.
    pub undoes: Option<RunId>,
    /// When the draft was begun.
    pub created_at: Timestamp,
    /// When the plan was sealed.
    pub sealed_at: Option<Timestamp>,
    /// When it was first started.
    pub started_at: Option<Timestamp>,
    /// When it last stopped or finished.
    pub ended_at: Option<Timestamp>,
    /// Why it stopped.
    pub stop: Option<String>,
    /// The doors that its steps go through, as far as they are recorded.
    pub doors: Vec<Door>,
    /// How many others have to approve its plan.
    pub approvals: u32,
    /// Who did what with it, the oldest first.
    pub acts: Vec<Act>,
}

impl Run {
    /// Who did this with it last, if that was recorded.
    pub fn who(&self, did: Did) -> Option<&Actor> {
        self.acts.iter().rev().find(|act| act.did == did).map(|act| &act.by)
    }

    /// The user who planned it: by the site's word, or, of an older run, by the profile's.
    pub fn author(&self) -> Option<&str> {
        self.who(Did::Planned).map(|by| by.name.as_str()).or_else(|| self.options[WHO].as_str())
    }

    /// Whether a step of it goes through this API.
    pub fn goes_through(&self, api: Api) -> bool {
        self.doors.iter().any(|door| door.api() == api)
    }
}

/// How the file of a run was understood; none of an undo, and of runs planned before this was kept.
pub fn reading(run: &Run) -> Option<Reading> {
    serde_json::from_value(run.options.get(Reading::OPTION)?.clone()).ok()
}

/// The exports that supplied ids when a run was planned, each once; none: the ids came from the site.
pub fn exports_used(run: &Run) -> Vec<String> {
    let noted = run.options.get(EXPORTS).cloned().unwrap_or_default();
    let mut names: Vec<String> = serde_json::from_value(noted).unwrap_or_default();
    // One file may have supplied several kinds of ids.
    names.dedup();
    names
}
