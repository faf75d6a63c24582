//! `worker`.

use std::net::SocketAddr;

use clap::{Args, Subcommand, ValueEnum};

/// The options of `worker`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct WorkerArgs {
    #[command(subcommand)]
    pub command: Option<WorkerCommand>,
    /// Take the runs of all profiles; otherwise those of each --profile NAME
    #[arg(long)]
    pub all: bool,
    /// Apply at most N runs at the same time, each of another site
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=64))]
    pub jobs: u64,
    /// End when no run waits, for cron and Kubernetes jobs; the exit code is the worst of the runs
    #[arg(long)]
    pub once: bool,
    /// Serve metrics for Prometheus at this address, such as 127.0.0.1:9464, under /metrics
    #[arg(long, value_name = "ADDR")]
    pub metrics: Option<SocketAddr>,
    /// Form of the log on standard error
    #[arg(long, value_enum, value_name = "text|json", hide_possible_values = true, default_value_t = LogForm::Text)]
    pub log: LogForm,
}

/// What else can be done with workers.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum WorkerCommand {
    /// Show the workers, the runs that are applied now, and the runs that wait
    Status,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// Lines of text
    Text,
    /// One JSON object per line
    Json,
}
