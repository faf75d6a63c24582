//! The reports of a run, written while it runs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use headcount_app::failure::Failure;
use headcount_postman::report::{CliReport, JsonReport, Suite, Symbols, add_to_junit, junit};
use headcount_postman::run::{Ending, Execution, Progress, RowResult, Run, Secrets, State, Stats};
use headcount_postman::value::shown;
use headcount_postman::variables::Mode;

use crate::args::{PostmanArgs, Reporter};
use crate::terminal::stdout;

/// Writes text to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    stdout::data().write_all(text.as_bytes())?;
    Ok(())
}

/// All reports of a run.
pub struct Reports<'r> {
    run: &'r Run,
    secrets: &'r Secrets,
    stats: Stats,
    row: RowResult,
    failed_rows: usize,
    cli: Option<CliReport<'r>>,
    unprinted: String,
    json: Option<JsonReport<'r, BufWriter<File>>>,
    suites: Option<BTreeMap<usize, Suite>>,
    junit: PathBuf,
    rows: Option<csv::Writer<File>>,
    columns: Vec<String>,
    started: u64,
}

impl<'r> Reports<'r> {
    /// Opens the files.
    pub fn new(run: &'r Run, secrets: &'r Secrets, args: &PostmanArgs) -> Result<Self, Failure> {
        let wants = |reporter| args.reporters.contains(&reporter);
        let cli = wants(Reporter::Cli).then(|| CliReport::new(run, Symbols::UNICODE, secrets));
        let json = match wants(Reporter::Json) {
            true => {
                let path = args.reporter_json_export.clone();
                let path = path.unwrap_or_else(|| "newman-run-report.json".into());
                Some(JsonReport::new(run, secrets, BufWriter::new(File::create(path)?))?)
            }
            false => None,
        };
        let path = args.reporter_junit_export.clone();
        let mut reports = Self {
            run,
            secrets,
            stats: Stats::default(),
            row: RowResult::default(),
            failed_rows: 0,
            cli,
            unprinted: String::new(),
            json,
            suites: wants(Reporter::Junit).then(BTreeMap::new),
            junit: path.unwrap_or_else(|| "newman-run-report.xml".into()),
            rows: None,
            columns: run.rows.first_columns().to_vec(),
            started: now(),
        };
        if let Some(path) = &args.report {
            let mut rows = csv::Writer::from_path(path).map_err(std::io::Error::from)?;
            let added = ["row", "outcome", "detail", "http_status", "requests"].map(String::from);
            rows.write_record(reports.columns.iter().chain(&added))
                .map_err(std::io::Error::from)?;
            reports.rows = Some(rows);
        }
        if let Some(cli) = &reports.cli {
            print(&cli.start())?;
        }
        Ok(reports)
    }

    /// Adds an event.
    pub fn take(&mut self, progress: Progress) -> Result<(), Failure> {
        let secrets = self.secrets;
        self.take_masked(progress, secrets)
    }

    /// Adds an event of a row with secrets of its own.
    pub fn take_masked(&mut self, progress: Progress, secrets: &Secrets) -> Result<(), Failure> {
        match progress {
            Progress::Iteration(number) => {
                self.row = RowResult::default();
                if let Some(cli) = &mut self.cli {
                    self.unprinted += &cli.iteration(number);
                }
            }
            Progress::Execution(execution) => self.execution(&execution, secrets)?,
            Progress::Ended(number, ending) => self.ended(number, ending)?,
        }
        Ok(())
    }

    fn execution(&mut self, execution: &Execution, secrets: &Secrets) -> Result<(), Failure> {
        self.stats.add(execution);
        self.row.add(execution, self.run.options.mode);
        if let Some(cli) = &mut self.cli {
            self.unprinted += &cli.execution(execution, secrets);
            self.print()?;
        }
        if self.json.is_none() && self.suites.is_none() {
            return Ok(());
        }
        let execution = &secrets.masked_execution(execution);
        if let Some(json) = &mut self.json {
            json.execution(execution)?;
        }
        if let Some(suites) = &mut self.suites {
            add_to_junit(suites, self.run, execution);
        }
        Ok(())
    }

    /// Prints a request's text at once, because each call costs as much as a row's report.
    fn print(&mut self) -> Result<(), Failure> {
        if !self.unprinted.is_empty() {
            print(&self.unprinted)?;
            self.unprinted.clear();
        }
        Ok(())
    }

    fn ended(&mut self, number: usize, ending: Ending) -> Result<(), Failure> {
        self.print()?;
        self.stats.add_iteration();
        let is_endless = ending == Ending::Endless;
        self.failed_rows += usize::from(self.row.has_failed() || is_endless);
        let Some(rows) = &mut self.rows else { return Ok(()) };
        let row = self.run.row(number)?;
        let cell = |column: &String| {
            let text = row.get(column).map(shown).unwrap_or_default();
            match self.secrets.are_column(column) && !text.is_empty() {
                true => headcount_sheet::MASKED.to_owned(),
                false => headcount_sheet::safe(&self.secrets.masked(&text)).into_owned(),
            }
        };
        let mut record: Vec<String> = self.columns.iter().map(cell).collect();
        let detail = match is_endless {
            true => "setNextRequest leads in a circle; the row was ended".to_owned(),
            false => self.secrets.masked(&self.row.detail),
        };
        let outcome = if is_endless { "failed" } else { self.row.outcome.word() };
        let status = self.row.status.map(|status| status.to_string()).unwrap_or_default();
        let requests = self.row.requests.to_string();
        record.extend([(number + 1).to_string(), outcome.to_owned(), detail, status, requests]);
        rows.write_record(record).map_err(std::io::Error::from)?;
        Ok(())
    }

    /// Whether a row has failed so far.
    pub fn has_failed_row(&self) -> bool {
        self.failed_rows > 0
    }

    /// Whether the run has failed: as Newman counts, or in safe mode, by row.
    pub fn has_failed(&self) -> bool {
        let by_row = self.run.options.mode == Mode::Safe && self.failed_rows > 0;
        self.stats.failures() > 0 || by_row
    }

    /// Writes the ends of all reports.
    pub fn end(mut self, state: &State, took: Duration) -> Result<(), Failure> {
        if let Some(cli) = &self.cli {
            print(&cli.end(&self.stats, took.as_secs_f64()))?;
            if self.run.options.mode == Mode::Safe && self.run.iterations > 1 {
                let all = self.stats.iterations.total;
                print(&format!(
                    "rows: {} done, {} failed\n",
                    all - self.failed_rows,
                    self.failed_rows
                ))?;
            }
        }
        if let Some(json) = self.json.take() {
            json.end(&self.stats, state, (self.started, now()))?;
        }
        if let Some(suites) = &self.suites {
            std::fs::write(&self.junit, junit(self.run, suites, self.secrets))?;
        }
        if let Some(mut rows) = self.rows.take() {
            rows.flush()?;
        }
        Ok(())
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}
