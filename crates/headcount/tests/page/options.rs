//! Options of single jobs on the page: the text of an invitation, and the file with the members of deleted groups.

use headcount_sandbox::Config;
use headcount_testkit::postgres;
use serde_json::{Value, json};

use crate::harness::World;
use crate::page::Page;

/// The bodies of the invitations that the sandbox received.
fn invitations(folder: &std::path::Path) -> Vec<Value> {
    let file =
        std::fs::read_dir(folder).expect("a folder").next().expect("a file").expect("a file");
    let text = std::fs::read_to_string(file.path()).expect("requests");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let sent = lines
        .filter(|line| line["path"].as_str().is_some_and(|path| path.ends_with("/users/invite")));
    sent.map(|line| serde_json::from_str(line["request"].as_str().expect("a body")).expect("JSON"))
        .collect()
}

/// Presses the button that applies the plan, and waits for the end.
fn apply(page: &Page, rows: usize) {
    page.browser.click(".action-bar button[type=submit]");
    if rows > 1 {
        page.go_on();
    }
    page.browser.says("Every row is in the wanted state.");
}

/// With a text, Atlassian emails it; without one, no email is sent. The plan says which. (The first journal is on a
/// server, which the page uses as it uses a file.)
#[test]
fn the_text_of_an_invitation_is_typed_on_the_page() {
    let words = "Welcome, “new” colleagues & friends!";
    for text in [words, ""] {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config { record: Some(folder.path().to_owned()), ..Config::default() };
        let mut world = World::of(config);
        if !text.is_empty() {
            world.set("HEADCOUNT_JOURNAL", &postgres::journal());
        }
        world.file("in.csv", "emailAddress\none@example.com\ntwo@example.com\n");
        let page = Page::open(world);
        page.job("create");
        page.choose("in.csv");
        page.browser.click("input[name=by][value=invite]");
        page.browser.says("The text of an email to each user");
        if !text.is_empty() {
            page.browser.write("#message", text);
        }
        page.look("invitation");
        page.plan();
        assert_eq!(page.browser.shows("Invitation emails"), !text.is_empty());
        apply(&page, 2);
        let sent = invitations(folder.path());
        assert!(!sent.is_empty());
        for mailed in &sent {
            let expected = if text.is_empty() {
                (Value::Null, Value::Null)
            } else {
                (json!(true), json!(text))
            };
            assert_eq!(
                (mailed["sendNotification"].clone(), mailed["notificationText"].clone()),
                expected
            );
        }
    }
}

/// What the link on a page downloads, and the status of the answer.
fn download(page: &Page) -> (u64, String) {
    let script = "const done = arguments[arguments.length - 1];
        fetch(document.querySelector('a[href$=\"/members.csv\"]').href)
            .then((answer) => answer.text().then((text) => done([answer.status, text])));";
    let got = page.browser.script_later(script);
    (got[0].as_u64().expect("a status"), got[1].as_str().expect("a text").to_owned())
}

/// The file can be downloaded from the plan and from the ended run, and brings the memberships back.
#[test]
fn the_members_of_deleted_groups_are_downloaded_from_the_page() {
    let mut world = World::new();
    let mails = ["vdillow@banc.ly", "jfloat@banc.ly"];
    let members = mails.map(|mail| json!({ "email": mail, "group": "leaving-now" }));
    world.seed(json!({ "groups": [{ "name": "leaving-now" }], "memberships": members }));
    world.file("in.csv", "Group\nleaving-now\n");
    let page = Page::open(world);
    page.job("delete-groups");
    page.choose("in.csv");
    page.browser.click("input[name=with_members]");
    page.plan();
    page.browser.says("The members of the groups are in a file");
    page.look("members-file");
    let (status, of_plan) = download(&page);
    assert_eq!(status, 200, "{of_plan}");
    for mail in mails {
        assert!(of_plan.contains(mail), "{of_plan}");
    }
    apply(&page, 1);
    let (status, of_run) = download(&page);
    assert_eq!((status, &of_run), (200, &of_plan));

    // It brings the memberships back.
    let mut page = page;
    page.world.file("members.csv", of_run);
    page.world.file("again.csv", "Group\nleaving-now\n");
    page.world.run("group create again.csv --yes").exit(0);
    page.world.run("member add members.csv --yes").exit(0);
    for mail in mails {
        assert!(page.world.is_member(mail, "leaving-now"), "{mail}");
    }

    // A file that was changed since is not passed off as the members.
    let folder = std::fs::read_dir(page.world.journal().with_file_name("")).expect("a folder");
    let mut files = folder.map(|file| file.expect("a file").path());
    let is_file = |path: &std::path::PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("members-"))
    };
    let file = files.find(is_file).expect("the file");
    std::fs::write(&file, "Email,Group\nother@banc.ly,other\n").expect("written");
    let (status, changed) = download(&page);
    assert!(
        status >= 400 && changed.contains("was changed") && !changed.contains("other@banc.ly"),
        "{changed}"
    );
}
