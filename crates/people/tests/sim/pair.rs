//! Two runs of one job at the same time on one site: on two computers with a journal each, or in two processes
//! with one journal; with or without common rows. Both crash and resume like a single run.

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;
use headcount_engine::{DAY, Ending, RunError, RunOptions};
use headcount_journal::Run;
use headcount_model::outcome::Outcome;
use headcount_model::step::StepState;
use headcount_people::steps::{self, Change, Step};

use serde_json::Value;

use super::company::{Books, Task};
use super::hold;
use super::life::{RESUMES, every_row_is_as_told, how, lag, limits, needs_a_day};
use super::process::{Death, Machine, Stretch};
use super::weather::Weather;

/// One of the two.
struct One<'m> {
    machine: &'m mut Machine,
    run: Run,
    how: RunOptions,
    task: Task,
}

impl One<'_> {
    async fn stretch(&mut self, death: Death) -> Stretch {
        let stretch = self.machine.stretch(&self.run, &self.how, death).await;
        self.how.recheck = true;
        stretch
    }

    fn is_over(&self, stretch: &Stretch) -> bool {
        let unknown = self.machine.journal.counts(&self.run.id).unwrap().unknown;
        matches!(stretch, Stretch::Ended(Ending::Finished)) && unknown == 0
    }

    fn death(&self, rng: &mut Rng) -> Death {
        match Death::draw(rng) {
            // A full disk and counted requests belong to one computer.
            Death::Disk(_) | Death::Requests(_) => Death::Polls(rng.u64(1..60)),
            death => death,
        }
    }
}

/// The rows of each run.
fn parts(rng: &mut Rng, task: &Task) -> (Task, Task) {
    let many = task.rows.len();
    if many > 1 && rng.bool() {
        let cut = rng.usize(1..many);
        return (task.part(0..cut), task.part(cut..many));
    }
    (task.part(0..rng.usize(1..=many)), task.part(rng.usize(0..many)..many))
}

pub async fn live(machine: &mut Machine, rng: &mut Rng, task: &Task) {
    let own_journal = rng.bool();
    machine.tell(format!("two runs at once, own journal {own_journal}"));
    let (first, second) = parts(rng, task);
    let mut beside = machine.beside(own_journal);
    beside.begin(Weather::calm());
    let run = machine.plan(first.job, first.sheet(usize::MAX)).await.unwrap();
    let mut one = One { machine, run, how: how(rng), task: first };
    let run = beside.plan(second.job, second.sheet(usize::MAX)).await.unwrap();
    let mut two = One { machine: &mut beside, run, how: how(rng), task: second };
    one.machine.lags_by_id = rng.u8(..4) == 0;
    lag(one.machine, rng).await;
    let from = hold::logged(&one.machine.net).await;
    for _ in 0..rng.usize(0..5) {
        let weather = Weather::draw_any(rng, one.machine.net.now());
        one.machine.begin(weather.clone());
        two.machine.begin(weather);
        limits(one.machine, rng).await;
        let deaths = (one.death(rng), two.death(rng));
        let stretches = tokio::join!(one.stretch(deaths.0), two.stretch(deaths.1));
        for stretch in [stretches.0, stretches.1] {
            assert!(!matches!(stretch, Stretch::Broke(RunError::Worker { .. })), "{stretch:?}");
            assert!(!matches!(stretch, Stretch::Broke(_)), "{stretch:?}");
        }
        accounted(&[&one, &two], from, false).await;
    }
    tokio::time::sleep(Duration::from_secs(600)).await;
    for at in 0.. {
        assert!(at < RESUMES, "they do not get to their end");
        one.machine.begin(Weather::slow(rng));
        two.machine.begin(Weather::slow(rng));
        let stretches = tokio::join!(one.stretch(Death::Never), two.stretch(Death::Never));
        accounted(&[&one, &two], from, false).await;
        if one.is_over(&stretches.0) && two.is_over(&stretches.1) {
            break;
        }
        let long = needs_a_day(&stretches.0) || needs_a_day(&stretches.1);
        tokio::time::sleep(if long { DAY } else { Duration::from_secs(600) }).await;
    }
    accounted(&[&one, &two], from, true).await;
    let end = Books::read(&one.machine.net).await;
    for one in [&one, &two] {
        every_row_is_as_told(one.machine, &one.run, &one.task, &end);
        hold::each_row_is_told_once(one.machine, &one.run, &one.machine.events);
        hold::no_key_is_anywhere(one.machine, &one.run);
    }
}

/// Equal for two steps of two journals that make the same change.
fn subject(step: &Step) -> String {
    let Change { kind, target, wanted, .. } = &step.payload;
    match kind.word() {
        "create-user" => target.mail.clone().unwrap_or_default().to_lowercase(),
        // The same user with other groups is another change.
        "invite-user" => {
            let mail = target.mail.clone().unwrap_or_default().to_lowercase();
            format!("{mail} {:?}", wanted.groups)
        }
        "create-group" => target.group_name.clone().unwrap_or_default().to_lowercase(),
        // A user who does not exist yet has only an address.
        _ => match &target.account {
            Some(account) => format!("{account} {:?}", target.group),
            None => format!("{:?} {:?}", target.mail, target.group),
        },
    }
}

/// Changed in either journal ≤ effects ≤ changed, unknown or open in either. A change that both report counts
/// once: after a lost answer, "already in the wanted state" and "changed by this run" can't be distinguished
/// (docs/reliability.md).
async fn accounted(both: &[&One<'_>], from: u64, at_the_end: bool) {
    let (mut changed, mut silent, mut open) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for one in both {
        let (journal, run) = (&one.machine.journal, &one.run.id);
        silent.extend(hold::silent_steps(one.machine, &one.run).await.iter().map(subject));
        let done = journal.settled_steps(run, Outcome::Changed, 0, 10_000).unwrap();
        changed.extend(done.into_iter().map(|(step, _)| subject(&steps::read(step).unwrap())));
        let unknown = journal.settled_steps(run, Outcome::Unknown, 0, 10_000).unwrap();
        let unknown = unknown.into_iter().map(|(step, _)| step);
        let started = journal.steps(run, StepState::Started, 0, 10_000).unwrap();
        let pending = journal.steps(run, StepState::Pending, 0, 10_000).unwrap();
        let all = unknown.chain(started).chain(pending);
        open.extend(all.map(|step| subject(&steps::read(step).unwrap())));
    }
    assert!(!at_the_end || open.is_empty(), "{open:?}");
    let effects = hold::effects(&one_net(both), from).await;
    assert!(changed.len() <= effects.len() + silent.len(), "{changed:?} changed, {effects:?}");
    let may = changed.union(&open).count();
    if effects.len() > may {
        let books = Books::read(&one_net(both)).await;
        let mail = |effect: &Value| {
            let person = &books.people[effect[0]["account"].as_str()?];
            person["email"].as_str().map(str::to_lowercase)
        };
        let claimed =
            |mail: &String| changed.union(&open).any(|one| one.starts_with(mail.as_str()));
        let of_nobody: Vec<_> =
            effects.iter().filter_map(mail).filter(|mail| !claimed(mail)).collect();
        panic!(
            "{} effects, {may} changed or open; claimed by nobody: {of_nobody:?}",
            effects.len()
        );
    }
    let distinct: BTreeSet<String> = effects.iter().map(ToString::to_string).collect();
    assert_eq!(distinct.len(), effects.len(), "done twice: {effects:?}");
}

fn one_net(both: &[&One<'_>]) -> std::sync::Arc<super::network::Network> {
    std::sync::Arc::clone(&both[0].machine.net)
}
