//! At a terminal: questions, bars, colors, Ctrl-C.

use serde_json::json;

use crate::harness::World;

#[test]
fn a_plan_is_agreed_to_and_the_canary_too() {
    let world = World::new();
    let mut screen = world.command("member add samples/member-add.csv").at_terminal();
    screen.wait_for("Add 3 memberships on http://");
    world.nothing_sent();
    screen.types("y");
    screen.wait_for("Continue with the other 2? [y/N]");
    assert_eq!(world.changing(), 1);
    screen.types("yes");
    screen.end().exit(0).snap("screen-agreed");
    assert_eq!(world.changing(), 3);
}

#[test]
fn a_no_sends_nothing() {
    let world = World::new();
    for answer in ["n", "", "ja", "Y es"] {
        let mut screen = world.command("member add samples/member-add.csv").at_terminal();
        screen.wait_for("[y/N]");
        screen.types(answer);
        screen.end().exit(4).says("Nothing was sent");
    }
    world.nothing_sent();
    let mut screen = world.command("member add samples/member-add.csv").at_terminal();
    screen.wait_for("[y/N]");
    screen.types("n");
    screen.end().exit(4).snap("screen-no");
}

#[test]
fn a_no_after_the_canary_stops() {
    let world = World::new();
    let mut screen = world.command("member add samples/member-add.csv").at_terminal();
    screen.wait_for("[y/N]");
    screen.types("y");
    screen.wait_for("[y/N]");
    screen.types("n");
    screen.end().exit(4).snap("screen-no-after-canary");
    assert_eq!(world.changing(), 1);
    world.run("run resume last --yes").exit(0);
    assert_eq!(world.changing(), 3);
}

/// The user agrees to a change that takes something away by typing the count.
#[test]
fn the_count_is_typed() {
    let world = World::new();
    for answer in ["y", "yes", "1", "3", ""] {
        let mut screen = world.command("user deactivate samples/deactivate.csv").at_terminal();
        screen.wait_for("Type 2 to continue:");
        screen.types(answer);
        screen.end().exit(4);
    }
    world.nothing_sent();
    let mut screen = world.command("user deactivate samples/deactivate.csv").at_terminal();
    screen.wait_for("Type 2 to continue:");
    screen.types("2");
    screen.wait_for("[y/N]");
    screen.types("y");
    screen.end().exit(0).snap("screen-count-typed");
    assert_eq!(world.changing(), 2);
}

/// Bad rows are reported, and the terminal asks whether to continue without them.
#[test]
fn bad_rows_are_asked_about() {
    let mut world = World::new();
    world.file("add.csv", "Email,Group\nno mail,hanoi-legal\njfloat@banc.ly,hanoi-legal\n");
    let mut screen = world.command("member add add.csv").at_terminal();
    screen.wait_for("Continue without this row? [y/N]");
    screen.types("n");
    screen.end().exit(2);
    let mut screen = world.command("member add add.csv").at_terminal();
    screen.wait_for("[y/N]");
    screen.types("y");
    screen.wait_for("[y/N]");
    screen.types("y");
    screen.end().exit(1).snap("screen-bad-rows");
    assert_eq!(world.changing(), 1);
}

#[test]
fn ctrl_c_at_a_question() {
    let world = World::new();
    let mut screen = world.command("member add samples/member-add.csv").at_terminal();
    screen.wait_for("[y/N]");
    screen.interrupt();
    screen.end().exit(130);
    world.nothing_sent();
    // The plan waits.
    world.run("run apply last --yes").exit(0);
    assert_eq!(world.changing(), 3);
}

#[test]
fn ctrl_c_at_the_canarys_question() {
    let world = World::new();
    let mut screen = world.command("member add samples/member-add.csv").at_terminal();
    screen.wait_for("[y/N]");
    screen.types("y");
    screen.wait_for("Continue with the other 2? [y/N]");
    screen.interrupt();
    screen.end().exit(130).says("headcount run resume");
    assert_eq!(world.changing(), 1);
    world.run("run resume last --yes").exit(0);
    assert_eq!(world.changing(), 3);
}

#[test]
fn ctrl_c_while_sending() {
    let world = World::new();
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 2, "times": 0, "delay_ms": 600_000,
    }));
    let mut screen = world.command("member add samples/member-add.csv --yes").at_terminal();
    screen.wait_for("Canary");
    world.struck(1);
    screen.interrupt();
    screen.wait_for("Stopping");
    screen.interrupt();
    screen.end().exit(130).says("headcount run resume");
    world.no_faults();
    world.run("run resume last --yes").exit(0);
    world.nothing_twice();
}

/// A lost connection: the progress and the messages are lost, and the run continues.
#[test]
fn a_terminal_that_goes_away_stops_nothing() {
    let world = World::new();
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "nth": 2, "times": 1, "delay_ms": 1_000,
    }));
    let command = world.command("member add samples/member-add.csv --yes --report r.csv");
    let mut screen = command.at_terminal();
    screen.wait_for("Canary");
    assert_eq!(screen.goes_away(), 0);
    assert_eq!(world.changing(), 3);
    assert_eq!(crate::harness::table(&world.read("r.csv")).len(), 4);
}

/// A question that can't be answered any more counts as a no: the plan waits.
#[test]
fn a_terminal_that_goes_away_at_a_question_agrees_to_nothing() {
    let world = World::new();
    let mut screen = world.command("member add samples/member-add.csv").at_terminal();
    screen.wait_for("[y/N]");
    assert_eq!(screen.goes_away(), 4);
    world.nothing_sent();
    world.run("run apply last --yes").exit(0);
}

/// Colors at a terminal; none with `NO_COLOR`, at a dumb terminal, or in a pipe.
#[test]
fn colors() {
    let world = World::new();
    let shown = |variable: &str, value: &str| {
        let line = "member add samples/member-add.csv --plan";
        let mut screen = world.command(line).with(variable, value).at_terminal();
        screen.wait_for("Nothing was sent");
        let raw = screen.raw();
        screen.end().exit(0);
        raw
    };
    let colored = |raw: &str| raw.contains("\u{1b}[1m") || raw.contains("\u{1b}[3");
    assert!(colored(&shown("TERM", "xterm-256color")));
    assert!(!colored(&shown("NO_COLOR", "1")));
    assert!(!colored(&shown("TERM", "dumb")));
    let piped = world.run("member add samples/member-add.csv --plan");
    assert!(!colored(&piped.stderr));
}

/// Cells have no effect on a terminal; in a pipe they are data.
#[test]
fn a_report_at_a_terminal_is_clean() {
    let mut world = World::new();
    world.file("add.csv", "Email,Group,note\njfloat@banc.ly,hanoi-legal,this clears the screen \u{1b}[2J and sets the title \u{1b}]0;x\u{7} of it\n");
    world.run("member add add.csv --yes").exit(0);
    for line in ["run report last", "run report last --format json", "run show last --rows"] {
        let mut screen = world.command(line).at_terminal();
        screen.wait_for("hanoi-legal");
        let raw = screen.raw();
        screen.end().exit(0);
        assert!(!raw.contains("\u{1b}]0;x") && !raw.contains("\u{1b}[2J"), "{line}: {raw:?}");
    }
}
