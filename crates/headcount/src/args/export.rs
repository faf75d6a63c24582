//! The options of exports.

use std::path::PathBuf;

use clap::Args;

/// `user export`, and the options that `group export` shares with it.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// File to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// How the site is read.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    /// Stop if the site asks for a longer wait than this [default: two hours]
    #[arg(long, value_name = "SECONDS")]
    pub max_wait: Option<u64>,
    /// Send at most N requests at once [default: adapts to the site]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub concurrency: Option<u32>,
    /// Send at most N requests per second [default: adapts to the site]
    #[arg(long, value_name = "N", value_parser = super::job::positive)]
    pub rate: Option<f64>,
}

/// `group export`.
#[derive(Debug, Args)]
pub struct GroupExportArgs {
    #[command(flatten)]
    pub export: ExportArgs,
    /// Write one row for each membership: the group, then the user
    #[arg(long)]
    pub members: bool,
}

/// `token list`.
#[derive(Debug, Args)]
pub struct TokenListArgs {
    #[command(flatten)]
    pub export: ExportArgs,
    /// List tokens that were created at least N days ago
    #[arg(long, value_name = "N")]
    pub age_days: Option<u32>,
    /// List tokens that were not used for N days, or never since they were created
    #[arg(long, value_name = "N")]
    pub unused_days: Option<u32>,
    /// List the tokens of this user: email or account id
    #[arg(long, value_name = "USER")]
    pub owner: Option<String>,
}
