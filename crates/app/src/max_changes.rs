//! `--max-changes`: converts a percentage into a number, and checks a plan against it.

use headcount_engine::max_changes::more_than;
use headcount_journal::{Journal, Run};
use headcount_model::job::Job;
use headcount_people::directory::lookup;
use headcount_people::jobs;

use crate::failure::{Failure, GUARD, USAGE};
use crate::hint::Hint;
use crate::options::MaxChanges;
use crate::site::Opened;
use crate::words;

/// Refuses a run with more than `most` changes before anything is sent. Returns the number that `most` means.
/// `hint` gets the number of changes, because each face has its own advice.
///
/// # Errors
/// The run has more changes (`GUARD`), or the users for a percentage cannot be counted.
pub async fn check(
    most: MaxChanges,
    journal: &Journal,
    run: &Run,
    opened: &Opened,
    hint: impl FnOnce(u64) -> Hint,
) -> Result<u64, Failure> {
    let (limit, in_words) = limit(most, opened, run.job).await?;
    let Some(changes) = more_than(journal, &run.id, limit)? else { return Ok(limit) };
    let message = format!(
        "the plan has {}, and the maximum is {in_words}; nothing was sent",
        words::many(changes, "change")
    );
    Err(Failure::new(GUARD, message).hint(hint(changes)))
}

/// The allowed number of changes, and its description.
async fn limit(most: MaxChanges, opened: &Opened, job: Job) -> Result<(u64, String), Failure> {
    let share = match most {
        MaxChanges::Number(number) => return Ok((number, words::thousands(number))),
        MaxChanges::Share(share) => share,
    };
    let counted = jobs::of(job).counted;
    let people = lookup::count_people(&opened.site, counted, lookup::COUNTING).await?;
    let people = people.ok_or_else(|| {
        Failure::new(USAGE, "the site's users cannot be counted with these credentials")
            .hint(Hint::MaxChangesAsNumber)
    })?;
    let limit = (people as f64 * share / 100.0).floor() as u64;
    let of = words::people(people);
    Ok((limit, format!("{} ({share} % of {of})", words::thousands(limit))))
}
