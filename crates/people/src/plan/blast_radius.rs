//! The number of users that lose something by a plan, compared with all users. No single row shows whether
//! these are a few or nearly all.

use serde::{Deserialize, Serialize};

use crate::directory::lookup::{A_PAGE, COUNTING, count_people};
use crate::error::PlanError;
use crate::jobs;
use headcount_atlassian::Site;
use headcount_journal::{Journal, Run};
use headcount_model::job::Job;

/// For at most this many users, nothing is counted and no number has to be typed.
pub const HANDFUL: u64 = 5;

/// How many calls a count may take, so that the wait stays short.
const CALLS: u32 = 10;

/// How many calls show whether the changes affect most of all users: if there are users beyond these pages, the changes
/// affect less than half.
fn calls(changes: u64) -> u32 {
    let pages = (changes * 2).div_ceil(A_PAGE.into()) + 1;
    u32::try_from(pages).unwrap_or(COUNTING).clamp(CALLS, COUNTING)
}

/// The key of the count in a run's options.
const OPTION: &str = "people_then";

/// The users that a plan's changes are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlastRadius {
    /// How many of them were active.
    pub people: u64,
}

impl BlastRadius {
    /// The count of a run's plan.
    pub fn of(run: &Run) -> Option<Self> {
        serde_json::from_value(run.options.get(OPTION)?.clone()).ok()
    }

    /// Whether the changes affect most of them.
    pub fn is_mostly(self, changes: u64) -> bool {
        changes * 2 > self.people
    }

    /// These users in words.
    pub fn who(job: Job) -> &'static str {
        jobs::of(job).counted.words()
    }
}

/// Counts the users and notes the count in the draft, if the plan takes something away from more than a handful;
/// `counting` is called before. If they cannot be counted, or if the changes are a small part of them,
/// nothing is noted, and the plan is valid without it.
pub async fn note_blast_radius(
    journal: &mut Journal,
    run: &Run,
    site: &Site,
    counting: impl FnOnce(),
) -> Result<(), PlanError> {
    let spec = jobs::of(run.job);
    let of_people = spec.takes_away && spec.copy.users;
    if !of_people {
        return Ok(());
    }
    let changes = journal.counts(&run.id)?.pending;
    if changes <= HANDFUL {
        return Ok(());
    }
    counting();
    let counted = count_people(site, jobs::of(run.job).counted, calls(changes)).await;
    let Ok(Some(people)) = counted else { return Ok(()) };
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ OPTION: BlastRadius { people } }))?;
    Ok(batch.commit()?)
}
