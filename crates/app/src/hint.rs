//! What to do next, as data: a command on the command line, a button or a place on the page. Each face
//! words it.

use headcount_atlassian::place::KeyKind;
use headcount_journal::RunId;
pub use headcount_people::jobs::Need;

/// What is taken from an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Ids of people.
    Users,
    /// Ids of groups.
    Groups,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The same on every face: it names no command, option, button or variable.
    Words(Box<str>),
    /// A sentence about settings that a person at a terminal makes; the page has places for it.
    Settings(Box<str>),
    /// Look at all runs.
    ListRuns,
    /// Look at this run.
    ShowRun(Option<RunId>),
    /// Apply this plan.
    Apply(RunId),
    /// Wait for this run to end, or stop it.
    WaitOrStop(RunId),
    /// Repair what keeps the journal from being written, then resume the last run.
    RepairAndResume,
    /// Write the report of the run again.
    ReportAgain,
    /// Give a job: it makes a run.
    GiveJob,
    /// Take another file as the journal; what to do instead, before it.
    OtherJournal {
        /// What to do instead; empty: nothing else helps.
        instead: &'static str,
        /// What to know afterwards.
        then: &'static str,
    },
    /// The profiles file that was named must exist and be readable.
    ProfilesNamed,
    /// Make the profiles file readable, or name the site without it.
    ProfilesOrEnvironment,
    /// Name the profile of this site.
    NameProfile(Box<str>),
    /// Look at the profiles that there are.
    ListProfiles,
    /// Use the sandbox, which needs no profile.
    UseSandbox,
    /// Say which account is one's own.
    SayOwnAccount,
    /// Give the largest number of changes as a number, not as a share.
    MaxChangesAsNumber,
    /// Give Atlassian's exports; what else helps, before it.
    GiveExports {
        /// What else helps.
        instead: &'static str,
    },
    /// What an export for this use has.
    ExportHas(Whose),
    /// Give the credentials that a job needs.
    GiveCredentials(Need),
    /// Have a command print the credential, or set it each time.
    PrintOrSet(KeyKind),
}

impl From<&str> for Hint {
    fn from(words: &str) -> Self {
        Self::Words(words.into())
    }
}

impl From<String> for Hint {
    fn from(words: String) -> Self {
        Self::Words(words.into_boxed_str())
    }
}
