//! The command line's words, as the contract names them.

mod export;
mod job;
mod profile;
mod run;
mod ui;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub use export::{ExportArgs, GroupExportArgs};
pub use job::{BadRows, By, CreateArgs, JobArgs, PlanArgs, SendArgs};
pub use profile::{AddArgs, ImportArgs, ProfileCommand};
pub use run::RunCommand;
pub use ui::UiArgs;

/// The heading of the options that every command takes.
const EVERYWHERE: &str = "Options of every command";

/// Bulk user management for Atlassian Cloud, from the spreadsheet you already have.
///
/// It plans, shows the plan, does the first row and reads it back, then the others; it survives
/// anything, tells every row's fate, and can take it back. Try it: headcount demo
#[derive(Debug, Parser)]
#[command(name = "headcount", version, disable_help_subcommand = true, max_term_width = 100)]
pub struct Args {
    /// The profile: which site, and how to sign in (`sandbox` is built in)
    #[arg(long, global = true, value_name = "NAME", help_heading = EVERYWHERE)]
    pub profile: Option<String>,
    /// The journal's file
    #[arg(long, global = true, value_name = "FILE", env = "HEADCOUNT_JOURNAL", help_heading = EVERYWHERE)]
    pub journal: Option<PathBuf>,
    /// The profiles' file
    #[arg(long, global = true, value_name = "FILE", env = "HEADCOUNT_CONFIG", help_heading = EVERYWHERE)]
    pub config: Option<PathBuf>,
    /// Write one event a line, as JSON, to standard output
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
    /// Say only what is wrong
    #[arg(long, short, global = true, conflicts_with = "verbose", help_heading = EVERYWHERE)]
    pub quiet: bool,
    /// Say more
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    pub verbose: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create, deactivate, suspend or remove users and back again, or export them
    #[command(subcommand)]
    User(UserCommand),
    /// Create groups, or export them, with or without their members
    #[command(subcommand)]
    Group(GroupCommand),
    /// Add users to groups, remove them, or look their ids up
    #[command(subcommand)]
    Member(MemberCommand),
    /// Look at runs, apply, resume, undo or cancel them
    #[command(subcommand)]
    Run(RunCommand),
    /// Add profiles, look at them, check and remove them: which sites, and how to sign in
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Start an emulated Atlassian site to try everything on
    Sandbox(SandboxArgs),
    /// Do everything in the browser instead, on a page that only this computer serves
    Ui(UiArgs),
    /// Run all three jobs on the sandbox with sample files, from start to report
    Demo,
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Jobs on users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create a user for each row: emailAddress [displayName] [products]
    Create(CreateArgs),
    /// Deactivate the managed account of each row: account id or e-mail
    Deactivate(DeactivateArgs),
    /// Reactivate the managed account of each row: account id or e-mail
    Activate(JobArgs),
    /// Suspend the user of each row in the directory, until restored: account id or e-mail
    Suspend(JobArgs),
    /// Restore the suspended user of each row: account id or e-mail
    Restore(JobArgs),
    /// Take the user of each row off the site; the account itself lives on: account id or e-mail
    Remove(JobArgs),
    /// Write everybody into a file with the columns of Atlassian's own users export
    Export(ExportArgs),
}

/// Groups.
#[derive(Debug, Subcommand)]
pub enum GroupCommand {
    /// Create a group for each row: name [description]
    Create(JobArgs),
    /// Write every group into a file with the columns of Atlassian's own exports
    Export(GroupExportArgs),
}

/// `user deactivate`.
#[derive(Debug, clap::Args)]
pub struct DeactivateArgs {
    #[command(flatten)]
    pub job: JobArgs,
    /// A message that travels with each deactivation
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
}

/// Jobs on memberships.
#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    /// Add the user of each row to its group: e-mail or account id; group name or group id
    Add(JobArgs),
    /// Remove the user of each row from its group
    Remove(JobArgs),
    /// Only look the ids up in Atlassian's exports, offline, and write them beside each row
    Map(MapArgs),
}

/// `member map`.
#[derive(Debug, clap::Args)]
pub struct MapArgs {
    /// The sheet: CSV or XLSX; - is standard input
    pub file: PathBuf,
    #[command(flatten)]
    pub plan: PlanArgs,
    /// Where to write; standard output if absent
    #[arg(long, short, value_name = "OUT")]
    pub output: Option<PathBuf>,
}

/// `sandbox`.
#[derive(Debug, clap::Args)]
pub struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// A folder with Atlassian's exports users.csv and groups.csv to start from
    #[arg(long, value_name = "DIR")]
    pub seed: Option<PathBuf>,
    /// Make up an organisation of so many people
    #[arg(long, value_name = "N")]
    pub people: Option<usize>,
    /// Keep the state in this file; each answer waits until its change is on disk
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Requests a second for each endpoint and method; 0 lifts the published limits too
    #[arg(long, value_name = "N")]
    pub rate: Option<u32>,
    /// How long each answer takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,
    /// How late searches, lists and memberships show a change
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub index_lag: u64,
    /// Faults to inject, as JSON
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Begin the state file anew
    #[arg(long)]
    pub reset: bool,
    /// Keep every request and its answer in this folder, as lines of JSON; no keys are in it
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
}
