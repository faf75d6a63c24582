//! One kind of trouble alone: a credential that turns at a random moment, a clock that jumps, headers
//! that lie. What becomes of each row is then what becomes of it where nothing goes wrong, however many
//! processes it takes; and nothing takes longer than it has to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use fastrand::Rng;
use headcount_engine::{DAY, Ending, RunOptions, StopKind};
use headcount_journal::Run;
use headcount_model::outcome::Outcome;

use super::company::Books;
use super::hold;
use super::life::{draw_task, every_row_is_as_told};
use super::process::{Death, Keys, Machine, Stretch};
use super::weather::{LIES, Turn, Weather};
use super::{asked, clock};

/// Seeds of each kind when nothing else is asked for.
const SEEDS: u64 = 24;

/// No more processes are needed for one run: each canary row that fails costs one.
const PROCESSES: usize = 80;

/// Fewer rows than this take no longer than that, whatever the headers say.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// What became of the rows, and where.
#[derive(Debug, PartialEq)]
struct End {
    outcomes: Vec<Option<Outcome>>,
    /// What is said of each row.
    details: Vec<String>,
    books: Books,
}

/// The weather of the processes, one after the other; from the last on it is calm.
type Trouble = dyn Fn(&mut Rng, Keys) -> Vec<Weather>;

fn live(seed: u64, trouble: &Trouble) -> End {
    clock().block_on(async {
        let mut rng = Rng::with_seed(seed);
        let mut machine = Machine::new(&mut rng).await;
        let (task, books) = draw_task(&mut machine, &mut rng).await;
        let run = machine.plan(task.job, task.sheet(40)).await.unwrap();
        let from = hold::logged(&machine.net).await;
        let mut how = RunOptions { max_failures: 0, ..RunOptions::default() };
        for weather in trouble(&mut rng, machine.keys) {
            machine.begin(weather.clone());
            let began = machine.net.now();
            let stretch = machine.stretch(&run, &how, Death::Never).await;
            is_as_it_should_be(&machine, &stretch, &weather, began);
            hold::at_any_time(&machine, &run, from).await;
            how.recheck = true;
        }
        to_the_end(&mut machine, &run, how).await;
        hold::at_the_end(&machine, &run, from).await;
        let end = Books::read(&machine.net).await;
        every_row_is_as_told(&machine, &run, &task, &end);
        let lines = machine.net.lines();
        hold::guards_are_obeyed(&lines, &machine, &books);
        hold::waits_and_refusals_are_heeded(&lines, &machine.net, &machine.own_account);
        let rows = machine.journal.rows(&run.id, 0, 10_000).unwrap();
        let details = rows.iter().map(|row| row.detail.clone()).collect();
        End { outcomes: rows.iter().map(|row| row.outcome).collect(), details, books: end }
    })
}

async fn to_the_end(machine: &mut Machine, run: &Run, mut how: RunOptions) {
    for _ in 0..PROCESSES {
        machine.begin(Weather::calm());
        let stretch = machine.stretch(run, &how, Death::Never).await;
        how.recheck = true;
        let unknown = machine.journal.counts(&run.id).unwrap().unknown;
        if matches!(stretch, Stretch::Ended(Ending::Finished)) && unknown == 0 {
            return;
        }
        tokio::time::sleep(DAY).await;
    }
    panic!("it does not get to its end: {:?}", machine.story.last());
}

/// A run with a credential that has ended stops, and headers that lie hold nothing up for long.
fn is_as_it_should_be(machine: &Machine, stretch: &Stretch, weather: &Weather, began: u64) {
    if !weather.lies().is_empty() {
        let took = Duration::from_millis(machine.net.now() - began);
        assert!(took < PATIENCE, "{took:?} with {:?}", weather.lies());
    }
    if let Stretch::Ended(Ending::Stopped(stop)) = stretch {
        let expected = [
            StopKind::Credential,
            StopKind::Redirected,
            StopKind::Canary,
            StopKind::Refused,
            StopKind::OutOfReach,
        ];
        assert!(expected.contains(&stop.kind), "{stop:?}");
    }
}

/// Lives each seed in calm weather and in each trouble, and compares their ends.
fn compare(troubles: &[(String, Box<Trouble>)]) {
    let seeds = asked("HEADCOUNT_SIM_SEEDS").unwrap_or(SEEDS);
    let from = asked("HEADCOUNT_SIM_FROM").unwrap_or(0);
    let mut failed = Vec::new();
    for seed in from..from + seeds {
        let calm = live(seed, &|_, _| Vec::new());
        for (kind, trouble) in troubles {
            let lived = catch_unwind(AssertUnwindSafe(|| {
                let end = live(seed, trouble);
                for (at, outcome) in end.outcomes.iter().enumerate() {
                    let row = (at + 1, outcome, &end.details[at]);
                    assert_eq!(
                        *outcome, calm.outcomes[at],
                        "{row:?}, in calm {}",
                        calm.details[at]
                    );
                }
                assert_eq!(seen(&end.books), seen(&calm.books), "the site");
            }));
            if let Err(panic) = lived {
                let words = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                let words: String = words.chars().take(900).collect();
                failed.push(format!("{kind}, seed {seed}: {words}"));
            }
        }
    }
    assert!(failed.is_empty(), "{} fail\n{}", failed.len(), failed.join("\n"));
}

/// Without ids and times that a creation draws.
fn seen(books: &Books) -> (Vec<String>, usize, Vec<String>) {
    let person = |(_, person): (&String, &serde_json::Value)| {
        format!("{} {} {}", person["email"], person["place"], person["lifecycle"])
    };
    let mut people: Vec<_> = books.people.iter().map(person).collect();
    let mut groups: Vec<_> = books.groups.iter().map(|(_, name)| name.clone()).collect();
    people.sort();
    groups.sort();
    (people, books.memberships.len(), groups)
}

/// A credential of the profile turns at a random moment; then once more in the process after.
fn turned(turns: &[Turn]) {
    let troubles = turns.iter().map(|&turn| {
        let trouble: Box<Trouble> = Box::new(move |rng, keys| {
            let is_jira = match keys {
                Keys::Both | Keys::Scim => rng.bool(),
                Keys::Jira => true,
                Keys::Org => false,
            };
            (0..2).map(|_| Weather::turned(rng.u64(1..40), is_jira, turn)).collect()
        });
        (format!("{turn:?}"), trouble)
    });
    compare(&troubles.collect::<Vec<_>>());
}

#[test]
fn a_credential_that_turns_to_404_changes_no_outcome() {
    turned(&[Turn::NotFound, Turn::PageNotFound]);
}

#[test]
fn a_credential_that_turns_to_403_changes_no_outcome() {
    turned(&[Turn::Forbidden, Turn::PageForbidden]);
}

#[test]
fn a_credential_that_turns_to_a_web_page_changes_no_outcome() {
    turned(&[Turn::SignIn, Turn::Empty]);
}

#[test]
fn a_credential_that_turns_to_a_redirect_changes_no_outcome() {
    turned(&[301, 302, 303, 307, 308].map(Turn::Redirected));
}

#[test]
fn a_credential_that_lacks_a_scope_changes_no_outcome() {
    turned(&[Turn::Scope]);
}

#[test]
fn a_clock_that_jumps_changes_no_outcome() {
    let jumps = |rng: &mut Rng, _: Keys| (0..3).map(|_| Weather::jumping(rng)).collect();
    compare(&[("a clock that jumps".to_owned(), Box::new(jumps))]);
}

#[test]
fn headers_that_lie_change_no_outcome_and_hold_nothing_up() {
    let lie = |lies| -> (String, Box<Trouble>) {
        (format!("{lies:?}"), Box::new(move |_, _| vec![Weather::lying(lies)]))
    };
    compare(&LIES.map(lie));
}
