//! The commands for runs.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use headcount_app::report_file::Format;
use headcount_model::rows::Rows;

use super::job::{Audience, SendArgs};
use super::postman::VariableArgs;

/// What can be done with runs. RUN is the run's id, such as 20261129-7, or `last`: the newest run of any site.
#[derive(Debug, Subcommand)]
pub enum RunCommand {
    /// List all runs
    List,
    /// Show a run: its plan, or its progress
    Show {
        /// Id of the run, or last
        run: String,
        /// Show every row
        #[arg(long)]
        rows: bool,
    },
    /// Apply a waiting plan
    Apply {
        /// Id of the run, or last
        run: String,
        #[command(flatten)]
        send: SendArgs,
        #[command(flatten)]
        variables: VariableArgs,
    },
    /// Approve a plan that another administrator made
    Approve {
        /// Id of the run, or last
        run: String,
    },
    /// Reject a plan that another administrator made: it is never applied
    Reject {
        /// Id of the run, or last
        run: String,
        /// Reason, which the planner reads
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Continue a run that stopped
    Resume {
        /// Id of the run, or last
        run: String,
        #[command(flatten)]
        send: SendArgs,
        #[command(flatten)]
        variables: VariableArgs,
    },
    /// Hand a waiting plan, or a run that stopped, over to a worker (only with a journal on PostgreSQL)
    Queue {
        /// Id of the run, or last
        run: String,
        /// Take the run out of the queue
        #[arg(long)]
        remove: bool,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Reverse what a run changed, as far as possible, with a new plan. Created users and groups stay,
    /// unless you give --remove-created
    Undo {
        /// Id of the run, or last
        run: String,
        #[command(flatten)]
        send: SendArgs,
        /// Stop after the plan and keep it for `run apply`
        #[arg(long = "plan", help_heading = "Sending")]
        only_plan: bool,
        /// Remove created users from the site, and delete created groups
        #[arg(long)]
        remove_created: bool,
        /// Undo only these rows, such as 3,7-9 [default: all that changed]
        #[arg(long, value_name = "ROWS")]
        rows: Option<Rows>,
    },
    /// Cancel a run: pending rows are never sent
    Cancel {
        /// Id of the run, or last
        run: String,
    },
    /// Remove old runs from the journal. A run that is unfinished or waits stays, and so does one whose undo is
    /// unfinished or newer
    Prune(PruneArgs),
    /// Write the report of a run
    Report {
        /// Id of the run, or last
        run: String,
        /// Format: html is one page to email, with the first 1,000 rows; junit is for CI [default: from the file's name, otherwise
        /// csv]
        #[arg(long, value_enum, value_name = "csv|json|html|junit", hide_possible_values = true)]
        format: Option<FormatArg>,
        /// File to write [default: standard output]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Add a byte order mark to CSV, so that Excel shows accents correctly [default: only if the run's
        /// input has one or is not UTF-8]
        #[arg(long = "for", value_enum, value_name = "excel", hide_possible_values = true)]
        audience: Option<Audience>,
    },
    /// Export the rows that failed, are unknown, or were skipped for a reason that you can correct, to use as
    /// input again
    Failed {
        /// Id of the run, or last
        run: String,
        /// File to write [default: standard output]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Add a byte order mark to CSV, so that Excel shows accents correctly [default: only if the run's
        /// input has one or is not UTF-8]
        #[arg(long = "for", value_enum, value_name = "excel", hide_possible_values = true)]
        audience: Option<Audience>,
    },
}

/// `run prune`.
#[derive(Clone, Debug, clap::Args)]
pub struct PruneArgs {
    /// Remove runs that ended longer ago than this, such as 90d, 6mo or 1y
    #[arg(long, value_name = "TIME", required = true)]
    pub older_than: String,
    /// First write the reports of each run as CSV, JSON and HTML [default folder: reports, next to the
    /// journal]
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, require_equals = true)]
    pub keep_report: Option<Option<PathBuf>>,
    /// Remove without asking
    #[arg(long)]
    pub yes: bool,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// The input's columns and the outcome of each row
    Csv,
    /// One JSON object
    Json,
    /// One page: counts, charts, the first 1,000 rows
    Html,
    /// XML for pipelines: one test case per row
    Junit,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Csv => Self::Csv,
            FormatArg::Json => Self::Json,
            FormatArg::Html => Self::Html,
            FormatArg::Junit => Self::Junit,
        }
    }
}
