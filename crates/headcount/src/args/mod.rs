//! The commands and options, with their help.

#[cfg(test)]
mod deploy_tests;
mod export;
mod filters;
mod job;
mod jobs;
mod postman;
mod profile;
mod run;
mod sync;
mod ui;
mod worker;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub use export::{ExportArgs, GroupExportArgs, ReadingArgs, TokenListArgs};
pub use filters::{AccessReviewArgs, FilterArgs, SeatsArgs, UserExportArgs};
pub use job::{Audience, BadRows, By, JobArgs, PlanArgs, SendArgs, VerifyArg};
pub use jobs::JobCommand;
use jobs::{ACCESS, GROUP, JobOf, MEMBER, TOKEN, USER};
pub use postman::{
    BailArg, PostmanArgs, PostmanCommand, PostmanExportArgs, Reporter, VariableArgs,
};
pub use profile::{AddArgs, ImportArgs, ProfileCommand};
pub use run::{PruneArgs, RunCommand};
pub use sync::{CheckFormat, SyncArgs};
pub use ui::UiArgs;
pub use worker::{LogForm, WorkerArgs, WorkerCommand};

/// The heading of the options that every command has.
const EVERYWHERE: &str = "Options of every command";

/// Bulk user management for Atlassian Cloud, from the spreadsheet you already have.
///
/// Shows you the plan and asks. Applies the first row, verifies it, asks again, and applies the rest.
/// Interrupted runs resume, every row gets a recorded outcome, and most changes can be undone.
///
/// Try it: headcount demo
#[derive(Debug, Parser)]
#[command(name = "headcount", version = crate::version::line(), disable_help_subcommand = true, max_term_width = 100)]
pub struct Args {
    /// Profile to use: a site and its credentials. The profile sandbox is built in
    #[arg(long, global = true, value_name = "NAME", action = clap::ArgAction::Append, help_heading = EVERYWHERE)]
    pub profile: Vec<String>,
    /// File of the journal, or the address of a PostgreSQL database (postgres://HOST/DATABASE)
    #[arg(long, global = true, value_name = "FILE|URL", env = "HEADCOUNT_JOURNAL", hide_env_values = true, help_heading = EVERYWHERE)]
    pub journal: Option<PathBuf>,
    /// File of the profiles
    #[arg(long, global = true, value_name = "FILE", env = "HEADCOUNT_CONFIG", help_heading = EVERYWHERE)]
    pub config: Option<PathBuf>,
    /// Write events to standard output, one JSON object per line
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
    /// Print errors only
    #[arg(long, short, global = true, conflicts_with = "verbose", help_heading = EVERYWHERE)]
    pub quiet: bool,
    /// Print more detail
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    pub verbose: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create users, take their access away or give it back, change emails, export users, or count seats
    #[command(subcommand)]
    User(UserCommand),
    /// Create, delete or export groups
    #[command(subcommand)]
    Group(GroupCommand),
    /// Add users to groups, remove users from groups, or look up user and group ids
    #[command(subcommand)]
    Member(MemberCommand),
    /// Grant or revoke access to apps
    #[command(subcommand)]
    Access(AccessCommand),
    /// List or revoke API tokens of managed accounts
    #[command(subcommand)]
    Token(TokenCommand),
    /// Make the site match a list of users and memberships, or only compare them
    Sync(Box<SyncArgs>),
    /// List, show, approve, apply, resume, undo, cancel or report runs
    #[command(subcommand)]
    Run(RunCommand),
    /// Add, import, list, show, check or remove profiles: a site and its credentials
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Run Postman collections with Newman's options, or export a plan as one
    #[command(subcommand)]
    Postman(PostmanCommand),
    /// Create, upgrade, copy or look at the journal, in a file or on a PostgreSQL server
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Apply the runs that `run queue` hands over, on any number of machines, or show the workers
    Worker(WorkerArgs),
    /// Start an emulated Atlassian site, to try headcount without a real one
    Sandbox(SandboxArgs),
    /// Open headcount in your browser; only this computer can reach the page
    Ui(UiArgs),
    /// Run three jobs on the built-in sandbox with sample files, from plan to report
    Demo,
    /// Show what a bug report needs: versions, files, journal, network; no credentials
    Doctor {
        /// Send no request to the site, so do not compare the clocks
        #[arg(long)]
        offline: bool,
    },
    /// Print completions for a shell
    Completions {
        /// Shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man {
        /// Write a page for each command into this folder instead
        #[arg(long, value_name = "DIR")]
        pages: Option<PathBuf>,
    },
}

/// Users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    #[command(flatten)]
    Job(JobOf<USER>),
    /// Export all users, or those that filters choose, with the columns of Atlassian's own users export
    Export(Box<UserExportArgs>),
    /// Write an access review: who has which app in which role, through what, and when it was last used
    Access(Box<AccessReviewArgs>),
    /// Show the seats that each app takes, and those that the chosen users would free
    Seats(Box<SeatsArgs>),
}

/// Groups.
#[derive(Debug, Subcommand)]
pub enum GroupCommand {
    #[command(flatten)]
    Job(JobOf<GROUP>),
    /// Export all groups with the columns of Atlassian's own exports
    Export(GroupExportArgs),
}

/// Memberships.
#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    #[command(flatten)]
    Job(JobOf<MEMBER>),
    /// Look up the ids in Atlassian's exports, offline, and write them next to each row
    Map(MapArgs),
}

/// Access to apps.
#[derive(Debug, Subcommand)]
pub enum AccessCommand {
    #[command(flatten)]
    Job(JobOf<ACCESS>),
}

/// API tokens of managed accounts.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    #[command(flatten)]
    Job(JobOf<TOKEN>),
    /// List the API tokens of managed accounts by age, with owner and last use
    List(TokenListArgs),
}

/// The journal.
#[derive(Clone, Debug, Subcommand)]
pub enum JournalCommand {
    /// Create the journal; the first command that uses it does the same
    Init,
    /// Upgrade a journal that an older headcount created
    Migrate,
    /// Show where the journal is, its version, and its number of runs
    Status,
    /// Save the password of the journal's database in the keyring
    Password {
        /// Read the password from the first line of standard input
        #[arg(long)]
        stdin: bool,
    },
    /// Copy a whole journal into a new one: from a file to a PostgreSQL database, or back
    Copy {
        /// File of the journal, or the address of its database
        #[arg(value_name = "FROM")]
        from: String,
        /// New file, or the address of a database without a journal
        #[arg(value_name = "TO")]
        to: String,
    },
}

/// `member map`.
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("users", |arg| arg.required(true).help("Read user ids from this users export")),
    mut_arg("groups", |arg| arg.required(true).help("Read group ids from this export with group columns"))
)]
pub struct MapArgs {
    /// Spreadsheet to read, CSV or XLSX; - is standard input
    pub file: PathBuf,
    #[command(flatten)]
    pub plan: PlanArgs,
    /// File to write [default: standard output]
    #[arg(long, short, value_name = "OUT")]
    pub output: Option<PathBuf>,
}

/// `sandbox`.
#[derive(Debug, clap::Args)]
pub struct SandboxArgs {
    /// Port on 127.0.0.1; 0 picks a free port
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Start as a copy of an organization: read users.csv and groups.csv (Atlassian's exports) from
    /// this folder
    #[arg(long, value_name = "DIR")]
    pub seed: Option<PathBuf>,
    /// Start as a generated organization of N users
    #[arg(long, value_name = "N")]
    pub people: Option<usize>,
    /// Keep the state in this file: the sandbox writes each change to disk before it answers
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Allow N requests per second for each endpoint and method; 0 turns off all limits
    #[arg(long, value_name = "N")]
    pub rate: Option<u32>,
    /// Delay each answer by this time
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,
    /// Show changes in searches, lists and memberships only after this time
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub index_lag: u64,
    /// Inject the faults of this JSON file
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Clear the state file first
    #[arg(long)]
    pub reset: bool,
    /// Record every request and its answer in this folder, as lines of JSON, without credentials
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
}
