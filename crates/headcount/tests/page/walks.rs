//! Each job from the drop to the undo, with everything that can go wrong: a bad file, a lost answer in the middle,
//! a reload, and a program that is killed and started again while rows are open. The rest is sent, nothing is done
//! twice, and the undo reverts everything.

use serde_json::{Value, json};

use crate::harness::World;
use crate::page::{Page, Ui};

/// A job with this many rows.
const ROWS: usize = 6;

/// A held request is held until the program is killed.
const HELD: u64 = 3_600_000;

const USER: &str = "/rest/api/3/user";
const MEMBER: &str = "/rest/api/3/group/user";
const DISABLE: &str = "/users/{account_id}/manage/lifecycle/disable";
const ENABLE: &str = "/users/{account_id}/manage/lifecycle/enable";
const INVITE: &str = "/admin/v2/orgs/{orgId}/users/invite";
const GROUPS: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups";
const SUSPEND: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend";
const RESTORE: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore";

/// What the undo reverts.
#[derive(PartialEq)]
enum Undo {
    /// Every row.
    All,
    /// Only what certainly belongs to the run; the rest is reported.
    Own,
    /// There is no undo.
    Nothing,
}

/// A job and its expected result.
struct Walk {
    /// Its name in the page's addresses.
    job: &'static str,
    /// The headings of its sheet.
    headings: &'static str,
    /// A row of it, from its number.
    row: fn(usize) -> String,
    /// The call of the job.
    call: (&'static str, &'static str),
    /// Whether the row with this number is in the wanted state.
    is_done: fn(&World, usize) -> bool,
    /// What its undo reverts.
    undo: Undo,
}

fn mail(number: usize) -> String {
    format!("w{number}@banc.ly")
}

fn group(number: usize) -> String {
    format!("walkers-{number}")
}

/// A world with this many users in this state, and a group for each, with or without the user.
fn world(person: &Value, members: bool) -> World {
    let world = World::new();
    let people: Vec<_> = (1..=ROWS)
        .map(|at| {
            let mut person = person.clone();
            person["email"] = mail(at).into();
            person["name"] = format!("W {at}").into();
            person
        })
        .collect();
    let groups: Vec<_> = (1..=ROWS).map(|at| json!({ "name": group(at) })).collect();
    let joined = |group: String, at| json!({ "email": mail(at), "group": group });
    let mut memberships: Vec<_> =
        (1..=ROWS).map(|at| joined("jira-software-users".into(), at)).collect();
    if members {
        memberships.extend((1..=ROWS).map(|at| joined(group(at), at)));
    }
    world.seed(json!({ "people": people, "groups": groups, "memberships": memberships }));
    world.clear_log();
    world
}

impl Walk {
    /// From the drop to the undo.
    fn go(&self, mut world: World) {
        let rows = (1..=ROWS).map(self.row).collect::<Vec<_>>().join("\n");
        world.file("walk.csv", format!("{}\n{rows}\n", self.headings));
        world.file("walk.xlsx", [0x89, b'P', b'N', b'G', 0, 0, 1, 2, 3, 0, 0]);
        let mut page = Page::open(world);
        self.bring(&page);
        self.send_and_be_killed(&mut page);
        page.world.no_faults();
        self.resume(&page);
        assert_eq!(self.done(&page), ROWS);
        page.world.nothing_twice();
        match self.undo {
            Undo::All | Undo::Own => self.take_back(&page),
            Undo::Nothing => page.browser.lacks("Undo it"),
        }
        page.world.check_files();
    }

    fn done(&self, page: &Page) -> usize {
        (1..=ROWS).filter(|at| (self.is_done)(&page.world, *at)).count()
    }

    /// A bad file, which changes nothing; then the good one, up to its plan.
    fn bring(&self, page: &Page) {
        page.job(self.job);
        page.choose("walk.xlsx");
        page.browser.says("is a picture");
        page.job(self.job);
        page.choose("walk.csv");
        page.browser.says(&format!("{ROWS} rows."));
        if self.call.1 == INVITE {
            page.browser.click("input[name=by][value=invite]");
            page.browser.says(&format!("{ROWS} rows."));
        }
        page.plan();
        page.world.nothing_sent();
        assert_eq!(self.done(page), 0);
    }

    /// After the first row, one answer is lost and later ones are late, although the site has applied the changes.
    /// The page is loaded again; then the program is killed.
    fn send_and_be_killed(&self, page: &mut Page) {
        start(page);
        page.browser.says("Is it right?");
        let (method, path) = self.call;
        let fault = |fault: Value| {
            let mut fault = fault;
            fault["method"] = method.into();
            fault["path"] = path.into();
            page.world.fault(fault);
        };
        fault(json!({ "nth": 1, "drop": "after" }));
        fault(json!({ "nth": 3, "times": 0, "delay_after_ms": HELD }));
        page.browser.click("form[action$='/go-on'] button");
        page.browser.says("-no-response");
        page.browser.says(&format!("3 of {ROWS} rows done."));
        page.browser.reload();
        page.browser.says(&format!("3 of {ROWS} rows done."));
        let run = page.run();
        page.ui.take().expect("the page is served").kill();
        page.ui = Some(Ui::start(&page.world));
        page.enter();
        page.browser.says("interrupted");
        page.go(&format!("/runs/{run}"));
        page.browser.says("The run was interrupted");
        assert!(self.done(page) >= 3);
    }

    /// The rest is sent; its first row is checked first.
    fn resume(&self, page: &Page) {
        start(page);
        if self.done(page) < ROWS {
            page.go_on();
        }
        page.browser.says("Every row is in the wanted state.");
    }

    fn take_back(&self, page: &Page) {
        if page.browser.shows("created") {
            page.browser.click("input[name=remove_created]");
        }
        page.browser.click("[data-all]");
        page.browser.says("Undo of run");
        page.browser.says("Nothing has been sent yet");
        assert_eq!(self.done(page), ROWS);
        start(page);
        page.go_on();
        page.browser.says("Done");
        match self.undo {
            Undo::Own => {
                assert!(self.done(page) < ROWS);
                page.browser.says("not-undoable");
            }
            _ => assert_eq!(self.done(page), 0),
        }
        page.world.nothing_twice();
    }
}

/// Types the number if it is asked for, and presses the button.
fn start(page: &Page) {
    let number = page
        .browser
        .script("return document.querySelector('.typed strong')?.innerText ?? null", &[]);
    if let Some(number) = number.as_str() {
        page.browser.write("#typed", number);
    }
    page.browser.click(".action-bar button[type=submit]");
}

fn is_on_site(world: &World, mail: &str) -> bool {
    let person = world.person(mail);
    person.is_object() && person["place"] != "removed"
}

fn is_member(world: &World, at: usize) -> bool {
    world.is_member(&mail(at), &group(at))
}

/// A job for existing users, one in each row.
fn on_people(job: &'static str, call: &'static str, is_done: fn(&World, usize) -> bool) -> Walk {
    Walk { job, headings: "Email", row: mail, call: ("POST", call), is_done, undo: Undo::All }
}

/// A job for memberships.
fn on_members(job: &'static str, method: &'static str, is_done: fn(&World, usize) -> bool) -> Walk {
    let row = |at| format!("{},{}", mail(at), group(at));
    Walk { job, headings: "Email,Group", row, call: (method, MEMBER), is_done, undo: Undo::All }
}

#[test]
fn users_are_created() {
    let walk = Walk {
        job: "create",
        headings: "emailAddress",
        row: |at| format!("new{at}@example.com"),
        call: ("POST", USER),
        is_done: |world, at| is_on_site(world, &format!("new{at}@example.com")),
        undo: Undo::All,
    };
    walk.go(World::new());
}

/// Each user has a group of their own, and so a request of their own.
#[test]
fn users_are_invited() {
    let walk = Walk {
        job: "create",
        headings: "emailAddress,groups",
        row: |at| format!("new{at}@example.com,{}", group(at)),
        call: ("POST", INVITE),
        is_done: |world, at| {
            let mail = format!("new{at}@example.com");
            is_on_site(world, &mail) && world.is_member(&mail, &group(at))
        },
        undo: Undo::All,
    };
    walk.go(world(&json!({}), false));
}

#[test]
fn accounts_are_deactivated() {
    let is_done = |world: &World, at| world.person(&mail(at))["lifecycle"] == "inactive";
    on_people("deactivate", DISABLE, is_done).go(world(&json!({}), false));
}

#[test]
fn accounts_are_reactivated() {
    let is_done = |world: &World, at| world.person(&mail(at))["lifecycle"] != "inactive";
    on_people("reactivate", ENABLE, is_done).go(world(&json!({ "lifecycle": "inactive" }), false));
}

#[test]
fn users_are_suspended() {
    let is_done = |world: &World, at| world.person(&mail(at))["place"] == "suspended";
    on_people("suspend", SUSPEND, is_done).go(world(&json!({}), false));
}

#[test]
fn users_are_restored() {
    let is_done = |world: &World, at| world.person(&mail(at))["place"] != "suspended";
    on_people("restore", RESTORE, is_done).go(world(&json!({ "place": "suspended" }), false));
}

/// The only job without an undo.
#[test]
fn users_are_taken_off_the_site() {
    let is_done = |world: &World, at| !is_on_site(world, &mail(at));
    let walk = Walk { undo: Undo::Nothing, ..on_people("take-off", USER, is_done) };
    Walk { call: ("DELETE", USER), ..walk }.go(world(&json!({}), false));
}

#[test]
fn people_are_added_to_groups() {
    on_members("add", "POST", is_member).go(world(&json!({}), false));
}

#[test]
fn people_are_taken_out_of_groups() {
    on_members("remove", "DELETE", |world, at| !is_member(world, at)).go(world(&json!({}), true));
}

/// A group whose creation had no answer may belong to another user, so it is not deleted.
#[test]
fn groups_are_created() {
    let walk = Walk {
        job: "create-groups",
        headings: "name,description",
        row: |at| format!("{},Walkers", group(at)),
        call: ("POST", GROUPS),
        is_done: |world, at| {
            let path = format!("/_sandbox/state?only=groups&group={}", group(at));
            world.ask("GET", &path, None)["groups"] != json!([])
        },
        undo: Undo::Own,
    };
    walk.go(World::new());
}
