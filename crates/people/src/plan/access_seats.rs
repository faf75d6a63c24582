//! The seats that a plan of roles in apps takes and frees, by app, and those that are left.
//!
//! A user takes one seat in an app, whatever gives it: a role of their own, one or several groups. So the seats are
//! counted for the whole plan, not added up by step.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::directory::lookup::takes_seats;
use crate::directory::{Directory, PersonIndex, SeatSource};
use crate::error::PlanError;
use crate::steps::{self, About, StepKind, Target};
use headcount_journal::{Journal, Run};
use headcount_model::step::StepState;

/// The key in a run's options.
const OPTION: &str = "access_seats";

/// How many steps are read from the journal at a time.
const PAGE: u64 = 2_000;

/// The seats of an app in a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessSeats {
    /// Users who take a seat by the plan.
    pub takes: u64,
    /// Users who free a seat by the plan.
    pub frees: u64,
    /// The seats left when the plan was made; absent without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u64>,
    /// Whether some users' roles could not be read, so that there may be more or fewer.
    #[serde(default)]
    pub uncertain: bool,
}

impl AccessSeats {
    /// The seats in a run's plan, by the app's name.
    pub fn of(run: &Run) -> BTreeMap<String, Self> {
        let noted = run.options.get(OPTION).cloned().unwrap_or_default();
        serde_json::from_value(noted).unwrap_or_default()
    }

    /// Whether there are fewer seats than the plan takes.
    pub fn is_short(&self) -> bool {
        self.left.is_some_and(|left| left.saturating_add(self.frees) < self.takes)
    }
}

/// What a plan adds to and removes from the sources of a user's seat.
type Changes = BTreeMap<(PersonIndex, usize), (BTreeSet<SeatSource>, BTreeSet<SeatSource>)>;

/// Notes in the draft what its steps take and free.
pub(super) fn note_access_seats(
    journal: &mut Journal,
    run: &Run,
    directory: &Directory,
) -> Result<(), PlanError> {
    if directory.access.apps.0.is_empty() {
        return Ok(());
    }
    let mut changes = Changes::new();
    let mut after = 0;
    loop {
        let page = journal.steps(&run.id, StepState::Pending, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for step in steps::read_all(page)? {
            add(&mut changes, step.payload.kind, &step.payload.target, directory);
        }
    }
    let mut seats: BTreeMap<String, AccessSeats> = BTreeMap::new();
    for ((person, app), (added, removed)) in changes {
        let one = &directory.access.apps.0[app];
        let seats = seats.entry(one.heading.clone()).or_default();
        let taken = directory.access.taken.get(&app);
        seats.left = one.capacity.zip(taken).map(|(all, taken)| all.saturating_sub(*taken));
        let Some(before) = directory.access.seat_sources(person, app) else {
            seats.uncertain = true;
            continue;
        };
        let kept = before.difference(&removed).count() + added.len();
        seats.takes += u64::from(before.is_empty() && kept > 0);
        seats.frees += u64::from(!before.is_empty() && kept == 0);
    }
    if seats.is_empty() {
        return Ok(());
    }
    let mut batch = journal.batch(&run.id)?;
    batch.add_options(&serde_json::json!({ OPTION: seats }))?;
    Ok(batch.commit()?)
}

fn add(changes: &mut Changes, kind: StepKind, target: &Target, directory: &Directory) {
    let app = target.app.as_deref().and_then(|app| directory.access.apps.by_id(app));
    let (Some(app), Some(role)) = (app, target.role.filter(|role| role.takes_seat())) else {
        return;
    };
    let own = || target.account.as_ref().and_then(|id| directory.person_by_id(id));
    let members = || {
        let group = target.group.as_ref().and_then(|id| directory.group_by_id(id));
        group.and_then(|at| directory.access.members(at)).unwrap_or_default().to_vec()
    };
    let by_group = || target.group.clone().map(|id| SeatSource::Group(id, role));
    let spec = steps::of(kind);
    let (people, source) = match spec.about {
        About::Role => (own().into_iter().collect(), Some(SeatSource::Own(role))),
        About::GroupRole => (members(), by_group()),
        About::User | About::Membership(_) | About::Group | About::Token => return,
    };
    let Some(source) = source else { return };
    for person in people.into_iter().filter(|at| takes_seats(directory, *at)) {
        let (added, removed) = changes.entry((person, app)).or_default();
        let set = if spec.takes_away { removed } else { added };
        set.insert(source.clone());
    }
}
