//! Problems of the journal's file: a full disk, no permission, damage, a foreign or newer file. Before a run, each
//! is a clear message, and nothing is sent. During a run, nothing more is sent, and the run continues when the
//! disk has room. Also several programs with one journal.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use headcount_sandbox::Config;
use serde_json::json;

use crate::harness::World;

/// SQLite's default page size.
const PAGE: usize = 4096;

const ADD: &str = "member add samples/member-add.csv --yes";

/// A world with a waiting plan of this many rows.
fn planned(rows: usize) -> World {
    planned_with(rows, Duration::ZERO)
}

/// The same on a site that answers this slowly.
fn planned_with(rows: usize, latency: Duration) -> World {
    let mut world = World::of(Config { latency, ..Config::default() });
    let people: Vec<_> = (1..=rows)
        .map(|at| json!({ "email": format!("j{at}@banc.ly"), "name": format!("J {at}") }))
        .collect();
    world.seed(json!({ "people": people }));
    let mut sheet = "Email,Group\n".to_owned();
    for at in 1..=rows {
        sheet += &format!("j{at}@banc.ly,houston-sales\n");
    }
    world.file("add.csv", sheet);
    world.run("member add add.csv --plan").exit(0);
    world.clear_log();
    world
}

/// Changes bytes of the journal's file. The journal was closed normally, so the file is complete.
fn damage(world: &World, change: impl FnOnce(&mut Vec<u8>)) {
    assert!(!beside(&world.journal(), "-wal").exists());
    let mut bytes = fs::read(world.journal()).expect("a journal");
    change(&mut bytes);
    fs::write(world.journal(), bytes).expect("it can be written");
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn rights(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights can be set");
}

#[test]
fn no_room_for_a_plan() {
    let world = World::new();
    insta::assert_snapshot!(world.command(ADD).with_room_for(4 * 1024).run().exit(2).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: the journal /TMP/home/data/headcount/journal.db cannot be opened
      because: disk I/O error
      because: Error code 4874: disk I/O error
    hint: check the folder, its permissions and the free space of its disk, or name another file with --journal
    ─── exit 2
    ");
    world.nothing_sent();
    // When the disk has room again, the run continues normally.
    world.run(ADD).exit(0);
    world.nothing_twice();
}

/// The disk has room for the journal, but not for the plan.
#[test]
fn no_room_while_planning() {
    let world = planned(400);
    insta::assert_snapshot!(world.command("member add add.csv --yes").with_room_for(96 * 1024).run().exit(2).transcript(), @r"
    $ headcount member add add.csv --yes
    ─── stderr
    error: the journal cannot be made durable
      because: disk I/O error
      because: Error code 778: disk I/O error
    hint: nothing more was sent; make room on the disk, make the file writable or start the journal's server, then `headcount run resume last`; if no plan was shown yet, give the command again
    ─── exit 2
    ");
    world.nothing_sent();
    world.run("run apply last --yes").exit(0);
}

#[test]
fn no_room_in_the_middle_of_a_run() {
    let rows = 400;
    let world = planned(rows);
    let apply = "--json run apply last --yes --concurrency 4";
    let output = world.command(apply).with_room_for(192 * 1024).run().exit(4);
    let output = output.says("the journal cannot be").says("nothing more was sent").says("run resume last");
    assert_eq!(output.events().last("state"), "failed");
    let sent = world.changing();
    assert!(sent > 0 && sent < rows as u64, "{sent} of {rows} were sent: it is not the middle");
    let list = world.run("run list").exit(0);
    assert!(list.stdout.contains("interrupted"), "{}", list.stdout);
    // A resume without room sends nothing, either.
    world.command("run resume last --yes").with_room_for(4 * 1024).run().exit(2);
    assert_eq!(world.changing(), sent);
    let events = world.run("--json run resume last --yes").exit(0).events();
    assert_eq!(events.count("changed"), rows as u64);
    assert_eq!(world.members("houston-sales"), rows);
    world.nothing_twice();
    // A change that the site made before the stop is not sent again.
    assert_eq!(world.log()["changed"], rows);
}

/// The journal's files have no room. With a little more, the run continues a little, until the disk is full again.
/// Each time the journal is intact.
#[test]
fn a_journal_without_room_recovers_as_room_is_made() {
    let rows = 400;
    let world = planned(rows);
    let room = 192 * 1024;
    world.command("run apply last --yes --concurrency 4").with_room_for(room).run().exit(4);
    let mut sent = world.changing();
    assert!(sent > 0 && sent < rows as u64, "{sent} of {rows} were sent: it is not the middle");
    for more in 1..=2 {
        let room = room + more * 16 * 1024;
        let output = world.command("run resume last --yes --concurrency 4").with_room_for(room).run();
        assert!(matches!(output.code, 0 | 2 | 4), "it stops in order: {}", output.code);
        assert!(world.changing() >= sent);
        sent = world.changing();
        let list = world.run("run list").exit(0);
        assert!(list.stdout.contains("interrupted") || sent == rows as u64, "{}", list.stdout);
    }
    let events = world.run("--json run resume last --yes").exit(0).events();
    assert_eq!(events.count("changed"), rows as u64);
    assert_eq!(world.members("houston-sales"), rows);
    world.nothing_twice();
}

#[test]
fn a_file_that_may_only_be_read() {
    let world = planned(3);
    rights(&world.journal(), 0o400);
    let apply = || world.command("run apply last --yes").without_privileges().run();
    insta::assert_snapshot!(apply().exit(2).transcript(), @r"
    $ headcount run apply last --yes
    ─── stderr
    error: the journal /TMP/home/data/headcount/journal.db is read-only
    hint: nothing was sent; make the file writable, or name another file with --journal
    ─── exit 2
    ");
    world.nothing_sent();
    rights(&world.journal(), 0o600);
    apply().exit(0);
}

#[test]
fn a_folder_that_may_only_be_read() {
    let world = planned(3);
    let folder = world.journal().parent().expect("a folder").to_owned();
    rights(&folder, 0o500);
    let apply = || world.command("run apply last --yes").without_privileges().run();
    insta::assert_snapshot!(apply().exit(2).transcript(), @r"
    $ headcount run apply last --yes
    ─── stderr
    error: the journal /TMP/home/data/headcount/journal.db cannot be opened
      because: attempt to write a readonly database
      because: Error code 1544: attempt to write a readonly database
    hint: check the folder, its permissions and the free space of its disk, or name another file with --journal
    ─── exit 2
    ");
    world.nothing_sent();
    rights(&folder, 0o700);
    apply().exit(0);
}

#[test]
fn damaged_at_its_head() {
    let world = planned(3);
    damage(&world, |bytes| bytes[..100].fill(0xAA));
    let before = fs::read(world.journal()).expect("a journal");
    insta::assert_snapshot!(world.run("run apply last --yes").exit(2).transcript(), @r"
    $ headcount run apply last --yes
    ─── stderr
    error: /TMP/home/data/headcount/journal.db is not a headcount journal, or is damaged
    hint: name another file with --journal; this one was not changed
    ─── exit 2
    ");
    world.nothing_sent();
    assert_eq!(fs::read(world.journal()).expect("a journal"), before, "it is left as it is");
}

#[test]
fn damaged_in_its_middle() {
    let world = planned(200);
    damage(&world, |bytes| bytes[8 * 1024..].fill(0xAA));
    insta::assert_snapshot!(world.run("run apply last --yes").exit(2).transcript(), @r"
    $ headcount run apply last --yes
    ─── stderr
    error: /TMP/home/data/headcount/journal.db is not a headcount journal, or is damaged
    hint: name another file with --journal; this one was not changed
    ─── exit 2
    ");
    world.run("run list").exit(2);
    world.nothing_sent();
}

/// Damage in pages of another run, which this run does not need: a damaged file is reported before anything is
/// sent.
#[test]
fn damaged_in_pages_of_another_run() {
    let world = planned(200);
    world.run("run apply last --yes").exit(0);
    world.run("member remove add.csv --plan").exit(0);
    world.clear_log();
    damage(&world, |bytes| {
        let call = b"POST /rest/api/3/group/user";
        let at = bytes.windows(call.len()).position(|part| part == call).expect("a request");
        let page = at / PAGE * PAGE;
        bytes[page..page + 64].fill(0xAA);
    });
    world.run("run list").exit(0);
    for line in ["run apply last --yes --max-changes 300", ADD] {
        let output = world.run(line).exit(2);
        assert!(output.stderr.contains("journal.db is damaged: "), "{}", output.stderr);
        assert!(output.stderr.contains("put the file aside"), "{}", output.stderr);
    }
    world.nothing_sent();
}

#[test]
fn of_a_newer_version() {
    let world = planned(3);
    // In SQLite's file format, the user version is at byte 60.
    damage(&world, |bytes| bytes[60..64].copy_from_slice(&99_u32.to_be_bytes()));
    insta::assert_snapshot!(world.run("run apply last --yes").exit(2).transcript(), @"
    $ headcount run apply last --yes
    ─── stderr
    error: a newer headcount wrote the journal /TMP/home/data/headcount/journal.db (version 99; this program knows 11)
    hint: use the newer headcount, or name another file with --journal
    ─── exit 2
    ");
    world.run(ADD).exit(2);
    world.nothing_sent();
}

/// The end of the log is lost in a crash of the computer. What it contained is read from the site.
#[test]
fn with_a_log_that_was_cut() {
    let rows = 60;
    let world = planned(rows);
    let mut apply = world.command("--json run apply last --yes").start();
    apply.settled(30);
    apply.kill();
    let log = beside(&world.journal(), "-wal");
    let bytes = fs::read(&log).expect("a log");
    fs::write(&log, &bytes[..bytes.len() / 2]).expect("it can be written");
    let _ = fs::remove_file(beside(&world.journal(), "-shm"));
    let list = world.run("run list").exit(0);
    let again = if list.stdout.contains("interrupted") { "resume" } else { "apply" };
    let events = world.run(&format!("--json run {again} last --yes")).exit(0).events();
    assert_eq!(events.count("changed") + events.count("unchanged"), rows as u64);
    assert_eq!(world.members("houston-sales"), rows);
    world.nothing_twice();
}

/// Two programs, two sheets, one journal, one site: both succeed, and neither removes the other's draft.
#[test]
fn two_runs_at_once() {
    let mut world = planned_with(150, Duration::from_millis(4));
    let mut other = "Email,Group\n".to_owned();
    for at in 1..=150 {
        other += &format!("j{at}@banc.ly,hanoi-legal\n");
    }
    world.file("other.csv", other);
    let mut one = world.command("--json run apply last --yes --concurrency 2").start();
    one.settled(5);
    let mut two = world.command("--json member add other.csv --yes --concurrency 2").start();
    two.settled(5);
    one.settled(5);
    // While both continue, a third program reads the journal.
    let list = world.run("run list").exit(0);
    assert_eq!(list.stdout.lines().count(), 2, "{}", list.stdout);
    let (two, one) = (two.end().exit(0).events(), one.end().exit(0).events());
    for events in [one, two] {
        assert_eq!((events.count("rows"), events.count("changed")), (150, 150));
    }
    assert_eq!((world.members("houston-sales"), world.members("hanoi-legal")), (150, 150));
    world.nothing_twice();
}

/// A draft of a program that is still planning is not removed by another one.
#[test]
fn one_plans_while_another_runs() {
    let world = planned(3);
    let search = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search";
    world.fault(json!({ "method": "POST", "path": search, "delay_ms": 3_600_000 }));
    let mut planning = world.command(&format!("--json {ADD}")).start();
    planning.held();
    world.run("run apply last --yes").exit(0);
    // It was not removed: it is there when its lookup is answered. Now it is killed, and then its draft is
    // removed.
    planning.kill();
    let list = world.run("run list").exit(0);
    assert_eq!(list.stdout.lines().count(), 1, "{}", list.stdout);
}

/// A wait that the site requested from one program holds for every program with the same journal, also after a
/// `kill -9`.
#[test]
fn a_wait_outlives_the_program_that_heard_it() {
    let mut world = planned(3);
    world.file("new.csv", "emailAddress\nnew@banc.ly\n");
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "times": 1,
        "answer": { "status": 429, "headers": { "Retry-After": "3600" } },
    }));
    let mut apply = world.command("--json run apply last --yes").start();
    apply.wait_for(1, |event| event["event"] == "waiting");
    apply.kill();
    let sent = world.changing();
    assert_eq!(sent, 1);
    // The resumed run reports it immediately, and so does another job.
    let mut resume = world.command("--json run resume last --yes").start();
    resume.says("before any POST /rest/api/3/group/user");
    let waiting = resume.wait_for(1, |event| event["event"] == "waiting");
    assert!(waiting["why"].as_str().expect("a text").contains("Retry-After"), "{waiting}");
    resume.kill();
    let mut other = world.command(&format!("--json {ADD}")).start();
    other.wait_for(1, |event| event["event"] == "waiting");
    other.kill();
    assert_eq!(world.changing(), sent);
    // Another call does not wait.
    world.run("user create new.csv --yes").exit(0);
}

/// The journal's file is deleted, moved or replaced during a run: nothing more is sent, because its record would be
/// lost. A file that is moved back continues.
#[test]
fn a_file_that_is_taken_away_stops_the_run() {
    let rows = 150;
    for way in ["deleted", "moved", "replaced by a copy", "replaced by an empty one"] {
        let world = planned_with(rows, Duration::from_millis(4));
        let (journal, aside) = (world.journal(), beside(&world.journal(), ".aside"));
        let mut apply = world.command("--json run apply last --yes --concurrency 2").start();
        apply.settled(5);
        match way {
            "deleted" => fs::remove_file(&journal).expect("it can be deleted"),
            "moved" => fs::rename(&journal, &aside).expect("it can be moved"),
            "replaced by a copy" => {
                fs::copy(&journal, &aside).expect("it can be copied");
                fs::rename(&aside, &journal).expect("it can be moved");
            }
            _ => {
                fs::write(&aside, "").expect("a file can be written");
                fs::rename(&aside, &journal).expect("it can be moved");
            }
        }
        let output = apply.end().exit(4);
        let output = output.says("was deleted, moved or replaced").says("nothing more was sent");
        assert!(!output.stderr.contains("run resume last"), "{way}: {}", output.stderr);
        let sent = world.changing();
        assert!(sent < rows as u64, "{way}: all {sent} were sent");
        if way == "moved" {
            fs::rename(&aside, &journal).expect("it can be moved back");
            world.run("--json run resume last --yes").exit(0);
            assert_eq!(world.members("houston-sales"), rows);
            world.nothing_twice();
        }
    }
}

/// A folder or a device is no journal, and there is nothing to resume.
#[test]
fn a_name_that_is_no_file_is_refused() {
    let world = World::new();
    for name in ["/dev/full", "/dev/null", "/dev/zero", "/tmp", "/dev/stdin"] {
        let output = world.run(&format!("--journal {name} run list")).exit(2);
        let output = output.says("is not a file").says("name another file with --journal");
        assert!(!output.stderr.contains("resume"), "{name}: {}", output.stderr);
    }
}

/// A plan without changes offers nothing to apply.
#[test]
fn a_plan_without_changes_offers_no_apply() {
    let mut world = World::new();
    world.file("gone.csv", "Email\nnobody@nowhere.example\n");
    for line in [
        "user deactivate gone.csv --plan",
        "user activate gone.csv --plan",
        "user remove gone.csv --plan",
    ] {
        let output = world.run(line).exit(0).says("nothing to apply");
        assert!(!output.stderr.contains("run apply"), "{line}: {}", output.stderr);
    }
    world.nothing_sent();
}
