//! Tests the checks: each gets a log, journal or story with one mistake, and must find it.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;
use futures_util::FutureExt as _;
use headcount_atlassian::pace::PaceSettings;
use headcount_engine::{Ending, RunOptions};
use headcount_journal::Run;
use headcount_model::event::Event;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::protected::Protected;
use headcount_model::reason::Reason;
use headcount_model::user::AccountId;
use headcount_people::resolve::OwnAccount;
use headcount_sandbox::Config;
use serde_json::{Value, json};

use super::company::{Asked, Books, Task};
use super::hold;
use super::life::every_row_is_as_told;
use super::network::Line;
use super::process::{Death, Machine, Stretch};
use super::weather::Fate;
use super::{clock, pages::Wrong};

async fn machine() -> Machine {
    let config = Config { people: Some(60), ..Config::default() };
    let pace = PaceSettings { concurrency: None, rate: None, seed: 1 };
    Machine::of(config, pace, Rng::with_seed(1)).await
}

fn finds(what: &str, check: impl FnOnce()) {
    assert!(catch_unwind(AssertUnwindSafe(check)).is_err(), "{what} goes unnoticed");
}

async fn finds_later(what: &str, check: impl Future<Output = ()>) {
    assert!(AssertUnwindSafe(check).catch_unwind().await.is_err(), "{what} goes unnoticed");
}

fn line(process: u64, method: &str, path: &str, body: Value) -> Line {
    Line {
        process,
        sent: 1_000,
        method: method.into(),
        path: path.into(),
        body,
        answered: Some(1_100),
        status: Some(200),
        announced: None,
        fate: Fate::default(),
    }
}

/// A user with this property.
fn user_with(books: &Books, fits: impl Fn(&Value) -> bool) -> (String, String) {
    let (account, person) = books.people.iter().find(|(_, person)| fits(person)).unwrap();
    (account.clone(), person["email"].as_str().unwrap().to_owned())
}

/// Whatever call touches them.
#[test]
fn who_must_not_be_touched() {
    clock().block_on(async {
        let mut machine = machine().await;
        let boss = json!({ "email": "boss@banc.ly", "name": "Boss", "org_admin": true });
        let google = json!({ "email": "google@banc.ly", "name": "G", "source": "google" });
        machine.net.control("POST", "seed", json!({ "people": [boss, google] })).await;
        let books = Books::read(&machine.net).await;
        let plain = |person: &Value| {
            person.get("source").is_none() && person["org_admin"] != true && person["email"] != ""
        };
        let (account, mail) = user_with(&books, plain);
        let (admin, _) =
            user_with(&books, |p| p["org_admin"] == true && p["email"] != "admin@banc.ly");
        let (me, _) = user_with(&books, |person| person["email"] == "admin@banc.ly");
        let (synced, _) = user_with(&books, |person| person["source"] == "scim");
        let (group, _) = books.groups.iter().find(|(id, _)| !books.synced.contains(id)).unwrap();
        let owned = books.synced.iter().next().unwrap();
        let directory = "/admin/v2/orgs/o/directories/d";
        let add = |who: &str, to: &str| {
            let path = format!("/rest/api/3/group/user?groupId={to}");
            line(1, "POST", &path, json!({ "accountId": who }))
        };
        let suspend =
            |who: &str| line(1, "POST", &format!("{directory}/users/{who}/suspend"), Value::Null);
        let remove = |who: &str| {
            line(1, "DELETE", &format!("/rest/api/3/user?accountId={who}"), Value::Null)
        };
        let obeyed = |machine: &Machine, line: &Line| {
            hold::guards_are_obeyed(std::slice::from_ref(line), machine, &books);
        };
        for fine in [add(&account, group), suspend(&account), remove(&account)] {
            obeyed(&machine, &fine);
        }
        let disable = format!("/users/{synced}/manage/lifecycle/disable");
        let (google, _) = user_with(&books, |person| person["source"] == "google");
        let unlink = |who: &str| {
            let path = format!("/admin/user-provisioning/v1/org/o/user/{who}/onlyDeleteUserInDB");
            line(1, "DELETE", &path, Value::Null)
        };
        obeyed(&machine, &unlink(&synced));
        for (what, line) in [
            ("an administrator who is suspended", suspend(&admin)),
            ("an administrator who is removed", remove(&admin)),
            ("own-account", remove(&me)),
            ("an identity provider's person", line(1, "POST", &disable, Value::Null)),
            ("an identity provider's group", add(&account, owned)),
            ("an administrator who is unlinked", unlink(&admin)),
            ("own account that is unlinked", unlink(&me)),
            ("Google's user who is unlinked", unlink(&google)),
        ] {
            finds(what, || obeyed(&machine, &line));
        }
        let invite = line(1, "POST", "/admin/v2/orgs/o/users/invite", json!({ "emails": [mail] }));
        let create = line(1, "POST", "/rest/api/3/user", json!({ "emailAddress": mail }));
        let (domain, to) = (mail.split_once('@').unwrap().1, add(&account, group));
        for entry in [account.clone(), mail.clone(), format!("@{domain}")] {
            machine.protect(Protected::new([entry.clone()]));
            let unlink = unlink(&account);
            for touched in [&to, &suspend(&account), &remove(&account), &unlink, &invite, &create] {
                finds(&format!("{entry}, {}", touched.path), || obeyed(&machine, touched));
            }
        }
        machine.protect(Protected::new([group.clone()]));
        finds("a protected group", || obeyed(&machine, &to));
        // What the profile protects only later does not count for earlier requests.
        machine.protect(Protected::default());
        machine.begin(super::weather::Weather::calm());
        machine.protect(Protected::new([group.clone()]));
        obeyed(&machine, &to);
    });
}

#[test]
fn who_does_not_wait_or_goes_on_with_a_refused_key() {
    clock().block_on(async {
        let machine = machine().await;
        let read = |sent: u64| Line { sent, ..line(1, "GET", "/rest/api/3/myself", Value::Null) };
        let heeded = |first: Line, later: Line| {
            let own_account = OwnAccount { account: AccountId::parse("me").ok(), mail: None };
            hold::waits_and_refusals_are_heeded(&[first, later], &machine.net, &own_account);
        };
        let wait = || Line { status: Some(429), announced: Some(60), ..read(1_000) };
        heeded(wait(), read(61_100));
        finds("a request before the wait is over", || heeded(wait(), read(61_099)));
        let refused = || Line { status: Some(401), ..read(1_000) };
        heeded(refused(), read(1_100));
        // The first 401 may be a chance, so the credential is checked.
        heeded(refused(), read(1_101));
        let asked_again = || {
            let own_account = OwnAccount { account: AccountId::parse("me").ok(), mail: None };
            let first = Line { sent: 900, answered: Some(950), ..refused() };
            let lines = [first, refused(), read(1_101)];
            hold::waits_and_refusals_are_heeded(&lines, &machine.net, &own_account);
        };
        finds("a request with a refused key", asked_again);
        let user = |who: &str| format!("/rest/api/3/user?accountId={who}");
        let of = |who: &str, sent: u64| Line { path: user(who), ..read(sent) };
        let doubted = || Line { path: user("other"), ..refused() };
        heeded(doubted(), read(1_101));
        heeded(doubted(), of("me", 1_101));
        finds("a request with a key in doubt", || heeded(doubted(), of("other", 1_101)));
    });
}

/// A finished run of three rows: two changed, one unchanged.
async fn done() -> (Machine, Run, Task, u64) {
    let mut machine = machine().await;
    let mut books = Books::read(&machine.net).await;
    let there = books.groups[0].1.clone();
    books.groups.truncate(1);
    let rows = ["new 1", "new 2", &there].map(|name| {
        let (account, group, mail) = (None, None, String::new());
        let asked = Asked { account, mail, group, made: Some(name.to_owned()), ..Asked::default() };
        (asked, vec![name.to_owned(), String::new()])
    });
    let headings = vec!["name", "description"];
    let task = Task {
        job: Job::CreateGroups,
        headings,
        invite: false,
        options: Value::Null,
        rows: rows.into(),
    };
    let run = machine.plan(task.job, task.sheet(9)).await.unwrap();
    let from = hold::logged(&machine.net).await;
    let stretch = machine.stretch(&run, &RunOptions::default(), Death::Never).await;
    assert!(matches!(stretch, Stretch::Ended(Ending::Finished)), "{stretch:?}");
    (machine, run, task, from)
}

fn sql(machine: &Machine, words: &str) {
    rusqlite::Connection::open(&machine.path).unwrap().execute_batch(words).unwrap();
}

/// Changed rows ≤ effects ≤ changed and unknown rows; no effect twice; the site as reported.
#[test]
fn a_journal_that_does_not_fit_the_site() {
    clock().block_on(async {
        for (what, words) in [
            ("a row changed too many", "UPDATE rows SET outcome = 'changed'"),
            ("a row changed too few", "UPDATE rows SET outcome = 'unchanged' WHERE row = 1"),
            ("an effect of a failed row", "UPDATE rows SET outcome = 'failed' WHERE row = 1"),
            ("a row without an outcome", "UPDATE rows SET outcome = NULL WHERE row = 3"),
            ("a row that stays unknown", "UPDATE rows SET outcome = 'unknown' WHERE row = 1"),
        ] {
            let (machine, run, _, from) = done().await;
            hold::at_the_end(&machine, &run, from).await;
            sql(&machine, words);
            finds_later(what, hold::at_the_end(&machine, &run, from)).await;
        }
        let (machine, run, task, from) = done().await;
        let books = Books::read(&machine.net).await;
        every_row_is_as_told(&machine, &run, &task, &books);
        let mut other = books.clone();
        other.groups.retain(|(_, name)| name != "new 1");
        finds("a site that is not as told", || every_row_is_as_told(&machine, &run, &task, &other));
        let more = json!({ "name": "new 3" });
        let jira = machine.site.jira.clone().unwrap();
        let permit = machine.site.pacer.ready(headcount_atlassian::Endpoint::JiraCreateGroup).await;
        jira.create_group(permit, more["name"].as_str().unwrap()).await.unwrap();
        finds_later("an effect that no row tells of", hold::at_any_time(&machine, &run, from))
            .await;
    });
}

#[test]
fn a_key_that_is_shown_somewhere() {
    clock().block_on(async {
        let (mut machine, run, ..) = done().await;
        hold::no_key_is_anywhere(&machine, &run);
        machine.story.push("authorization: Bearer sandbox-org-api-key".into());
        finds("a key in the story", || hold::no_key_is_anywhere(&machine, &run));
        machine.story.pop();
        let detail = "sandbox-api-token".to_owned();
        let (row, outcome, reason) = (1, Outcome::Failed, Reason::Refused);
        machine.events.push(Event::Settled { row, outcome, reason, detail });
        finds("a key in an event", || hold::no_key_is_anywhere(&machine, &run));
        machine.events.pop();
        sql(&machine, "UPDATE rows SET detail = 'sandbox-api-token' WHERE row = 1");
        finds("a key in the journal and the report", || hold::no_key_is_anywhere(&machine, &run));
    });
}

#[test]
fn events_that_do_not_fit() {
    clock().block_on(async {
        let (machine, run, ..) = done().await;
        let settled = |row, outcome| Event::Settled {
            row,
            outcome,
            reason: Reason::Refused,
            detail: String::new(),
        };
        let told = |events: &[Event]| hold::each_row_is_told_once(&machine, &run, events);
        told(&[settled(1, Outcome::Unknown), settled(1, Outcome::Changed)]);
        finds("a row told twice", || {
            told(&[settled(1, Outcome::Changed), settled(1, Outcome::Changed)])
        });
        finds("a row told otherwise", || told(&[settled(1, Outcome::Failed)]));
        let failures = |many: u64| (0..many).map(|row| settled(row, Outcome::Failed)).collect();
        let bounded = |events: Vec<Event>| hold::failures_are_bounded(&machine, (3, 1), &events);
        bounded(failures(3 + 2 * 32));
        finds("failures without end", || bounded(failures(4 + 2 * 32)));
    });
}

/// A wrong page differs from the right one.
#[test]
fn a_wrong_page_is_another_page() {
    let page = json!({
        "total": 2, "values": [{ "id": 1 }, { "id": 2 }],
        "links": { "self": "here", "next": "there" },
    });
    let body = page.to_string();
    let all =
        [Wrong::Empty, Wrong::Short(3), Wrong::Twice(3), Wrong::More, Wrong::Fewer, Wrong::Circle];
    for wrong in all {
        let other: Value = serde_json::from_slice(&wrong.on(body.as_bytes()).unwrap()).unwrap();
        assert_ne!(other, page, "{wrong:?}");
    }
}
