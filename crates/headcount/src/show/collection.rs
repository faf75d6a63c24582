//! A collection's run in words.

use std::fmt::Write;

use headcount_app::apply::feedable;
use headcount_app::words::{self, clean, many};
use headcount_collections::{Source, planned};
use headcount_engine::{Ending, StopKind};
use headcount_journal::{ReasonCount, Run};
use headcount_model::outcome::Counts;

use super::runs::short;
use crate::terminal::Paint;

/// The plan: what is sent for each row, and the requests of the first row.
pub fn plan(run: &Run, counts: &Counts, paint: Paint) -> String {
    let plan = planned(run);
    let mut text = String::new();
    let _ = writeln!(text, "{}", paint.bold(&format!("Run {}: {}", run.id, clean(&run.input))));
    let _ = writeln!(text, "  collection {}", one_line(&plan.name));
    let _ = writeln!(text, "  addresses  {}", paint.bold(&clean(&run.site)));
    if !run.profile.is_empty() {
        let _ = writeln!(text, "  environment {}", one_line(&run.profile));
    }
    let requests = many(plan.requests as u64, "request");
    let _ = writeln!(text, "  rows       {}: {}, {requests} each", counts.rows, short(counts));
    let _ = writeln!(text, "  order      {}", one_line(&plan.order));
    if !plan.first_row.is_empty() {
        let _ = writeln!(text, "  the first row sends");
        for line in &plan.first_row {
            let _ = writeln!(text, "    {}", clean(line));
        }
    }
    text
}

/// A name in a file on one line, so that it cannot begin one of its own.
fn one_line(name: &str) -> String {
    clean(name).replace('\n', " ")
}

/// How its rows run.
pub fn order(run: &Run) -> String {
    one_line(&planned(run).order)
}

/// What to do next, always as the last line.
pub fn next(
    run: &Run,
    ending: &Ending,
    reasons: &[ReasonCount],
    command: &str,
    source: &Source,
) -> String {
    let id = &run.id;
    match ending {
        Ending::Stopped(stop) => {
            let first = match stop.kind {
                StopKind::Canary | StopKind::Failures => "Check it, then continue: ",
                _ => "To continue: ",
            };
            format!("{first}{command} run resume {id}")
        }
        Ending::Finished => match feedable(reasons) {
            0 => format!("Each row's requests: {command} run report {id} --format json"),
            rows => {
                let what = if source.data.is_some() { " -o FILE" } else { "" };
                format!(
                    "{} to correct or try again. To export: {command} run failed {id}{what}",
                    words::many(rows, "row")
                )
            }
        },
    }
}
