//! Each job from the articles' sample files, twice: the second time nothing is sent.

use serde_json::json;

use crate::harness::World;

/// Runs a job twice. The first time something is changed; the second time every row is unchanged and no changing
/// request arrives.
#[track_caller]
fn twice(world: &World, job: &str, rows: u64) {
    let line = format!("--json {job} --yes --report out.csv");
    let first = world.run(&line).exit(0);
    let events = first.events();
    assert_eq!(events.order(), ["planned", "settled", "canary", "settled", "finished"]);
    assert_eq!((events.count("rows"), events.count("changed")), (rows, rows));
    assert_eq!(world.changing(), rows);
    world.clear_log();
    let second = world.run(&line).exit(0);
    let events = second.events();
    assert_eq!(events.order(), ["planned", "finished"]);
    assert_eq!((events.count("rows"), events.count("unchanged")), (rows, rows));
    world.nothing_sent();
    let report = crate::harness::table(&world.read("out.csv"));
    let outcome = report[0].iter().position(|heading| heading == "outcome").expect("a column");
    assert_eq!(report.len() as u64, rows + 1);
    assert!(report[1..].iter().all(|row| row[outcome] == "unchanged"), "{report:#?}");
}

#[test]
fn create_users() {
    let world = World::new();
    twice(&world, "user create samples/create-users.csv", 5);
    assert_eq!(world.person("o'neil+cloud@example.com")["email"], "o'neil+cloud@example.com");
}

#[test]
fn create_users_with_the_token_alone() {
    twice(&World::new().token_alone(), "user create samples/create-users.csv", 5);
}

#[test]
fn add_members_resolved_by_the_organization() {
    let world = World::new();
    twice(&world, "member add samples/member-add.csv", 3);
    assert!(world.is_member("vdillow@banc.ly", "oslo-engineering"));
    assert!(world.is_member("ftoten2@banc.ly", "hanoi-legal"));
    assert!(world.is_member("amelmeth@banc.ly", "houston-sales"));
}

#[test]
fn add_members_resolved_by_the_site() {
    twice(&World::new().token_alone(), "member add samples/member-add.csv", 3);
}

#[test]
fn add_members_by_the_mapped_file() {
    twice(&World::new(), "member add samples/member-add-mapped.csv", 3);
    twice(&World::new().token_alone(), "member add samples/member-add-mapped.csv", 3);
}

#[test]
fn add_members_by_exports() {
    let job = "member add samples/member-add.csv --users samples/users.csv --groups samples/groups.csv";
    twice(&World::new(), job, 3);
    twice(&World::new().token_alone(), job, 3);
}

#[test]
fn add_and_remove_members_from_a_workbook() {
    let mut world = World::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["Email", "Group"],
        ["vdillow@banc.ly", "oslo-engineering"],
        ["ftoten2@banc.ly", "Finance, Europe"],
    ];
    for (at, row) in rows.iter().enumerate() {
        sheet.write_row(at as u32, 0, row.iter().copied()).expect("cells are written");
    }
    world.file("people.xlsx", book.save_to_buffer().expect("a workbook is written"));
    twice(&world, "member add people.xlsx", 2);
    assert!(world.is_member("ftoten2@banc.ly", "Finance%2C+Europe"));
    world.clear_log();
    let removed = world.run("--json member remove people.xlsx --yes").exit(0);
    assert_eq!(removed.events().count("changed"), 2);
    let again = world.run("--json member remove people.xlsx --yes").exit(0);
    assert_eq!(again.events().count("unchanged"), 2);
    assert_eq!(world.changing(), 2);
}

#[test]
fn deactivate_and_reactivate() {
    let world = World::new();
    twice(&world, "user deactivate samples/deactivate.csv --max-changes 2", 2);
    assert_eq!(world.person("dsnapper@banc.ly")["lifecycle"], "inactive");
    world.clear_log();
    twice(&world, "user activate samples/deactivate.csv", 2);
    assert_eq!(world.person("dsnapper@banc.ly")["lifecycle"], json!(null), "active again");
}

/// The article on bulk disabling requires only an organization API key.
#[test]
fn deactivate_with_the_organization_key_alone() {
    for with_org_id in [true, false] {
        let mut world = World::new();
        world.unset("HEADCOUNT_CLOUD_URL");
        world.unset("HEADCOUNT_API_TOKEN");
        world.unset("HEADCOUNT_DIRECTORY_ID");
        if !with_org_id {
            world.unset("HEADCOUNT_ORG_ID");
        }
        twice(&world, "user deactivate samples/deactivate.csv --max-changes 2", 2);
    }
}

#[test]
fn deactivate_by_mail_with_a_message() {
    let mut world = World::new();
    world.file("leavers.csv", "Email\ndsnapper@banc.ly\njfloat@banc.ly\n");
    twice(
        &world,
        "user deactivate leavers.csv --max-changes 2 --message \"On 6-month suspension\"",
        2,
    );
}

#[test]
fn what_a_first_and_a_second_run_say() {
    let world = World::new();
    world.run("user create samples/create-users.csv --yes --report created.csv").exit(0).snap("sample-create");
    world.run("member add samples/member-add.csv --yes --report added.csv").exit(0).snap("sample-add");
    world.run("member add samples/member-add.csv --yes").exit(0).snap("sample-add-again");
    world
        .run("user deactivate samples/deactivate.csv --yes --max-changes 2")
        .exit(0)
        .snap("sample-deactivate");
    world.run("run report 1").exit(0).snap("sample-report");
    world.run("--json user activate samples/deactivate.csv --yes").exit(0).snap("sample-events");
}
