//! Each job, from the sheet to the undo.

use crate::harness::World;
use crate::page::Page;
use serde_json::json;

/// From the form to the finished run, including the canary's question. If a name is given, the pages are checked
/// under it.
fn walk(page: &Page, job: &str, file: &str, typed: Option<&str>) {
    page.job(job);
    page.choose(file);
    page.plan();
    page.world.nothing_sent();
    if let Some(count) = typed {
        page.browser.write("#typed", count);
    }
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
}

/// Plans the undo of the finished run and applies it.
fn undo(page: &Page) {
    if page.browser.shows("Remove the created users from the site") {
        // The page itself says what is still missing.
        page.browser.click("[data-all]");
        page.browser.says("First select: “Remove the created users from the site”");
        page.browser.click("input[name=remove_created]");
    }
    page.browser.click("[data-all]");
    page.browser.says("Nothing has been sent yet");
    page.browser.says("Undo of run");
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
}

#[test]
fn people_are_added_to_groups_and_taken_out_again() {
    let page = Page::open(World::new());
    walk(&page, "add", "samples/member-add.csv", None);
    assert!(page.world.is_member("vdillow@banc.ly", "oslo-engineering"));
    let run = page.run();
    // The downloads are the command line's reports.
    for (kind, wanted) in
        [("csv", "oslo-engineering"), ("json", "\"v\":1"), ("html", "<!DOCTYPE html>")]
    {
        let text = page.browser.script_later(&format!(
            "const done = arguments[arguments.length - 1];
             fetch('/runs/{run}/report.{kind}').then((answer) => answer.text()).then(done);"
        ));
        let text = text.as_str().expect("a text");
        assert!(text.to_lowercase().contains(&wanted.to_lowercase()), "{kind}: {text}");
        page.world.check_text(kind, text);
    }
    // So is the plan as a Postman collection, in an uncompressed archive.
    let archive = page.browser.script_later(
        "const done = arguments[arguments.length - 1];
         const link = [...document.querySelectorAll('a[download]')]
             .find((link) => link.textContent.includes('Postman'));
         fetch(link.href).then((answer) => answer.text()).then(done);",
    );
    let archive = archive.as_str().expect("a text");
    for part in
        ["PK", ".postman_collection.json", ".postman_environment.json", "\"vdillow@banc.ly\""]
    {
        assert!(archive.contains(part), "{part}: {archive}");
    }
    page.world.check_text("the archive", archive);
    // It is shown in a window of its own, separated from the page; its own script works.
    page.go(&format!("/runs/{run}/report"));
    page.browser.says("Added (3 rows)");
    page.browser.says("Verna Dillow (vdillow@banc.ly) – oslo-engineering");
    page.browser.press("Outcome");
    assert_eq!(page.browser.script("return window.origin", &[]), "null");
    page.go(&format!("/runs/{run}"));
    page.browser.says("Done");
    undo(&page);
    assert!(!page.world.is_member("vdillow@banc.ly", "oslo-engineering"));
    page.world.nothing_twice();
    // The command line shows what was done on the page, and the page what was done there.
    let listed = page.world.run("run list").exit(0);
    assert!(listed.stdout.contains(&run), "{}", listed.stdout);
    page.world.run("member add samples/member-add.csv --yes").exit(0);
    page.go("/");
    page.browser.says("3 rows: 3 changed");
    let rows =
        page.browser.script("return document.querySelectorAll('table.runs tbody tr').length", &[]);
    assert_eq!(rows, 3);
}

/// Rows ticked in the table and typed rows are one selection. The run and its rows say what was undone.
#[test]
fn some_rows_are_ticked_and_taken_back() {
    let page = Page::open(World::new());
    walk(&page, "add", "samples/member-add.csv", None);
    let run = page.run();
    // The button says what it does, and nothing next to it does more.
    page.browser.says("Undo all 3 rows");
    page.browser.click("input[data-take][value='3']");
    page.browser.says("Undo the 1 selected row");
    page.browser.click("input[data-take][value='1']");
    page.browser.lacks_here("Undo all");
    // The users behind the numbers are shown before the plan.
    page.browser.press("Only some rows");
    page.browser.says("Row 1: ");
    page.browser.says("(vdillow@banc.ly), oslo-engineering");
    let typed = "return document.querySelector('#undo_rows').value";
    assert_eq!(page.browser.script(typed, &[]), "1, 3");
    // The selection is kept on another page of the table.
    page.browser.write("#text", "hanoi");
    page.browser.says("1 row.");
    page.browser.script(
        "const text = document.querySelector('#text');
         text.value = '';
         text.dispatchEvent(new Event('input', { bubbles: true }));",
        &[],
    );
    page.browser.says("3 rows.");
    let ticked = "return [...document.querySelectorAll('[data-take]:checked')].map((box) => box.value).join()";
    assert_eq!(page.browser.script(ticked, &[]), "1,3");
    page.look("take-back-rows");
    page.browser.press("Undo the 2 selected rows");
    page.browser.says("Undo of some rows of run");
    page.browser.says("rows 1, 3 of");
    page.browser.says("remove the other membership");
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert!(!page.world.is_member("vdillow@banc.ly", "oslo-engineering"));
    assert!(page.world.is_member("ftoten2@banc.ly", "hanoi-legal"), "row 2 was not ticked");
    let undo = page.run();
    page.go("/");
    page.browser.says(&format!("2 rows undone by run {undo}"));
    page.go(&format!("/runs/{run}"));
    page.browser.says("Undone later");
    page.browser.says("3 changed – applied, 2 of them undone later");
    page.look("taken-back");
    // One row is left, so nothing can be selected; the plan names the user.
    page.browser.press("Undo the row that was changed");
    page.browser.says("row 2 of");
    page.browser.says("Remove ");
    page.browser.lacks("Remove 1 membership");
    page.world.nothing_twice();
}

#[test]
fn people_are_taken_out_of_groups_and_put_back() {
    let page = Page::open(World::new());
    page.world.run("member add samples/member-add.csv --yes").exit(0);
    page.world.clear_log();
    walk(&page, "remove", "samples/member-add.csv", None);
    assert!(!page.world.is_member("vdillow@banc.ly", "oslo-engineering"));
    undo(&page);
    assert!(page.world.is_member("vdillow@banc.ly", "oslo-engineering"));
    page.world.nothing_twice();
}

#[test]
fn users_are_created_and_taken_off_the_site() {
    let page = Page::open(World::new());
    walk(&page, "create", "samples/create-users.csv", None);
    let mails = mails(&page, "samples/create-users.csv");
    assert!(!mails.is_empty());
    for mail in &mails {
        assert!(page.world.person(mail).is_object(), "{mail} is not there");
    }
    undo(&page);
    page.world.nothing_twice();
}

#[test]
fn accounts_are_deactivated_and_reactivated() {
    let page = Page::open(World::new());
    walk(&page, "deactivate", "samples/deactivate.csv", None);
    let run = page.run();
    undo(&page);
    // And the job of its own.
    page.world.run("user deactivate samples/deactivate.csv --yes --max-changes 2").exit(0);
    page.world.clear_log();
    walk(&page, "reactivate", "samples/deactivate.csv", None);
    page.go(&format!("/runs/{run}"));
    page.browser.says("Deactivate accounts");
    page.world.nothing_twice();
}

/// More than a few users: the count must be typed, and a wrong one sends nothing.
#[test]
fn the_count_is_typed_before_many_are_deactivated() {
    let mut world = World::of_people(60);
    let ids = &world.plain_mails()[..8];
    world.file("leave.csv", format!("Email\n{}\n", ids.join("\n")));
    let page = Page::open(world);
    page.job("deactivate");
    page.choose("leave.csv");
    page.plan();
    page.browser.says("7 changes, compared to 54 active accounts of the organization");
    page.look("plan-deactivate");
    let count =
        page.browser.script("return document.querySelector('.typed strong').innerText", &[]);
    let count: u64 = count.as_str().and_then(|count| count.parse().ok()).expect("a number");
    assert!(count > 5, "{count} is no more than a handful");
    // Without the browser's own check: the program's check counts.
    page.browser.script("document.querySelector('form.send').noValidate = true", &[]);
    page.browser.write("#typed", &(count - 1).to_string());
    let run = page.run();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("The number does not match");
    page.world.nothing_sent();
    page.go(&format!("/runs/{run}"));
    page.browser.write("#typed", &count.to_string());
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert_eq!(page.world.changing(), count);
    page.world.nothing_twice();
}

/// A sheet of nearly all users is probably a mistake.
#[test]
fn deactivating_most_people_is_to_be_looked_at_twice() {
    let mut world = World::of_people(60);
    let mails = world.plain_mails();
    world.file("leave.csv", format!("Email\n{}\n", mails.join("\n")));
    let page = Page::open(world);
    page.job("deactivate");
    page.choose("leave.csv");
    page.plan();
    page.browser.says("more than half of the 54 active accounts of the organization.");
    page.look("plan-most");
}

/// The answer after the first row is no.
#[test]
fn a_no_after_the_first_row_stops_before_the_others() {
    let page = Page::open(World::new());
    page.job("add");
    page.choose("samples/member-add.csv");
    page.plan();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Is it right?");
    page.browser.press("Stop here");
    page.browser.says("You stopped the run after the first row.");
    page.browser.says("1 row was changed so far; 2 rows are not sent yet.");
    assert_eq!(page.world.changing(), 1);
    page.look("stopped");
    let run = page.run();
    // It may have been a no to the row or only to continuing now, so neither button is emphasized.
    let loud = "return document.querySelectorAll('main button:not(.plain, .danger)').length";
    assert_eq!(page.browser.script(loud, &[]), 0);
    page.browser.press("Undo the first row");
    page.browser.says("Nothing has been sent yet");
    page.world.run("run cancel last").exit(0);
    page.go(&format!("/runs/{run}"));
    page.browser.press("Cancel the run…");
    page.browser.press("Cancel the run");
    page.browser.says("The remaining rows were never sent.");
    page.browser.says("2 never sent");
    assert_eq!(page.world.changing(), 1);
}

/// A plan says what to check. A discarded plan says so, and nothing was sent.
#[test]
fn a_plan_that_is_thrown_away_looks_thrown_away() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste(
        "Name\tEmail\tGroup\nPaula Chefin\tvdillow@banc.ly\tsite-admins\n\
         \tvdillow@banc.ly\tjira-servicemanagement-users\n\
         \tvdillow@banc.ly\thouston-sales\n",
    );
    page.plan();
    page.browser.says("1 change: the group's name suggests administrator rights.");
    page.browser.says("1 change: the file and the site have different names for this user.");
    page.browser.says("may take a seat of jira-servicedesk");
    page.browser.says("may take up to 1 seat of Jira Service Management, which may cost money");
    page.browser.says("Verna Dillow");
    page.look("look-twice");
    page.browser.press("Show these rows");
    page.browser.says("2 rows.");
    page.browser.press("Discard this plan…");
    page.browser.press("Discard the plan");
    page.browser.says("This plan was never applied.");
    page.go("/");
    page.job("add");
    page.paste("Email\tGroup\nvdillow@banc.ly\toslo-engineering\n");
    page.plan();
    // For a single row, the page offers no first row.
    page.browser.says("Add ");
    page.browser.lacks("Apply the first row");
    page.browser.press("Discard this plan…");
    page.browser.press("Discard the plan");
    page.browser.says("This plan was never applied.");
    page.browser.says("1 never sent");
    page.browser.lacks("What happens");
    page.look("thrown-away");
    page.go("/");
    page.browser.says("discarded");
    page.world.nothing_sent();
}

/// A user with another name in the sheet may be the wrong one; the page and the report say so even after the run.
#[test]
fn another_name_is_shown_at_the_end_too() {
    let page = Page::open(World::new());
    page.job("add");
    page.paste("Name\tEmail\tGroup\nPaula Chefin\tvdillow@banc.ly\toslo-engineering\n");
    page.plan();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Every row is in the wanted state.");
    page.browser.says("Warning: the file and the site have different names for this user");
    let report = page.world.run("run report last --format html").exit(0).stdout;
    assert!(
        report.contains("the file and the site have different names for this user"),
        "{report}"
    );
}

/// The maximum number of changes works on the page, too.
#[test]
fn more_changes_than_allowed_are_not_sent() {
    let page = Page::open(World::new());
    page.job("add");
    page.choose("samples/member-add.csv");
    page.plan();
    page.browser.press("Limits");
    page.browser.write("#max_changes", "2");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("the plan has 3 changes, and the maximum is 2; nothing was sent");
    page.world.nothing_sent();
}

#[test]
fn users_are_suspended_and_restored() {
    let page = Page::open(World::new());
    walk(&page, "suspend", "samples/deactivate.csv", None);
    let mails = mails(&page, "samples/deactivate.csv");
    for mail in &mails {
        assert_eq!(page.world.person(mail)["place"], "suspended", "{mail}");
    }
    undo(&page);
    assert_eq!(page.world.person(&mails[0]).get("place"), None);
    // And the job of its own.
    page.world.run("user suspend samples/deactivate.csv --yes --max-changes 2").exit(0);
    page.world.clear_log();
    walk(&page, "restore", "samples/deactivate.csv", None);
    assert_eq!(page.world.person(&mails[0]).get("place"), None);
    page.world.nothing_twice();
}

/// Removing users from the site is the only job without an undo. The page says so before, and offers none
/// afterwards.
#[test]
fn users_are_taken_off_the_site_for_good() {
    let page = Page::open(World::new());
    page.browser.says("Cannot be undone.");
    walk(&page, "take-off", "samples/deactivate.csv", None);
    for mail in mails(&page, "samples/deactivate.csv") {
        assert_eq!(page.world.person(&mail)["place"], "removed", "{mail}");
    }
    page.browser.lacks("Undo it");
    page.world.nothing_twice();
}

#[test]
fn groups_are_created_and_deleted_again() {
    let page = Page::open(World::new());
    page.job("create-groups");
    page.paste("name\tdescription\nneue-größe\tErste Gruppe\noslo-engineering\tis there\n");
    page.plan();
    page.browser.says("create the group neue-größe");
    page.browser.says("group-exists");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Done");
    page.look("end-groups");
    assert_eq!(page.world.members("neue-größe"), 0);
    page.browser.says("Delete the created groups");
    page.browser.click("input[name=remove_created]");
    page.browser.press("Undo the row that was changed");
    page.browser.says("Undo of run");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Done");
    page.world.nothing_twice();
}

#[test]
fn empty_groups_are_deleted_for_good() {
    let world = World::new();
    let names: Vec<_> = (1..=6).map(|at| format!("empty-{at}")).collect();
    let all = names.iter().map(String::as_str).chain(["full"]);
    let groups: Vec<_> = all.map(|name| json!({ "name": name })).collect();
    let members = json!([{ "email": "jfloat@banc.ly", "group": "full" }]);
    world.seed(json!({ "groups": groups, "memberships": members }));
    let page = Page::open(world);
    page.browser.says("Delete groups");
    page.job("delete-groups");
    page.paste(&format!("Group\n{}\nfull\n", names.join("\n")));
    page.plan();
    page.browser.says("delete the group empty-1");
    page.browser.says("group-not-empty");
    page.browser.says("cannot be undone");
    page.browser.says("groups with members");
    page.look("plan-delete-groups");
}

/// The members are written to a file in the journal's folder, and the plan names it.
#[test]
fn groups_are_deleted_with_their_members() {
    let world = World::new();
    let members = json!([{ "email": "jfloat@banc.ly", "group": "full" }]);
    world.seed(json!({ "groups": [{ "name": "full" }], "memberships": members }));
    let page = Page::open(world);
    page.job("delete-groups");
    page.paste("Group\nfull\n");
    page.browser.click("input[name=with_members]");
    page.plan();
    page.browser.says("delete the group full");
    page.browser.says("The members of the groups are in a file");
    page.world.nothing_sent();
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Done");
    assert_eq!(page.world.members("full"), 0);
}

/// A deletion is called back by an undo; the page says until when that is possible.
#[test]
fn accounts_are_deleted_and_called_back() {
    let page = Page::open(World::new());
    walk(&page, "delete-accounts", "samples/deactivate.csv", None);
    for mail in mails(&page, "samples/deactivate.csv") {
        assert_eq!(page.world.person(&mail)["lifecycle"], "for-deletion", "{mail}");
    }
    undo(&page);
    page.world.nothing_twice();
}

#[test]
fn addresses_are_changed() {
    let page = Page::open(World::new());
    page.job("change-addresses");
    page.paste("Email\tNew email\nvdillow@banc.ly\tverna@banc.ly\n");
    page.plan();
    page.browser.says("all sessions of each user end");
    page.browser.click(".action-bar button[type=submit]");
    page.browser.says("Done");
    assert!(page.world.person("verna@banc.ly").is_object());
}

/// With groups, through the organization; the page says how, next to the groups.
#[test]
fn users_are_invited_into_groups() {
    let page = Page::open(World::new());
    page.job("create");
    page.paste("emailAddress\tgroups\none@example.com\toslo-engineering\ntwo@example.com\t\n");
    page.browser.says("2 rows.");
    page.browser.click("input[name=by][value=invite]");
    page.browser.says("2 rows.");
    page.look("columns-invite");
    page.plan();
    page.browser.says("invite one@example.com");
    page.world.nothing_sent();
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert!(page.world.is_member("one@example.com", "oslo-engineering"));
    undo(&page);
    assert_eq!(page.world.person("one@example.com")["place"], "removed");
    page.world.nothing_twice();
}

/// Through the site as well: created and then added, in one row.
#[test]
fn users_are_created_and_put_into_their_groups() {
    let page = Page::open(World::new());
    page.job("create");
    page.paste("emailAddress\tgroups\none@example.com\toslo-engineering\ntwo@example.com\t\n");
    page.browser.says("2 rows.");
    page.plan();
    page.browser.says("create one@example.com");
    page.world.nothing_sent();
    page.browser.click(".action-bar button[type=submit]");
    page.go_on();
    page.browser.says("Done");
    assert!(page.world.is_member("one@example.com", "oslo-engineering"));
    page.world.nothing_twice();
}

/// The addresses in a sample file.
fn mails(page: &Page, file: &str) -> Vec<String> {
    let text = page.world.read(file);
    let mails = text.lines().filter_map(|line| line.split(',').find(|cell| cell.contains('@')));
    mails.map(str::to_owned).collect()
}
