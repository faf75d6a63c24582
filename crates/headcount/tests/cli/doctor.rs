//! `doctor` and `--version`: what a bug report needs, and no secret in it.

use std::process::Command;

use serde_json::Value;

use crate::harness::{World, snap};

const SECRET: &str = "ATATT3xFfGF0Winter2031=AB12CD34";

/// The text without what depends on the computer, the build, and the journal's newest version.
fn of_no_computer(text: &str) -> String {
    let own = [
        "commit", "date", "target", "build", "platform", "kernel", "distribution", "cores", "size",
        "log size", "file system", "free", "certificates", "clock",
        "version", "newest version",
    ];
    let lines = text.lines().filter(|line| {
        let name = line.trim_start().split("  ").next().unwrap_or_default();
        !own.contains(&name)
    });
    // The conformance check records what all tests send.
    let text = lines.fold(String::new(), |text, line| text + line + "\n");
    text.replace(", HEADCOUNT_RECORD", "").replace("HEADCOUNT_RECORD", "none")
}

#[test]
fn it_shows_files_site_journal_terminal_and_network() {
    let mut world = World::new();
    let empty = world.run("doctor").exit(0);
    snap("doctor-empty", &of_no_computer(empty.transcript()));
    assert!(!world.journal().exists(), "nothing is made");
    world.profiles(&format!(
        "default = \"acme\"\n[profiles.acme]\ncloud_url = \"{}\"\nemail = \"ada@banc.ly\"\n\
         api_token_command = \"echo {SECRET}\"\nprotected = [\"@board.banc.ly\"]\nrate = 20\n",
        world.card().url
    ));
    world.unset_all();
    world.secret(SECRET);
    world.run("member add samples/member-add.csv --plan --profile sandbox").exit(0);
    let command = world.command("doctor").with("HTTPS_PROXY", "http://ann:hunter22@proxy.banc.ly:8080");
    let full = command.with("NO_PROXY", "banc.ly, 10.0.0.0/8").with("LANG", "de_DE.UTF-8").run().exit(0);
    assert!(!full.stdout.contains("hunter22") && !full.stdout.contains("ann:"), "{}", full.stdout);
    snap("doctor", &of_no_computer(full.transcript()));
    // The computer's own facts are there, too.
    for name in ["commit", "target", "platform", "size", "free", "file system", "clock seconds ahead"] {
        assert!(full.stdout.contains(&format!("\n  {name} ")), "{name}\n{}", full.stdout);
    }
    world.nothing_sent();
}

#[test]
fn its_json_has_the_same_facts() {
    let world = World::new();
    let text = world.run("doctor").exit(0).stdout;
    let json = world.run("doctor --json").exit(0).stdout;
    assert_eq!(json.lines().count(), 1);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    for line in text.lines().filter_map(|line| line.strip_prefix("  ")) {
        let name = line.split("  ").next().expect("a name").replace(' ', "_");
        let sections = json.as_object().expect("sections").values();
        assert!(sections.clone().any(|section| section.get(&name).is_some()), "{name}\n{json:#}");
    }
    assert_eq!(json["site"]["api_token"], "from the environment");
    assert_eq!(json["journal"]["version"], Value::Null);
    assert_eq!(json["network"]["proxies"], Value::Array(Vec::new()));
}

/// `World` looks for the credentials of the environment in every output; here are those of all other places.
#[test]
fn no_secret_is_in_it_wherever_it_is_kept_or_was_pasted() {
    let mut world = World::new();
    world.secret(SECRET);
    world.secret("hunter22");
    let named = "[profiles.acme]\ncloud_url = \"acme.atlassian.net\"\nemail = \"a@b.co\"\n";
    for profiles in [
        format!("{named}api_token_command = \"echo {SECRET}\"\n"),
        format!("{named}org_api_key_command = \"printf {SECRET}\"\n"),
        format!("{named}api_token = \"{SECRET}\"\n"),
        format!("{named}rate = \"{SECRET}\"\n"),
        format!("{named}{SECRET}\n"),
        format!("journal_password_command = \"echo {SECRET}\"\n{named}"),
        format!("[profiles.acme]\ncloud_url = \"{SECRET}\"\n"),
        format!("[profiles.acme]\ncloud_url = \"https://a:{SECRET}@acme.atlassian.net\"\n"),
        format!("[profiles.acme]\ncloud_url = \"https://acme.atlassian.net/{SECRET}\"\n"),
    ] {
        world.profiles(&profiles);
        for line in ["doctor --offline", "doctor --offline --json", "doctor --offline --profile acme --verbose"] {
            world.run(line).exit(0);
        }
    }
    world.profiles("");
    for (variable, value) in [
        ("HTTPS_PROXY", "http://ann:hunter22@proxy.banc.ly:8080"),
        ("HTTPS_PROXY", "socks5://ann:hunter22@proxy.banc.ly:8080"),
        ("ALL_PROXY", "ann:hunter22@p p:1"),
        ("http_proxy", "http://ann:hunter22@"),
        ("PGPASSWORD", "hunter22"),
        ("HEADCOUNT_API_TOKEN", SECRET),
        ("HEADCOUNT_ORG_API_KEY", SECRET),
        ("HEADCOUNT_CLOUD_URL", SECRET),
        ("HEADCOUNT_CLOUD_URL", "https://ann:hunter22@acme.atlassian.net"),
        ("HEADCOUNT_ADMIN_URL", "https://ann:hunter22@acme.atlassian.net"),
        ("HEADCOUNT_JOURNAL", "postgres://ann:hunter22@127.0.0.1:1/headcount?sslmode=disable"),
    ] {
        world.set(variable, value);
        for line in ["doctor --offline", "doctor --offline --json"] {
            world.run(line).exit(0);
        }
        world.unset(variable);
    }
}

/// Problems are findings: an older journal is not upgraded, and a newer or broken one is reported.
#[test]
fn a_journal_is_shown_as_it_is_and_not_changed() {
    let world = World::new();
    world.run("member add samples/member-add.csv --plan").exit(0);
    let sound = std::fs::read(world.journal()).expect("a journal");
    for (version, shown) in [(4_u32, "older"), (99, "a newer headcount wrote the journal")] {
        let mut bytes = sound.clone();
        bytes[60..64].copy_from_slice(&version.to_be_bytes());
        std::fs::write(world.journal(), &bytes).expect("it can be written");
        let found = world.run("doctor --offline").exit(0).stdout;
        assert!(found.contains(shown), "{found}");
        assert_eq!(std::fs::read(world.journal()).expect("a journal")[60..64], bytes[60..64]);
    }
    std::fs::write(world.journal(), "Email,Group\n").expect("it can be written");
    assert!(world.run("doctor --offline").exit(0).stdout.contains("not usable"));
}

/// A site that does not answer is a finding.
#[test]
fn a_site_that_does_not_answer_is_reported() {
    let mut world = World::new();
    world.sandbox_ends();
    let found = world.run("doctor").exit(0).stdout;
    assert!(found.contains("not compared: "), "{found}");
}

/// The version names the commit of the repository that it was built in, if it was built in one.
#[test]
fn the_version_names_the_commit_and_its_day() {
    let world = World::new();
    let line = world.run("--version").exit(0).stdout;
    assert_eq!(world.run("-V").exit(0).stdout, line);
    let number = env!("CARGO_PKG_VERSION");
    assert!(line.starts_with(&format!("headcount {number}")), "{line}");
    let head = Command::new("git")
        .args(["log", "-1", "--format=%H"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    let commit = head.ok().filter(|head| head.status.success());
    let Some(commit) = commit.and_then(|head| String::from_utf8(head.stdout).ok()) else { return };
    assert!(line.contains(&format!("({} ", &commit[..12])), "{line} was not built from {commit}");
}
