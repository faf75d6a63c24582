//! What runs of this journal changed on the site a short time ago. The site's index may not show it yet; a list that is
//! compared once more would be sent once more.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use headcount_atlassian::Site;
use headcount_journal::{Journal, RunId};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::user::mail_key;
use jiff::Timestamp;

use super::difference::Difference;
use super::error::SyncError;
use crate::directory::Directory;
use crate::error::PlanError;
use crate::resolve::find::only_group;
use crate::steps::{self, Change, StepKind, read_effect};

/// How long the site's index may lag behind a change (an assumption: Atlassian does not publish it).
const FRESH: Duration = Duration::from_secs(10 * 60);

/// How many of the newest runs count.
const RUNS: usize = 100;

/// How many steps are read from the journal at a time.
const PAGE: u64 = 500;

/// A state that can be switched, of which user (account id or email), and in which group or app.
type Switch = (&'static str, String, Option<String>);

/// The newest change of a switch.
struct Newest {
    when: (Option<Timestamp>, i64),
    kind: StepKind,
    run: RunId,
}

/// The newest changes by runs of the last ten minutes, by the site's clock. Without that clock, there are none: sending
/// once more does no harm.
#[derive(Default)]
pub(super) struct Recent(HashMap<Switch, Newest>);

impl Recent {
    /// Reads them from the journal.
    pub fn of(journal: &Journal, site: &Site, name: &str) -> Result<Self, SyncError> {
        let Some(now) = site.clock.now().map(|time| time.at_least) else {
            return Ok(Self::default());
        };
        let mut recent = Self::default();
        let mut runs = journal.runs()?;
        runs.retain(|run| run.site == name && run.started_at.is_some());
        runs.sort_by_key(|run| Reverse(run.id.number()));
        for run in runs.iter().take(RUNS) {
            let age = journal.sent_by(&run.id)?.map(|by| now.duration_since(by));
            let is_fresh = |age| Duration::try_from(age).unwrap_or_default() < FRESH;
            if age.is_some_and(is_fresh) {
                recent.read(journal, &run.id)?;
            }
        }
        Ok(recent)
    }

    fn read(&mut self, journal: &Journal, run: &RunId) -> Result<(), PlanError> {
        let mut after = 0;
        loop {
            let page = journal.effects(run, after, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.step.number;
            for effect in page {
                // The steps of a collection are no changes of users.
                let Ok(effect) = read_effect(effect) else { continue };
                if effect.outcome != Outcome::Changed {
                    continue;
                }
                let Change { kind, target, .. } = &effect.step.payload;
                let thing = target.group.as_ref().map(|group| group.as_str().to_owned());
                let thing = thing.or_else(|| target.part());
                let account = target.account.as_ref().map(|id| id.as_str().to_owned());
                let mail = target.mail.as_deref().map(mail_key);
                for who in account.into_iter().chain(mail) {
                    let when = (effect.at, run.number());
                    let key = (pair(*kind), who, thing.clone());
                    if self.0.get(&key).is_none_or(|known| known.when < when) {
                        self.0.insert(key, Newest { when, kind: *kind, run: run.clone() });
                    }
                }
            }
        }
    }

    /// Notes the differences that such a run has made already. Returns how many each run made.
    pub fn note(&self, found: &mut [Difference], directory: &Directory) -> Vec<(String, u64)> {
        let mut made = BTreeMap::new();
        for difference in found.iter_mut().filter(|difference| difference.is_open()) {
            let Some((run, reason)) = self.done(difference, directory) else { continue };
            *made.entry((run.number(), run.as_str().to_owned())).or_default() += 1;
            let words = format!(
                "run {run} did this less than 10 minutes ago; the site's index does not show it yet"
            );
            difference.done = Some((reason, words));
        }
        made.into_iter().map(|((_, run), rows)| (run, rows)).collect()
    }

    /// The run that made a difference, and the reason of its row.
    fn done(&self, difference: &Difference, directory: &Directory) -> Option<(&RunId, Reason)> {
        let kind = difference.action.kind();
        let group = difference.group.as_ref().and_then(|group| only_group(group, directory));
        let group = group.map(|at| directory.group(at).id.as_str().to_owned());
        let thing = group.or_else(|| difference.role_part());
        let account = difference.person.map(|at| directory.person(at).id.as_str().to_owned());
        let who = account.or_else(|| difference.user.mail.as_deref().map(mail_key))?;
        let newest = self.0.get(&(pair(kind), who, thing))?;
        let is_same = steps::of(newest.kind).opposite == steps::of(kind).opposite;
        is_same.then(|| (&newest.run, steps::of(kind).already))
    }
}

/// Both directions of a change have one name, and so have both ways to create a user.
fn pair(kind: StepKind) -> &'static str {
    let back = steps::of(kind).opposite;
    back.word().min(steps::of(back).opposite.word())
}
