//! The workers on the page: who carries which run, how fast, what waits, and the last sign of life.

use std::time::Duration;

use headcount_sandbox::Config;
use headcount_testkit::postgres;
use serde_json::json;

use crate::harness::World;
use crate::page::Page;

/// A world with a journal that workers share, and a file that adds users to a group, slowly.
fn world() -> World {
    let latency = Duration::from_millis(20);
    let mut world = World::of(Config { people: Some(300), latency, ..Config::default() });
    world.seed(json!({ "groups": [{ "name": "all-hands-new" }] }));
    let mut file = "Email,Group\n".to_owned();
    for mail in world.plain_mails().iter().take(60) {
        file.push_str(&format!("{mail},all-hands-new\n"));
    }
    world.file("add.csv", file);
    world.set("HEADCOUNT_JOURNAL", &postgres::journal());
    world
}

#[test]
fn the_page_shows_who_carries_which_run_and_what_waits() {
    let world = world();
    let queued = || {
        world.run("member add add.csv --plan").exit(0);
        world.run("run queue last --yes --rate 3").exit(0).run_id()
    };
    let (first, second) = (queued(), queued());
    let page = Page::open(world);
    page.browser.says("0 workers at work on 0 runs, 2 runs waiting");
    page.browser.click("a[href='/workers']");
    page.browser.says("There are no workers");
    page.browser.says("Waiting for a worker");
    page.look("no-workers");

    let mut worker = page.world.command("--json worker --all").start();
    worker.settled(3);
    page.go("/workers");
    for text in [
        "Worker 1 on ",
        "Last sign of life",
        " ago",
        "all profiles",
        "up to 4 runs",
        "being applied",
    ] {
        page.browser.says(text);
    }
    page.browser.says("Changes in the last minute");
    page.browser.says(&first);
    page.browser.says(&second);
    page.look("workers");
    page.go("/");
    page.browser.says("1 worker at work on 1 run, 1 run waiting");

    // Its worker dies after the run was taken out of the queue: no worker takes it over.
    page.world.run(&format!("run queue {first} --remove")).exit(0).says("If that worker dies");
    page.world.run(&format!("run queue {second} --remove")).exit(0);
    worker.kill();
    page.go("/workers");
    page.browser.says("gone");
    page.browser.says("Interrupted, and not in the queue");
    page.browser.says(&first);
    let status = page.world.run("worker status").exit(0).stdout;
    assert!(status.contains("run resume RUN") && status.contains(&first), "{status}");
    page.look("workers-gone");
}

/// A journal in a file has no workers, and the page says nothing of them.
#[test]
fn a_journal_in_a_file_shows_no_workers() {
    let page = Page::open(World::new());
    page.browser.lacks_here("Workers");
    page.go("/workers");
    page.browser.says("this journal is in a file");
}
