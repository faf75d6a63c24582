//! Finds the accounts that runs of this journal have scheduled for deletion. The site's records may lag behind such a
//! deletion, and not every key can read them.

use std::collections::HashMap;
use std::time::Duration;

use headcount_atlassian::Site;
use headcount_journal::{Journal, Run};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::user::{AccountId, AccountStatus, Standing};
use jiff::{SignedDuration, Timestamp};

use super::Lookup;
use crate::directory::{OwnDeletion, PersonIndex};
use crate::error::PlanError;
use crate::steps::{GRACE, read_effect};

/// How long the site's records may lag (an assumption: Atlassian does not publish it).
const LAG: SignedDuration = SignedDuration::from_mins(10);

/// How long headcount waits before it reads once more a record that shows no deletion.
const WAIT: Duration = Duration::from_secs(5);

/// How many steps are read from the journal at a time.
const PAGE: u64 = 500;

/// The newest change of an account's deletion by a run of this journal.
struct Newest {
    /// When the step settled, and the number of its run: their order.
    when: (Option<Timestamp>, i64),
    /// The age of the deletion; `None`: the change was a cancellation, or the grace is over.
    deletion: Option<OwnDeletion>,
}

impl Lookup<'_> {
    /// Notes which accounts of the rows a run of this journal has scheduled for deletion. `deletes` and `cancels`: the jobs.
    pub fn note_own_deletions(&mut self, deletes: Job, cancels: Job) -> Result<(), PlanError> {
        let mut newest: HashMap<AccountId, Newest> = HashMap::new();
        for run in self.journal.runs()? {
            if run.site == self.run.site && (run.job == deletes || run.job == cancels) {
                let age = age(self.journal, &run, self.site)?.filter(|_| run.job == deletes);
                read_run(self.journal, &run, age, &mut newest)?;
            }
        }
        for at in self.people() {
            let person = self.directory.person_mut(at);
            person.own_deletion = newest.get(&person.id).and_then(|newest| newest.deletion);
        }
        Ok(())
    }

    /// Reads once more, after a short wait, the records of deactivated accounts that show no deletion. A record that
    /// cannot be read this time leaves the account deactivated, as it was shown.
    pub async fn read_late_deletions(&mut self) -> Result<(), PlanError> {
        let shows_none = |at: &PersonIndex| {
            let person = self.directory.person(*at);
            person.own_deletion.is_none()
                && person.status == Some(AccountStatus::Inactive)
                && person.standing == Some(Standing::Deactivated)
        };
        let people: Vec<_> = self.people().into_iter().filter(shows_none).collect();
        if people.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(WAIT).await;
        self.read_deletions_again(&people).await
    }
}

/// The age of what a run did, by the site's clock; `None` if 14 days are over.
fn age(journal: &Journal, run: &Run, site: &Site) -> Result<Option<OwnDeletion>, PlanError> {
    let now = site.clock.now().map(|time| time.at_least);
    let Some((by, now)) = journal.sent_by(&run.id)?.zip(now) else {
        return Ok(Some(OwnDeletion::Undated));
    };
    let age = now.duration_since(by);
    Ok(match age < LAG {
        true => Some(OwnDeletion::New),
        false => (age < GRACE).then_some(OwnDeletion::Shown),
    })
}

/// Keeps what a run changed, if it is the newest change of its account. A deletion that could not be verified counts
/// while the site's records may lag; later, they decide.
fn read_run(
    journal: &Journal,
    run: &Run,
    deletion: Option<OwnDeletion>,
    newest: &mut HashMap<AccountId, Newest>,
) -> Result<(), PlanError> {
    let mut after = 0;
    loop {
        let page = journal.effects(&run.id, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.step.number;
        for effect in page {
            let effect = read_effect(effect)?;
            let Some(account) = effect.step.payload.target.account else { continue };
            let when = (effect.at, run.id.number());
            let is_newer = newest.get(&account).is_none_or(|known| known.when < when);
            let deletion = match effect.outcome {
                Outcome::Changed => deletion,
                Outcome::Unknown => deletion.filter(|age| *age != OwnDeletion::Shown),
                Outcome::Unchanged | Outcome::Skipped | Outcome::Failed => continue,
            };
            if is_newer {
                newest.insert(account, Newest { when, deletion });
            }
        }
    }
}
