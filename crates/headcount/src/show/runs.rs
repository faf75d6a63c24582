//! Runs in words: the list, how one stands, every row.

use std::fmt::Write;

use headcount_core::journal::{Journal, Run, RunState};
use headcount_core::values::outcome::Counts;

use unicode_width::UnicodeWidthStr;

use super::{Paint, clean, many, thousands};
use crate::failure::Failure;

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
    for run in runs {
        let counts = journal.counts(&run.id)?;
        let what = match &run.undoes {
            Some(undone) => format!("undo of {undone}"),
            None => run.input.clone(),
        };
        let state = state(journal, &run);
        let site = clean(&run.site);
        let taken: u64 = journal.taken_back(&run.id)?.iter().map(|taken| taken.rows).sum();
        let taken = match taken {
            0 => String::new(),
            rows => format!("; {} taken back later", thousands(rows)),
        };
        let _ = writeln!(
            text,
            "{}  {state:<11}  {:<15}  {site}{:pad$}  {}: {}{}",
            paint.bold(&format!("{:<ids$}", run.id.as_str())),
            run.job.command(),
            "",
            clean(&what),
            paint.dim(&short(&counts)),
            paint.dim(&taken),
            pad = sites - site.width(),
        );
    }
    Ok(text)
}

/// Where a run is; one that is `running` in no process was interrupted.
///
/// A process writes down how its run ended and then lets go of it. So a run that is let go of is read
/// once more: what it said before may be older than its end.
pub fn state(journal: &Journal, run: &Run) -> &'static str {
    if run.state != RunState::Running || journal.is_held(&run.id) {
        return run.state.word();
    }
    match journal.run(run.id.as_str()) {
        Ok(now) if now.state != RunState::Running => now.state.word(),
        _ => "interrupted",
    }
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

/// How a run stands after it was started.
pub fn standing(journal: &Journal, run: &Run, paint: Paint) -> Result<String, Failure> {
    let counts = journal.counts(&run.id)?;
    let mut text = String::new();
    let what = match &run.undoes {
        Some(undone) => {
            format!("undo of {} ({})", super::plan::undone_in_words(run, undone), run.job)
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
    for (what, at) in
        [("planned", run.sealed_at), ("started", run.started_at), ("ended", run.ended_at)]
    {
        if let Some(at) = at {
            let _ = writeln!(text, "  {what:<10} {at}");
        }
    }
    let _ = writeln!(text, "  requests   {}", thousands(journal.requests(&run.id)?));
    let _ = writeln!(text, "  rows       {}: {}", thousands(counts.rows), short(&counts));
    reasons(&mut text, journal, run, paint)?;
    for taken in journal.taken_back(&run.id)? {
        let rows = many(taken.rows, "row");
        let _ = writeln!(text, "  taken back {rows}, by run {}", taken.by);
    }
    Ok(text)
}

/// How many rows ended for which reason.
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

/// Every row, as a table of tab-separated values: data.
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
                super::plan::step_words(&row)
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

#[cfg(test)]
mod tests {
    use headcount_core::journal::NewRun;
    use headcount_core::values::job::Job;

    use super::*;

    /// Between the reading of a run and the look at its lock, its process may end.
    #[test]
    fn a_run_that_ends_while_it_is_looked_at_is_not_told_as_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let at = "2026-11-20T18:00:00Z".parse().unwrap();
        let new = NewRun {
            job: Job::AddMembers,
            site: "https://acme.atlassian.net".into(),
            organisation: None,
            profile: "acme".into(),
            input: "people.csv".into(),
            headings: vec!["Email".into()],
            options: serde_json::json!({}),
            undoes: None,
            at,
        };
        let (run, lock) = journal.begin(&new).unwrap();
        journal.seal(&run.id, at).unwrap();
        journal.start(&run.id, at).unwrap();
        let read = journal.run(run.id.as_str()).unwrap();
        assert_eq!(state(&journal, &read), "running");
        journal.end(&run.id, None, at).unwrap();
        assert_eq!(state(&journal, &read), "running", "it is held, and will be let go of");
        drop(lock);
        assert_eq!(state(&journal, &read), "finished");

        let (run, lock) = journal.begin(&new).unwrap();
        journal.seal(&run.id, at).unwrap();
        journal.start(&run.id, at).unwrap();
        drop(lock);
        let read = journal.run(run.id.as_str()).unwrap();
        assert_eq!(state(&journal, &read), "interrupted");
    }
}
