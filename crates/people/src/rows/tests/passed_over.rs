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

fn of_text(job: Job, text: &str, map: &[(&str, &str)]) -> Result<(Columns, Vec<Raw>), SheetError> {
    let map = map.iter().map(|(name, heading)| ((*name).to_owned(), (*heading).to_owned()));
    let options = Options { map: map.collect(), ..Options::default() };
    let sheet = open_bytes(text).unwrap();
    let columns = Columns::of(&sheet, job, &options)?;
    Ok((columns, sheet.map(Result::unwrap).collect()))
}

/// Marks under any heading may say which users are meant; facts that programs write do not.
#[test]
fn marks_under_any_heading_are_asked_about() {
    for heading in [
        "Do not touch",
        "Exempt",
        "Exception",
        "Whitelist",
        "VIP",
        "Rehired",
        "Leave alone",
        "In use",
        "Selected",
        "Mark",
        "X",
        "✔",
        "対象",
        "Zostaw",
        "Aktiv lassen",
        "Check",
        "Team lead",
        "Ok?",
        "Protected",
        "Notes",
    ] {
        for cells in ["|x", "x|", "|yes", "yes|no", "TRUE|FALSE", "1|0", "✓|✗", "ja|nein", "x|x|"]
        {
            let rows =
                cells.split('|').enumerate().map(|(at, cell)| format!("a{at}@b.co,{cell}\n"));
            let text = format!("Email,{heading}\n{}", rows.collect::<String>());
            let error = of_text(Job::Users, &text, &[]).map(|_| ()).expect_err(&text);
            assert!(matches!(error, SheetError::RowAnswers { .. }), "{text}: {error}");
            assert!(error.to_string().contains("--map -="), "{text}: {error}");
            assert!(of_text(Job::Users, &text, &[("-", heading)]).is_ok(), "{text}");
        }
    }
    for heading in [
        "accountEnabled",
        "2sv Enrolled [READ ONLY]",
        "MFA",
        "Managed",
        "Email verified",
        "isLicensed",
    ] {
        let text = format!("Email,{heading}\na@b.co,TRUE\nb@b.co,FALSE\n");
        assert!(of_text(Job::Users, &text, &[]).is_ok(), "{text}");
    }
    // Not only marks, or the same one in each row.
    for cells in
        ["x|Oslo", "yes|see mail", "none|", "Never|", "x|x", "|", "done|", "|not-suspended"]
    {
        let rows = cells.split('|').enumerate().map(|(at, cell)| format!("a{at}@b.co,{cell}\n"));
        let text = format!("Email,Remark\n{}", rows.collect::<String>());
        assert!(of_text(Job::Users, &text, &[]).is_ok(), "{text}");
    }
}

/// The first rows have no mark, or all the same one: a later row with another one is not read silently.
#[test]
fn a_mark_far_below_is_reported_with_its_row() {
    for (first, later) in
        [("", "x"), ("", "yes"), ("yes", "no"), ("yes", ""), ("no", "yes"), ("x", "")]
    {
        let rows = (0..40).map(|at| format!("a{at}@b.co,{first}\n")).collect::<String>();
        let text = format!("Email,Do leave alone\n{rows}z@b.co,{later}\nzz@b.co,moved to Oslo\n");
        let (columns, rows) = of_text(Job::Users, &text, &[]).expect(&text);
        let found: Vec<u64> = rows
            .iter()
            .filter(|raw| columns.passed_answer(&raw.cells).is_some())
            .map(|raw| raw.number)
            .collect();
        assert_eq!(found, [41], "{first} then {later}");
    }
}

/// A yes below a heading that does not say what it means never chooses the rows.
#[test]
fn a_yes_without_a_meaning_chooses_no_row() {
    for heading in ["Protected", "VIP", "Selected", "X", "Check", "Whitelist"] {
        let text = format!("Email,{heading}\na@b.co,no\nb@b.co,yes\n");
        let error =
            of_text(Job::Users, &text, &[("action", heading)]).map(|_| ()).expect_err(&text);
        assert!(error.to_string().contains("rename the column"), "{text}: {error}");
    }
}

/// All such columns are named in one message, so that one option is not followed by the next question.
#[test]
fn several_columns_of_marks_are_left_out_together() {
    let text = "Email,Remote,Contractor,Desk\na@b.co,yes,no,x\nb@b.co,no,no,\n";
    let error = of_text(Job::Users, text, &[]).map(|_| ()).expect_err(text).to_string();
    assert!(error.ends_with("--map -=Remote --map -=Desk"), "{error}");
    let warned = "Email,Remote,Do not touch\na@b.co,yes,\nb@b.co,no,x\n";
    let error = of_text(Job::Users, warned, &[]).map(|_| ()).expect_err(warned).to_string();
    assert!(!error.contains("Do not touch") && !error.contains("--map -="), "{error}");
}
