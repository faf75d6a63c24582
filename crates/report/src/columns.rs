//! The columns that headcount adds to the input's.

use headcount_journal::{RowView, Run};

use crate::Subject;

/// The added columns, in their order.
pub const ADDED: [&str; 10] = [
    "row",
    "site",
    "outcome",
    "reason",
    "detail",
    "http_status",
    "attempts",
    "account_id",
    "group_id",
    "at",
];

/// The added columns' headings; a name that the input already has gets the prefix `headcount_`.
pub(super) fn added_headings(input: &[String]) -> Vec<String> {
    let taken = |name: &str| input.iter().any(|heading| heading.trim().eq_ignore_ascii_case(name));
    ADDED
        .into_iter()
        .map(|name| if taken(name) { format!("headcount_{name}") } else { name.to_owned() })
        .collect()
}

/// The added columns' values for a row.
pub(super) fn added_values(run: &Run, subject: &Subject, row: &RowView) -> [String; 10] {
    let step = row.step.as_ref();
    let about = (subject.of_row)(row);
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    [
        row.row.to_string(),
        run.site.clone(),
        row.outcome.map_or("pending", |outcome| outcome.word()).to_owned(),
        text(row.reason.map(|reason| reason.word())),
        row.detail.clone(),
        step.and_then(|step| step.http_status).map(|status| status.to_string()).unwrap_or_default(),
        step.map_or(0, |step| step.step.attempts).to_string(),
        about.account_id.unwrap_or_default(),
        about.group_id.unwrap_or_default(),
        step.and_then(|step| step.at).map(|at| at.to_string()).unwrap_or_default(),
    ]
}
