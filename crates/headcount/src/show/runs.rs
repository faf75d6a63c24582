//! Runs in words: the list, the state of one, every row.

use std::collections::HashSet;
use std::fmt::Write;

use headcount_app::failure::Failure;
use headcount_app::words::runs::{state, undone_in_words};
use headcount_app::words::steps::step_words;
use headcount_app::words::{clean, many, thousands};
use headcount_journal::{Actor, Count, Did, Journal, Run, RunId, RunState};
use headcount_model::outcome::Counts;
use unicode_width::UnicodeWidthStr;

use crate::terminal::Paint;

/// The list of all runs, the newest first.
pub fn list(journal: &Journal, paint: Paint) -> Result<String, Failure> {
    let mut text = String::new();
    let runs: Vec<_> =
        journal.runs()?.into_iter().filter(|run| run.state != RunState::Draft).collect();
    if runs.is_empty() {
        return Ok("no runs yet\n".into());
    }
    let ids = runs.iter().map(|run| run.id.as_str().len()).max().unwrap_or_default();
    let sites = runs.iter().map(|run| clean(&run.site).width()).max().unwrap_or_default();
    // Nearly no run was undone, and each search for its undos reads all runs.
    let undone: HashSet<RunId> = runs.iter().filter_map(|run| run.undoes.clone()).collect();
    for run in runs {
        let counts = journal.counts(&run.id)?;
        let what = match &run.undoes {
            Some(undone) => format!("undo of {undone}"),
            None => run.input.clone(),
        };
        let state = state(journal, &run);
        let site = clean(&run.site);
        let taken: u64 = match undone.contains(&run.id) {
            true => journal.taken_back(&run.id)?.iter().map(|taken| taken.rows).sum(),
            false => 0,
        };
        let taken = match taken {
            0 => String::new(),
            rows => format!("; {} undone later", thousands(rows)),
        };
        let by = run.who(Did::Planned).map(|by| format!("; planned{}", by_in_words(by)));
        let _ = writeln!(
            text,
            "{}  {state:<11}  {:<15}  {site}{:pad$}  {}: {}{}{}",
            paint.bold(&format!("{:<ids$}", run.id.as_str())),
            run.job.command(),
            "",
            clean(&what),
            paint.dim(&short(&counts)),
            paint.dim(&taken),
            paint.dim(&by.unwrap_or_default()),
            pad = sites - site.width(),
        );
    }
    Ok(text)
}

/// The counts that are not zero.
pub fn short(counts: &Counts) -> String {
    let named = [
        (counts.changed, "changed"),
        (counts.unchanged, "unchanged"),
        (counts.failed, "failed"),
        (counts.skipped, "skipped"),
        (counts.unknown, "unknown"),
        (counts.pending, "pending"),
    ];
    let parts: Vec<_> = named
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{} {word}", thousands(*number)))
        .collect();
    match parts.as_slice() {
        [] => "no rows".into(),
        parts => parts.join(", "),
    }
}

/// The state of a run after it was started.
pub fn standing(journal: &Journal, run: &Run, paint: Paint) -> Result<String, Failure> {
    let counts = journal.counts(&run.id)?;
    let mut text = String::new();
    let what = match &run.undoes {
        Some(undone) => {
            format!("undo of {} ({})", undone_in_words(run, undone), run.job)
        }
        None => format!("{} from {}", run.job, run.input),
    };
    let _ = writeln!(text, "{}", paint.bold(&format!("Run {}: {}", run.id, clean(&what))));
    let _ = writeln!(text, "  site       {}", paint.bold(&clean(&run.site)));
    let _ = writeln!(text, "  profile    {}", clean(&run.profile));
    let _ = writeln!(text, "  state      {}", state(journal, run));
    if let Some(stop) = &run.stop {
        let _ = writeln!(text, "  stopped    {}", clean(stop));
    }
    let by = |did: Did| run.who(did).map(by_in_words).unwrap_or_default();
    if let Some(at) = run.sealed_at {
        let _ = writeln!(text, "  planned    {at}{}", by(Did::Planned));
    }
    decisions(&mut text, run);
    if let Some(at) = run.started_at {
        let _ = writeln!(text, "  started    {at}{}", by(Did::Started));
    }
    for act in run.acts.iter().filter(|act| matches!(act.did, Did::Resumed | Did::Canceled)) {
        let _ = writeln!(text, "  {:<10} {}{}", act.did.word(), act.at, by_in_words(&act.by));
    }
    if let Some(at) = run.ended_at {
        let _ = writeln!(text, "  ended      {at}");
    }
    let _ = writeln!(text, "  requests   {}", thousands(journal.count(&run.id, Count::Requests)?));
    let _ = writeln!(text, "  rows       {}: {}", thousands(counts.rows), short(&counts));
    reasons(&mut text, journal, run, paint)?;
    for taken in journal.taken_back(&run.id)? {
        let rows = many(taken.rows, "row");
        let undo = journal.run(taken.by.as_str())?;
        let by = undo.who(Did::Planned).map(|by| format!(", planned{}", by_in_words(by)));
        let by = by.unwrap_or_default();
        let _ = writeln!(text, "  undone     {rows}, by run {}{by}", taken.by);
    }
    Ok(text)
}

fn by_in_words(by: &Actor) -> String {
    format!(" by {}", clean(&by.name))
}

/// Who planned and who decided, for a plan that waits.
pub fn acts(text: &mut String, run: &Run) {
    if let (Some(at), Some(by)) = (run.sealed_at, run.who(Did::Planned)) {
        let _ = writeln!(text, "  planned    {at}{}", by_in_words(by));
    }
    decisions(text, run);
}

/// The approvals that a plan has and needs.
fn decisions(text: &mut String, run: &Run) {
    for act in run.acts.iter().filter(|act| matches!(act.did, Did::Approved | Did::Rejected)) {
        let why = act.note.as_deref().map(|why| format!(": {}", clean(why))).unwrap_or_default();
        let _ = writeln!(text, "  {:<10} {}{}{why}", act.did.word(), act.at, by_in_words(&act.by));
    }
    if run.state == RunState::Unapproved {
        let missing = many(u64::from(run.missing_approvals()), "approval");
        let _ = writeln!(text, "  needs      {missing} by another account: run approve {}", run.id);
    }
}

/// How many rows ended for each reason.
pub fn reasons(
    text: &mut String,
    journal: &Journal,
    run: &Run,
    paint: Paint,
) -> Result<(), Failure> {
    for reason in journal.reasons(&run.id)? {
        let rows = many(reason.rows, "row");
        let word = format!("{} {}", reason.outcome, reason.reason);
        let _ = writeln!(text, "    {rows:<12} {word:<34} {}", paint.dim(reason.reason.meaning()));
    }
    Ok(())
}

/// Every row as tab-separated values.
pub fn rows(journal: &Journal, run: &Run, out: &mut dyn std::io::Write) -> Result<(), Failure> {
    let mut after = 0;
    loop {
        let page = journal.rows(&run.id, after, 1_000)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.row;
        for row in page {
            let outcome = row.outcome.map_or("pending", |outcome| outcome.word());
            let reason = row.reason.map_or("", |reason| reason.word());
            let words = if row.outcome.is_some() && !row.detail.is_empty() {
                row.detail.clone()
            } else {
                step_words(&row)
            };
            writeln!(
                out,
                "{}\t{outcome}\t{reason}\t{}",
                row.row,
                clean(&words).replace(['\t', '\n'], " ")
            )?;
        }
    }
}
