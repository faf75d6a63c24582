//! docs/teams.md: its commands, as the page has them, with two administrators on one journal.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use headcount_sandbox::{PLAIN_API_TOKEN, PLAIN_EMAIL};
use headcount_testkit::postgres;

use crate::harness::World;

/// A block of code of a step, and who runs it.
struct Block {
    who: Vec<&'static str>,
    lines: Vec<String>,
}

/// The blocks of the section, in order.
fn blocks() -> Vec<Block> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/teams.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let section = page.split("\n## ").find(|part| part.starts_with("Two administrators")).expect("the section");
    let (mut blocks, mut who, mut is_inside) = (Vec::<Block>::new(), Vec::new(), false);
    for line in section.lines() {
        let text = line.trim();
        if text.starts_with("```") {
            is_inside = !is_inside;
            if is_inside {
                blocks.push(Block { who: who.clone(), lines: Vec::new() });
            }
        } else if is_inside {
            blocks.last_mut().expect("a block").lines.push(text.to_owned());
        } else if text.starts_with(|first: char| first.is_ascii_digit()) {
            who = match () {
                () if text.contains("**Ann**") => vec!["ann"],
                () if text.contains("**Bob**") => vec!["bob"],
                () => vec!["ann", "bob"],
            };
        }
    }
    blocks
}

#[test]
fn two_administrators_begin_with_the_page_for_teams() {
    let mut world = World::new();
    world.second_administrator();
    let (card, journal) = (world.card().clone(), postgres::journal());
    world.unset_all();
    world.file("people.csv", "Email,Group\nvdillow@banc.ly,oslo-engineering\nftoten2@banc.ly,hanoi-legal\n");
    let (mut commands, mut said, mut run) = (0, Vec::new(), String::new());
    for block in blocks() {
        for who in &block.who {
            let config = format!("{who}.toml");
            if block.lines[0].starts_with('[') {
                world.file(&config, profile(&block.lines, who, &card));
                let private = fs::Permissions::from_mode(0o600);
                fs::set_permissions(world.path(&config), private).expect("a private file");
                continue;
            }
            for line in &block.lines {
                if line.starts_with("export HEADCOUNT_JOURNAL=") {
                    world.set("HEADCOUNT_JOURNAL", &journal);
                    continue;
                }
                let command = line.strip_prefix("headcount ").unwrap_or_else(|| panic!("{line}"));
                let command = world.command(&command.replace("RUN", &run));
                let command = match world.path(&config).exists() {
                    true => command.with("HEADCOUNT_CONFIG", &world.path(&config).display().to_string()),
                    false => command,
                };
                let output = command.run().exit(0);
                if line.ends_with("--plan") {
                    run = output.run_id();
                }
                said.push(output.transcript().to_owned());
                commands += 1;
            }
        }
    }
    assert!(commands >= 8, "{commands} commands");
    assert!(world.is_member("vdillow@banc.ly", "oslo-engineering"));
    assert!(world.is_member("ftoten2@banc.ly", "hanoi-legal"));
    world.nothing_twice();
    let last = said.concat();
    for text in ["approved the plan", "by admin@banc.ly", "by jfloat@banc.ly", "planned by admin@banc.ly"] {
        assert!(last.contains(text), "{text}: {last}");
    }
}

/// The profile of the page, for the sandbox and this administrator.
fn profile(lines: &[String], who: &str, card: &headcount_sandbox::Card) -> String {
    let (mail, token) = match who {
        "ann" => (card.email.as_str(), card.api_token.as_str()),
        _ => (PLAIN_EMAIL, PLAIN_API_TOKEN),
    };
    let site = format!("\"{}\"\nadmin_url = \"{}\"", card.url, card.url);
    let text = lines.join("\n") + "\n";
    text.replace("\"https://acme.atlassian.net\"", &site)
        .replace("ann@acme.com", mail)
        .replace("pass show atlassian/token", &format!("printf %s {token}"))
        .replace("pass show atlassian/org-key", &format!("printf %s {}", card.org_api_key))
}
