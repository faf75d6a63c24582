//! One seed's life: an organization, a job, a plan, troubles, deaths, resumes, an end; then the
//! undo of it in the same way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use fastrand::Rng;
use headcount_engine::{DAY, Ending, Patience, RunError, RunOptions, Stop, StopKind, Verify};
use headcount_journal::{Count, RowView, Run, RunState};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::StepState;
use headcount_people::jobs::REVOKE_TOKENS;
use headcount_people::steps::{Before, Change, StepKind, read};
use serde_json::{Value, json};

use super::company::{Books, Task, found, found_groups, groups_to_remove, protected, task};
use super::hold;
use super::leavers;
use super::pages::Wrong;
use super::pair;
use super::process::{Death, Keys, Machine, Stretch, Tasks};
use super::provisioned;
use super::unlinking;
use super::weather::{Weather, draw_lag};

/// Resumes in calm weather at most: each canary that fails costs one.
pub const RESUMES: usize = 120;

/// What one life came to.
#[derive(Debug)]
pub struct Told {
    /// What happened, in order; the same seed gives the same.
    pub story: Vec<String>,
    pub requests: usize,
}

pub async fn live(seed: u64) -> Told {
    let mut rng = Rng::with_seed(seed);
    let machine = Machine::new(&mut rng).await;
    live_on(machine, rng, seed).await
}

/// The same with a job that finishes a leaver.
pub async fn live_of_leavers(seed: u64) -> Told {
    let mut rng = Rng::with_seed(seed);
    let mut machine = Machine::new(&mut rng).await;
    machine.tasks = Tasks::OfLeavers;
    live_on(machine, rng, seed).await
}

/// The same with users who are unlinked from the identity provider.
pub async fn live_of_unlinking(seed: u64) -> Told {
    let mut rng = Rng::with_seed(seed);
    let keys = unlinking::keys(&mut rng);
    let mut machine = Machine::new_with(&mut rng, Some(keys)).await;
    machine.tasks = Tasks::Unlinking;
    live_on(machine, rng, seed).await
}

/// Lives a pair of runs with a common journal; how often one was refused because it was the other's turn.
pub async fn refusals_of_a_pair(seed: u64) -> usize {
    let mut rng = Rng::with_seed(seed);
    let mut machine = Machine::new(&mut rng).await;
    let (task, books) = draw_task(&mut machine, &mut rng).await;
    let refusals = pair::live_with(&mut machine, &mut rng, &task, false).await;
    hold::guards_are_obeyed(&machine.net.lines(), &machine, &books);
    finish(machine);
    refusals
}

/// The same with a job that goes through the identity provider's directory.
pub async fn live_of_provisioned(seed: u64) -> Told {
    let mut rng = Rng::with_seed(seed);
    let machine = Machine::new_with(&mut rng, Some(Keys::Scim)).await;
    live_on(machine, rng, seed).await
}

async fn live_on(mut machine: Machine, mut rng: Rng, seed: u64) -> Told {
    // Not drawn, so that the other seeds stay as they are.
    if seed % 16 == 3 {
        machine.tell("the site's answers have no Date");
        machine.net.without_dates();
    }
    let (task, books) = draw_task(&mut machine, &mut rng).await;
    let by = if task.invite { " by invitation" } else { "" };
    machine.tell(format!("{}{by}: {} rows, keys {:?}", task.job, task.rows.len(), machine.keys));
    if task.job != Job::CreateUsers && rng.u8(..5) == 0 && machine.tasks != Tasks::OfLeavers {
        machine.tell("who is who from exports");
        machine.exports = Some(books.exports());
    }
    if rng.u8(..8) == 0 && machine.tasks != Tasks::OfLeavers {
        pair::live(&mut machine, &mut rng, &task).await;
        hold::guards_are_obeyed(&machine.net.lines(), &machine, &books);
        return finish(machine);
    }
    let run = plan(&mut machine, &mut rng, &task).await;
    machine.lags_by_id = rng.u8(..4) == 0;
    lag(&mut machine, &mut rng).await;
    let mut how = how(&mut rng);
    if rng.u8(..4) == 0 {
        how.recheck = true;
        somebody_else(&mut machine, &mut rng, &task).await;
    }
    let before = Books::read(&machine.net).await;
    let end = carry(&mut machine, &mut rng, &run, how).await;
    every_row_is_as_told(&machine, &run, &task, &end);
    provisioned::only_the_directory_is_changed(&machine, &before, &end);
    unlinking::only_the_owner_is_changed(&machine, &run, &before, &end);
    undo(&mut machine, &mut rng, (&run, &task), (&before, &end)).await;
    hold::guards_are_obeyed(&machine.net.lines(), &machine, &books);
    finish(machine)
}

/// An organization, a job on it, and who is protected. Now and then groups are deleted. (That is drawn
/// from numbers of their own, so that the other seeds stay as they are.)
pub async fn draw_task(machine: &mut Machine, rng: &mut Rng) -> (Task, Books) {
    found(&machine.net, rng).await;
    if machine.tasks == Tasks::Unlinking {
        unlinking::found(&machine.net, rng).await;
        let books = Books::read(&machine.net).await;
        let task = unlinking::task(rng, &books);
        machine.protect(protected(rng, &books));
        return (task, books);
    }
    if machine.tasks == Tasks::OfLeavers {
        leavers::found(&machine.net, rng).await;
        let books = Books::read(&machine.net).await;
        let task = leavers::task(rng, &books, machine.keys);
        machine.protect(protected(rng, &books));
        machine.options = task.options.clone();
        return (task, books);
    }
    if machine.keys == Keys::Scim {
        provisioned::found(&machine.net, rng).await;
        let books = Books::read(&machine.net).await;
        let task = provisioned::task(rng, &books);
        machine.protect(protected(rng, &books));
        return (task, books);
    }
    let mut own = Rng::with_seed(rng.clone().u64(..) ^ 0xde1e7e);
    let deletes = own.u8(..10) == 0;
    if deletes {
        found_groups(&machine.net, &mut own).await;
    }
    let books = Books::read(&machine.net).await;
    let task = match deletes {
        true => groups_to_remove(&mut own, &books),
        false => task(rng, &books, machine.keys),
    };
    machine.protect(protected(rng, &books));
    machine.invite = task.invite;
    (task, books)
}

fn finish(mut machine: Machine) -> Told {
    let lines = machine.net.lines();
    hold::waits_and_refusals_are_heeded(&lines, &machine.net, &machine.own_account);
    let mut story = std::mem::take(&mut machine.story);
    story.extend(lines.iter().map(|line| {
        format!(
            "{} {} {} {} -> {:?} {:?} {:?}",
            line.process, line.sent, line.method, line.path, line.answered, line.status, line.fate
        )
    }));
    Told { story, requests: lines.len() }
}

pub fn how(rng: &mut Rng) -> RunOptions {
    RunOptions {
        canary: [0, 1, 1, 2, 5][rng.usize(..5)],
        verify: [Verify::None, Verify::Canary, Verify::All][rng.usize(..3)],
        max_failures: [0, 1, 3, 10][rng.usize(..4)],
        max_changes: None,
        recheck: false,
        rereads_unknown: true,
        patience: Patience::default(),
    }
}

/// A plan by rows: outcome, reason and steps, without words that may differ.
type Said = BTreeMap<u64, Vec<String>>;

/// What a plan says, and the rows whose user or group could not be read: those are skipped, or their state is
/// unknown.
fn said(machine: &Machine, run: &Run) -> (Said, BTreeSet<u64>) {
    let (mut said, mut unread) = (Said::new(), BTreeSet::new());
    for row in machine.journal.rows(&run.id, 0, 10_000).unwrap() {
        if row.reason == Some(Reason::NotSent) {
            unread.insert(row.row);
        }
        said.entry(row.row).or_default().push(format!("{:?} {:?}", row.outcome, row.reason));
    }
    for step in machine.journal.steps(&run.id, StepState::Pending, 0, 10_000).unwrap() {
        let row = step.row;
        let Change { kind, target, before, .. } = read(step).unwrap().payload;
        if before == Before::Unseen {
            unread.insert(row);
        }
        said.entry(row).or_default().push(format!("{kind:?} {target:?} {before:?}"));
    }
    (said, unread)
}

/// Trouble makes no other plan, except for a row whose user could not be read on any try while the site
/// answered other questions. Of a row that was not read without trouble either, the same steps are planned; how
/// much of their state is known depends on which calls had an answer.
fn same_plan(
    task: &Task,
    (calm, known): &(Said, BTreeSet<u64>),
    (stormy, unread): &(Said, BTreeSet<u64>),
) {
    let unread: BTreeSet<_> = unread.difference(known).collect();
    // Several rows may name one user.
    let subject = |row: &&u64| task.rows[**row as usize - 1].0.subject();
    let subjects: BTreeSet<String> = unread.iter().map(subject).collect();
    assert!(subjects.len() <= 1, "trouble left several users unread: {unread:?}, {subjects:?}");
    let step =
        |said: &String| said.rsplit_once(" } ").map_or(said.clone(), |(step, _)| step.to_owned());
    let others = |said: &Said| -> Said {
        said.iter()
            .filter(|(row, _)| !unread.contains(row))
            .map(|(row, said)| match known.contains(row) {
                true => (*row, said.iter().map(step).collect()),
                false => (*row, said.clone()),
            })
            .collect()
    };
    assert_eq!(others(stormy), others(calm), "trouble made another plan");
}

/// The plan; in bad weather there is none, or it is the same as in good weather.
async fn plan(machine: &mut Machine, rng: &mut Rng, task: &Task) -> Run {
    let sheet = match rng.u8(..6) {
        0 => task.workbook(),
        _ => task.sheet(usize::MAX).into_bytes(),
    };
    let run = machine.plan(task.job, &sheet).await.unwrap();
    if rng.bool() {
        return run;
    }
    let calm = said(machine, &run);
    machine.journal.cancel(&run.id, machine.clock.now()).unwrap();
    for _ in 0..3 {
        let weather = Weather::draw_any(rng, machine.net.now());
        machine.begin(weather);
        if rng.bool() {
            machine.net.page_is_wrong(rng.u64(..6), Wrong::draw(rng));
        }
        if let Ok(run) = machine.plan(task.job, &sheet).await {
            same_plan(task, &calm, &said(machine, &run));
            return run;
        }
    }
    machine.begin(Weather::calm());
    if let Ok(run) = machine.plan(task.job, &sheet).await {
        return run;
    }
    // The site has asked for a long wait.
    tokio::time::sleep(DAY).await;
    machine.begin(Weather::calm());
    machine.plan(task.job, &sheet).await.unwrap()
}

/// Whether the site is left alone for a day before anybody goes on: a wait that is longer than that ends
/// a run at once, and in calm weather nothing else kills one.
pub fn needs_a_day(stretch: &Stretch) -> bool {
    match stretch {
        Stretch::Ended(Ending::Stopped(stop)) => stop.kind == StopKind::Refused,
        Stretch::Died => true,
        Stretch::Ended(Ending::Finished) | Stretch::Broke(_) => false,
    }
}

/// Another user does a part of the same before the plan is applied.
async fn somebody_else(machine: &mut Machine, rng: &mut Rng, task: &Task) {
    machine.begin(Weather::calm());
    let most = rng.usize(1..=task.rows.len());
    let run = machine.plan(task.job, &task.sheet(most)).await.unwrap();
    let how = RunOptions { canary: 0, max_failures: 0, ..RunOptions::default() };
    let Stretch::Ended(Ending::Finished) = machine.stretch(&run, &how, Death::Never).await else {
        panic!("the other run did not end")
    };
    machine.events.clear();
    // What another user does at the same time can't be distinguished from one's own
    // (docs/reliability.md).
    tokio::time::sleep(Duration::from_secs(600)).await;
}

/// From now on the site's searches show changes so late.
pub async fn lag(machine: &mut Machine, rng: &mut Rng) {
    let (lag, by_id) = (draw_lag(rng), machine.lags_by_id);
    machine.tell(format!("searches lag {lag} ms, by id {by_id}"));
    let net = &machine.net;
    net.control("POST", "lag", json!({ "lag_ms": lag, "by_id": by_id })).await;
}

/// Carries the run out through troubles and deaths to its end; the site's books then.
pub async fn carry(machine: &mut Machine, rng: &mut Rng, run: &Run, mut how: RunOptions) -> Books {
    let from = hold::logged(&machine.net).await;
    for _ in 0..rng.usize(0..6) {
        let weather = Weather::draw_any(rng, machine.net.now());
        machine.begin(weather);
        limits(machine, rng).await;
        if rng.u8(..6) == 0 {
            lag(machine, rng).await;
        }
        if how.recheck && rng.u8(..6) == 0 {
            let now = Books::read(&machine.net).await;
            machine.protected = protected(rng, &now);
            machine.tell(format!("the profile protects others: {:?}", machine.protected));
            let weather = Weather::draw_any(rng, machine.net.now());
            machine.begin(weather);
        }
        let death = Death::draw(rng);
        let told = machine.events.len();
        bounded(machine, rng, run, &how).await;
        let stretch = machine.stretch(run, &how, death).await;
        let allowed = (how.max_failures, hold::kinds(run));
        hold::failures_are_bounded(machine, allowed, &machine.events[told..]);
        if let Stretch::Broke(error) = &stretch {
            assert!(matches!(death, Death::Disk(_)), "{error}");
            assert!(matches!(error, RunError::Journal(_)), "{error}");
            let (sent, now) = (machine.net.lines().len(), machine.net.now());
            tokio::time::sleep(Duration::from_secs(rng.u64(0..100))).await;
            let since = machine.net.lines().split_off(sent);
            assert!(since.iter().all(|line| line.sent <= now), "sent without a journal: {since:?}");
        }
        hold::at_any_time(machine, run, from).await;
        if let Stretch::Ended(Ending::Finished) = stretch {
            assert_eq!(machine.run(run).state, RunState::Finished);
        }
        how.recheck = true;
    }
    // What is still on its way arrives.
    tokio::time::sleep(Duration::from_secs(600)).await;
    // A run that may not fail twice continues by a row each time.
    let resumes = RESUMES + machine.journal.counts(&run.id).unwrap().rows as usize;
    for at in 0.. {
        assert!(at < resumes, "it does not get to its end: {:?}", machine.story.last());
        machine.begin(Weather::slow(rng));
        let stretch = machine.stretch(run, &how, Death::Never).await;
        assert!(!matches!(stretch, Stretch::Broke(_)), "{stretch:?}");
        hold::at_any_time(machine, run, from).await;
        let unknown = machine.journal.counts(&run.id).unwrap().unknown;
        match stretch {
            Stretch::Ended(Ending::Finished) if unknown == 0 => break,
            stretch if needs_a_day(&stretch) => tokio::time::sleep(DAY).await,
            // An index that lags for longer than anybody waits: later it shows.
            _ if unknown > 0 => tokio::time::sleep(Duration::from_secs(600)).await,
            _ => {}
        }
        how.recheck = true;
    }
    hold::at_the_end(machine, run, from).await;
    hold::each_row_is_told_once(machine, run, &machine.events);
    hold::no_key_is_anywhere(machine, run);
    machine.events.clear();
    Books::read(&machine.net).await
}

/// Now and then more is planned than is allowed: nothing is sent then.
async fn bounded(machine: &mut Machine, rng: &mut Rng, run: &Run, how: &RunOptions) {
    let open = machine.journal.count(&run.id, Count::OpenSteps).unwrap();
    if open == 0 || rng.u8(..8) != 0 {
        return;
    }
    let changes = |machine: &Machine| machine.net.lines().iter().filter(|l| l.changes()).count();
    let (sent, state) = (changes(machine), machine.run(run).state);
    let how = RunOptions { max_changes: Some(rng.u64(..open)), ..how.clone() };
    let stretch = machine.stretch(run, &how, Death::Never).await;
    if matches!(stretch, Stretch::Died) {
        // What has to be known before could not be read.
        return;
    }
    let is_bound = |stop: &Stop| stop.kind == StopKind::Bound;
    assert!(
        matches!(&stretch, Stretch::Ended(Ending::Stopped(stop)) if is_bound(stop)),
        "{stretch:?}"
    );
    assert_eq!((changes(machine), machine.run(run).state), (sent, state));
}

/// Limits that change now and then, and one that changes while the run continues.
pub async fn limits(machine: &mut Machine, rng: &mut Rng) {
    if rng.bool() {
        return;
    }
    let some = |rng: &mut Rng| {
        [json!(1), json!(5), json!(20), json!(100), Value::Null][rng.usize(..5)].clone()
    };
    machine.net.control("POST", "rate", json!({ "rate": some(rng) })).await;
    let (later, then) = (rng.u64(0..20_000), some(rng));
    let net = std::sync::Arc::clone(&machine.net);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(later)).await;
        net.control("POST", "rate", json!({ "rate": then })).await;
    });
}

/// Rows `changed` and `unchanged` are as the sheet wants them.
pub fn every_row_is_as_told(machine: &Machine, run: &Run, task: &Task, end: &Books) {
    for row in machine.journal.rows(&run.id, 0, 10_000).unwrap() {
        if matches!(row.outcome, Some(Outcome::Changed | Outcome::Unchanged)) {
            let at = row.row as usize - 1;
            assert!(task.holds(at, end), "not so: {row:?}, {:?}", task.rows[at]);
        }
    }
}

/// Undoes what was changed, in the same weather; then what was undone is as before, all else
/// as it was left, and listed.
async fn undo(
    machine: &mut Machine,
    rng: &mut Rng,
    (run, task): (&Run, &Task),
    (before, after): (&Books, &Books),
) {
    machine.begin(Weather::calm());
    let run = machine.run(run);
    let remove_created = rng.bool();
    let mut undo = machine.plan_undo(&run, remove_created).await;
    for at in 0..22 {
        if undo.is_ok() {
            break;
        }
        // An index that catches up while a group is read: its members do not add up. Later they do. And
        // what the site asked to leave alone for longer than a day is asked for again after one.
        tokio::time::sleep(if at < 20 { Duration::from_secs(60) } else { DAY }).await;
        machine.begin(Weather::calm());
        undo = machine.plan_undo(&run, remove_created).await;
    }
    let undo = undo.unwrap();
    machine.tell(format!("undo, remove_created {remove_created}"));
    let how = how(rng);
    let end = carry(machine, rng, &undo, how).await;
    let mut changed = machine.journal.rows(&run.id, 0, 10_000).unwrap();
    changed.retain(|row| row.outcome == Some(Outcome::Changed));
    let undone = machine.journal.rows(&undo.id, 0, 10_000).unwrap();
    let numbers = |rows: &[RowView]| -> Vec<u64> { rows.iter().map(|row| row.row).collect() };
    if task.headings.contains(&"groups") {
        // The row that a step is in first lists it, however that row ended.
        let effects = machine.journal.effects(&run.id, 0, 100_000).unwrap();
        let rows: BTreeSet<u64> = effects.iter().map(|effect| effect.step.row).collect();
        assert_eq!(rows, numbers(&undone).into_iter().collect(), "the undo lists what was changed");
        return every_part_is_taken_back(machine, &run, &undo, &end, remove_created);
    }
    assert_eq!(numbers(&changed), numbers(&undone), "the undo lists what was changed");
    // A row that also revoked tokens is `skipped`, because no undo restores these.
    let effects = machine.journal.effects(&undo.id, 0, 100_000).unwrap();
    let changed = effects.into_iter().filter(|effect| effect.outcome == Outcome::Changed);
    let in_part: BTreeSet<u64> = match run.options[REVOKE_TOKENS] == true {
        true => changed.map(|effect| effect.step.row).collect(),
        false => BTreeSet::new(),
    };
    let taken_back = |row: &&RowView| {
        let is_whole = matches!(row.outcome, Some(Outcome::Changed | Outcome::Unchanged));
        is_whole || in_part.contains(&row.row)
    };
    if run.job == Job::CreateUsers {
        for row in &undone {
            let mail = row.cells[0].as_str();
            let there = end.by_mail(mail).is_some_and(|(_, person)| person["place"] != "removed");
            assert_eq!(there, !taken_back(&row), "{row:?}");
            let listed = row.reason == Some(Reason::NotUndoable);
            assert!(remove_created || listed, "{row:?}");
        }
        return;
    }
    let mut expected = after.clone();
    for row in undone.iter().filter(taken_back) {
        let is_changed = row.outcome == Some(Outcome::Changed);
        let asked = &task.rows[row.row as usize - 1].0;
        expected.take_back(run.job, (asked, is_changed), before);
    }
    // A deactivated account that was deleted takes two steps; if the second is refused, the row says that it is active.
    let half_done: BTreeSet<u64> =
        undone.iter().filter(|row| !taken_back(row)).map(|row| row.row).collect();
    for effect in machine.journal.effects(&undo.id, 0, 100_000).unwrap() {
        let Change { kind, target, .. } = read(effect.step.clone()).unwrap().payload;
        let is_half = half_done.contains(&effect.step.row) && effect.outcome == Outcome::Changed;
        if is_half && kind == StepKind::CancelDelete {
            let account = target.account.unwrap();
            let person = expected.people.get_mut(account.as_str()).unwrap();
            person.as_object_mut().unwrap().remove("lifecycle");
        }
    }
    assert_eq!(end, expected, "what was taken back is as before, and nothing else was touched");
}

/// Of users with groups: a user who was created and removed by the undo is gone; in a group that the undo
/// took a user out of, they are not; all else that was changed stays.
fn every_part_is_taken_back(
    machine: &Machine,
    run: &Run,
    undo: &Run,
    end: &Books,
    remove_created: bool,
) {
    let effects = |run: &Run| machine.journal.effects(&run.id, 0, 100_000).unwrap();
    let mut gone = BTreeSet::new();
    let mut out = BTreeSet::new();
    for effect in effects(undo) {
        let target = read(effect.step).unwrap().payload.target;
        let account = target.account.unwrap().as_str().to_owned();
        match target.group {
            Some(group) => drop(out.insert((account, group.as_str().to_owned()))),
            None => drop(gone.insert(account)),
        }
    }
    assert!(remove_created || gone.is_empty(), "{gone:?}");
    for effect in effects(run) {
        let target = read(effect.step).unwrap().payload.target;
        let Some(account) = target.account.map(|id| id.as_str().to_owned()) else { continue };
        let there = end.people.get(&account).is_some_and(|person| person["place"] != "removed");
        assert_eq!(there, !gone.contains(&account), "{account}");
        let Some(group) = target.group else { continue };
        let pair = (account, group.as_str().to_owned());
        assert!(!(out.contains(&pair) && end.memberships.contains(&pair)), "still there: {pair:?}");
        let stays = !out.contains(&pair) && !gone.contains(&pair.0);
        assert!(!stays || end.memberships.contains(&pair), "taken away: {pair:?}");
    }
}
