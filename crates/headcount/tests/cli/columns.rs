//! Which column means what: no column that looks like one of the job is ignored, and the suggested options work.

use crate::harness::World;

/// The options of the first alternative in a message.
fn offered(stderr: &str) -> String {
    let text = stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    let start = text.find("--map ").expect("an option is offered");
    let end = text[start..].find(", or ").map_or(text.len(), |end| start + end);
    // Removes a shell's quotes as the harness does.
    let quoted = |option: &str| format!("--map \"{}\"", option.replace('\'', "").trim());
    text[start..end].split("--map ").skip(1).map(quoted).collect::<Vec<_>>().join(" ")
}

#[test]
fn groups_and_products_of_new_people_are_not_lost() {
    for (sheet, named) in [
        ("Email,Group,Product\r\nnora.new@banc.ly,R&D,none\r\n", ["`Group`", "`Product`"]),
        (
            "User name,Display name,Email ID,Product access,Group Name\r\n\
             nnew,Nora New,nora.new@banc.ly,none,R&D;hanoi-legal\r\n",
            ["`Group Name`", "`Product access`"],
        ),
    ] {
        let mut world = World::new();
        world.file("in.csv", sheet);
        let output = world.run("user create in.csv --plan").exit(2).says(named[0]).says(named[1]);
        world.nothing_sent();
        let line = format!("user create in.csv --plan {}", offered(&output.stderr));
        world.run(&line).exit(0).says("with no product; then add to R&D");
        let left_out: String = named
            .iter()
            .map(|heading| format!(" --map \"-={}\"", heading.trim_matches('`')))
            .collect();
        world.run(&format!("user create in.csv --plan{left_out}")).exit(0).says("with jira-software");
    }
}

#[test]
fn a_column_is_left_out_as_the_message_writes_it() {
    let mut world = World::new();
    world.file("in.csv", "Email,Group,a=b\nnora.new@banc.ly,R&D,x\n");
    world.run("user create in.csv --plan").exit(2).says("--map groups=Group, or --map -=Group");
    world.run("user create in.csv --plan --map -=Group").exit(0);
    world.run("user create in.csv --plan --map groups=Group --map -=a=b").exit(0).says("R&D");
}

#[test]
fn two_columns_of_addresses_are_asked_about() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "Name,Email,Company email\r\nNora New,nora.private@example.com,nora.new@banc.ly\r\n",
    );
    let job = "user create in.csv --plan";
    let output = world.run(job).exit(2).says("`Email`").says("`Company email`").says("--map -=Email");
    world.nothing_sent();
    world.run(&format!("{job} {}", offered(&output.stderr))).exit(0);
    world.run(&format!("{job} --map -=Email")).exit(0).says("create nora.new@banc.ly");
}

/// A verb of another job under a heading without a meaning.
#[test]
fn a_verb_under_a_neutral_heading_is_no_row_of_this_job() {
    for (job, heading, verb) in [
        ("member add", "Status", "delete"),
        ("member add", "Status", "Remove user"),
        ("member add", "Team lead", "remove"),
        ("member remove", "Type", "add"),
        ("user deactivate", "Status", "keep"),
        ("user deactivate", "State", "behalten"),
        ("user activate", "Status", "deactivate"),
        ("user remove", "Remark", "suspend"),
        ("user create", "Next", "löschen"),
    ] {
        let mut world = World::new();
        let sheet = |verb: &str| {
            let line = |mail: &str, verb: &str| format!("{mail},hanoi-legal,{verb}\n");
            let ones: String = (0..30).map(|at| line(&format!("u{at}@banc.ly"), "")).collect();
            format!("Email,Group id,{heading}\n{ones}{}", line("x@banc.ly", verb))
        };
        let options = if job == "user create" { " --map \"-=Group id\"" } else { "" };
        world.file("in.csv", sheet(verb));
        world
            .run(&format!("{job} in.csv --plan{options}"))
            .exit(2)
            .says("line 32")
            .says("the row asks for")
            .says(&format!("--map -={}", if heading.contains(' ') { format!("'{heading}'") } else { heading.into() }));
        let output = world.run(&format!("{job} in.csv --plan{options} --map \"-={heading}\""));
        assert!(!output.stderr.contains("the row asks for"), "{job} {verb}: {}", output.stderr);
        // States and sentences do not count.
        for fine in ["active", "Active user", "to be removed from the list later, see ticket", "R&D"] {
            world.file("in.csv", sheet(fine));
            let output = world.run(&format!("{job} in.csv --plan{options}"));
            assert!(!output.stderr.contains("the row asks for"), "{job} {fine}: {}", output.stderr);
        }
    }
}

#[test]
fn an_action_for_another_job_is_no_row_of_this_one() {
    let mut world = World::new();
    world.file(
        "in.csv",
        "Email,Group,Action\nvdillow@banc.ly,hanoi-legal,add\nftoten2@banc.ly,hanoi-legal,remove\n\
         amelmeth@banc.ly,hanoi-legal,\ndsnapper@banc.ly,hanoi-legal,do not add\n",
    );
    world
        .run("member add in.csv --yes")
        .exit(2)
        .says("the row asks for “remove”, and this job is `member add`")
        .says("“do not add”")
        .says("--map -=Action");
    world.nothing_sent();
    world.run("member add in.csv --yes --bad-rows skip").exit(1);
    assert!(world.is_member("vdillow@banc.ly", "hanoi-legal"));
    for mail in ["ftoten2@banc.ly", "amelmeth@banc.ly", "dsnapper@banc.ly"] {
        assert!(!world.is_member(mail, "hanoi-legal"), "{mail}");
    }
    world.run("member add in.csv --plan --map -=Action").exit(0);
    for (job, good, bad) in [
        ("user create", "Create", "delete"),
        ("user deactivate", "disable", "active"),
        ("user activate", "Aktivieren", "inactive"),
        ("user suspend", "SUSPEND", "restore"),
        ("user restore", "restore user", "suspend"),
        ("user remove", "Entfernen", "keep"),
        ("member remove", "削除", "add"),
    ] {
        let sheet = |action: &str| format!("Email,Group id,Operation\nnora.x@banc.ly,1,{action}\n");
        let options = if job == "user create" { " --map \"-=Group id\"" } else { "" };
        world.file("good.csv", sheet(good));
        let output = world.run(&format!("{job} good.csv --plan{options}"));
        assert!(!output.stderr.contains("the row asks for"), "{job} {good}: {}", output.stderr);
        world.file("bad.csv", sheet(bad));
        world.run(&format!("{job} bad.csv --plan{options}")).exit(2).says("the row asks for");
    }
}

/// In the export of a form, `Email Address` is the author of the entry. The next column is the user to change.
#[test]
fn a_second_column_of_addresses_is_asked_about_whatever_it_is_called() {
    let mut world = World::new();
    for (job, heading) in [
        ("user remove", "Who is leaving?"),
        ("user remove", "Leaver"),
        ("user remove", "Colleague leaving"),
        ("user deactivate", "Wer verlässt uns?"),
        ("user deactivate", "User to be removed by Friday"),
        ("user suspend", "Which account should be deactivated?"),
        ("user activate", "Target"),
        ("user create", "New hire"),
        ("user create", "Neuer Mitarbeiter"),
        ("member add", "Person to add"),
    ] {
        let group = if job == "member add" { ",Group" } else { "" };
        let cell = if job == "member add" { ",hanoi-legal" } else { "" };
        world.file(
            "in.csv",
            format!(
                "Timestamp,Email Address,{heading}{group}\n\
                 2026-11-29,vdillow@banc.ly,ftoten2@banc.ly{cell}\n"
            ),
        );
        let bound = if job.ends_with("create") || job.ends_with("add") { "" } else { " --max-changes 1" };
        world.run(&format!("{job} in.csv --yes{bound}")).exit(2).says("both look like").says(heading);
        world.nothing_sent();
        let told = world.run(&format!("{job} in.csv --plan --map \"email={heading}\""));
        assert!(told.stdout.contains("ftoten2@banc.ly") || told.stderr.contains("ftoten2@banc.ly"), "{heading}");
        assert!(!told.stdout.contains("vdillow"), "{heading}");
    }
    // Addresses of other users, the same address twice, and columns with something else cause no doubt.
    for heading in ["Manager", "Requested by", "Recovery email", "Created by", "Vorgesetzter", "Note"] {
        world.file(
            "in.csv",
            format!("Email,{heading}\nvdillow@banc.ly,{}\n", if heading == "Note" { "x" } else { "ftoten2@banc.ly" }),
        );
        world.run("user deactivate in.csv --plan").exit(0);
    }
    world.file("in.csv", "Email,SIP\nvdillow@banc.ly,vdillow@banc.ly\n");
    world.run("user deactivate in.csv --plan").exit(0);
}

/// A question as a heading and answers as cells decide about the rows in any language. A cell that begins with an
/// order not to change the row holds the row, whatever the heading is.
#[test]
fn questions_and_prohibitions_are_never_only_carried() {
    let mut world = World::new();
    for (heading, yes, no) in [
        ("Still employed?", "No", "Yes"),
        ("Verlässt uns", "ja", "nein"),
        ("Kündigen?", "ja", "nein"),
        ("Vertrag gekündigt?", "ja", "nein"),
        ("Departed?", "yes", "no"),
        ("On leave?", "no", "yes"),
        ("¿Se va?", "sí", "no"),
        ("Odchodzi?", "tak", "nie"),
        ("In scope", "yes", "no"),
        ("Needs access", "no", "yes"),
        ("Reviewed", "yes", "no"),
        ("Terminated", "Yes", "No"),
        ("Review", "OK", "not OK"),
    ] {
        world.file("in.csv", format!("Email,{heading}\nvdillow@banc.ly,{yes}\nftoten2@banc.ly,{no}\n"));
        world.run("user deactivate in.csv --yes --max-changes 5").exit(2).says(heading);
        world.nothing_sent();
    }
    // If “yes” means that the user stays, the column never selects rows.
    for heading in ["Confirmed active", "Approved exception", "Still employed?", "Exempt?"] {
        world.file("in.csv", format!("Email,{heading}\nvdillow@banc.ly,Yes\nftoten2@banc.ly,No\n"));
        let told = world.run("user remove in.csv --plan").exit(2);
        assert!(!told.stderr.contains("action="), "{heading}: {}", told.stderr);
        world.run(&format!("user remove in.csv --plan --map \"action={heading}\"")).exit(2);
        world.nothing_sent();
    }
    for cell in [
        "DO NOT DEACTIVATE - on leave until May",
        "do not touch",
        "Don't remove, see ticket 12",
        "Please do not delete",
        "nicht deaktivieren (Elternzeit)",
        "ne pas désactiver",
        "no eliminar",
    ] {
        world.file("in.csv", format!("Email,Comment\nvdillow@banc.ly,\nftoten2@banc.ly,\"{cell}\"\n"));
        world.run("user deactivate in.csv --yes --max-changes 5").exit(2).says("line 3");
        world.nothing_sent();
    }
    for cell in ["do not contact by phone", "no longer with us", "nothing to add", "not in the office"] {
        world.file("in.csv", format!("Email,Comment\nvdillow@banc.ly,\"{cell}\"\n"));
        world.run("user deactivate in.csv --plan").exit(0);
    }
}

/// A list of all events of a month, or of all employees, is not changed as a whole: each row that says that its user
/// comes is no leaver, and the other way round.
#[test]
fn users_who_come_are_not_mixed_with_users_who_leave() {
    let [come, leave] = [
        ["Joiner", "New starter", "new hire", "Neueintritt", "Alta"],
        ["Leaver", "Terminated", "Former employee", "Austritt", "Baja"],
    ];
    for (at, (come, leave)) in come.iter().zip(leave).enumerate() {
        let mut world = World::new();
        let heading = ["Event", "Type", "Status of work", "Grund", "Movimiento"][at];
        world.file("in.csv", format!("Email,{heading}\nvdillow@banc.ly,{come}\nftoten2@banc.ly,{leave}\n"));
        let output = world.run("user deactivate in.csv --yes --max-changes 5");
        assert_eq!(output.code, 2, "{come}\n{}", output.stderr);
        assert!(output.stderr.contains("line 2") && output.stderr.contains("--map -="), "{}", output.stderr);
        assert!(!output.stderr.contains("line 3"), "{}", output.stderr);
        world.file("new.csv", format!("Email,{heading}\nnew1@banc.ly,{come}\nnew2@banc.ly,{leave}\n"));
        let output = world.run("user create new.csv --yes");
        assert_eq!(output.code, 2, "{leave}\n{}", output.stderr);
        assert!(output.stderr.contains("line 3") && !output.stderr.contains("line 2"), "{}", output.stderr);
        world.nothing_sent();
    }
    let mut world = World::new();
    world.file("in.csv", "Email,Employment status\nvdillow@banc.ly,Active\nftoten2@banc.ly,Terminated\n");
    world.run("user deactivate in.csv --yes --max-changes 5").exit(2).says("line 2");
    world.nothing_sent();
    // A leaver leaves groups, too; and an account that is active is the usual one.
    world.file("m.csv", "Email,Group,Event\nvdillow@banc.ly,hanoi-legal,Leaver\n");
    world.run("member remove m.csv --plan").exit(0);
    world.file("in.csv", "Email,User status\nvdillow@banc.ly,Active\n");
    world.run("user deactivate in.csv --plan").exit(0);
}
