//! What a job takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use headcount_app::options::{MaxChanges, SendOptions};
use headcount_core::run::Verify;
use headcount_core::sheet::HiddenRowsChoice;

/// A job on the rows of a sheet.
#[derive(Debug, Args)]
pub struct JobArgs {
    /// The sheet: CSV or XLSX; - is standard input
    pub file: PathBuf,
    #[command(flatten)]
    pub plan: PlanArgs,
    #[command(flatten)]
    pub send: SendArgs,
    /// Stop after the plan; it waits as a run for `run apply`
    #[arg(long = "plan", help_heading = "Sending")]
    pub only_plan: bool,
    /// Do it on a double of the site, made from the exports or from what the site shows; the site
    /// itself is only read
    #[arg(long, conflicts_with = "only_plan", help_heading = "Sending")]
    pub rehearse: bool,
    /// With unreadable rows, stop or skip them [default: stop; a terminal asks]
    #[arg(
        long,
        value_enum,
        value_name = "stop|skip",
        hide_possible_values = true,
        help_heading = "Reading the sheet"
    )]
    pub bad_rows: Option<BadRows>,
}

/// `user create`.
#[derive(Debug, Args)]
pub struct CreateArgs {
    #[command(flatten)]
    pub job: JobArgs,
    /// Products of users whose row names none, such as jira-software,jira-servicedesk; or none
    #[arg(long, value_name = "LIST")]
    pub products: Option<String>,
    /// How users are created: by Jira's own call (with a mail), or invited by the organisation, 25 a
    /// request (without one)
    #[arg(long, value_enum, value_name = "jira|invite", default_value_t = By::Jira, hide_possible_values = true)]
    pub by: By,
}

/// How users are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Jira's own call
    Jira,
    /// The organisation's invitation
    Invite,
}

/// How a sheet is read and its names are found.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading the sheet")]
pub struct PlanArgs {
    /// Which column is what, such as --map email="E-Mail address"; --map -=Heading leaves one out
    #[arg(long, value_name = "field=Heading", allow_hyphen_values = true)]
    pub map: Vec<String>,
    /// The line of the headings [default: the first line that holds something]
    #[arg(long, value_name = "LINE", value_parser = clap::value_parser!(u64).range(1..))]
    pub heading: Option<u64>,
    /// The first line is a row: the columns are Column A, Column B, …; name them with --map
    #[arg(long, conflicts_with = "heading")]
    pub no_headings: bool,
    /// What to do with rows that are hidden in the workbook [default: stop]
    #[arg(
        long,
        value_enum,
        value_name = "stop|include|skip",
        default_value_t = HiddenRowsArg::Stop,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub hidden_rows: HiddenRowsArg,
    /// The workbook's sheet
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    #[command(flatten)]
    pub exports: Export,
}

/// Atlassian's exports, to find ids in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading the sheet")]
pub struct Export {
    /// Atlassian's export of users: ids are found in it instead of on the site
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    /// Atlassian's export of users with groups as columns: group ids are found in it
    #[arg(long, value_name = "FILE")]
    pub groups: Option<PathBuf>,
}

/// What concerns sending: jobs, `run apply`, `run resume` and `run undo` take it.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Sending")]
pub struct SendArgs {
    /// Go on without asking
    #[arg(long, short)]
    pub yes: bool,
    /// So many steps first, read back, before the others; 0 turns it off
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub canary: u64,
    /// Stop before anything is sent if more would change: a number, or a share of the site's people
    #[arg(long, value_name = "N|N%")]
    pub max_changes: Option<MaxChanges>,
    /// Stop after so many failures in a row; 0 never
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub max_failures: u64,
    /// Stop when nothing went through for so long, but for waits the site announced
    #[arg(long, value_name = "SECONDS", default_value_t = 300, hide = true)]
    pub patience: u64,
    /// Requests in flight at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub concurrency: Option<u32>,
    /// Requests a second at most
    #[arg(long, value_name = "N", value_parser = positive)]
    pub rate: Option<f64>,
    /// What is read back after it was done: none, canary or all
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = VerifyArg::Canary, hide_possible_values = true)]
    pub verify: VerifyArg,
    /// Write the report here at the end; - is standard output
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

impl SendArgs {
    /// The options that the use cases take.
    pub fn options(&self) -> SendOptions {
        SendOptions {
            canary: self.canary,
            max_changes: self.max_changes,
            max_failures: self.max_failures,
            patience: self.patience,
            concurrency: self.concurrency,
            rate: self.rate,
            verify: match self.verify {
                VerifyArg::None => Verify::None,
                VerifyArg::Canary => Verify::Canary,
                VerifyArg::All => Verify::All,
            },
        }
    }
}

pub(super) fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err("a number above 0".into()),
    }
}

/// What is read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum VerifyArg {
    /// Nothing
    None,
    /// The canary
    Canary,
    /// Every step, before it counts as changed
    All,
}

/// What to do with unreadable rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BadRows {
    /// Stop before anything is planned
    Stop,
    /// Go on without them
    Skip,
}

/// What to do with rows that are hidden in the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HiddenRowsArg {
    /// Stop before anything is planned
    Stop,
    /// Use them like the others
    Include,
    /// Leave them out
    Skip,
}

impl From<HiddenRowsArg> for HiddenRowsChoice {
    fn from(argument: HiddenRowsArg) -> Self {
        match argument {
            HiddenRowsArg::Stop => Self::Stop,
            HiddenRowsArg::Include => Self::Include,
            HiddenRowsArg::Skip => Self::Skip,
        }
    }
}
