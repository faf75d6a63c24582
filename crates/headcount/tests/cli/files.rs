//! Profiles files and journals that are missing, unreadable or in the wrong place.

use serde_json::json;

use crate::harness::{World, table};

const ADD: &str = "member add samples/member-add.csv --yes";

/// A profiles file in the default place that can't be read.
fn unreadable(world: &World) {
    let config = world.path("../home/config/headcount/config.toml");
    std::fs::create_dir_all(&config).expect("a folder where the file should be");
}

#[test]
fn a_profiles_file_that_cannot_be_read_is_no_obstacle_where_the_environment_names_the_site() {
    let worlds: [fn() -> World; 3] =
        [World::new, || World::new().token_alone(), || World::new().key_alone()];
    for world in worlds {
        let world = world();
        unreadable(&world);
        let output = world.run(ADD).exit(0).says("the environment names the site");
        assert_eq!(output.stderr.matches("cannot be read").count(), 1, "{}", output.stderr);
        world.run("run list").exit(0);
    }
}

#[test]
fn a_profiles_file_that_cannot_be_read_says_what_to_set() {
    let mut world = World::new();
    unreadable(&world);
    // An incomplete site, the name of a profile, the list of profiles.
    world.run(&format!("--profile acme {ADD}")).exit(2).says("HEADCOUNT_CLOUD_URL");
    world.run("profile list").exit(2).says("HEADCOUNT_CLOUD_URL");
    world.unset("HEADCOUNT_API_TOKEN");
    world.unset("HEADCOUNT_ORG_API_KEY");
    world.run(ADD).exit(2).says("HEADCOUNT_API_TOKEN");
    world.nothing_sent();
}

/// Only the default place may be empty.
#[test]
fn a_profiles_file_that_is_named_must_exist() {
    let mut world = World::new();
    for line in [format!("--config nowhere.toml {ADD}"), "--config nowhere.toml profile list".into()]
    {
        world.run(&line).exit(2).says("must name a file that exists");
    }
    world.set("HEADCOUNT_CONFIG", "nowhere.toml");
    world.run(ADD).exit(2).says("must name a file that exists");
    world.nothing_sent();
    world.unset("HEADCOUNT_CONFIG");
    world.run(ADD).exit(0);
}

/// A script may resume until the run is finished; a finished run exits as before.
#[test]
fn resuming_a_finished_run_ends_as_the_run_did() {
    let mut world = World::new();
    world.run(ADD).exit(0);
    let output = world.run("--json run resume last --yes --report r.csv").exit(0);
    let output = output.says("There is nothing to continue");
    assert_eq!(output.events().last("state"), "finished");
    assert_eq!(output.events().count("changed"), 3);
    assert_eq!(table(&world.read("r.csv")).len(), 4);
    world.file("odd.csv", "Email,Group\nvdillow@banc.ly,hanoi-legal\nnobody@banc.ly,hanoi-legal\n");
    world.run("member add odd.csv --yes").exit(1);
    world.run("--json run resume last --yes").exit(1).says("There is nothing to continue");
    world.nothing_twice();
}

/// The site's message for an address that is not on the organization's allowlist.
#[test]
fn an_ip_allowlist_is_named() {
    let world = World::new();
    world.fault(json!({ "path": "/rest/api/3/myself", "times": 0, "answer": { "status": 403,
        "body": { "errorMessages": ["Your IP address is not on the allowlist."] } } }));
    world.run(ADD).exit(3).says("IP allowlist");
    world.nothing_sent();
}

/// All users of a computer can read arguments, so the browser gets a file that leads to the page.
#[test]
fn the_pages_token_is_no_argument_of_the_browser() {
    use std::os::unix::fs::PermissionsExt;
    let mut world = World::new();
    // The first browser that is tried on Linux.
    world.file("bin/xdg-open", "#!/bin/sh\nprintf '%s' \"$1\" >opened.part\nmv opened.part opened\n");
    let opener = world.path("bin/xdg-open");
    std::fs::set_permissions(&opener, PermissionsExt::from_mode(0o755)).expect("a program");
    let path = format!("{}:/usr/bin:/bin", world.path("bin").display());
    let mut command = world.command("ui --port 0").with("PATH", &path).spawn();
    let mut address = String::new();
    let out = command.stdout.as_mut().expect("a pipe");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut address).expect("a line");
    while !world.path("opened").exists() {
        std::thread::yield_now();
    }
    let opened = world.read("opened");
    assert!(!opened.contains("token"), "{opened}");
    let way = std::fs::read_to_string(&opened).expect("the file is there");
    assert!(way.contains(address.trim()), "{way}");
    let mode = std::fs::metadata(&opened).expect("the file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let pid = rustix::process::Pid::from_child(&command);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it lives");
    assert_eq!(command.wait().expect("it ends").code(), Some(0));
    assert!(!std::path::Path::new(&opened).exists(), "the file goes with the page");
}

/// A row with too many cells keeps all of them. Without the last cell, its cells would be under the wrong headings
/// and the row would be readable.
#[test]
fn a_row_of_too_many_cells_comes_back_with_all_of_them() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "Email,Note,Group\nvdillow@banc.ly,Moved from,oslo-engineering,hanoi-legal\n\
         ftoten2@banc.ly,ok,hanoi-legal\n",
    );
    world.run("member add in.csv --yes --bad-rows skip --report report.csv").exit(1);
    world.run("run failed last -o failed.csv").exit(0);
    let row = "vdillow@banc.ly,Moved from,oslo-engineering,hanoi-legal";
    assert_eq!(world.read("failed.csv").lines().nth(1), Some(row));
    for again in ["failed.csv", "report.csv"] {
        let told = world.run(&format!("member add {again} --plan")).exit(2);
        assert!(told.stderr.contains("cells"), "{again}: {}", told.stderr);
    }
}

/// The output never replaces a file that is read.
#[test]
fn a_file_that_is_read_is_not_replaced() {
    let mut world = World::new();
    let text = "Email,Group\nvdillow@banc.ly,oslo-engineering\n";
    world.file("in.csv", text);
    world.run("member add in.csv --plan").exit(0);
    world.run("user export -o users.csv").exit(0);
    world.run("group export --members -o groups.csv").exit(0);
    let (users, groups) = (world.read("users.csv"), world.read("groups.csv"));
    for line in [
        "member add in.csv --yes --report in.csv",
        "member add in.csv --yes --report ./in.csv",
        "member add in.csv --rehearse --report in.csv",
        "member add in.csv --yes --users users.csv --report users.csv",
        "member add in.csv --yes --groups groups.csv --report groups.csv",
        "member map in.csv --users users.csv --groups groups.csv -o in.csv",
        "run apply last --yes --report in.csv",
        "run report last -o in.csv",
        "run failed last -o in.csv",
    ] {
        let told = world.run(line).exit(2);
        assert!(told.stderr.contains("not replaced"), "{line}: {}", told.stderr);
        assert_eq!(world.read("in.csv"), text, "{line}");
    }
    assert_eq!((world.read("users.csv"), world.read("groups.csv")), (users, groups));
}
