//! Refuses rows of a sheet of several jobs that contradict each other: they ask for opposite changes of the same user.

use std::collections::{BTreeMap, HashMap};

use headcount_journal::{Journal, Run};
use headcount_model::group::name_key;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_sheet::{Problem, normalized};

use crate::error::PlanError;
use crate::jobs::{self, Action, Creates};
use crate::rows::{Columns, Field, Intent, Intents, SheetJob};

/// What a row asks for, as far as another row can contradict it.
struct Asked {
    row: u64,
    job: Job,
    /// The group or the app, if the row is about one.
    thing: Option<String>,
}

/// Why two rows contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// Their changes are opposite.
    Opposite,
    /// One creates the user that the other changes. The changes of a new user belong in the row that creates it.
    New,
}

/// Settles rows that contradict each other as unreadable, each with the line of the other. Returns their problems.
pub(super) fn refuse(
    journal: &mut Journal,
    run: &Run,
    columns: &Columns,
    intents: &mut Intents,
) -> Result<Vec<Problem>, PlanError> {
    let found = contradictions(intents);
    let column = columns.index(Field::Action).map(|at| columns.heading(at));
    let mut problems = Vec::with_capacity(found.len());
    for (row, (job, other, of_other, why)) in found {
        let line =
            |row: u64| Ok::<_, PlanError>(journal.row(&run.id, row)?.map_or(0, |row| row.line));
        let (line, other) = (line(row)?, line(other)?);
        let what = match why {
            Why::Opposite => format!(
                "the row asks for `{job}`, and line {other} asks for `{of_other}` for the same user"
            ),
            Why::New => format!(
                "the row asks for `{job}`, and line {other} for `{of_other}`: a row that creates a user also names the \
                 user's groups and products"
            ),
        };
        let todo = match why {
            Why::Opposite => "keep one of the two rows".to_owned(),
            Why::New => "name them in that row, and remove the other one".to_owned(),
        };
        problems.push((row, Problem { line, column: column.clone(), what, todo }));
    }
    let mut batch = journal.batch(&run.id)?;
    for (row, problem) in &problems {
        intents.drop_row(*row);
        batch.settle_row(*row, Outcome::Skipped, Reason::UnreadableRow, &problem.to_string())?;
    }
    batch.commit()?;
    Ok(problems.into_iter().map(|(_, problem)| problem).collect())
}

/// The rows that contradict another one: with their job, the other row and its job.
fn contradictions(intents: &Intents) -> BTreeMap<u64, (Job, u64, Job, Why)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut users: Vec<Vec<Asked>> = Vec::new();
    let mut found = BTreeMap::new();
    for (row, intent) in intents.undecided() {
        let (Some(job), Some(user)) = (intent.job, &intent.user) else { continue };
        let keys: Vec<String> = user.keys().collect();
        let known = keys.iter().find_map(|key| places.get(key).copied());
        let at = known.unwrap_or_else(|| {
            users.push(Vec::new());
            users.len() - 1
        });
        for key in keys {
            places.entry(key).or_insert(at);
        }
        let asked = Asked { row, job, thing: thing(&intent) };
        let other = users[at].iter().find_map(|other| Some((other, why(other, &asked)?)));
        if let Some((other, why)) = other {
            found.insert(row, (job, other.row, other.job, why));
            found.entry(other.row).or_insert((other.job, row, job, why));
        }
        users[at].push(asked);
    }
    found
}

/// The group or the app of a row, so that two rows about the same have the same key.
fn thing(intent: &Intent) -> Option<String> {
    let group = intent
        .groups
        .first()
        .filter(|_| intent.job.is_some_and(|job| jobs::of(job).sheet == SheetJob::Memberships));
    let group = group.and_then(|group| {
        let id = group.id.as_ref().map(|id| id.as_str().to_owned());
        id.or_else(|| group.name.as_deref().map(name_key))
    });
    let app =
        || intent.access.as_ref().map(|(app, role)| format!("{} {}", normalized(app), role.word()));
    group.or_else(app).or_else(|| intent.token.clone())
}

fn why(one: &Asked, other: &Asked) -> Option<Why> {
    let (a, b) = (jobs::of(one.job), jobs::of(other.job));
    let creates = |spec: &jobs::JobSpec| spec.creates == Creates::Users;
    let is_of_user = |spec: &jobs::JobSpec| spec.sheet == SheetJob::Users;
    let is_opposite = a.inverse == b.job || b.inverse == a.job;
    let gives_and_takes = |gives: &jobs::JobSpec, takes: &jobs::JobSpec| {
        Action::is_given_by(gives.job) && takes.takes_away && is_of_user(takes)
    };
    if (one.job != other.job && is_opposite && one.thing == other.thing)
        || gives_and_takes(a, b)
        || gives_and_takes(b, a)
    {
        return Some(Why::Opposite);
    }
    let is_for_new = |new: &jobs::JobSpec, more: &jobs::JobSpec| {
        creates(new) && !creates(more) && more.sheet != SheetJob::Tokens
    };
    (is_for_new(a, b) || is_for_new(b, a)).then_some(Why::New)
}
