//! Columns that no field of the job uses, and that still say something of who is meant.

use super::*;

fn find(job: Job, line: &str) -> Result<Columns, SheetError> {
    Columns::find(job, &headings(line), &Options::default())
}

fn headings(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

/// A row of such a column may say that it is not to be changed.
#[test]
fn columns_that_say_what_to_do_are_asked_about() {
    for heading in [
        "Deactivate",
        "Deactivate?",
        "Offboard",
        "Exclude",
        "Keep?",
        "Keep (y/n)",
        "Remove?",
        "Do not remove",
        "Request",
        "Change",
        "Decision",
        "Command",
        "Task",
        "Instruction",
        "Requested change",
        "To do",
        "What to do",
        "Action à effectuer",
        "Acción a realizar",
        "Azione da eseguire",
        "Uit te voeren actie",
        "Durchzuführende Aktion",
        "Entscheidung",
        "Behalten?",
        "Garder ?",
        "Zachowaj",
        "Decisão",
        "対応",
    ] {
        for (job, line) in [(Job::Users, "Email"), (Job::Memberships, "Email,Group")] {
            let line = format!("{line},{heading}");
            let error = find(job, &line).expect_err(heading);
            assert!(matches!(error, SheetError::PassedOver { .. }), "{heading}: {error}");
            assert!(error.to_string().contains("--map -="), "{error}");
            let out =
                Options { map: vec![("-".to_owned(), heading.to_owned())], ..Options::default() };
            assert!(Columns::find(job, &headings(&line), &out).is_ok(), "{heading}");
        }
    }
    for heading in [
        "Request number",
        "Last change",
        "Changed by",
        "Task ID",
        "Active",
        "Created",
        "Status",
        "Department",
        "Notes",
        "Decision date",
        "Leave balance",
        "Action date",
    ] {
        assert!(find(Job::Users, &format!("Email,{heading}")).is_ok(), "{heading}");
    }
}

/// What the first rows hold under headings that mean nothing.
#[test]
fn cells_that_tell_a_person_are_asked_about() {
    let id = "712020:d6750b14-1aa8-4ab2-9999-a6d44016da32";
    let old = "6155833c071ac00071ff5b24";
    let job = |line: &str| match line.contains("Group") {
        true => Job::Memberships,
        false => Job::Users,
    };
    for (line, row, out) in [
        ("Email,ID", format!("ann@b.co,{id}"), "ID"),
        ("Email,aaid", format!("ann@b.co,{old}"), "aaid"),
        ("Email,UserKey", format!("ann@b.co,{old}"), "UserKey"),
        ("Email,Atlassian account", format!("ann@b.co,{old}"), "Atlassian account"),
        ("Account,Email,Group", format!("{id},ann@b.co,oslo"), "Account"),
        ("Email,Login", "ann@b.co,ann@c.co".to_owned(), "Login"),
        ("Email,Username", "ann@b.co,ann@c.co".to_owned(), "Username"),
        ("User,Email,Group", "ann@b.co,ann@c.co,oslo".to_owned(), "User"),
    ] {
        let text = format!("{line}\n{row}\n");
        let sheet = open_bytes(&text).unwrap();
        let error =
            Columns::of(&sheet, job(line), &Options::default()).expect_err(line).to_string();
        assert!(error.contains(&format!("`{out}`")) && error.contains("--map -="), "{error}");
        let sheet = open_bytes(&text).unwrap();
        Columns::of(&sheet, job(line), &map(&[("-", out)])).expect(line);
    }
    for (line, row) in [
        ("Email,ID", "ann@b.co,4711"),
        ("Email,Login", "ann@b.co,ann"),
        ("User,Email", "Ann Example,ann@b.co"),
        ("Email,Document", "ann@b.co,6155833c071ac00071ff5b24"),
    ] {
        let sheet = open_bytes(format!("{line}\n{row}\n")).unwrap();
        Columns::of(&sheet, Job::Users, &Options::default()).expect(line);
    }
}
