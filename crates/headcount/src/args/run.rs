//! What is done with runs.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use headcount_app::report_file::Format;
use headcount_core::values::rows::Rows;

use super::job::SendArgs;

/// What is done with runs. RUN is the id printed at the start, its number, or `last`.
#[derive(Debug, Subcommand)]
pub enum RunCommand {
    /// List all runs
    List,
    /// Show a run: its plan, or how far it is
    Show {
        /// The run
        run: String,
        /// Show every row
        #[arg(long)]
        rows: bool,
    },
    /// Carry out a plan that waits
    Apply {
        /// The run
        run: String,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Go on with a run that stopped
    Resume {
        /// The run
        run: String,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Take back what a run changed, by a plan of its own
    Undo {
        /// The run
        run: String,
        #[command(flatten)]
        send: SendArgs,
        /// Stop after the plan
        #[arg(long = "plan", help_heading = "Sending")]
        only_plan: bool,
        /// Take created users off the site
        #[arg(long)]
        remove_created: bool,
        /// Only these rows of it, such as 3,7-9 [default: all that it changed]
        #[arg(long, value_name = "ROWS")]
        rows: Option<Rows>,
    },
    /// Give a run up: what is pending is never sent
    Cancel {
        /// The run
        run: String,
    },
    /// Write the report of a run
    Report {
        /// The run
        run: String,
        /// In which form; html is one page to be mailed, junit is for pipelines. As the file's name
        /// ends if absent, else csv
        #[arg(long, value_enum, value_name = "csv|json|html|junit", hide_possible_values = true)]
        format: Option<FormatArg>,
        /// Where to; standard output if absent
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Write only the rows to feed back: failed, unknown, and skipped for want of a target
    Failed {
        /// The run
        run: String,
        /// Where to; standard output if absent
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// The input's columns and what became of each row
    Csv,
    /// One JSON object
    Json,
    /// One page: counts, charts, every row
    Html,
    /// XML for pipelines: one test case a row
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
