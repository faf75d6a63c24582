//! A plan in words: the site, counts, what is sent, what is not and why.

use std::fmt::Write;
use std::time::Duration;

use headcount_core::journal::{Journal, RowView, Run};
use headcount_core::plan::Summary;
use headcount_core::values::job::Job;
use headcount_core::values::outcome::Outcome;
use headcount_core::values::step::StepKind;

use super::{Paint, about, clean, many, thousands};
use crate::failure::Failure;

/// Rows shown of what is sent, and of each reason.
const SHOWN: u64 = 5;

/// Writes the plan of a run.
pub fn text(
    journal: &Journal,
    run: &Run,
    summary: &Summary,
    forecast: Option<Duration>,
    paint: Paint,
) -> Result<String, Failure> {
    let mut text = String::new();
    head(&mut text, run, summary, paint);
    sent(&mut text, journal, run, summary, forecast, paint)?;
    not_sent(&mut text, journal, run, paint)?;
    Ok(text)
}

fn head(text: &mut String, run: &Run, summary: &Summary, paint: Paint) {
    let what = match &run.undoes {
        Some(undone) => format!("undo of run {undone} ({})", run.job),
        None => format!("{} from {}", run.job, run.input),
    };
    let counts = &summary.counts;
    let _ = writeln!(text, "{}", paint.bold(&format!("Plan {}: {}", run.id, clean(&what))));
    let _ = writeln!(text, "  site       {}", paint.bold(&clean(&run.site)));
    let _ = writeln!(
        text,
        "  rows       {}: {} to send, {} unchanged, {} skipped",
        thousands(counts.rows),
        thousands(counts.planned),
        thousands(counts.unchanged),
        thousands(counts.skipped)
    );
}

fn sent(
    text: &mut String,
    journal: &Journal,
    run: &Run,
    summary: &Summary,
    forecast: Option<Duration>,
    paint: Paint,
) -> Result<(), Failure> {
    if summary.steps == 0 {
        let _ = writeln!(text, "  to send    nothing");
        return Ok(());
    }
    for (product, seats) in &summary.seats {
        let _ = writeln!(text, "  seats      {} of {product}", thousands(*seats));
    }
    if run.job == Job::CreateUsers && summary.seats.is_empty() {
        let _ = writeln!(text, "  seats      none: no product is given");
    }
    if summary.mails > 0 {
        let _ = writeln!(
            text,
            "  mails      each new person gets an invitation: up to {}",
            thousands(summary.mails)
        );
    }
    if summary.unseen > 0 {
        let _ = writeln!(
            text,
            "  not seen   for {} these keys can't show what is so already",
            many(summary.unseen, "row")
        );
    }
    if let Some(time) = forecast {
        let _ = writeln!(text, "  takes      {} at the present pace", about(time));
    }
    let _ = writeln!(text, "{}", paint.bold("To send"));
    for row in journal.rows_with(&run.id, None, 0, SHOWN)? {
        let _ = writeln!(text, "  row {:<5} {}", row.row, clean(&step_words(&row)));
    }
    let more = summary.counts.planned.saturating_sub(SHOWN);
    if more > 0 {
        let _ = writeln!(text, "  {}", paint.dim(&format!("and {} more", thousands(more))));
    }
    Ok(())
}

/// What a row's step does, in words.
pub fn step_words(row: &RowView) -> String {
    let Some(step) = &row.step else { return row.cells.join(", ") };
    let target = &step.target;
    match step.kind {
        StepKind::CreateUser => format!("create {}", target.who()),
        StepKind::RemoveUser => format!("take {} off the site", target.who()),
        StepKind::AddMember => format!("add {} to {}", target.who(), target.which()),
        StepKind::RemoveMember => format!("remove {} from {}", target.who(), target.which()),
        StepKind::Deactivate => format!("deactivate {}", target.who()),
        StepKind::Activate => format!("reactivate {}", target.who()),
    }
}

fn not_sent(text: &mut String, journal: &Journal, run: &Run, paint: Paint) -> Result<(), Failure> {
    let reasons = journal.reasons(&run.id)?;
    if reasons.is_empty() {
        return Ok(());
    }
    let _ = writeln!(text, "{}", paint.bold("Not sent"));
    for reason in &reasons {
        let word = format!("{} {}: {}", thousands(reason.rows), reason.outcome, reason.reason);
        let word = match reason.outcome {
            Outcome::Unchanged => paint.green(&word),
            _ if reason.reason.harmless() => paint.dim(&word),
            _ => paint.yellow(&word),
        };
        let _ = writeln!(text, "  {word}");
        for row in journal.rows_for(&run.id, reason.reason, 0, SHOWN)? {
            let _ = writeln!(text, "    row {:<5} {}", row.row, clean(&row.detail));
        }
        let more = reason.rows.saturating_sub(SHOWN);
        if more > 0 {
            let words =
                format!("and {} more: headcount run show {} --rows", thousands(more), run.id);
            let _ = writeln!(text, "    {}", paint.dim(&words));
        }
    }
    Ok(())
}
