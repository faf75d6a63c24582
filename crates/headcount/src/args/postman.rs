//! The options of `postman`, with Newman's names if Newman has the option.

use std::path::PathBuf;

use clap::ValueEnum;

/// Postman collections.
#[derive(Debug, clap::Subcommand)]
pub enum PostmanCommand {
    /// Run a collection for each row of a data file, with Newman's options
    Run(Box<PostmanArgs>),
    /// Write a collection, an environment and a data file from a plan or a job, for Postman and Newman
    Export(PostmanExportArgs),
}

/// `postman export`.
#[derive(Debug, clap::Args)]
pub struct PostmanExportArgs {
    /// Id of the run, or last; or a job, such as member add, for its requests with a sample row
    #[arg(required = true, num_args = 1..=2, value_name = "RUN|JOB")]
    pub what: Vec<String>,
    /// Folder of the three files; existing files are never replaced [default: this folder]
    #[arg(long, short, value_name = "FOLDER", default_value = ".", hide_default_value = true)]
    pub output: PathBuf,
}

/// A report of a collection's run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reporter {
    /// Progress, counts and failures on standard output
    Cli,
    /// Newman's JSON
    Json,
    /// JUnit
    Junit,
    /// One page: counts, charts, the first 1,000 rows
    Html,
}

/// When a run ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BailArg {
    /// At a script error or a missing response, but not at a failed assertion
    Folder,
    /// At a failed assertion, a script error or a missing response
    Failure,
}

/// Variables that no file has.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct VariableArgs {
    /// Set a variable of a collection's environment; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub env_var: Vec<(String, String)>,
    /// Set a global variable of a collection; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub global_var: Vec<(String, String)>,
}

/// `postman run`.
#[derive(Debug, clap::Args)]
pub struct PostmanArgs {
    /// Collection of format 2.1 or 2.0, as exported
    pub collection: PathBuf,
    /// Environment that Postman exported
    #[arg(short, long, value_name = "FILE")]
    pub environment: Option<PathBuf>,
    /// Global variables that Postman exported
    #[arg(short, long, value_name = "FILE")]
    pub globals: Option<PathBuf>,
    /// Data file: one iteration for each row (CSV, JSON, XLSX)
    #[arg(short = 'd', long, value_name = "FILE")]
    pub iteration_data: Option<PathBuf>,
    /// Number of iterations [default: one for each row]
    #[arg(short = 'n', long, value_name = "N")]
    pub iteration_count: Option<usize>,
    /// Run only this folder or request; can be repeated
    #[arg(long, value_name = "NAME")]
    pub folder: Vec<String>,
    #[command(flatten)]
    pub variables: VariableArgs,
    /// End the run at the first failure; --bail alone means --bail failure
    #[arg(long, value_name = "AT", num_args = 0..=1, default_missing_value = "failure")]
    pub bail: Option<BailArg>,
    /// Do not follow redirects
    #[arg(long)]
    pub ignore_redirects: bool,
    /// Pause before each request, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub delay_request: u64,
    /// Longest time to wait for an answer, in milliseconds; 0 for no limit [default: 120000; with
    /// --as-newman, no limit]
    #[arg(long, value_name = "MS")]
    pub timeout_request: Option<u64>,
    /// Longest time of a script, in milliseconds [default: 10 s of computing, 60 s with waits]
    #[arg(long, value_name = "MS")]
    pub timeout_script: Option<u64>,
    /// Base folder for relative file paths in requests
    #[arg(long, value_name = "FOLDER")]
    pub working_dir: Option<PathBuf>,
    /// Accept any certificate
    #[arg(short = 'k', long)]
    pub insecure: bool,
    /// Exit with 0 even if something failed
    #[arg(short = 'x', long)]
    pub suppress_exit_code: bool,
    /// Write the environment as it is after the run
    #[arg(long, value_name = "FILE")]
    pub export_environment: Option<PathBuf>,
    /// Reports to write
    #[arg(short, long, value_delimiter = ',', default_value = "cli")]
    pub reporters: Vec<Reporter>,
    /// File of the JSON report [default: newman-run-report.json]
    #[arg(long, value_name = "FILE")]
    pub reporter_json_export: Option<PathBuf>,
    /// File of the JUnit report [default: newman-run-report.xml]
    #[arg(long, value_name = "FILE")]
    pub reporter_junit_export: Option<PathBuf>,
    /// File of the HTML report [default: newman-run-report.html]
    #[arg(long, value_name = "FILE")]
    pub reporter_html_export: Option<PathBuf>,
    /// Behave as Newman does: check nothing before sending, and insert values into URLs and bodies
    /// as they are
    #[arg(long)]
    pub as_newman: bool,
    /// Folder with packages that scripts require (a node_modules folder)
    #[arg(long, value_name = "FOLDER")]
    pub modules: Option<PathBuf>,
    /// Run up to N rows at once if their order does not matter
    #[arg(long, value_name = "N", default_value_t = headcount_collections::CONCURRENCY)]
    pub concurrency: usize,
    /// Send at most N requests per second [default: as fast as the site allows]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub rate: u32,
    /// Run the first N rows alone, and stop if one of them fails; asks nothing
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub canary: usize,
    /// Stop after N rows in a row that failed for the same reason, or if more than half of the last 100 failed;
    /// 0 turns both off
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub max_failures: u64,
    /// Stop if the site asks for a longer wait than this; `run resume` continues later [default: a day]
    #[arg(long, value_name = "SECONDS")]
    pub max_wait: Option<u64>,
    /// Continue without asking: `postman run` never asks
    #[arg(long, short, hide = true)]
    pub yes: bool,
    /// Check everything, show the plan and the first row's requests, and keep the plan for `run apply`
    #[arg(long)]
    pub plan: bool,
    /// Write a CSV file with the data file's columns and each row's outcome
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Sheet of the workbook to read
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Fill a variable from the column with this heading; can be repeated
    #[arg(long, value_name = "VARIABLE=HEADING", value_parser = pair)]
    pub map: Vec<(String, String)>,
}

/// Reads `name=value`; the value may contain further equals signs.
fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    match name.is_empty() {
        true => Err("write it as name=value".to_owned()),
        false => Ok((name.to_owned(), value.to_owned())),
    }
}
