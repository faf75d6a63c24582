//! A plan in words: the site, counts, what is sent, what is not sent and why.

use std::collections::BTreeSet;
use std::fmt::Write;

use headcount_app::failure::Failure;
use headcount_app::members_file;
use headcount_app::report_subject::organization;
use headcount_app::site::Forecast;
use headcount_app::words::runs::{recent_words, undone_in_words};
use headcount_app::words::seats::{access_seats_words, seats_short, seats_taken};
use headcount_app::words::{clean, many, thousands};
use headcount_journal::{Filter, Journal, JournalError, Page, Run, RunState, StepQuery, reading};
use headcount_model::outcome::{Counts, Outcome};
use headcount_model::step::StepState;
use headcount_people::jobs::{self, Creates};
use headcount_people::plan::{
    AccessSeats, BlastRadius, Doubted, Summary, Unverified, exports_used, seats_left,
};
use headcount_people::rows::SheetJob;
use headcount_people::steps::{self, Step, read_all};
use headcount_people::sync::Drafted;
use jiff::Timestamp;

use super::runs;
use crate::terminal::Paint;

/// How many rows are shown of what is sent, and of each reason.
const SHOWN: usize = 5;

/// How many steps are read for these rows.
const LOOKED_THROUGH: u64 = 100;

/// Writes the plan of a run.
pub fn text(
    journal: &Journal,
    run: &Run,
    summary: &Summary,
    forecast: Option<Forecast>,
    paint: Paint,
) -> Result<String, Failure> {
    let mut text = String::new();
    head(&mut text, run, summary, paint);
    sent(&mut text, journal, run, summary, forecast, paint)?;
    not_sent(&mut text, journal, run, summary, paint)?;
    Ok(text)
}

fn head(text: &mut String, run: &Run, summary: &Summary, paint: Paint) {
    let what = match &run.undoes {
        Some(undone) => format!("undo of {} ({})", undone_in_words(run, undone), run.job),
        None => format!("{} from {}", run.job, run.input),
    };
    let title = if is_new(run) { "Plan" } else { "Continuing run" };
    let counts = &summary.counts;
    let _ = writeln!(text, "{}", paint.bold(&format!("{title} {}: {}", run.id, clean(&what))));
    let _ = writeln!(text, "  site       {}", paint.bold(&clean(&run.site)));
    if let Some(organization) = organization(run) {
        let _ = writeln!(text, "  org        {}", paint.bold(&clean(&organization)));
    }
    let exports = exports_used(run);
    if !exports.is_empty() {
        let _ = writeln!(text, "  ids        from {}", clean(&exports.join(", ")));
    }
    if let Some(reading) = reading(run).filter(|_| is_new(run)) {
        super::reading::lines(text, &reading, paint);
    }
    let rest = Counts { pending: 0, ..*counts };
    let rest = match counts.rows - counts.pending {
        0 => String::new(),
        _ => format!(", {}", runs::short(&rest)),
    };
    let _ = writeln!(
        text,
        "  rows       {}: {} to send{rest}",
        thousands(counts.rows),
        thousands(counts.pending),
    );
    if let Some(words) = Drafted::of(run).and_then(|drafted| recent_words(&drafted)) {
        let _ = writeln!(text, "  recent     {words}");
    }
}

/// Whether no step of the run was sent yet.
fn is_new(run: &Run) -> bool {
    matches!(run.state, RunState::Draft | RunState::Sealed | RunState::Unapproved)
}

fn sent(
    text: &mut String,
    journal: &Journal,
    run: &Run,
    summary: &Summary,
    forecast: Option<Forecast>,
    paint: Paint,
) -> Result<(), Failure> {
    if summary.steps == 0 {
        let _ = writeln!(text, "  to send    nothing");
        return Ok(());
    }
    considerations(text, run, summary, forecast, paint);
    first_rows(text, journal, run, summary, paint)
}

/// The emails that the plan causes.
fn emails(text: &mut String, summary: &Summary) {
    if summary.emailed > 0 {
        let _ = writeln!(
            text,
            "  emails     Atlassian informs each member of a group that gets an app: {}",
            thousands(summary.emailed)
        );
    }
    if summary.mails > 0 {
        let _ = writeln!(
            text,
            "  emails     each new user gets an invitation: up to {}",
            thousands(summary.mails)
        );
    }
}

/// What to know before the plan is confirmed.
fn considerations(
    text: &mut String,
    run: &Run,
    summary: &Summary,
    forecast: Option<Forecast>,
    paint: Paint,
) {
    if !jobs::of(run.job).undo_sends {
        let _ = writeln!(text, "  undo       none: these changes cannot be undone");
    }
    if let Some((file, rows)) = members_file::of(run) {
        let _ = writeln!(
            text,
            "  members    {} in {}; after you create a group again, `member add` with this file restores them",
            many(rows, "membership"),
            clean(file)
        );
    }
    for consequence in summary.consequences(run, Timestamp::now()) {
        let line = format!("  note       {consequence}");
        let _ = writeln!(text, "{}", paint.yellow(&line));
    }
    seats(text, run, summary, paint);
    // Of the rows of several jobs, some may create users.
    let may_create = jobs::of(run.job).sheet != SheetJob::Actions || summary.creates_users();
    if jobs::of(run.job).creates == Creates::Users && summary.seats.is_empty() && may_create {
        let _ = writeln!(text, "  seats      none: no row has a product");
    }
    access_seats(text, run, paint);
    emails(text, summary);
    if summary.unseen > 0 {
        let _ = writeln!(
            text,
            "  unverified the current state of {} could not be read; the site will report whether they needed a change",
            many(summary.unseen, "row")
        );
    }
    for list in Doubted::of(run) {
        let _ = writeln!(
            text,
            "  list       the member list of {} is not reliable ({}); headcount looked up the users one by one",
            list.group, list.why
        );
    }
    not_known(text, Unverified::of(run));
    of_how_many(text, run, summary, paint);
    warnings(text, summary, paint);
    if summary.looked_at > 0 {
        let _ = writeln!(
            text,
            "  first      checks {} without a recorded response, and sends again what was not applied",
            many(summary.looked_at, "row")
        );
    }
    if let Some(time) = forecast {
        let _ = writeln!(text, "  takes      {}, depending on the site", time.words());
    }
}

/// The first rows to send, and how many follow.
fn first_rows(
    text: &mut String,
    journal: &Journal,
    run: &Run,
    summary: &Summary,
    paint: Paint,
) -> Result<(), Failure> {
    let _ = writeln!(text, "{}", paint.bold("To send"));
    let mut steps = journal.steps(&run.id, StepState::Pending, 0, LOOKED_THROUGH)?;
    for more in [StepState::Started, StepState::Settled] {
        let room = LOOKED_THROUGH - steps.len() as u64;
        steps.extend(match more {
            StepState::Settled => journal.steps(&run.id, StepQuery::AfterUnknown, 0, room)?,
            state => journal.steps(&run.id, state, 0, room)?,
        });
    }
    let steps = read_all(steps).map_err(JournalError::from)?;
    let mut shown = 0;
    for row in steps.chunk_by(|one, next| one.row == next.row).take(SHOWN) {
        shown += row.len() as u64;
        let words = row_words(row) + &twice(row);
        let _ = writeln!(text, "  row {:<5} {}", row[0].row, clean(&words));
    }
    let more = summary.steps - shown;
    if more > 0 {
        let more = match summary.steps > summary.counts.pending {
            true => many(more, "more step"),
            false => format!("{} more", thousands(more)),
        };
        let _ = writeln!(text, "  {}", paint.dim(&format!("and {more}")));
    }
    Ok(())
}

/// The seats that the plan takes, and whether there are enough.
fn seats(text: &mut String, run: &Run, summary: &Summary, paint: Paint) {
    let left = seats_left(run);
    for (product, seats) in &summary.seats {
        let left = left.get(*product).copied();
        let taken = seats_taken(run, *seats);
        let line = format!("  seats      {taken} of {product}{}", seats_short(*seats, left));
        let short = left.is_some_and(|left| left < *seats);
        let _ = writeln!(text, "{}", if short { paint.yellow(&line) } else { line });
    }
}

/// The seats that a plan of roles in apps takes and frees.
fn access_seats(text: &mut String, run: &Run, paint: Paint) {
    for (app, seats) in AccessSeats::of(run) {
        let line = format!("  seats      {}: {}", clean(&app), access_seats_words(&seats));
        let _ = writeln!(text, "{}", if seats.is_short() { paint.yellow(&line) } else { line });
    }
}

/// How many users lose something, and of how many.
fn of_how_many(text: &mut String, run: &Run, summary: &Summary, paint: Paint) {
    let Some(share) = BlastRadius::of(run).filter(|_| is_new(run)) else { return };
    let (people, who) = (thousands(share.people), BlastRadius::who(run.job));
    let words = format!("{}, compared to {people} {who}", many(summary.steps, "change"));
    let _ = match share.is_mostly(summary.steps) {
        false => writeln!(text, "  share      {words}"),
        true => {
            let line = format!("  warning    {words}: more than half of them");
            writeln!(text, "{}", paint.yellow(&line))
        }
    };
}

/// The warnings to check before the plan is applied.
fn warnings(text: &mut String, summary: &Summary, paint: Paint) {
    for (note, steps) in &summary.notes {
        let line = format!("  warning    {}: {}", many(*steps, "change"), note.words());
        let _ = writeln!(text, "{}", paint.yellow(&line));
    }
}

/// A row's steps in one sentence that names the user once.
fn row_words(steps: &[Step]) -> String {
    let mut words = String::new();
    let mut last = None;
    for step in steps {
        let which = step.payload.target.which();
        let spec = steps::of(step.payload.kind);
        words += &match last {
            None => (spec.planned)(&called(step)),
            Some(last) if last == step.payload.kind => format!(", {which}"),
            Some(_) => format!("; then {}", (spec.also_planned)(step)),
        };
        last = Some(step.payload.kind);
    }
    words
}

/// The step with `vdillow@banc.ly (Verna Dillow)` instead of the address, if the site shows the name.
fn called(step: &Step) -> Step {
    let mut step = step.clone();
    let target = &mut step.payload.target;
    if let (Some(_), Some(mail), Some(name)) = (&target.account, &target.mail, &target.name) {
        target.mail = Some(format!("{mail} ({name})"));
    }
    step
}

/// A row's warnings.
fn twice(row: &[Step]) -> String {
    let notes: BTreeSet<_> = row.iter().flat_map(|step| &step.payload.wanted.notes).collect();
    notes.iter().map(|note| format!("; {}", note.words())).collect()
}

/// What the guards could not check with these credentials.
fn not_known(text: &mut String, blind: Unverified) {
    let mut tell = |steps: u64, what: &str| {
        if steps > 0 {
            let _ = writeln!(
                text,
                "  unchecked  for {}, whether {what}: these credentials cannot see it",
                many(steps, "row")
            );
        }
    };
    tell(blind.groups, "an identity provider manages the group");
    tell(blind.administrators, "the user is an organization administrator");
    tell(blind.people, "an identity provider manages the user");
    tell(blind.apps, "the group gives access to an app");
}

fn not_sent(
    text: &mut String,
    journal: &Journal,
    run: &Run,
    summary: &Summary,
    paint: Paint,
) -> Result<(), Failure> {
    let reasons = &summary.reasons;
    if reasons.is_empty() {
        return Ok(());
    }
    if !is_new(run) {
        let _ = writeln!(text, "{}", paint.bold("So far"));
        return runs::reasons(text, journal, run, paint);
    }
    let _ = writeln!(text, "{}", paint.bold("Not sent"));
    for reason in reasons {
        let word = format!("{} {}: {}", thousands(reason.rows), reason.outcome, reason.reason);
        let word = match reason.outcome {
            Outcome::Unchanged => paint.green(&word),
            _ if reason.reason.harmless() => paint.dim(&word),
            _ => paint.yellow(&word),
        };
        let _ = writeln!(text, "  {word}");
        for row in journal.find_rows(
            &run.id,
            &Filter::of_reason(reason.reason),
            Page::after(0, SHOWN as u64),
        )? {
            let _ = writeln!(text, "    row {:<5} {}", row.row, clean(&row.detail));
        }
        let more = reason.rows.saturating_sub(SHOWN as u64);
        if more > 0 {
            let words =
                format!("and {} more: headcount run show {} --rows", thousands(more), run.id);
            let _ = writeln!(text, "    {}", paint.dim(&words));
        }
    }
    Ok(())
}
