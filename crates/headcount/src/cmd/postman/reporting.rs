//! Newman's reports during a run: a row is reported after the journal has it, in the order of the rows if
//! possible.

use std::collections::BTreeMap;

use headcount_app::failure::Failure;
use headcount_collections::{FinishedRow, FinishedRows};
use headcount_engine::{CanaryReport, Watcher};
use headcount_model::event::Event;
use headcount_postman::run::Progress;

use super::reports::Reports;
use crate::show::watch::Console;

/// How many rows wait at most for an earlier row; beyond that, they are reported before it.
const WAITING: usize = 1_000;

/// The watcher of `postman run`.
pub struct Reporting<'r, 'w, 'c> {
    /// Newman's reports.
    pub reports: Reports<'r>,
    /// headcount's own output.
    pub console: &'w mut Console<'c>,
    /// Set if Newman's report shows each row on standard output, so that the console does not repeat it.
    pub quiet_rows: bool,
    /// Rows that are done.
    pub finished: FinishedRows,
    waiting: BTreeMap<usize, FinishedRow>,
    next: usize,
    failure: Option<Failure>,
}

impl<'r, 'w, 'c> Reporting<'r, 'w, 'c> {
    /// For a run that begins with its first row.
    pub fn new(
        reports: Reports<'r>,
        console: &'w mut Console<'c>,
        quiet_rows: bool,
        finished: FinishedRows,
    ) -> Self {
        let (waiting, next, failure) = (BTreeMap::new(), 0, None);
        Self { reports, console, quiet_rows, finished, waiting, next, failure }
    }

    fn settled(&mut self, row: u64) {
        let number = usize::try_from(row.saturating_sub(1)).unwrap_or(usize::MAX);
        self.waiting.extend(self.finished.take(number).map(|row| (number, row)));
        while let Some(first) = self.waiting.first_entry() {
            if *first.key() != self.next && self.waiting.len() <= WAITING {
                return;
            }
            self.report_first();
        }
    }

    fn report_first(&mut self) {
        let Some((number, row)) = self.waiting.pop_first() else { return };
        self.next = self.next.max(number + 1);
        if let Err(failure) = report(&mut self.reports, row) {
            self.failure.get_or_insert(failure);
        }
    }

    /// Reports the rest.
    ///
    /// # Errors
    /// A report could not be written.
    pub fn end(mut self) -> Result<Reports<'r>, Failure> {
        while !self.waiting.is_empty() {
            self.report_first();
        }
        self.failure.map_or(Ok(self.reports), Err)
    }
}

fn report(reports: &mut Reports<'_>, row: FinishedRow) -> Result<(), Failure> {
    reports.take(Progress::Iteration(row.number))?;
    for execution in row.executions {
        reports.take_masked(Progress::Execution(Box::new(execution)), &row.secrets)?;
    }
    reports.take(Progress::Ended(row.number, row.ending))
}

impl Watcher for Reporting<'_, '_, '_> {
    fn event(&mut self, event: &Event) {
        let Event::Settled { row, outcome, .. } = event else { return self.console.event(event) };
        self.settled(*row);
        match self.quiet_rows {
            true => self.console.counts.settle(*outcome),
            false => self.console.event(event),
        }
    }

    /// Like Newman, it asks nothing: a failed canary row has stopped the run already.
    async fn go_on(&mut self, _: &[CanaryReport], _: u64) -> bool {
        true
    }
}
