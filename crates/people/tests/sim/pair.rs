//! Two runs of one job at the same time on one site: on two computers with a journal each, or in two processes
//! with one journal; with or without common rows. Both crash and resume like a single run.
//!
//! With one journal on a server they take turns: while one is applied, the other is refused with its name, sends
//! nothing, and can be applied after it.

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;
use headcount_engine::{DAY, Ending, RunError, RunOptions};
use headcount_journal::{JournalError, Run, RunState};
use headcount_model::outcome::Outcome;
use headcount_model::step::StepState;
use headcount_people::steps::{self, Change, Step};

use serde_json::Value;

use super::company::{Books, Task};
use super::hold;
use super::journals;
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

    fn state(&self) -> RunState {
        self.machine.run(&self.run).state
    }

    fn is_over(&self, stretch: &Stretch) -> bool {
        let unknown = self.machine.journal.counts(&self.run.id).unwrap().unknown;
        matches!(stretch, Stretch::Ended(Ending::Finished)) && unknown == 0
    }

    /// Whether a stretch was refused because it is the other's turn. Nothing was sent then, and the run is as before.
    fn is_refused(&self, other: &Self, was: RunState, stretch: &Stretch) -> bool {
        let error = match stretch {
            Stretch::Broke(error) => error,
            Stretch::Ended(_) | Stretch::Died => return false,
        };
        let RunError::Journal(JournalError::OthersTurn { run, other: named, .. }) = error else {
            panic!("{error:?}")
        };
        assert!(self.shares_a_server(other), "these runs have no common turns: {error}");
        assert_eq!((run, named), (&self.run.id, &other.run.id), "{error}");
        assert_eq!(self.machine.run(&self.run).state, was, "{error}");
        let (net, process) = (&self.machine.net, self.machine.process());
        let sent = net.lines().into_iter().find(|line| line.process == process && line.changes());
        assert!(sent.is_none(), "refused, and sent {sent:?}");
        true
    }

    fn shares_a_server(&self, other: &Self) -> bool {
        journals::are_on_a_server() && self.machine.path == other.machine.path
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

/// Both at once, each in a new process; then the one that was refused, if one was. Also, whether one was.
async fn both<'m>(
    (one, two): (&mut One<'m>, &mut One<'m>),
    weather: &Weather,
    deaths: (Death, Death),
) -> ([Stretch; 2], bool) {
    one.machine.begin(weather.clone());
    two.machine.begin(weather.clone());
    let was = (one.state(), two.state());
    let (mut first, mut second) = tokio::join!(one.stretch(deaths.0), two.stretch(deaths.1));
    let refused = (one.is_refused(two, was.0, &first), two.is_refused(one, was.1, &second));
    let turn = match refused {
        (false, false) => return ([first, second], false),
        (true, true) => panic!("each is refused because of the other"),
        (true, false) => (&mut first, one, &*two),
        (false, true) => (&mut second, two, &*one),
    };
    let (stretch, next, other) = turn;
    next.machine.begin(weather.clone());
    let was = next.state();
    *stretch = next.stretch(Death::Never).await;
    assert!(!next.is_refused(other, was, stretch), "the other's turn is over");
    ([first, second], true)
}

pub async fn live(machine: &mut Machine, rng: &mut Rng, task: &Task) {
    let own_journal = rng.bool();
    live_with(machine, rng, task, own_journal).await;
}

/// The same with this choice of journals. How often one run was refused because it was the other's turn.
pub async fn live_with(
    machine: &mut Machine,
    rng: &mut Rng,
    task: &Task,
    own_journal: bool,
) -> usize {
    let mut refusals = 0;
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
        limits(one.machine, rng).await;
        let deaths = (one.death(rng), two.death(rng));
        let (_, refused) = both((&mut one, &mut two), &weather, deaths).await;
        refusals += usize::from(refused);
        accounted(&[&one, &two], from, false).await;
    }
    tokio::time::sleep(Duration::from_secs(600)).await;
    for at in 0.. {
        assert!(at < RESUMES, "they do not get to their end");
        let weather = Weather::slow(rng);
        let never = (Death::Never, Death::Never);
        let (stretches, refused) = both((&mut one, &mut two), &weather, never).await;
        refusals += usize::from(refused);
        accounted(&[&one, &two], from, false).await;
        if one.is_over(&stretches[0]) && two.is_over(&stretches[1]) {
            break;
        }
        let long = stretches.iter().any(needs_a_day);
        tokio::time::sleep(if long { DAY } else { Duration::from_secs(600) }).await;
    }
    accounted(&[&one, &two], from, true).await;
    let end = Books::read(&one.machine.net).await;
    for one in [&one, &two] {
        every_row_is_as_told(one.machine, &one.run, &one.task, &end);
        hold::each_row_is_told_once(one.machine, &one.run, &one.machine.events);
        hold::no_key_is_anywhere(one.machine, &one.run);
    }
    refusals
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
