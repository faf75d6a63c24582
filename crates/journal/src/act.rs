//! Who did what with a run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who does something with a run: the owner of the credential, as the site names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The id by which two actors are the same; `None`: the site does not show whose credential it is.
    pub id: Option<String>,
    /// The name that is shown.
    pub name: String,
}

/// What was done with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// Made its plan.
    Planned,
    /// Approved its plan.
    Approved,
    /// Refused its plan.
    Rejected,
    /// Started it.
    Started,
    /// Continued it.
    Resumed,
    /// Canceled it.
    Canceled,
}

impl Did {
    const ALL: [Self; 6] = [
        Self::Planned,
        Self::Approved,
        Self::Rejected,
        Self::Started,
        Self::Resumed,
        Self::Canceled,
    ];

    /// The word in the journal and on the screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Started => "started",
            Self::Resumed => "resumed",
            Self::Canceled => "canceled",
        }
    }

    /// What a word of the journal means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|did| did.word() == word)
    }
}

/// An act of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What was done.
    pub did: Did,
    /// Who did it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why, if a reason was given.
    pub note: Option<String>,
    /// The digest of the plan that it was about, for plans that need approval.
    pub plan: Option<String>,
}

/// An act as a store reads it: the word of what was done, the id and name of who did it, the time, why, and the
/// digest.
pub type ActText = (String, Option<String>, String, Timestamp, Option<String>, Option<String>);

impl TryFrom<ActText> for Act {
    type Error = String;

    fn try_from((did, id, name, at, note, plan): ActText) -> Result<Self, String> {
        let did = Did::from_word(&did).ok_or_else(|| format!("the act “{did}”"))?;
        Ok(Self { did, by: Actor { id, name }, at, note, plan })
    }
}
