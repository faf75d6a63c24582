//! Hints: what to do next, as data. It is a command on the command line, and a button or a place on the page. Each
//! face puts it into words.

use headcount_atlassian::place::KeyKind;
use headcount_journal::RunId;
pub use headcount_people::jobs::Need;

/// The data of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Ids of users.
    Users,
    /// Ids of groups.
    Groups,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A text for every face: it names no command, option, button or variable.
    Words(Box<str>),
    /// A text about settings for the command line; the page has its own places for them.
    Settings(Box<str>),
    /// Look at all runs.
    ListRuns,
    /// Look at this run.
    ShowRun(Option<RunId>),
    /// Apply this plan.
    Apply(RunId),
    /// Another administrator decides on this plan.
    Approve(RunId),
    /// Wait for this run to end, or stop it.
    WaitOrStop(RunId),
    /// Wait until another run has ended, or hand this run over to a worker.
    WaitOrQueue(RunId),
    /// Repair the cause why the journal can't be written, then resume the last run.
    RepairAndResume,
    /// Write the report of the run again.
    ReportAgain,
    /// Start a job, which creates a run.
    GiveJob,
    /// Use another file as the journal, after the alternative.
    OtherJournal {
        /// The alternative; empty if there is none.
        instead: &'static str,
        /// What to know afterwards.
        then: &'static str,
    },
    /// The named profiles file must exist and be readable.
    ProfilesNamed,
    /// Make the profiles file readable, or name the site without it.
    ProfilesOrEnvironment,
    /// Name the profile of this site.
    NameProfile(Box<str>),
    /// Look at the profiles that there are.
    ListProfiles,
    /// Use the sandbox, which needs no profile.
    UseSandbox,
    /// Say which account is your own.
    SayOwnAccount,
    /// Give the largest number of changes as a number, not as a percentage.
    MaxChangesAsNumber,
    /// Use Atlassian's exports, after the alternative.
    GiveExports {
        /// The alternative.
        instead: &'static str,
    },
    /// What an export for this use contains.
    ExportHas(Whose),
    /// Give the credentials that a job needs.
    GiveCredentials(Need),
    /// Let a command print the credential, or set its variable each time.
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
