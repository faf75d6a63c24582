//! Spellings of one user: addresses and groups are found in any form of their letters, and a cell that may not be
//! an address is named.

use serde_json::json;

use crate::harness::{World, table};

/// A spreadsheet from a Mac: letter and accent are two characters.
#[test]
fn decomposed_letters_are_the_same() {
    let mut world = World::new();
    world.file("new.csv", "emailAddress\r\njo\u{308}rg.groß@banc.ly\r\n");
    world.run("user create new.csv --yes --report out.csv").exit(0);
    world.nothing_sent();
    let report = table(&world.read("out.csv"));
    assert!(report[1].iter().any(|cell| cell == "already-there"), "{report:?}");
    world.file(
        "adds.csv",
        "\u{feff}Email,Group\r\njo\u{308}rg.groß@banc.ly,R&D\r\nvdillow@banc.ly,Gro\u{308}ße/Maß\r\n",
    );
    world.run("member add adds.csv --yes").exit(0);
    assert_eq!(world.changing(), 2);
    assert!(world.is_member("vdillow@banc.ly", "Gr%C3%B6%C3%9Fe%2FMa%C3%9F"));
}

/// None of it can have another meaning.
#[test]
fn what_can_mean_only_one_person_and_group_is_taken() {
    for (mail, group) in [
        ("vdillow@banc.ly;", "hanoi-legal"),
        ("<vdillow@banc.ly>", "hanoi-legal"),
        ("Verna Dillow <vdillow@banc.ly>", "hanoi-legal"),
        ("mailto:vdillow@banc.ly", "hanoi-legal"),
        ("\u{200b}vdillow@banc.ly\u{feff}", "hanoi-legal"),
        ("v\u{ad}dillow@ba\u{2060}nc.ly", "hanoi\u{200b}-legal"),
        ("VDILLOW@BANC.LY\u{a0}", " Hanoi-Legal\u{3000}"),
        ("vdillow@banc.ly\u{e0061}", "hanoi-legal\u{fe0f}"),
    ] {
        let mut world = World::new();
        world.file("in.csv", format!("Email;Group\n\"{mail}\";{group}\n"));
        let output = world.run("member add in.csv --yes").exit(0);
        assert!(world.is_member("vdillow@banc.ly", "hanoi-legal"), "{mail:?}");
        let marks = mail.contains(['\u{200b}', '\u{ad}', '\u{2060}']);
        assert!(!marks || output.stderr.contains("Removed: invisible characters"), "{mail:?}");
    }
}

#[test]
fn group_ids_in_capitals_are_the_same() {
    let mut world = World::new();
    let groups = world.run("group export").exit(0).table();
    let hanoi = groups.iter().find(|row| row[1] == "hanoi-legal").expect("the group");
    world.file("in.csv", format!("Email,Group id\nvdillow@banc.ly,{}\n", hanoi[0].to_uppercase()));
    world.run("member add in.csv --yes").exit(0);
    assert!(world.is_member("vdillow@banc.ly", "hanoi-legal"));
    world.file("in.csv", format!("Email,Group\nvdillow@banc.ly,{}\n", hanoi[0].to_uppercase()));
    world.run("member add in.csv --yes").exit(0);
}

#[test]
fn a_character_that_belongs_in_no_address_is_named() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "Email,Group\nftoten2＠banc.ly,R&D\n“vdillow@banc.ly”,R&D\nvdillow@banc。ly,R&D\n\
         ｖdillow@banc.ly,R&D\n'vdillow@banc.ly,R&D\n",
    );
    world
        .run("member add in.csv --yes")
        .exit(2)
        .says("fullwidth commercial at, U+FF20")
        .says("left double quotation mark, U+201C")
        .says("ideographic full stop, U+3002")
        .says("fullwidth letter, U+FF56")
        .says("an apostrophe, U+0027");
    world.nothing_sent();
}

/// It looks like an address of the company but is another one: no user is invited until the administrator decides.
#[test]
fn letters_of_several_scripts_hold_the_row() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "Email\nnora.new@bаnc.ly\nnоra@banc.ly\nοliver@banc.ly\nnora.good@banc.ly\n",
    );
    world.run("user create in.csv --yes --report out.csv").exit(1).says("Cyrillic “а” (U+0430)");
    assert_eq!(world.changing(), 1);
    let report = table(&world.read("out.csv"));
    let reason = report[0].iter().position(|heading| heading == "reason").expect("a column");
    let reasons: Vec<_> = report[1..].iter().map(|row| row[reason].as_str()).collect();
    assert_eq!(reasons[..3], ["mixed-scripts"; 3]);
    assert_eq!(world.run("run failed last").exit(0).table().len(), 4);
    world.file("in.csv", "Email,Group\nvdillow@bаnc.ly,R&D\n");
    world.run("member add in.csv --yes").exit(1).says("Cyrillic");
    world.file("in.csv", "Email,Group\nvdillow@banc.ly,hanоi-legal\n");
    world.run("member add in.csv --yes").exit(1).says("the name contains Cyrillic “о” (U+043E)");
}

/// The domain as users write it, and in its DNS form.
#[test]
fn both_forms_of_an_international_domain_are_one_address() {
    for (there, written) in [
        ("anna@exämple.de", "anna@xn--exmple-cua.de"),
        ("anna@xn--exmple-cua.de", "anna@EXÄMPLE.de"),
        ("anna@exämple.de", "anna@exa\u{308}mple.de"),
    ] {
        for world in [World::new(), World::new().token_alone(), World::new().key_alone()] {
            let mut world = world;
            world.seed(json!({ "people": [{
                "account_id": "712020:anna", "email": there, "name": "Anna Example",
            }] }));
            world.file("in.csv", format!("Email,Group\n{written},hanoi-legal\n"));
            world.run("member add in.csv --yes").exit(0);
            assert_eq!(world.changing(), 1, "{there} {written}");
        }
    }
}
