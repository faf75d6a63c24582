//! The options of a job.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use headcount_app::options::{MaxChanges, SendOptions};
use headcount_engine::Verify;
use headcount_model::job::Job;
use headcount_people::jobs;
use headcount_people::rows::SheetJob;
use headcount_sheet::HiddenRowsChoice;

/// A job on the rows of a sheet.
#[derive(Debug, Args)]
pub struct JobArgs {
    /// Spreadsheet to read, CSV or XLSX; - is standard input
    pub file: PathBuf,
    #[command(flatten)]
    pub plan: PlanArgs,
    #[command(flatten)]
    pub send: SendArgs,
    /// Stop after the plan and keep it for `run apply`
    #[arg(long = "plan", help_heading = "Sending")]
    pub only_plan: bool,
    /// Apply the plan to a copy of your site, made from --users, --groups and by reading the site;
    /// the site itself stays as it is
    #[arg(long, conflicts_with = "only_plan", help_heading = "Sending")]
    pub rehearse: bool,
    /// What to do with unreadable rows [default: ask on a terminal, otherwise stop]
    #[arg(
        long,
        value_enum,
        value_name = "stop|skip",
        hide_possible_values = true,
        help_heading = "Reading the spreadsheet"
    )]
    pub bad_rows: Option<BadRows>,
}

/// Options that only some jobs take, according to their [specifications](headcount_people::jobs::JobSpec).
#[derive(Debug, Default, Args)]
pub struct ExtraArgs {
    /// Products for rows without any, such as jira-software,jira-servicedesk; the word none gives no
    /// product [default: the profile's, otherwise jira-software]
    #[arg(long, value_name = "LIST")]
    pub products: Option<String>,
    /// jira: create each user, and Jira emails an invitation. invite: invite users through the
    /// organization, up to 25 per request, without an email, or with the text of --message
    #[arg(long, value_enum, value_name = "jira|invite", default_value_t = By::Jira, hide_possible_values = true)]
    pub by: By,
    /// Text for Atlassian: the reason of a deactivation, or with `user create --by invite` the text of the
    /// invitation email
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
    /// Also delete groups that have members, and write these members to a new file first (a spreadsheet
    /// for `member add`) [default: members-DATE-TIME.csv in this folder]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub with_members: Option<String>,
    /// Make the changes through the identity provider's directory (user provisioning API, SCIM), for users and
    /// groups that an identity provider manages; all rows go this way, or none. The profile needs
    /// scim_directory_id and the SCIM API key
    #[arg(long, conflicts_with = "rehearse")]
    pub scim: bool,
    /// Also revoke the API tokens of each user, once the account is deactivated; this cannot be undone
    #[arg(long)]
    pub revoke_tokens: bool,
}

/// How users are created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Jira's own call
    #[default]
    Jira,
    /// The organization's invitation
    Invite,
}

/// How a spreadsheet is read and its names are found.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Reading the spreadsheet")]
pub struct PlanArgs {
    /// Columns of fields
    #[arg(
        long,
        value_name = "field=Heading",
        allow_hyphen_values = true,
        help = map_help(SheetJob::Memberships)
    )]
    pub map: Vec<String>,
    /// Give a field this value in all rows, such as --set group=hanoi-legal; the file must have no column
    /// for it
    #[arg(long, value_name = "field=value", allow_hyphen_values = true)]
    pub set: Vec<String>,
    /// Read the headings from this line [default: the first line with content]
    #[arg(long, value_name = "LINE", value_parser = clap::value_parser!(u64).range(1..))]
    pub heading: Option<u64>,
    /// Read line 1 as a row. In --map, the columns are Column A, Column B, …
    #[arg(long, conflicts_with = "heading")]
    pub no_headings: bool,
    /// What to do with rows hidden in the workbook: stop, include or skip
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        default_value_t = HiddenRowsArg::Stop,
        hide_possible_values = true
    )]
    pub hidden_rows: HiddenRowsArg,
    /// Sheet of the workbook to read
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    #[command(flatten)]
    pub exports: Export,
}

/// Atlassian's exports, to find ids in.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Reading the spreadsheet")]
pub struct Export {
    /// Read user ids from this file instead of from the site: Atlassian's users export, or a file
    /// that `user export` wrote
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    /// Read group ids from this file instead of from the site: Atlassian's users export with group
    /// columns, or a file that `group export` wrote
    #[arg(long, value_name = "FILE")]
    pub groups: Option<PathBuf>,
}

/// The options of sending, for jobs, `run apply`, `run resume` and `run undo`.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Sending")]
pub struct SendArgs {
    /// Answer yes to every question
    #[arg(long, short, help = yes_help())]
    pub yes: bool,
    /// Rows that are applied first
    #[arg(long, value_name = "N", help = usual(
        "Apply the first N rows that have a change, verify them, and ask (not with --yes) before continuing; 0 turns this off",
        SendOptions::default().canary,
    ))]
    pub canary: Option<u64>,
    /// Send nothing if there are more changes to send than N, or than N% of the active users (for jobs on
    /// managed accounts: of the active managed accounts)
    #[arg(long, value_name = "N|N%")]
    pub max_changes: Option<MaxChanges>,
    /// With --yes, continue although the organization API key does not show who is an administrator, or
    /// the credentials do not show whether a group to delete gives access to an app
    #[arg(long)]
    pub allow_unverified: bool,
    /// Failures in a row that stop the run
    #[arg(long, value_name = "N", help = usual(
        "Stop after N changes in a row that are failed or unknown for the same reason, or if more than \
         half of the last 100 are; 0 turns both off",
        SendOptions::default().max_failures,
    ))]
    pub max_failures: Option<u64>,
    /// Stop if no request succeeded for this time, not counting waits that the site asked for
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = SendOptions::default().patience,
        hide = true
    )]
    pub patience: u64,
    /// Stop if the site asks for a longer wait than this; `run resume` continues later [default: a day]
    #[arg(long, value_name = "SECONDS")]
    pub max_wait: Option<u64>,
    /// Send at most N requests at once [default: adapts to the site]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub concurrency: Option<u32>,
    /// Send at most N requests per second [default: adapts to the site]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub rate: Option<f64>,
    /// Which changes are verified
    #[arg(long, value_enum, value_name = "WHAT", hide_possible_values = true, help = usual(
        "Which changes to verify by reading the site: none, canary (the rows of --canary, and each removal or deletion of a user) or all",
        SendOptions::default().verify.word(),
    ))]
    pub verify: Option<VerifyArg>,
    /// Write the report to this file at the end; - is standard output
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Add a byte order mark to a CSV report, so that Excel shows accents correctly [default: only if
    /// the input has one or is not UTF-8]
    #[arg(long = "for", value_enum, value_name = "excel", hide_possible_values = true)]
    pub audience: Option<Audience>,
}

impl SendArgs {
    /// The values if no option is given.
    pub fn asking() -> Self {
        Self {
            yes: false,
            canary: None,
            max_changes: None,
            allow_unverified: false,
            max_failures: None,
            patience: SendOptions::default().patience,
            max_wait: None,
            concurrency: None,
            rate: None,
            verify: None,
            report: None,
            audience: None,
        }
    }

    /// The options for the use cases.
    pub fn options(&self) -> SendOptions {
        let usual = SendOptions::default();
        SendOptions {
            canary: self.canary.unwrap_or(usual.canary),
            max_changes: self.max_changes,
            max_failures: self.max_failures.unwrap_or(usual.max_failures),
            patience: self.patience,
            max_wait: self.max_wait,
            concurrency: self.concurrency,
            rate: self.rate,
            verify: match self.verify {
                None => usual.verify,
                Some(VerifyArg::None) => Verify::None,
                Some(VerifyArg::Canary) => Verify::Canary,
                Some(VerifyArg::All) => Verify::All,
            },
        }
    }
}

/// The help of `--map`, with an example for the job's spreadsheets.
pub(super) fn map_help(sheet: SheetJob) -> String {
    format!(
        "Read a field from the column with this heading, such as --map {}. --map -=Heading ignores the column",
        sheet.example_map()
    )
}

/// The help of `--yes`, with the jobs that then need a limit.
fn yes_help() -> String {
    let jobs = Job::ALL.into_iter().filter(|job| jobs::of(*job).takes_away);
    let jobs: Vec<_> = jobs.map(|job| job.command()).collect();
    let jobs = match jobs.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => return "Answer yes to every question".into(),
    };
    format!("Answer yes to every question. {jobs}, also as an undo, then need --max-changes")
}

/// A help text with the option's default.
fn usual(help: &str, value: impl fmt::Display) -> String {
    format!("{help} [default: {value}]")
}

pub(super) fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err("a number above 0".into()),
    }
}

/// Which changes are verified.
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
    /// Continue without them
    Skip,
}

/// The program that will read a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Audience {
    /// Excel
    Excel,
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
