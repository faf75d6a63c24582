//! The options of `sync`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use headcount_people::sync::Absent;

use super::job::{BadRows, PlanArgs, SendArgs};

/// `sync`.
#[derive(Debug, Args)]
#[command(
    mut_arg("users", |arg| arg.hide(true)),
    mut_arg("groups", |arg| arg.hide(true)),
    mut_arg("max_changes", |arg| arg.help(
        "Send nothing if there are more changes to send than N, or than N% of the users that the list names or owns [default: 10%, at least 5]"
    ))
)]
pub struct SyncArgs {
    /// List to read, CSV or XLSX; - is standard input. One row for each user (email, displayName, status, groups,
    /// products), or for each membership (Email, Group), or a workbook with a sheet of each. With a column Action
    /// (create, add, remove, deactivate, …), each row is a change of its own, and the file no list
    pub file: PathBuf,
    /// Only compare: exit code 0 if site and list agree, 1 if not, with the differences on standard output
    #[arg(long, conflicts_with_all = ["only_plan", "report"])]
    pub check: bool,
    /// Form of the differences that --check writes: table, csv or json
    #[arg(
        long,
        value_enum,
        value_name = "FORM",
        default_value_t = CheckFormat::Table,
        hide_possible_values = true,
        requires = "check"
    )]
    pub format: CheckFormat,
    /// Groups that the list owns, by name or id; others are not changed [default: the groups that it names]
    #[arg(long, value_name = "NAME", num_args = 1.., help_heading = "What the list owns")]
    pub own_group: Vec<String>,
    /// Mail domains that the list owns; users of others are not changed [default: the users that it names]
    #[arg(long, value_name = "DOMAIN", num_args = 1.., help_heading = "What the list owns")]
    pub own_domain: Vec<String>,
    /// Products that the list owns: a user whose row does not name one of them loses it [default: users only get
    /// products]
    #[arg(long, value_name = "PRODUCT", num_args = 1.., help_heading = "What the list owns")]
    pub own_product: Vec<String>,
    /// What happens to users that the list owns and does not name: keep, leave-groups, suspend, deactivate or
    /// remove. The last three need --own-domain
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        default_value_t = AbsentArg::Keep,
        hide_possible_values = true,
        help_heading = "What the list owns"
    )]
    pub absent: AbsentArg,
    /// Products for new users without any, such as jira-software; the word none gives no product
    /// [default: the profile's, otherwise jira-software]
    #[arg(long, value_name = "LIST")]
    pub products: Option<String>,
    #[command(flatten)]
    pub plan: PlanArgs,
    /// What to do with unreadable rows of a file with a column Action [default: ask on a terminal, otherwise stop]
    #[arg(
        long,
        value_enum,
        value_name = "stop|skip",
        hide_possible_values = true,
        help_heading = "Reading the spreadsheet"
    )]
    pub bad_rows: Option<BadRows>,
    #[command(flatten)]
    pub send: SendArgs,
    /// Stop after the plan and keep it for `run apply`
    #[arg(long = "plan", help_heading = "Sending")]
    pub only_plan: bool,
    /// Apply the plan to a copy of your site, made by reading the site; the site itself stays as it is
    #[arg(long, conflicts_with_all = ["only_plan", "check"], help_heading = "Sending")]
    pub rehearse: bool,
}

/// The form of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Aligned columns
    Table,
    /// CSV
    Csv,
    /// One JSON object
    Json,
}

/// What happens to users that a list owns and does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AbsentArg {
    /// Nothing
    Keep,
    /// They leave the groups of the list
    LeaveGroups,
    /// They are suspended
    Suspend,
    /// Their accounts are deactivated
    Deactivate,
    /// They are removed from the site
    Remove,
}

impl From<AbsentArg> for Absent {
    fn from(argument: AbsentArg) -> Self {
        match argument {
            AbsentArg::Keep => Self::Keep,
            AbsentArg::LeaveGroups => Self::LeaveGroups,
            AbsentArg::Suspend => Self::Suspend,
            AbsentArg::Deactivate => Self::Deactivate,
            AbsentArg::Remove => Self::Remove,
        }
    }
}
