//! Half a surrogate pair in an answer: a display name or description that was cut in an emoji. The half is shown
//! as U+FFFD, and the job continues.

use serde_json::json;

use crate::harness::{World, table};

/// A world whose answers all contain names that end in half a pair.
fn halved(world: World) -> World {
    world.fault(json!({
        "path": "*", "times": 0,
        "replace": { "Verna Dillow": r"Verna \ud83d", "houston-sales": r"houston \uDE00",
            "Anissa Melmeth": r"\ud83dAnissa" },
    }));
    world
}

/// A world, with a name for its credentials.
type Named = (&'static str, fn() -> World);

#[test]
fn every_job_goes_on() {
    let worlds: [Named; 3] = [
        ("both keys", World::new),
        ("token alone", || World::new().token_alone()),
        ("key alone", || World::new().key_alone()),
    ];
    for (keys, world) in worlds {
        for (line, code) in [
            ("user export -o users.csv", 0),
            ("group export --members -o groups.csv", 0),
            ("member add add.csv --yes", 0),
            ("user create new.csv --yes", 0),
            ("user deactivate leave.csv --yes --max-changes 1", 0),
            ("run undo last --yes", 0),
            ("user suspend leave.csv --yes --max-changes 1", 0),
            ("member remove add.csv --yes --max-changes 1", 0),
            ("profile check", 0),
        ] {
            let needs_key = ["deactivate", "undo", "suspend"].iter().any(|job| line.contains(job));
            let needs_token = line.contains("create");
            if (needs_key && keys == "token alone") || (needs_token && keys == "key alone") {
                continue;
            }
            let mut world = halved(world());
            world.file("add.csv", "Email,Group\nvdillow@banc.ly,oslo-engineering\n");
            world.file("leave.csv", "Email\nvdillow@banc.ly\n");
            world.file("new.csv", "emailAddress,products\nnew1@banc.ly,jira-software\n");
            if line.contains("undo") {
                world.run("user deactivate leave.csv --yes --max-changes 1").exit(0);
            }
            if line.contains("remove") {
                world.run("member add add.csv --yes").exit(0);
            }
            let output = world.run(line).exit(code);
            assert!(!output.transcript().contains("hex escape"), "{keys}: {line}");
        }
    }
}

/// The half is one lost character in the export, the plan and the report. An export with it can be read again.
#[test]
fn the_half_is_shown() {
    let mut world = halved(World::new());
    world.run("user export -o users.csv").exit(0);
    world.run("group export -o groups.csv").exit(0);
    let users = table(&world.read("users.csv"));
    let names: Vec<_> = users.iter().map(|row| row[1].as_str()).collect();
    assert!(names.contains(&"Verna \u{fffd}") && names.contains(&"\u{fffd}Anissa"), "{names:?}");
    assert!(world.read("groups.csv").contains("houston \u{fffd}"));
    world.file("add.csv", "Email,Group\nvdillow@banc.ly,oslo-engineering\n");
    world.run("member add add.csv --users users.csv --groups groups.csv --yes").exit(0);
    world.run("member map add.csv --users users.csv --groups groups.csv -o mapped.csv").exit(0);
    // A name that is only shown needs no repair; a name that is sent does.
    world.run("user deactivate users.csv --plan").exit(0);
}

/// The message about an unusable answer names the account.
#[test]
fn a_refused_answer_names_the_account() {
    let world = World::new().token_alone();
    world.fault(json!({
        "path": "*", "times": 0, "replace": { "\"Verna Dillow\"": "[7]" },
    }));
    world.run("user export -o users.csv").exit(2).says("at account e2345d51eaa4xxx984e377ce");
}

/// Names, groups and descriptions from the site are never markup in the HTML report.
#[test]
fn what_the_site_says_is_never_markup() {
    const ATTACK: &str = "<img src=x onerror=alert(1)>";
    let mut world = World::new();
    world.file("add.csv", "Email,Group\nvdillow@banc.ly,oslo-engineering\n");
    world.fault(json!({
        "path": "*", "times": 0,
        "replace": { "Verna Dillow": ATTACK, "Anissa Melmeth": "</script><script>alert(1)//" },
    }));
    world.run("member add add.csv --yes --report r.html").exit(0);
    world.run("run report last --format html -o again.html").exit(0);
    world.run("run report last --format junit -o r.xml").exit(0);
    for name in ["r.html", "again.html", "r.xml"] {
        let text = world.read(name);
        assert!(!text.contains("<img") && !text.contains("<script>alert"), "{name}");
    }
}
