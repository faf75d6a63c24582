//! Passwords and keys in a spreadsheet are not stored anywhere: `World::secret` searches the output of every
//! command, and then every file, including the journal and its log.

use crate::harness::{World, table};

const SECRET: &str = "Winter-2031!";

/// Every way in which a row leaves headcount.
fn show_everything(world: &World) {
    for format in ["csv", "json", "html", "junit"] {
        world.run(&format!("run report last --format {format} -o report.{format}")).exit(0);
        world.run(&format!("run report last --format {format}")).exit(0);
    }
    world.run("run show last --rows").exit(0);
    world.run("run list").exit(0);
    world.run("run failed last -o failed.csv").exit(0);
    world.run("run failed last").exit(0);
}

#[test]
fn passwords_of_other_programs_exports_are_kept_nowhere() {
    for heading in [
        "Password [Required]",
        "Initial password [passwordProfile] Required",
        "Kennwort",
        "Contrasen\u{303}a",
        "パスワード",
        "Temp pwd",
        "API token",
        "Recovery code",
    ] {
        let mut world = World::new();
        world.secret(SECRET);
        // The first one is changed, the second one skipped because its group is missing, and the third one can't
        // be read.
        let rows = format!(
            "Email,{heading},groups\nnora.new@banc.ly,{SECRET},\nnora.two@banc.ly,{SECRET},nowhere\n\
             no mail,{SECRET},\nnora.four@banc.ly,,\n"
        );
        world.file("in.csv", &rows);
        world.run("user create in.csv --plan").exit(2);
        world.run("user create in.csv --yes --bad-rows skip --json").exit(1);
        show_everything(&world);
        let report = table(&world.read("report.csv"));
        assert_eq!(report[0][1], heading);
        let cells: Vec<_> = report[1..].iter().map(|row| row[1].as_str()).collect();
        // If there is no address under the address's heading, any cell may be the password.
        assert_eq!(cells, ["[masked]", "[masked]", "", ""], "{heading}");
        let failed = table(&world.read("failed.csv"));
        assert_eq!(failed[0], ["Email", heading, "groups"]);
        assert_eq!(failed[1], ["nora.two@banc.ly", "[masked]", "nowhere"]);
        // An exported file is read again.
        world.run("user create failed.csv --plan").says("nowhere");
    }
}

#[test]
fn every_job_keeps_passwords_out_of_everything() {
    let mut world = World::new();
    world.secret(SECRET);
    world.file("people.csv", format!("Email,Group,Hasło\nvdillow@banc.ly,hanoi-legal,{SECRET}\n"));
    world.file("groups.csv", format!("Group,Secret key\nnew-group,{SECRET}\n"));
    for job in [
        "member add people.csv --yes",
        "member remove people.csv --yes",
        "user deactivate people.csv --yes --max-changes 1",
        "user activate people.csv --yes --max-changes 1",
        "user suspend people.csv --yes --max-changes 1",
        "user restore people.csv --yes --max-changes 1",
        "user remove people.csv --yes --max-changes 1",
        "group create groups.csv --yes",
    ] {
        world.run(job);
        show_everything(&world);
    }
    world.run("user export -o users.csv").exit(0);
    world.run("group export --members -o groups-of.csv").exit(0);
    world.run("member map people.csv --users users.csv --groups groups-of.csv -o mapped.csv");
    assert_eq!(table(&world.read("mapped.csv"))[1][2], "[masked]");
}

/// A row with shifted cells has its password under another heading.
#[test]
fn a_shifted_row_is_refused_and_not_kept() {
    let mut world = World::new();
    world.secret(SECRET);
    let rows = format!("Name,Email,Password,Note\nNew, Nora,nora.new@banc.ly,{SECRET}\n");
    world.file("in.csv", rows);
    world.run("user create in.csv --yes").exit(2).says("under the wrong headings");
    world.run("user create in.csv --yes --bad-rows skip").exit(1);
    show_everything(&world);
    world.nothing_sent();
}

#[test]
fn a_column_of_passwords_is_read_for_nothing_else() {
    let mut world = World::new();
    world.secret(SECRET);
    world.file("in.csv", format!("Who,Kennwort\nnora.new@banc.ly,{SECRET}\n"));
    let job = "user create in.csv --yes --map email=Kennwort";
    world.run(job).exit(2).says("the heading says passwords or keys");
}

/// A column of passwords that only its surroundings show.
#[test]
fn passwords_below_words_around_the_headings_are_kept_nowhere() {
    let no_headings = "--no-headings --map \"email=Column A\"";
    for (text, options) in [
        (format!(",Password\nEmail,Laptop\nnora.new@banc.ly,{SECRET}\n"), "--heading 2"),
        (format!("People,Password,\nEmail,Laptop,Phone\nnora.new@banc.ly,x,{SECRET}\n"), "--heading 2"),
        (format!("Email,,Password\nnora.new@banc.ly,{SECRET},x\n"), ""),
        (format!("Email,Password,,Note\nnora.new@banc.ly,x,{SECRET},y\n"), ""),
        (format!("Email,Password\nnora.new@banc.ly,{SECRET}\n"), no_headings),
        (format!("Email,Initial sign-in\nnora.new@banc.ly,{SECRET}\n"), ""),
        (format!("Email,Bitlocker key\nnora.new@banc.ly,{SECRET}\n"), ""),
        (format!("Email,Login-Daten\nnora.new@banc.ly,{SECRET}\n"), ""),
    ] {
        let mut world = World::new();
        world.secret(SECRET);
        world.file("in.csv", &text);
        let job = format!("user create in.csv --bad-rows skip {options}");
        world.run(&format!("{job} --yes"));
        assert!(world.plain_mails().contains(&"nora.new@banc.ly".to_owned()), "{text}");
        show_everything(&world);
    }
    // A title that mentions passwords says nothing about the columns.
    let mut world = World::new();
    world.file("in.csv", "Password reset list\nEmail,Group\nvdillow@banc.ly,hanoi-legal\n");
    world.run("member add in.csv --heading 2 --plan").exit(0);
}

/// An API token is recognized by its shape, under any heading of any job.
#[test]
fn api_tokens_in_cells_are_kept_nowhere() {
    let token = "ATATT3xFfGF0Winter2031=AB12CD34";
    let mut world = World::new();
    world.secret(token);
    // In a cell that the job reads, the row is refused.
    for (job, sheet) in [
        ("token revoke", format!("Email,Token id\nvdillow@banc.ly,{token}\nvdillow@banc.ly,\"x {token}\"\n")),
        ("access grant", format!("Email,Product,Role\nvdillow@banc.ly,{token},\nvdillow@banc.ly,jira-core,{token}\n")),
        ("member add", format!("Email,Group\n{token},hanoi-legal\nvdillow@banc.ly,{token}\n")),
        ("user deactivate", format!("Email\n{token}\nme@banc.ly:{token}\n")),
        ("user create", format!("Email,Groups,Products\nnew.one@banc.ly,a;{token},\nnew.two@banc.ly,,{token}\n")),
        ("group create", format!("Group,Description\n{token},\nnew-group,by {token}\n")),
    ] {
        world.file("in.csv", sheet);
        world.run(&format!("{job} in.csv --plan")).exit(2).says("an API token (not shown)");
        world.run(&format!("{job} in.csv --yes --max-changes 9 --bad-rows skip"));
        show_everything(&world);
    }
    // In another cell, it is masked.
    world.file("in.csv", format!("Email,Group,Notes\nvdillow@banc.ly,hanoi-legal,ci {token} bot\n"));
    world.run("member add in.csv --yes").exit(0);
    show_everything(&world);
    assert_eq!(table(&world.read("report.csv"))[1][2], "ci [masked: API token] bot");
    // In a row whose quote swallows others, and in a row with a cell too many.
    world.file(
        "in.csv",
        format!("Email,Group\n\"vdillow@banc.ly,{token}\nvdillow@banc.ly,x\"\nvdillow@banc.ly,hanoi-legal,{token}\n"),
    );
    world.run("member add in.csv --plan").exit(2);
}
