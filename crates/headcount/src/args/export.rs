//! What the exports take.

use std::path::PathBuf;

use clap::Args;

/// `user export`, and what `group export` has in common with it.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Where to write; standard output if absent
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Requests in flight at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub concurrency: Option<u32>,
    /// Requests a second at most
    #[arg(long, value_name = "N", value_parser = super::job::positive)]
    pub rate: Option<f64>,
}

/// `group export`.
#[derive(Debug, Args)]
pub struct GroupExportArgs {
    #[command(flatten)]
    pub export: ExportArgs,
    /// A row for each membership: the group, then the person
    #[arg(long)]
    pub members: bool,
}
