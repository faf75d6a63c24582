use super::*;

fn headings(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

fn find(job: Job, line: &str) -> Result<Columns, SheetError> {
    Columns::find(job, &headings(line), &Options::default())
}

fn told(job: Job, line: &str, options: &Options) -> String {
    Columns::find(job, &headings(line), options).unwrap_err().to_string()
}

#[test]
fn headings_are_found_whatever_their_case_spaces_and_dashes() {
    for heading in ["accountId", "Account id", "ACCOUNT_ID", "User id", "user-id", "Atlassian ID"] {
        assert_eq!(
            find(Job::Users, heading).unwrap().index(Field::AccountId),
            Some(0),
            "{heading}"
        );
    }
    for heading in
        ["emailAddress", "Email", "e-mail", " email\u{a0}", "EMAIL ADDRESS", "\u{feff}Email"]
    {
        assert_eq!(
            find(Job::CreateUsers, heading).unwrap().index(Field::Email),
            Some(0),
            "{heading}"
        );
    }
    for (heading, field) in [
        ("Group", Field::Group),
        ("Group name", Field::GroupName),
        ("group_name", Field::GroupName),
        ("groupId", Field::GroupId),
        ("Group id", Field::GroupId),
    ] {
        let columns = find(Job::Memberships, &format!("Email,{heading}")).unwrap();
        assert_eq!(columns.index(field), Some(1), "{heading}");
    }
}

#[test]
fn atlassians_exports_are_taken_as_they_come() {
    let plain = "User id,User name,email,User status,Added to org,Org role,Last seen in Jira - acme,\
                 Jira - acme,Jira - acme";
    let columns = find(Job::UsersExport, plain).unwrap();
    let fields = [Field::AccountId, Field::DisplayName, Field::Email, Field::UserStatus];
    assert_eq!(fields.map(|field| columns.index(field)), [Some(0), Some(1), Some(2), Some(3)]);
    assert_eq!(columns.index(Field::OrgRole), Some(5));
    assert_eq!(find(Job::Users, plain).unwrap().index(Field::OrgRole), Some(5));

    let pivot = format!("Group id,Group name,{plain}");
    let columns = find(Job::GroupsExport, &pivot).unwrap();
    assert_eq!(
        (columns.index(Field::GroupId), columns.index(Field::GroupName)),
        (Some(0), Some(1))
    );
    let columns = find(Job::Memberships, &pivot).unwrap();
    assert_eq!((columns.index(Field::AccountId), columns.index(Field::Email)), (Some(2), Some(4)));

    let managed = "Name,Email,Atlassian ID,Status,Last active date [UTC],Jira,Confluence";
    let columns = find(Job::UsersExport, managed).unwrap();
    assert_eq!(columns.index(Field::AccountId), Some(2));
    assert_eq!(columns.index(Field::DisplayName), Some(0));
    assert_eq!(columns.index(Field::UserStatus), Some(3));

    let articles = find(Job::UsersExport, "User id,Username,email").unwrap();
    assert_eq!(articles.index(Field::DisplayName), Some(1));
    let four = find(Job::Memberships, "Email,Group,accountId,groupId").unwrap();
    let all = [Field::Email, Field::Group, Field::AccountId, Field::GroupId].map(|f| four.index(f));
    assert_eq!(all, [Some(0), Some(1), Some(2), Some(3)]);
    let old = find(Job::Users, "group_name,username,full_name,email,active").unwrap();
    assert_eq!(old.index(Field::Email), Some(3));
}

#[test]
fn a_missing_column_names_the_nearest_and_shows_map() {
    let none = Options::default();
    assert_eq!(
        told(Job::CreateUsers, "Vorname,Kmail address,Abteilung", &none),
        "the sheet: no column has the user's email address; the heading can be `emailAddress` or \
         `Email`. The headings are `Vorname`, `Kmail address`, `Abteilung`. Nearest: `Kmail \
         address`. If this is the right column: --map email='Kmail address'"
    );
    let told_group = told(Job::Memberships, "Email,Gruppierung", &none);
    assert!(told_group.contains("--map group=Gruppierung"), "{told_group}");
    // Both are missing: one line for both.
    let both = told(Job::Memberships, "Invitee email,Groups", &none);
    assert!(
        both.ends_with("right columns: --map email='Invitee email' --map group=Groups"),
        "{both}"
    );
    let told_data = told(Job::CreateUsers, "ann@example.com", &none);
    assert!(told_data.ends_with("--no-headings --map email='Column A'"), "{told_data}");
    let told_data = told(Job::Memberships, "ann@example.com,oslo", &none);
    let whole = "--no-headings --map email='Column A' --map group='Column B'";
    assert!(told_data.ends_with(whole), "{told_data}");
    // Mapped by hand, the address would be lost.
    let options = map(&[("email", "ann@example.com")]);
    let told_lost = told(Job::CreateUsers, "ann@example.com", &options);
    assert!(told_lost.contains("would be lost"), "{told_lost}");
    let told_flat = told(Job::GroupsExport, "User id,User name,email,Group name", &none);
    assert!(told_flat.contains("Pivot to column"), "{told_flat}");
    // Nothing is near: no option is offered that would not help.
    for line in ["Foo bar,Baz", "Manager email,Password"] {
        let error = told(Job::Users, line, &none);
        assert!(error.ends_with("with --map (field `email`)."), "{error}");
    }
}

/// Plain words are used only where no heading has its name.
#[test]
fn frequent_words_count_if_no_heading_shows_it() {
    let columns = find(Job::Memberships, "Mail,Team,Department").unwrap();
    assert_eq!((columns.index(Field::Email), columns.index(Field::Group)), (Some(0), Some(1)));
    let error = find(Job::Memberships, "Email,Group,Team").unwrap_err();
    assert!(matches!(error, SheetError::TwoColumns { .. }), "{error}");
    let error = find(Job::Memberships, "Email,Group,Team ID").unwrap_err();
    assert!(matches!(error, SheetError::PassedOver { .. }), "{error}");
    // An id identifies it: what a team's name would be is not asked.
    let columns = find(Job::Memberships, "User id,Group id,Team,Mail").unwrap();
    assert_eq!((columns.index(Field::Email), columns.index(Field::Group)), (None, None));
    assert_eq!(find(Job::CreateGroups, "Team").unwrap().index(Field::Name), Some(0));
    assert_eq!(find(Job::Groups, "Team").unwrap().index(Field::Group), Some(0));
    // Two that could both be it are none, and one that is refused is not used.
    let none = Options::default();
    assert!(told(Job::Users, "Mail,Work email", &none).contains("both look like"));
    assert!(told(Job::Users, "Mail,Foo", &map(&[("-", "Mail")])).contains("no column has"));
}

/// All that is missing is reported at once.
#[test]
fn all_that_is_missing_is_reported_at_once() {
    let error = told(Job::Memberships, "Foo,Bar", &Options::default());
    assert!(error.contains("or account id, and none has the group"), "{error}");
    assert!(error.contains("; and `groupId` or") || error.contains("; and `Group` or"), "{error}");
}

#[test]
fn the_sheets_name_and_line_are_in_the_error() {
    let sheet = open_bytes("\nFoo,Bar\n1,2\n").unwrap();
    let error = Columns::of(&sheet, Job::Users, &Options::default()).unwrap_err().to_string();
    assert!(error.starts_with("people.csv, line 2: no column has the user's"), "{error}");
    assert!(!error.contains("and none has"), "{error}");
}

#[test]
fn two_columns_that_decide_which_user_changes_are_an_error() {
    for (job, line) in [
        (Job::Users, "accountId,User id"),
        (Job::Users, "Email,emailAddress,accountId"),
        (Job::Users, "Email,Email"),
        (Job::Memberships, "Email,Group,Group name"),
        (Job::Memberships, "Email,Group,Group id,groupId"),
        (Job::CreateUsers, "Email,products,Products"),
    ] {
        let error = find(job, line).unwrap_err();
        assert!(matches!(error, SheetError::TwoColumns { .. }), "{line}: {error}");
    }
    let options = map(&[("accountId", "User id")]);
    let columns = Columns::find(Job::Users, &headings("accountId,User id"), &options).unwrap();
    assert_eq!(columns.index(Field::AccountId), Some(1));
    // Harmless twice: names are only shown, unknown headings are only carried along.
    assert!(find(Job::UsersExport, "User id,Email,User name,Name,Foo,Foo").is_ok());
}

#[test]
fn map_has_precedence_and_names_what_does_not_match() {
    let line = headings("Email,Private mail,Group,Team");
    let options = map(&[("emailAddress", "private-mail"), ("group", "Team")]);
    let columns = Columns::find(Job::Memberships, &line, &options).unwrap();
    assert_eq!(columns.index(Field::Email), Some(1));
    assert_eq!(columns.index(Field::Group), Some(3));

    for (pair, words) in [
        (("color", "Email"), "no field `color`; it has `accountId`, `email`"),
        (("email", "Mail"), "no heading `Mail`; the headings are `Email`"),
        (
            ("email", "Foo"),
            "2 columns have the heading `Foo`; name one of them by its letter: `Column B`, `Column C`",
        ),
    ] {
        let told = told(Job::Users, "Email,foo,FOO", &map(&[pair]));
        assert!(told.contains(words), "{told}");
    }
    let twice = told(Job::Users, "Email,b", &map(&[("email", "b"), ("email", "Email")]));
    assert!(twice.contains("two --map options"), "{twice}");
}

/// What an advice leaves out it does not use, and each advice can be followed.
#[test]
fn an_advice_does_not_use_what_it_leaves_out() {
    for (job, line, wanted, not) in [
        (
            Job::Memberships,
            "Email,Group,Group 2",
            "--map -=Group --map group='Group 2'",
            "--map -=Group --map group=Group",
        ),
        (
            Job::Users,
            "Email,Email 2",
            "--map -=Email --map email='Email 2'",
            "--map -=Email --map email=Email,",
        ),
        (
            Job::CreateUsers,
            "Email,Emial",
            "--map -=Email --map email=Emial",
            "--map -=Email --map email=Email,",
        ),
    ] {
        let told = told(job, line, &Options::default());
        assert!(told.contains(wanted), "{told}");
        assert!(!format!("{told},").replace(wanted, "").contains(not), "{told}");
    }
}

#[test]
fn a_column_cannot_be_mapped_and_left_out() {
    for maps in [[("email", "Email"), ("-", "Email")], [("-", "email"), ("emailAddress", "Email")]]
    {
        let told = told(Job::Users, "Email,Work email", &map(&maps));
        assert!(told.contains("email=Email") && told.contains("--map -=Email"), "{told}");
    }
}

#[test]
fn a_column_that_is_mapped_is_nothing_else() {
    let options = map(&[("group", "Email")]);
    let error = Columns::find(Job::Memberships, &headings("Email,Group"), &options).unwrap_err();
    assert!(matches!(error, SheetError::MissingColumn { .. }), "{error}");
}

#[test]
fn secret_columns_are_known_whatever_the_job() {
    let columns = find(Job::Users, "Email,Password,x,API token").unwrap();
    assert_eq!(columns.secret_indexes(), [1, 3]);
    let options = map(&[("password", "pin")]);
    let columns = Columns::find(Job::CreateUsers, &headings("Email,pin"), &options).unwrap();
    assert_eq!(columns.secret_indexes(), [1]);
    let raw = rows("Email,Password\na@b.c,hunter2\n").remove(0);
    let columns = find(Job::CreateUsers, "Email,Password").unwrap();
    let row = CreateRow::read(&raw, &columns).unwrap();
    assert_eq!(row.dropped, ["password"]);
    assert!(!format!("{row:?}").contains("hunter2"));
    assert_eq!(raw.cells, ["a@b.c", MASKED]);
}

#[test]
fn a_row_that_does_not_fit_its_headings_shows_no_secret() {
    let texts = [
        "email;password\nmia@example.com;note;hunter2\n",
        "email;name;password\nmia@example.com;hunter2\n",
        "email;password\nmia@example.com;hun;hunter2\n",
        "email;password;note\n\"mia@example.com;x;y\nben@example.com;hunter2\";z\n",
        "email;Initial Password\nmia@example.com;;hunter2\n",
    ];
    for text in texts {
        let mut sheet = open_bytes(text).unwrap();
        let raw = sheet.next().unwrap().unwrap();
        let problem = raw.problem.clone().expect(text);
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
        let is_told = ["but the heading line has", "have a heading", "a row of its own"];
        assert!(is_told.iter().any(|words| problem.what.contains(words)), "{problem}");
        assert!(!raw.cells.concat().contains("hunter2"), "{raw:?}");
    }
    // A column of another name that is mapped to be the password.
    let options = map(&[("password", "PIN")]);
    let mut sheet = open_with("email;PIN\nmia@example.com;a;hunter2\n", &options).unwrap();
    let problem = sheet.next().unwrap().unwrap().problem.unwrap();
    assert!(!problem.to_string().contains("hunter2"), "{problem}");
    // Without one the first cell too many is shown.
    let mut sheet = open_bytes("email;note\nmia@example.com;a;surplus\n").unwrap();
    let problem = sheet.next().unwrap().unwrap().problem.unwrap();
    assert!(problem.to_string().contains("surplus"), "{problem}");
}

/// A part of a password may be in any cell of a row with a separator too many.
#[test]
fn no_fault_quotes_what_may_be_a_part_of_a_password() {
    for (job, text) in [
        (Job::CreateUsers, "Password,Email,Note\nSECR,B77,V\n"),
        (Job::CreateUsers, "Password,Work email\nSECR,B77\n"),
        (Job::Users, "Kennw.,E-Mail\nSECR,B77@V\n"),
        (Job::CreateUsers, "Password,Products,Email\nSECR,B77,a@b.co\n"),
        (Job::Users, "Password,accountId\nSECR,B77 V\n"),
        (Job::Memberships, "Password,Group id,Email\nSECR,B77 V,a@b.co\n"),
        (Job::Groups, "Password,Group id\nSECR,B77 V\n"),
        (Job::Access, "Password,Role,Email,Product\nSECR,B77,a@b.co,jira\n"),
        (Job::Tokens, "Password,accountId,Token id\nSECR,B77 V,t-1\n"),
        (Job::List, "Password,status,Email\nSECR,B77,a@b.co\n"),
    ] {
        let mut sheet = open_bytes(text).unwrap();
        let columns = Columns::of(&sheet, job, &Options::default()).unwrap();
        let raw = sheet.next().unwrap().unwrap();
        let problems = match job {
            Job::CreateUsers => CreateRow::read(&raw, &columns).unwrap_err(),
            Job::Memberships => MemberRow::read(&raw, &columns).unwrap_err(),
            Job::Groups => WhichGroupRow::read(&raw, &columns).unwrap_err(),
            Job::Access => AccessRow::read(&raw, &columns).unwrap_err(),
            Job::Tokens => TokenRow::read(&raw, &columns).unwrap_err(),
            Job::List => ListRow::read(&raw, &columns).unwrap_err(),
            Job::Users
            | Job::NewEmails
            | Job::CreateGroups
            | Job::Actions
            | Job::UsersExport
            | Job::GroupsExport => UserRow::read(&raw, &columns).unwrap_err(),
        };
        let told: String = problems.iter().map(ToString::to_string).collect();
        assert!(told.contains("not shown") && !told.contains("B77"), "{text}: {told}");
        let is_mail = told.contains("no email address");
        assert!(!is_mail || !raw.cells.concat().contains("B77"), "{raw:?}");
    }
    // What is meant as an address is shown, and so is every cell where no password is.
    for text in ["Password,Email\nSECR,ann＠banc.ly\n", "Note,Email\nSECR,ann\n"] {
        let mut sheet = open_bytes(text).unwrap();
        let columns = Columns::of(&sheet, Job::Users, &Options::default()).unwrap();
        let told = UserRow::read(&sheet.next().unwrap().unwrap(), &columns).unwrap_err();
        assert!(told[0].what.contains("“ann"), "{told:?}");
    }
}

#[test]
fn a_column_can_be_left_out_but_not_the_one_that_keeps_administrators_safe() {
    let options = |field: &str, heading: &str| Options {
        map: vec![(field.into(), heading.into())],
        ..Options::default()
    };
    let line = headings("Email,groups,Org role");
    let columns = Columns::find(Job::CreateUsers, &line, &options("-", "groups")).unwrap();
    assert_eq!(columns.index(Field::Groups), None);
    assert_eq!(columns.index(Field::Email), Some(0));
    // Of two that could be meant, the other one is.
    let two = headings("Email,emailAddress");
    let columns = Columns::find(Job::CreateUsers, &two, &options("-", "emailAddress")).unwrap();
    assert_eq!(columns.index(Field::Email), Some(0));
    let error = told(Job::Users, "Email,Org role", &options("-", "Org role"));
    assert!(error.contains("shows who is an administrator"), "{error}");
    assert!(told(Job::Users, "Email", &options("-", "Email")).contains("no column has"));
}

#[test]
fn a_heading_names_its_field_even_if_the_sheet_lacks_another() {
    use crate::rows::{fields, told_by};
    assert_eq!(told_by(Job::Memberships, "e-mail"), Some(Field::Email));
    assert_eq!(told_by(Job::Memberships, "Department"), None);
    assert!(fields(Job::CreateUsers).contains(&Field::Products));
    assert!(!fields(Job::CreateUsers).iter().any(|field| matches!(field, Field::Gone(_))));
}
