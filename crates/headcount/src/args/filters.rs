//! Which users a list names.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use headcount_people::choose::{Accounts, Filters, StatusFilter, moment};
use jiff::civil::Date;

use super::export::ExportArgs;

/// `user export`.
#[derive(Debug, Args)]
pub struct UserExportArgs {
    #[command(flatten)]
    pub export: ExportArgs,
    /// Filter this file instead of reading the site, and keep its columns: Atlassian's users export, or
    /// a file that `user export` wrote
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    #[command(flatten)]
    pub filters: FilterArgs,
}

/// `user seats`.
#[derive(Debug, Args)]
pub struct SeatsArgs {
    #[command(flatten)]
    pub reading: super::export::ReadingArgs,
    #[command(flatten)]
    pub filters: FilterArgs,
}

/// The filters: a user is listed if every given one fits. Of `--inactive-days` and `--never-seen`, one is enough.
#[derive(Debug, Args)]
#[command(next_help_heading = "Choosing users")]
pub struct FilterArgs {
    /// Users whose last use of an app is at least N days ago. Dates can be 24 hours late, so headcount
    /// adds a day
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=36_500))]
    pub inactive_days: Option<u32>,
    /// Users who have an app, never used one, and were added at least a day ago. With --inactive-days N,
    /// these too, if they were added at least N days ago
    #[arg(long)]
    pub never_seen: bool,
    /// Users added to the organization before this day (UTC), such as 2026-01-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub added_before: Option<Date>,
    /// Users in this state: active, suspended, deactivated, not-invited or deleted; inactive means every
    /// state but active
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    pub status: Vec<StatusFilter>,
    /// Users with an email address of this domain
    #[arg(long, value_name = "DOMAIN", value_delimiter = ',')]
    pub domain: Vec<String>,
    /// Users in this group, by name or id; several: in one of them
    #[arg(long, value_name = "GROUP")]
    pub group: Vec<String>,
    /// Users who are not in this group; several: in none of them
    #[arg(long, value_name = "GROUP")]
    pub not_group: Vec<String>,
    /// Users with access to this app, such as Jira, or "Jira - acme" for Jira on one site. --inactive-days
    /// and --never-seen then count only the use of these apps
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub product: Vec<String>,
    /// Managed accounts, or all others
    #[arg(long, value_enum, value_name = "yes|no", hide_possible_values = true)]
    pub managed: Option<YesNo>,
    /// Users invited by an administrator, or synced by an identity provider
    #[arg(long, value_enum, value_name = "invited|synced", hide_possible_values = true)]
    pub source: Option<SourceArg>,
    /// Users with this role in the organization, such as org-admin
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    pub role: Vec<String>,
    /// Kind of accounts: people, apps, customers (of help desks) or all
    #[arg(
        long,
        value_enum,
        value_name = "KIND",
        default_value_t = AccountsArg::People,
        hide_possible_values = true
    )]
    pub accounts: AccountsArg,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    /// Yes
    Yes,
    /// No
    No,
}

/// Who added an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SourceArg {
    /// An administrator
    Invited,
    /// An identity provider
    Synced,
}

/// Kinds of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AccountsArg {
    /// People
    People,
    /// Apps and service accounts
    Apps,
    /// Customers of help desks
    Customers,
    /// All of them
    All,
}

impl FilterArgs {
    /// The filters that the use cases take.
    pub fn filters(&self) -> Filters {
        Filters {
            accounts: match self.accounts {
                AccountsArg::People => Accounts::People,
                AccountsArg::Apps => Accounts::Apps,
                AccountsArg::Customers => Accounts::Customers,
                AccountsArg::All => Accounts::All,
            },
            inactive_days: self.inactive_days,
            never_seen: self.never_seen,
            added_before: self.added_before,
            statuses: self.status.clone(),
            domains: self.domain.clone(),
            groups: self.group.clone(),
            not_groups: self.not_group.clone(),
            products: self.product.clone(),
            managed: self.managed.map(|managed| managed == YesNo::Yes),
            synced: self.source.map(|source| source == SourceArg::Synced),
            roles: self.role.clone(),
        }
    }

    /// Whether any filter is given.
    pub fn is_given(&self) -> bool {
        self.filters().is_given() || self.accounts != AccountsArg::People
    }
}

fn day(text: &str) -> Result<Date, String> {
    match moment(text) {
        Some(moment) => Ok(moment.day),
        None => Err("write the day as 2026-01-31".into()),
    }
}
