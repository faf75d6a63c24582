//! `member map`: only the lookup, offline.

use crate::harness::World;

/// The results of the article's two lookups for its three sample files.
#[test]
fn the_articles_sample() {
    let mut world = World::new();
    world.unset_all();
    let job = "member map samples/member-add.csv --users samples/users.csv --groups samples/groups.csv";
    insta::assert_snapshot!(world.run(&format!("{job} -o mapped.csv")).exit(0).transcript(), @r"
    $ headcount member map samples/member-add.csv --users samples/users.csv --groups samples/groups.csv -o mapped.csv
    ─── stderr
    3 rows mapped, 0 without an id
    ─── exit 0
    ");
    assert_eq!(world.read("mapped.csv"), world.read("samples/member-add-mapped.csv"));
    let output = world.run(job).exit(0);
    assert_eq!(output.stdout, world.read("samples/member-add-mapped.csv"));
    world.nothing_sent();
}

#[test]
fn rows_without_an_id() {
    let mut world = World::new();
    world.unset_all();
    world.file(
        "users.csv",
        "User id,User name,email,User status\n\
         6155833c071axxx071ff5b24,Janaye Float,jfloat@banc.ly,Active\n\
         7a4b625f3fd5xxx24d741ac7,Two Ofus,two@banc.ly,Active\n\
         e2345d51eaa4xxx984e377ce,Two Ofus,two@banc.ly,Active\n",
    );
    world.file(
        "add.csv",
        "Email,Group\n\
         jfloat@banc.ly,Oslo-Engineering\n\
         jflaot@banc.ly,oslo-engineering\n\
         two@banc.ly,oslo-engineering\n\
         jfloat@banc.ly,oslo-enginering\n\
         not a mail,oslo-engineering\n",
    );
    let job = "member map add.csv --users users.csv --groups samples/groups.csv";
    world.run(job).exit(1).snap("map-without-ids");
}

#[test]
fn both_exports_are_needed() {
    let mut world = World::new();
    world.unset_all();
    world.run("member map samples/member-add.csv --users samples/users.csv").exit(2).snap("map-one-export");
    world.run("member map samples/member-add.csv --users nowhere.csv --groups samples/groups.csv").exit(2);
    insta::assert_snapshot!(world.run("member map samples/member-add.csv --users samples/groups.csv --groups samples/users.csv").exit(2).transcript(), @r"
    $ headcount member map samples/member-add.csv --users samples/groups.csv --groups samples/users.csv
    ─── stderr
    error: samples/groups.csv, line 1: no column has the user's account id, and none has the user's email address; the heading can be `accountId` or `User id` or `Atlassian ID`; and `emailAddress` or `Email`. The headings are `Group id`, `Group name`. Name the file as Atlassian exported it.
    hint: --users takes Atlassian's export of users, with the columns `User id` and `email`
    ─── exit 2
    ");
}

/// The pivot export unchanged: a row for each user and group, with duplicates.
#[test]
fn the_pivot_export_as_it_comes() {
    let mut world = World::new();
    world.unset_all();
    world.file(
        "pivot.csv",
        "\u{feff}Group id,Group name,User id,User name,email,User status,Added to org,Org role\r\n\
         d6750b14-1aa8-4ab2-xxxx-a6d44016da32,oslo-engineering,6155833c071axxx071ff5b24,Janaye Float,jfloat@banc.ly,Active,3 Jan 2024,\r\n\
         d6750b14-1aa8-4ab2-xxxx-a6d44016da32,oslo-engineering,7a4b625f3fd5xxx24d741ac7,Anissa Melmeth,amelmeth@banc.ly,Active,3 Jan 2024,\r\n\
         396fae73-650c-4265-xxxx-9c840897fc68,houston-sales,6155833c071axxx071ff5b24,Janaye Float,jfloat@banc.ly,Active,3 Jan 2024,\r\n",
    );
    world.file("add.csv", "Email;Group\njfloat@banc.ly;houston-sales\namelmeth@banc.ly;houston-sales\n");
    insta::assert_snapshot!(world.run("member map add.csv --users pivot.csv --groups pivot.csv").exit(0).transcript(), @r"
    $ headcount member map add.csv --users pivot.csv --groups pivot.csv
    ─── stdout
    Email,Group,accountId,groupId
    jfloat@banc.ly,houston-sales,6155833c071axxx071ff5b24,396fae73-650c-4265-xxxx-9c840897fc68
    amelmeth@banc.ly,houston-sales,7a4b625f3fd5xxx24d741ac7,396fae73-650c-4265-xxxx-9c840897fc68
    ─── stderr
    2 rows mapped, 0 without an id
    ─── exit 0
    ");
}
