//! Whole journals: copies from a file to a server and back, and removing old runs.

use std::fs;

use headcount_testkit::postgres;
use rusqlite::Connection;
use serde_json::json;

use crate::harness::World;

/// A world with a finished run, one that stopped in the middle, and a plan that waits.
fn world() -> World {
    let mut world = World::new();
    world.file("one.csv", "Email,Group\njfloat@banc.ly,hanoi-legal\n");
    world.run("member add one.csv --yes").exit(0);
    world.fault(json!({ "method": "POST", "path": "/rest/api/3/group/user", "nth": 2, "times": 0,
                        "answer": { "status": 401 } }));
    world.run("member add samples/member-add.csv --yes --concurrency 1").exit(3);
    world.no_faults();
    world.run("member remove one.csv --plan").exit(0);
    world
}

/// What can be seen of the journal's runs.
fn seen(world: &World, journal: &str) -> Vec<String> {
    let lines = ["run list", "run show 1", "run show 2", "run show 3", "run report 1 --format json",
        "run report 2 --format csv", "run report 3 --format json", "run show 2 --rows"];
    lines.iter().map(|line| world.command(line).with("HEADCOUNT_JOURNAL", journal).run().exit(0).stdout).collect()
}

#[test]
fn a_journal_goes_to_a_server_and_back_and_a_stopped_run_goes_on() {
    let world = world();
    let (file, server) = (world.journal().display().to_string(), postgres::journal());
    let back = world.path("back.db").display().to_string();
    let before = seen(&world, &file);
    let copied = world.run(&format!("journal copy {file} \"{server}\"")).exit(0).says("verified its counts");
    assert!(copied.stdout.contains("runs          3\n"), "{}", copied.stdout);
    assert_eq!(seen(&world, &server), before);
    let copied = world.run(&format!("journal copy \"{server}\" {back}")).exit(0);
    assert!(copied.stdout.contains("runs          3\n"), "{}", copied.stdout);
    assert_eq!(seen(&world, &back), before);
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&back).expect("a file").permissions());
    assert_eq!(mode & 0o077, 0, "only its owner reads it");
    // Neither end is overwritten.
    for (from, to) in [(&file, &back), (&file, &server), (&back, &server), (&back, &back)] {
        world.run(&format!("journal copy \"{from}\" \"{to}\"")).exit(2);
    }
    world.command("run resume 2 --yes").with("HEADCOUNT_JOURNAL", &back).run().exit(0);
    world.nothing_twice();
    world.command("run undo 2 --plan").with("HEADCOUNT_JOURNAL", &back).run().exit(0);
    let list = world.command("run list").with("HEADCOUNT_JOURNAL", &back).run().exit(0).stdout;
    assert!(list.starts_with("20") && list.contains("-4  planned"), "{list}");
}

#[test]
fn a_journal_that_is_not_there_or_in_use_is_not_copied() {
    let world = world();
    let server = postgres::journal();
    world.run("journal copy nowhere.db new.db").exit(2).says("there is no journal at nowhere.db");
    world.run(&format!("journal copy \"{server}\" new.db")).exit(2).says("there is no journal");
    assert!(!world.path("new.db").exists() && !world.path("nowhere.db").exists());
    let address = "postgres://ann:pw-4711@127.0.0.1:1/runs";
    // The harness shows the command line, which has it, too: so it is looked for in what the program writes alone.
    let output = world.command(&format!("journal copy {} {address}", world.journal().display())).spawn();
    let output = output.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("can be read by others"), "{said}");
    assert!(!said.contains("pw-4711"), "{said}");
}

#[test]
fn old_runs_are_removed_and_their_reports_kept() {
    for is_server in [false, true] {
        let mut world = world();
        let mut journal = world.journal().display().to_string();
        // Everything happened long ago, but for a run and its undo.
        let old = Connection::open(&journal).expect("a journal");
        for column in ["created_at", "sealed_at", "started_at", "ended_at"] {
            let age = format!("UPDATE runs SET {column} = '2020' || substr({column}, 5)");
            old.execute(&age, []).expect("a change");
        }
        drop(old);
        world.run("run undo 1 --yes --max-changes 1").exit(0);
        // Another change than that of run 1, which its undo took back.
        world.file("more.csv", "Email,Group\njfloat@banc.ly,oslo-engineering\n");
        world.run("member add more.csv --yes").exit(0);
        let fifth = Connection::open(&journal).expect("a journal");
        for column in ["created_at", "sealed_at", "started_at", "ended_at"] {
            let age = format!("UPDATE runs SET {column} = '2020' || substr({column}, 5) WHERE run = 5");
            fifth.execute(&age, []).expect("a change");
        }
        drop(fifth);
        if is_server {
            let server = postgres::journal();
            world.run(&format!("journal copy {journal} \"{server}\"")).exit(0);
            journal = server;
            world.set("HEADCOUNT_JOURNAL", &journal);
        }
        for wrong in ["soon", "90", "-90d"] {
            world.run(&format!("run prune --older-than={wrong} --yes")).exit(2).says("length of time");
        }
        let list = world.run("run list").exit(0).stdout;
        let fifth = list.lines().filter_map(|line| line.split_whitespace().next()).find(|id| id.ends_with("-5"));
        let fifth = fifth.expect("the run").to_owned();
        assert!(fifth.starts_with("2020"), "{fifth}");
        world.run("run prune --older-than 90d").exit(2).says(&fifth).says("--yes");
        world.run("run prune --older-than 90y --yes").exit(0).says("No run ended before");
        // Another journal's run can have the same id: its report stays, and so does the run.
        fs::create_dir(world.path("taken")).expect("a folder");
        let taken = format!("taken/{fifth}.json");
        world.file(&taken, "of another journal");
        let refused = world.run("run prune --older-than 90d --keep-report=taken --yes").exit(2);
        refused.says("is not this run's report; nothing was removed").says("--keep-report=FOLDER");
        assert_eq!(world.read(&taken), "of another journal");
        fs::remove_dir_all(world.path("taken")).expect("the folder");
        world.run("run show 5").exit(0);
        let pruned = world.run("run prune --older-than 90d --keep-report=kept --yes").exit(0);
        pruned.says("Removed 1 run; their reports are in kept").says("The journal");
        let list = world.run("run list").exit(0).stdout;
        let ids: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
        let kept = ["-4", "-3", "-2", "-1"];
        assert!(ids.len() == 4 && ids.iter().zip(kept).all(|(id, number)| id.ends_with(number)), "{list}");
        for ending in ["csv", "json", "html"] {
            let report = fs::read_to_string(world.path(&format!("kept/{fifth}.{ending}"))).expect("a report");
            assert!(report.contains("jfloat@banc.ly"), "{ending}");
        }
        world.run("run show 5").exit(2);
        // What is left still works.
        world.run("run resume 2 --yes").exit(0);
        world.nothing_twice();
    }
}
