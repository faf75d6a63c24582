//! Every row gets an outcome with its reason and what to do next: users who are found or not, rows that were
//! already in the wanted state, and refusals of the site.

use serde_json::json;

use crate::harness::{World, table};

/// A column of a report, without its heading.
#[track_caller]
fn column(world: &World, file: &str, name: &str) -> Vec<String> {
    let report = table(&world.read(file));
    let at = report[0].iter().position(|heading| heading == name);
    let at = at.unwrap_or_else(|| panic!("no column {name} in {:?}", report[0]));
    report[1..].iter().map(|row| row[at].clone()).collect()
}

/// Rows of a membership file that name a user or something unclear, with the outcome of each.
const UNCLEAR: &str = "accountId,Email,Group,wanted\n\
    ,nobody@banc.ly,oslo-engineering,user-not-found\n\
    ,jflaot@banc.ly,oslo-engineering,user-not-found\n\
    ,jfloat@banc.ly,oslo-enginering,group-not-found\n\
    ,jfloat@banc.ly,ALPHA,group-ambiguous\n\
    ,JFloat@Banc.ly,Oslo-Engineering,done\n\
    ,jfloat@banc.ly,\"Finance, Europe\",done\n\
    6155833c071axxx071ff5b24,vdillow@banc.ly,oslo-engineering,mismatch\n\
    6155833c071axxx071ff5b24,,oslo-engineering,duplicate\n\
    ,jfloat@banc.ly,jira-software-users,already-member\n\
    5b10a2844c20165700ede21g,,oslo-engineering,user-not-found\n";

#[test]
fn who_and_what_is_meant_by_the_organization() {
    let mut world = World::new();
    world.file("add.csv", UNCLEAR);
    world.run("member add add.csv --yes --report out.csv").exit(1).snap("unclear-organization");
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
    assert_eq!(world.changing(), 2);
}

#[test]
fn who_and_what_is_meant_by_the_site() {
    let mut world = World::new().token_alone();
    world.file("add.csv", format!("{UNCLEAR},hvinter@banc.ly,oslo-engineering,user-hidden\n"));
    world.run("member add add.csv --yes --report out.csv").exit(1).snap("unclear-site");
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
    assert_eq!(world.changing(), 2);
}

#[test]
fn who_and_what_is_meant_by_exports() {
    let mut world = World::new();
    world.file(
        "users.csv",
        "User id,User name,email\n\
         6155833c071axxx071ff5b24,Janaye Float,jfloat@banc.ly\n\
         e2345d51eaa4xxx984e377ce,Verna Dillow,two@banc.ly\n\
         982bfd68520fxxx71daccb32,Florian Toten,two@banc.ly\n",
    );
    world.file(
        "add.csv",
        "Email,Group\n\
         two@banc.ly,oslo-engineering\n\
         vdillow@banc.ly,oslo-engineering\n\
         jfloat@banc.ly,Team #7\n\
         jfloat@banc.ly,oslo-engineering\n",
    );
    world
        .run("member add add.csv --users users.csv --groups samples/groups.csv --yes --report out.csv")
        .exit(1)
        .snap("unclear-exports");
    let reasons = column(&world, "out.csv", "reason");
    assert_eq!(reasons, ["user-ambiguous", "user-not-found", "group-not-found", "done"]);
}

/// A group that an identity provider manages: recognized before the run with the organization API key, refused by
/// the site without it.
#[test]
fn a_group_of_the_identity_provider() {
    let mut world = World::new();
    world.file("add.csv", "Email,Group\njfloat@banc.ly,idp-everyone\n");
    world.run("member add add.csv --yes").exit(1).snap("group-synced");
    world.nothing_sent();
    let mut world = World::new().token_alone();
    world.file("add.csv", "Email,Group\njfloat@banc.ly,idp-everyone\n");
    world.run("member add add.csv --yes").exit(1).snap("group-synced-site");
    assert!(!world.is_member("jfloat@banc.ly", "idp-everyone"));
}

/// What a membership brings, and who gets it: shown before the user agrees, whichever credential can read it.
#[test]
fn what_is_to_be_looked_at_twice() {
    let sheet = "Email,Group\n\
         jfloat@banc.ly,jira-servicemanagement-users\n\
         vdillow@banc.ly,jira-servicemanagement-users\n\
         jfloat@banc.ly,jira-product-discovery-users\n\
         jfloat@banc.ly,site-admins\n\
         dnkosi@banc.ly,houston-sales\n\
         sferreira@banc.ly,houston-sales\n";
    for (mut world, name) in [
        (World::new(), "look-twice"),
        (World::new().token_alone(), "look-twice-site"),
        (World::new().key_alone(), "look-twice-org"),
    ] {
        world.file("add.csv", sheet);
        world.run("member add add.csv --plan").exit(0).snap(name);
        world.nothing_sent();
    }
}

/// An address in the wrong row: the name next to it belongs to another user.
#[test]
fn a_row_that_names_another_user_gets_a_warning() {
    let mut world = World::new();
    world.file(
        "leavers.csv",
        "Name,Email\nVerna Dillow,vdillow@banc.ly\nPaula Chefin,jfloat@banc.ly\n\
         Toten F.,ftoten2@banc.ly\nPaula Chefin,vdillow@banc.ly\n",
    );
    world.run("user deactivate leavers.csv --plan").exit(0).snap("look-twice-name");
    world.nothing_sent();
}

#[test]
fn creating_people_who_are_there() {
    let mut world = World::new();
    world.file(
        "create.csv",
        "emailAddress,products,wanted\n\
         new@banc.ly,,created\n\
         New@Banc.ly,,duplicate\n\
         vdillow@banc.ly,,already-there\n\
         vdillow@banc.ly,jira-servicedesk,done\n\
         dnkosi@banc.ly,,account-inactive\n\
         nnoaccess@banc.ly,jira-software,exists-without-access\n\
         lean@banc.ly,none,created\n\
         two@banc.ly,jira-software;jira-servicedesk,created\n\
         full@banc.ly,jira-product-discovery,licence-limit\n",
    );
    let output = world.run("user create create.csv --yes --report out.csv");
    output.exit(1).snap("create-outcomes");
    assert_eq!(column(&world, "out.csv", "reason"), column(&world, "out.csv", "wanted"));
}

/// If the site could not be read before, 201 does not prove the creation, and an undo never removes the user.
#[test]
fn created_or_existed() {
    let mut world = World::new().token_alone();
    // The site says that listing all users takes too long. Only the search by email is left, and it does not see
    // hidden addresses.
    world.fault(json!({
        "path": "/rest/api/3/users/search", "times": 0,
        "answer": { "status": 409, "body": { "errorMessages": ["Too long."], "errors": {} } },
    }));
    world.file("create.csv", "emailAddress\nhvinter@banc.ly\nnew@banc.ly\n");
    world.run("user create create.csv --yes --report out.csv").exit(0).snap("created-or-existed");
    assert_eq!(column(&world, "out.csv", "reason"), ["created-or-existed", "created-or-existed"]);
    world.run("run undo last --remove-created --yes --max-changes 5").exit(1).snap("undo-created-or-existed");
    assert_eq!(world.person("new@banc.ly").get("place"), None);
}

/// The older fields of the create call are understood and reported, and never sent. A password is not stored
/// anywhere.
#[test]
fn older_fields_and_passwords() {
    let mut world = World::new();
    world.secret("hunter2-hunter2");
    world.file(
        "create.csv",
        "emailAddress,displayName,key,name,password,notification,applicationKeys\n\
         new@banc.ly,New Person,newp,newp,hunter2-hunter2,true,jira-software\n",
    );
    world.run("user create create.csv --yes --report out.csv").exit(0).snap("create-older-fields");
    world.run("run report last").exit(0);
    world.run("run report last --format json").exit(0);
    world.run("run show last --rows").exit(0);
}

/// A row with shifted cells has its password under another heading, or under none.
#[test]
fn the_password_of_a_shifted_row_is_kept_nowhere() {
    let mut world = World::new();
    world.secret("hunter2-hunter2");
    world.file(
        "create.csv",
        "emailAddress,displayName,password\n\
         new@banc.ly,New Person,fine-fine-fine\n\
         one@banc.ly,Person, One,hunter2-hunter2\n\
         two@banc.ly,hunter2-hunter2\n",
    );
    world.secret("fine-fine-fine");
    let job = "user create create.csv --yes --bad-rows skip --report out.csv";
    world.run(job).exit(1).says("the row has 4 cells, but only the first 3 have a heading");
    world.run("run show last --rows").exit(0);
    world.run("run report last --format json").exit(0);
    world.run("run failed last -o again.csv").exit(0);
    let journal = std::fs::read(world.journal()).expect("a journal");
    for secret in [&b"hunter2-hunter2"[..], b"fine-fine-fine"] {
        assert!(!journal.windows(secret.len()).any(|bytes| bytes == secret));
    }
    world.run("user create create.csv --yes").exit(2);
}

#[test]
fn new_people_are_put_into_their_groups() {
    let mut world = World::new();
    world.file(
        "create.csv",
        "emailAddress,groups\na@banc.ly,oslo-engineering;hanoi-legal\nb@banc.ly,\n\
         c@banc.ly,hanoi-legal;oslo-enginering\nvdillow@banc.ly,oslo-engineering\n\
         a@banc.ly,hanoi-legal\n",
    );
    world.run("user create create.csv --plan").exit(0).says("; then add to oslo-engineering, hanoi-legal");
    world.nothing_sent();
    world.run("run apply last --yes --report out.csv").exit(1);
    for group in ["oslo-engineering", "hanoi-legal"] {
        assert!(world.is_member("a@banc.ly", group));
    }
    assert!(world.person("c@banc.ly").is_null());
    world.run("run failed last -o again.csv").exit(0);
    world.clear_log();
    world.run("user create create.csv --yes").exit(1);
    world.nothing_sent();
    world.run("run undo 1 --yes --max-changes 4 --remove-created").exit(4);
    world.nothing_sent();
    let undo = "run undo 1 --yes --max-changes 5 --remove-created";
    world.run(undo).exit(0);
    assert_eq!(world.person("a@banc.ly")["place"], "removed");
    assert!(!world.is_member("vdillow@banc.ly", "oslo-engineering"));
    world.nothing_twice();
}

#[test]
fn products_by_cell_option_profile_and_default() {
    let mut world = World::new();
    world.file("create.csv", "emailAddress,products\na@banc.ly,\nb@banc.ly,jira-core\nc@banc.ly,none\n");
    world
        .run("user create create.csv --products jira-servicedesk,jira-core --plan")
        .exit(0)
        .snap("create-products");
    world.run("user create create.csv --products none --plan").exit(0);
    insta::assert_snapshot!(world.run("user create create.csv --products jira-hardware --plan").exit(2).transcript(), @r"
    $ headcount user create create.csv --products jira-hardware --plan
    ─── stderr
    error: --products: there is no product “jira-hardware”
    hint: the products are jira-software, jira-servicedesk, jira-product-discovery, jira-core, or none
    ─── exit 2
    ");
    world.nothing_sent();
    world.run("run apply 1 --yes").exit(0);
    let groups = |mail: &str| {
        let path = format!("/_sandbox/state?only=memberships&email={mail}");
        world.ask("GET", &path, None)["memberships"].as_array().expect("a list").len()
    };
    assert_eq!((groups("a@banc.ly"), groups("b@banc.ly"), groups("c@banc.ly")), (2, 1, 0));
}

/// A duplicate is no problem: exit code 0, and it is not a row to correct.
#[test]
fn duplicates_name_their_row() {
    let mut world = World::new();
    world.file(
        "add.csv",
        "Email,Group\njfloat@banc.ly,hanoi-legal\nvdillow@banc.ly,hanoi-legal\nJFLOAT@banc.ly,Hanoi-Legal\n",
    );
    world.run("member add add.csv --yes --report out.csv").exit(0).snap("duplicates");
    assert_eq!(column(&world, "out.csv", "outcome"), ["changed", "changed", "skipped"]);
    insta::assert_snapshot!(world.run("run failed last").exit(0).transcript(), @r"
    $ headcount run failed last
    ─── stdout
    Email,Group
    ─── stderr
    No row needs correction.
    ─── exit 0
    ");
}

/// Escape sequences and direction marks in cells have no effect on the screen. Formulas are defused in reports and
/// compared in their original form.
#[test]
fn cells_that_would_do_something() {
    let mut world = World::new();
    world.file(
        "add.csv",
        "Email,Group,note\n\
         jfloat@banc.ly,\u{1b}[31mred\u{1b}[0m\u{202e}gnp,\"=HYPERLINK(\"\"http://x.example\"\")\"\n\
         jfloat@banc.ly,gnp\u{202e}olso,+1\n\
         =cmd@banc.ly,oslo-engineering,@x\n\
         jfloat@banc.ly,hanoi-legal,-5\n\
         jfloat@banc.ly,houston-sales,\u{1b}]0;title\u{7}\u{1b}[2J\n",
    );
    insta::assert_snapshot!(world.run("member add add.csv --yes").exit(2).transcript(), @"
    $ headcount member add add.csv --yes
    ─── stderr
    Removed: invisible characters (U+202E) in 2 cells of add.csv; the first is in line 2, column `Group`
    Unreadable rows: 3 rows of add.csv cannot be read
      line 2, column `Group`: the cell has a mark (U+202E) that shows its text from right to left, so you do not see what it holds; write the cell again
      line 3, column `Group`: the cell has a mark (U+202E) that shows its text from right to left, so you do not see what it holds; write the cell again
      line 4, column `Email`: “=cmd@banc.ly” is not an email address: it begins with a sign that may mark the row as left out; write only the address, such as ann@example.com
    error: 3 rows of add.csv cannot be read; nothing was sent
    hint: correct them, or continue without them: --bad-rows skip
    ─── exit 2
    ");
    world.run("member add add.csv --yes --bad-rows skip --report out.csv").exit(1).snap("escapes");
    insta::assert_snapshot!(world.run("run show last --rows").exit(0).transcript(), @"
    $ headcount run show last --rows
    ─── stdout
    1	skipped	unreadable-row	line 2, column `Group`: the cell has a mark (U+202E) that shows its text from right to left, so you do not see what it holds; write the cell again
    2	skipped	unreadable-row	line 3, column `Group`: the cell has a mark (U+202E) that shows its text from right to left, so you do not see what it holds; write the cell again
    3	skipped	unreadable-row	line 4, column `Email`: “=cmd@banc.ly” is not an email address: it begins with a sign that may mark the row as left out; write only the address, such as ann@example.com
    4	changed	done	added jfloat@banc.ly to hanoi-legal
    5	changed	done	added jfloat@banc.ly to houston-sales
    ─── exit 0
    ");
    assert_eq!(
        column(&world, "out.csv", "note"),
        ["'=HYPERLINK(\"http://x.example\")", "'+1", "'@x", "'-5", "\u{1b}]0;title\u{7}\u{1b}[2J"]
    );
    // The corrected file has the original cells.
    world.run("run failed last -o again.csv").exit(0);
    assert!(world.read("again.csv").contains("'=cmd@banc.ly"));
    world.run("member add again.csv --yes --bad-rows skip --report out2.csv").exit(1);
    let details = column(&world, "out.csv", "detail");
    assert_eq!(column(&world, "out2.csv", "detail"), details[..3]);
    assert_eq!(column(&world, "out2.csv", "note")[0], "'=HYPERLINK(\"http://x.example\")");
}

/// The same for the site's answers, file names, and causes of errors.
#[test]
fn answers_and_names_that_would_do_something() {
    const EVIL: &str = "\u{1b}[2J\u{1b}]0;title\u{7}\u{202e}evil";
    let mut world = World::new();
    let name = "add\u{1b}[2J.csv";
    world.file(name, "Email,Group\njfloat@banc.ly,hanoi-legal\n");
    let body = json!({ "errorMessages": [EVIL] });
    world.fault(json!({
        "method": "POST", "path": "/rest/api/3/group/user", "times": 0,
        "answer": { "status": 400, "body": body, "headers": { "X-Note": "evil" } },
    }));
    let lines = [
        (format!("member add {name} --yes --report out.csv"), 1),
        (format!("--json member add {name} --yes"), 1),
        ("run show last --rows".into(), 0),
        ("run show last".into(), 0),
        ("run list".into(), 0),
        ("run report last".into(), 0),
        ("run report last --format json".into(), 0),
        ("run report last --format html".into(), 0),
        // No such file: the error contains its name.
        ("member add none\u{1b}[2J.csv --yes".into(), 2),
    ];
    let mut seen = Vec::new();
    for (line, exit) in lines {
        let output = world.run(&line).exit(exit);
        seen.push((line, output.stdout.clone() + &output.stderr));
    }
    assert!(seen.iter().any(|(_, text)| text.contains("evil")), "the answer is told: {seen:?}");
    seen.push(("out.csv".into(), world.read("out.csv")));
    for (line, text) in seen {
        for bad in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!text.contains(bad), "{line}: {text:?}");
        }
    }
}
