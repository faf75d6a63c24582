//! No hint leads to the next error: every option that a message offers was tried on the file.

use proptest::collection::vec;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

use super::*;

const HEADINGS: [&str; 30] = [
    "Email",
    "Mail",
    "Company email",
    "Manager email",
    "Emial",
    "Users",
    "Group",
    "Groups",
    "Group name",
    "Team",
    "Product",
    "Apps",
    "License",
    "Group id",
    "accountId",
    "User id",
    "ID",
    "Name",
    "Login",
    "Password",
    "Org role",
    "a=b",
    "it's",
    "Action",
    "Keep?",
    "userPrincipalName",
    "",
    "Foo",
    "ann@example.com",
    "x\ny",
];

const CELLS: [&[&str]; 8] = [
    &["ann@b.co", "ben@b.co", "cid@b.co"],
    &["Ann", "Ben", "Cid"],
    &["712020:d6750b14-1aa8-4ab2-9999-a6d44016da32"; 3],
    &["d6750b14-1aa8-4ab2-9999-a6d44016da32"; 3],
    &["oslo", "lima", "R&D"],
    &["oslo;lima", "lima", "R&D;oslo"],
    &["none", "jira-software", "Jira"],
    &["", "", ""],
];

#[derive(Clone, Debug)]
struct Table {
    above: usize,
    columns: Vec<(String, usize)>,
}

impl Table {
    fn lines(&self) -> Vec<Vec<String>> {
        let title = |at: usize| vec![format!("Title {at}")];
        let mut lines: Vec<_> = (0..self.above).map(title).collect();
        lines.push(self.columns.iter().map(|(heading, _)| heading.clone()).collect());
        lines.extend((0..3).map(|row| {
            self.columns.iter().map(|(_, kind)| CELLS[*kind][row].to_owned()).collect()
        }));
        lines
    }
}

fn table() -> impl Strategy<Value = Table> {
    let column = (prop::sample::select(&HEADINGS[..]), 0..CELLS.len());
    let columns = vec(column.prop_map(|(heading, kind)| (heading.to_owned(), kind)), 1..5);
    (0..3_usize, columns).prop_map(|(above, columns)| Table { above, columns })
}

fn csv(table: &Table) -> Vec<u8> {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |cells: Vec<String>| cells.iter().map(quoted).collect::<Vec<_>>().join(",");
    table.lines().into_iter().map(|cells| line(cells) + "\n").collect::<String>().into_bytes()
}

/// Tables as sheets of a workbook, each with the row (from 0) that is hidden, and whether the sheet is.
fn workbook(sheets: &[(Table, Option<u32>, bool)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (table, hidden_row, hidden) in sheets {
        let sheet = book.add_worksheet();
        for (at, line) in (0..).zip(table.lines()) {
            for (column, cell) in (0..).zip(line).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write(at, column, cell).unwrap();
            }
        }
        if let Some(row) = hidden_row {
            sheet.set_row_hidden(*row).unwrap();
        }
        sheet.set_hidden(*hidden);
    }
    book.save_to_buffer().unwrap()
}

const JOBS: [Job; 9] = [
    Job::CreateUsers,
    Job::Users,
    Job::Memberships,
    Job::CreateGroups,
    Job::Groups,
    Job::Access,
    Job::Tokens,
    Job::List,
    Job::Actions,
];

fn problems(job: Job, raw: &Raw, columns: &Columns) -> Vec<Problem> {
    match job {
        Job::CreateUsers => CreateRow::read(raw, columns).err(),
        Job::Users => UserRow::read(raw, columns).err(),
        Job::NewEmails => EmailRow::read(raw, columns).err(),
        Job::Memberships => MemberRow::read(raw, columns).err(),
        Job::CreateGroups => GroupRow::read(raw, columns).err(),
        Job::Groups => WhichGroupRow::read(raw, columns).err(),
        Job::Access => AccessRow::read(raw, columns).err(),
        Job::Tokens => TokenRow::read(raw, columns).err(),
        Job::List => ListRow::read(raw, columns).err(),
        // Each row is read by its own job.
        Job::Actions | Job::UsersExport | Job::GroupsExport => None,
    }
    .unwrap_or_default()
}

/// Follows every hint for the bytes; the message offers nothing else.
fn follow(bytes: &[u8], job: Job) -> Result<(), TestCaseError> {
    let none = Options::default();
    let Err(error) = advice(bytes, job, &none) else { return Ok(()) };
    let told = error.to_string();
    for change in error.options() {
        prop_assert!(told.contains(&change.to_string()), "{told}\n{change}");
        let options = change.added_to(&none);
        let columns = advice(bytes, job, &options);
        prop_assert!(columns.is_ok(), "{told}\n{change}: {}", columns.unwrap_err());
        let columns = columns.unwrap();
        let rows: Vec<Raw> = open_with(bytes, &options).unwrap().map_while(Result::ok).collect();
        let is_choice = change.sheet.is_some() || change.hidden_rows.is_some();
        prop_assert!(!is_choice || !rows.is_empty(), "{told}\n{change}");
        // A column that is said to tell it can be read in some row.
        for (field, heading) in change.map.iter().filter(|(field, _)| field != "-") {
            let at = crate::rows::wanted::field(job, field)
                .and_then(|field| columns.index(field))
                .unwrap();
            let of_it = |problem: &Problem| problem.column == Some(columns.heading(at));
            let is_read = |raw: &Raw| {
                raw.problem.is_some()
                    || !raw.cells[at].is_empty() && !problems(job, raw, &columns).iter().any(of_it)
            };
            prop_assert!(rows.is_empty() || rows.iter().any(is_read), "{told}\n{heading}");
        }
    }
    // What is not among the tried options is in no message.
    let mut rest = told.clone();
    let mut typed: Vec<String> = error.options().iter().map(ToString::to_string).collect();
    typed.sort_by_key(|typed| std::cmp::Reverse(typed.len()));
    for typed in typed {
        rest = rest.replace(&typed, "");
    }
    let rest = rest.replace("with --map (field", "").replace("with --sheet", "");
    prop_assert!(!rest.contains(" --"), "{told}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn every_hint_for_a_text_can_be_followed(table in table(), job in prop::sample::select(&JOBS[..])) {
        follow(&csv(&table), job)?;
    }

    #[test]
    fn every_hint_for_a_workbook_can_be_followed(
        sheets in vec((table(), prop::option::of(0..5_u32), any::<bool>()), 1..3),
        job in prop::sample::select(&JOBS[..]),
    ) {
        // A workbook has a sheet that can be seen.
        let mut sheets = sheets;
        sheets[0].2 = false;
        follow(&workbook(&sheets), job)?;
    }
}

/// What a person would say, or that nothing can be said.
#[test]
fn hints_that_were_wrong() {
    for (job, text, offered) in [
        // The heading is near to `User id`, and the cells are names or addresses.
        (Job::Users, "Users\nAnn\nBen\n", &[][..]),
        (Job::Users, "Users\nann@b.co\n", &["--map email=Users"]),
        (
            Job::Users,
            "Person,Users\nAnn,712020:d6750b14-1aa8-4ab2-9999-a6d44016da32\n",
            &["--map accountId=Users"],
        ),
        (Job::Users, "Kmail address\nAnn\n", &[]),
        (Job::Memberships, "Email,Groups\nann@b.co,oslo;lima\n", &[]),
        (Job::Memberships, "Email,Groups\nann@b.co,oslo\n", &["--map group=Groups"]),
        (
            Job::Memberships,
            "ann@b.co,oslo\nben@b.co,lima\n",
            &["--no-headings --map email='Column A' --map group='Column B'"],
        ),
        (Job::Memberships, "ann@b.co,Ann,oslo\nben@b.co,Ben,lima\n", &[]),
        (
            Job::CreateUsers,
            "Email,Group,Group\nann@b.co,oslo,lima\n",
            &[
                "--map groups='Column B'",
                "--map groups='Column C'",
                "--map -='Column B' --map -='Column C'",
            ],
        ),
        (
            Job::Memberships,
            "Email,Group,Group\nann@b.co,oslo,lima\n",
            &[
                "--map group='Column B'",
                "--map group='Column C'",
                "--map -='Column B'",
                "--map -='Column C'",
            ],
        ),
        (
            Job::Users,
            "Email,Company email\nAnn,ann@b.co\n",
            &["--map email='Company email'", "--map -=Email"],
        ),
        (Job::Users, "Title\n712020:d6750b14-1aa8-4ab2-9999-a6d44016da32,x\n", &[]),
        (
            Job::CreateUsers,
            "Email,Apps,License\nann@b.co,jira-software,none\n",
            &["--map products=Apps", "--map products=License", "--map -=Apps --map -=License"],
        ),
        (Job::Users, "Leavers\nMember,Date\nann@b.co,x\n", &["--heading 2 --map email=Member"]),
    ] {
        let error = advice(text, job, &Options::default()).expect_err(text);
        let typed: Vec<String> = error.options().iter().map(ToString::to_string).collect();
        assert_eq!(typed, offered, "{text}: {error}");
    }
}

/// The headings are on another line, or nowhere.
#[test]
fn titles_and_bare_lists_are_known() {
    for (job, text, offered) in [
        // A bare list of groups.
        (Job::Groups, "R&D\noslo\n", &["--no-headings --map group='Column A'"][..]),
        (Job::CreateGroups, "oslo\nlima\nR&D\n", &["--no-headings --map name='Column A'"]),
        (Job::Groups, "R&D,x\noslo,y\n", &[][..]),
        // A title that is called as a heading.
        (Job::Users, "Emails,,\nEmail,Group,Note\nann@b.co,x,y\n", &["--heading 2"]),
        (Job::Users, "E-Mail\n\nName;E-Mail\nAnn;ann@b.co\n", &["--heading 3"]),
        (Job::Groups, "Group,,\nGroup name,Note,Owner\nR&D,x,y\n", &["--heading 2"]),
        (Job::CreateGroups, "Group;;\nGroup name;Description;Owner\nR&D;x;y\n", &["--heading 2"]),
        (
            Job::Memberships,
            "Members of R&D,,\n,,\nMember,Group,Note\nann@b.co,R&D,y\n",
            &["--heading 3 --map email=Member"],
        ),
    ] {
        let error = advice(text, job, &Options::default()).expect_err(text);
        let typed: Vec<String> = error.options().iter().map(ToString::to_string).collect();
        assert_eq!(typed, offered, "{text}: {error}");
    }
}

/// Both are named, and either can be chosen.
#[test]
fn two_columns_that_may_be_it_are_both_offered() {
    for (job, text, offered) in [
        (
            Job::Memberships,
            "Email,Current group,New group\nann@b.co,oslo,lima\n",
            &["--map group='Current group'", "--map group='New group'"],
        ),
        (
            Job::Memberships,
            "Email,From group,To group\nann@b.co,oslo,lima\n",
            &["--map group='From group'", "--map group='To group'"],
        ),
        (
            Job::Memberships,
            "Email,Alte Gruppe,Neue Gruppe,Foo\nann@b.co,oslo,lima,x\n",
            &["--map group='Alte Gruppe'", "--map group='Neue Gruppe'"],
        ),
        (
            Job::Memberships,
            "Old email,New email,Group\nann@b.co,ann@c.co,oslo\n",
            &["--map email='New email'", "--map email='Old email'"],
        ),
        (
            Job::Groups,
            "Old group,New group\noslo,lima\n",
            &["--map group='Old group'", "--map group='New group'"],
        ),
        (
            Job::CreateGroups,
            "Old group,New group\noslo,lima\n",
            &["--map name='Old group'", "--map name='New group'"],
        ),
    ] {
        let error = advice(text, job, &Options::default()).expect_err(text);
        assert!(matches!(error, SheetError::TwoColumns { .. }), "{error}");
        let typed: Vec<String> = error.options().iter().map(ToString::to_string).collect();
        assert_eq!(typed[..2], *offered, "{text}: {error}");
    }
}

#[test]
fn a_line_that_was_named_wrongly_is_corrected() {
    for (text, named, offered) in [
        ("Email,Note\nann@b.co,x\nben@b.co,later\n", 2, "--heading 1"),
        ("Leavers\nEmail,Note\nann@b.co,x\n", 1, "--heading 2"),
        ("Leavers\nEmail,Note\nann@b.co,x\n", 3, "--heading 2"),
        ("Leavers\nMember,Note\nann@b.co,x\n", 3, "--heading 2 --map email=Member"),
    ] {
        let options = Options { heading: Some(named), ..Options::default() };
        let error = advice(text, Job::Users, &options).expect_err(text);
        let typed: Vec<String> = error.options().iter().map(ToString::to_string).collect();
        assert_eq!(typed, [offered], "{text}: {error}");
        let options = error.options()[0].added_to(&options);
        assert!(advice(text, Job::Users, &options).is_ok(), "{text}: {error}");
    }
    // Without headings on any line nothing is offered, and --no-headings is never offered together with --heading.
    let options = Options { heading: Some(2), ..Options::default() };
    let told = advice("x\nann@b.co\nben@b.co\n", Job::Users, &options).unwrap_err().to_string();
    assert!(told.contains("line 2") && !told.contains("--no-headings"), "{told}");
}

#[test]
fn a_hidden_heading_is_not_left_out_by_the_hint() {
    let people = |hidden: Option<u32>, above: usize| {
        let columns = vec![("Email".to_owned(), 0), ("Note".to_owned(), 1)];
        workbook(&[(Table { above, columns }, hidden, false)])
    };
    let offered = |bytes: &[u8]| -> Vec<String> {
        let error = advice(bytes, Job::Users, &Options::default()).unwrap_err();
        error.options().iter().map(ToString::to_string).collect()
    };
    assert_eq!(offered(&people(Some(0), 0)), ["--hidden-rows include"]);
    assert_eq!(offered(&people(Some(2), 0)), ["--hidden-rows include", "--hidden-rows skip"]);
    // A hidden title: with it the headings have to be named.
    assert_eq!(
        offered(&people(Some(0), 1)),
        ["--heading 2 --hidden-rows include", "--hidden-rows skip"]
    );
    let options =
        Options { hidden_rows: HiddenRowsChoice::Skip, heading: Some(1), ..Options::default() };
    let told = advice(people(Some(0), 0), Job::Users, &options).unwrap_err().to_string();
    assert!(told.contains("the row is hidden"), "{told}");
}

#[test]
fn only_sheets_that_the_job_can_use_are_offered() {
    let notes = Table { above: 0, columns: vec![("Foo".to_owned(), 1)] };
    let people = Table { above: 0, columns: vec![("Email".to_owned(), 0)] };
    let near = Table { above: 0, columns: vec![("Member".to_owned(), 0)] };
    for (sheets, wanted) in [
        (vec![(notes.clone(), None, false), (people.clone(), None, false)], vec!["--sheet Sheet2"]),
        (
            vec![(notes.clone(), None, false), (near, None, false)],
            vec!["--sheet Sheet2 --map email=Member"],
        ),
        (vec![(notes.clone(), None, false), (notes.clone(), None, false)], vec![]),
        (
            vec![(people.clone(), None, false), (people.clone(), Some(1), false)],
            vec!["--sheet Sheet1"],
        ),
        (
            vec![(notes, None, false), (people, Some(1), false)],
            vec!["--sheet Sheet2 --hidden-rows skip"],
        ),
    ] {
        let error = advice(workbook(&sheets), Job::Users, &Options::default()).unwrap_err();
        let typed: Vec<String> = error.options().iter().map(ToString::to_string).collect();
        assert_eq!(typed, wanted, "{error}");
    }
}

/// Two columns that say the same are no conflict; a row in which they differ is named.
#[test]
fn columns_that_are_equal_in_every_row_are_taken_for_one() {
    for (job, headings, rows) in [
        (Job::Users, "userPrincipalName,mail", ["a@b.co,A@b.co", "c@b.co,d@b.co"]),
        (
            Job::CreateUsers,
            "userPrincipalName,displayName,mail",
            ["a@b.co,A,a@b.co", "c@b.co,C,d@b.co"],
        ),
        (Job::Users, "Email,Login", ["a@b.co,a@b.co", "c@b.co,d@b.co"]),
        (Job::Users, "Login,Email", ["a@b.co,a@b.co", "d@b.co,c@b.co"]),
        (Job::Memberships, "Email,Group,Group name", ["a@b.co,oslo,oslo", "c@b.co,oslo,Oslo"]),
        (Job::Memberships, "Email,Group,Group", ["a@b.co,oslo,oslo", "c@b.co,,lima"]),
    ] {
        let good = format!("{headings}\n{}\n", [rows[0]; 30].join("\n"));
        let read = |text: &str| -> Vec<Vec<Problem>> {
            let sheet = open_bytes(text).unwrap();
            let columns = Columns::of(&sheet, job, &Options::default()).expect(headings);
            let reading = columns.reading(&sheet, job);
            let carried = reading.carried.iter().find(|carried| carried.contains("(the same as"));
            assert!(carried.is_some(), "{reading:?}");
            let told = |raw: Raw| Some(problems(job, &raw, &columns)).filter(|all| !all.is_empty());
            sheet.map(Result::unwrap).filter_map(told).collect()
        };
        assert!(read(&good).is_empty(), "{headings}");
        let bad = read(&format!("{good}{}\n", rows[1]));
        assert_eq!(bad.len(), 1, "{headings}");
        let told = bad[0][0].to_string();
        assert!(
            told.contains("line 32") && told.contains("differ") && told.contains("--map -="),
            "{told}"
        );
        // Where they differ in the first rows, it is asked.
        let differ = format!("{headings}\n{}\n", rows[1]);
        let error =
            Columns::of(&open_bytes(&differ).unwrap(), job, &Options::default()).unwrap_err();
        assert!(matches!(error, SheetError::TwoColumns { .. }), "{error}");
    }
}
