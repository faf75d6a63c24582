//! The data file: one line for each change, with its row, its user and group for people, and the values of its
//! request.
//!
//! Every cell is quoted, because Newman takes some unquoted ones for numbers (`5e123…`, `00712`).

use headcount_people::steps::Step;
use headcount_sheet::safe;

use super::requests::{Line, Requests};
use crate::atomic_file::AtomicFile;
use crate::failure::Failure;

/// The data file while it is being written.
pub(super) struct Data(csv::Writer<AtomicFile>);

impl Data {
    pub(super) fn begin(file: AtomicFile) -> Self {
        let mut csv = csv::WriterBuilder::new();
        Self(csv.quote_style(csv::QuoteStyle::Always).from_writer(file))
    }

    pub(super) fn headings(&mut self, requests: &Requests) -> Result<(), Failure> {
        let mut headings = vec!["row"];
        headings.extend(about(requests).map(|(heading, _)| heading));
        headings.extend(requests.columns.iter().map(String::as_str));
        Ok(self.0.write_record(headings).map_err(std::io::Error::from)?)
    }

    pub(super) fn line(
        &mut self,
        requests: &Requests,
        step: &Step,
        line: &Line,
    ) -> Result<(), Failure> {
        let mut cells = vec![step.row.to_string()];
        cells.extend(about(requests).map(|(_, value)| value(requests, step, line)));
        cells.extend(requests.columns.iter().map(|column| {
            let value = line.values.iter().find(|(name, _)| name == column);
            value.map(|(_, value)| value.clone()).unwrap_or_default()
        }));
        Ok(self.0.write_record(cells).map_err(std::io::Error::from)?)
    }

    /// The complete file, which is not in its place yet.
    pub(super) fn end(self) -> Result<AtomicFile, Failure> {
        self.0.into_inner().map_err(|error| Failure::from_error(error.error()))
    }
}

type Value = fn(&Requests, &Step, &Line) -> String;

/// The columns that are not the requests' own. Columns for people are made safe for spreadsheet programs.
fn about(requests: &Requests) -> impl Iterator<Item = (&'static str, Value)> {
    let request: Value = |requests, _, line| requests.requests[line.request].name.clone();
    let step: Value = |_, step, _| step.number.to_string();
    let needs: Value = |_, _, line| line.needs.map(|needs| needs.to_string()).unwrap_or_default();
    let mail: Value =
        |_, step, _| safe(step.payload.target.mail.as_deref().unwrap_or_default()).into_owned();
    let group: Value = |_, step, _| {
        safe(step.payload.target.group_name.as_deref().unwrap_or_default()).into_owned()
    };
    [
        (requests.requests.len() > 1, "request", request),
        (requests.has_needs, "step", step),
        (requests.has_needs, "needs", needs),
        (requests.has_mails, "Email", mail),
        (requests.has_groups, "Group", group),
    ]
    .into_iter()
    .filter_map(|(is_there, heading, value)| is_there.then_some((heading, value)))
}
