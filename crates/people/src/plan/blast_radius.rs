//! Of how many people a plan takes something away from some: whether it is a few of them or nearly
//! all users is seen by no row.

use serde::{Deserialize, Serialize};

use crate::directory::lookup::{A_PAGE, COUNTING, count_people};
use crate::error::PlanError;
use crate::jobs;
use headcount_atlassian::Site;
use headcount_journal::{Journal, Run};
use headcount_model::job::Job;

/// From so few people nothing needs to be counted, and no count to be typed.
pub const HANDFUL: u64 = 5;

/// Calls that counting is worth, without a long wait.
const CALLS: u32 = 10;

/// Calls that show whether the changes affect most of all users: who is not on their pages is more than the
/// other half.
fn calls(changes: u64) -> u32 {
    let pages = (changes * 2).div_ceil(A_PAGE.into()) + 1;
    u32::try_from(pages).unwrap_or(COUNTING).clamp(CALLS, COUNTING)
}

/// Where it is among a run's options.
const OPTION: &str = "people_then";

/// The people of whom a plan takes something away from some.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlastRadius {
    /// How many of them were active.
    pub people: u64,
}

impl BlastRadius {
    /// What the plan of a run noted.
    pub fn of(run: &Run) -> Option<Self> {
        serde_json::from_value(run.options.get(OPTION)?.clone()).ok()
    }

    /// Whether the changes affect most of them.
    pub fn is_mostly(self, changes: u64) -> bool {
        changes * 2 > self.people
    }

    /// Who they are, in words.
    pub fn who(job: Job) -> &'static str {
        jobs::of(job).counted.words()
    }
}

/// Counts them and notes it in the draft, where the plan takes something away from more than a
/// handful; `counting` is called before. Where they can't be counted, or are so many that it is a small
/// part of them, nothing is noted: the plan is good without it.
pub async fn note_blast_radius(
    journal: &mut Journal,
    run: &Run,
    site: &Site,
    counting: impl FnOnce(),
) -> Result<(), PlanError> {
    let spec = jobs::of(run.job);
    let of_people = spec.takes_away && spec.copy.users;
    let changes = journal.counts(&run.id)?.pending;
    if !of_people || changes <= HANDFUL {
        return Ok(());
    }
    counting();
    let counted = count_people(site, jobs::of(run.job).counted, calls(changes)).await;
    let Ok(Some(people)) = counted else { return Ok(()) };
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ OPTION: BlastRadius { people } }))?;
    Ok(batch.commit()?)
}
