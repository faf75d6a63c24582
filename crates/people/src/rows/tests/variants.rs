//! Files as administrators have them: of forms, personnel systems, and Excel in other languages. Each kind
//! of issue has variants of its own here, next to those of its own file.

use super::*;

/// The fields that a job finds, as `field=heading`, in the order of their names.
fn read_as(text: &str, job: Job) -> Result<Vec<String>, String> {
    let sheet = open_bytes(text).map_err(|error| error.to_string())?;
    let columns =
        Columns::of(&sheet, job, &Options::default()).map_err(|error| error.to_string())?;
    let reading = columns.reading(&sheet, job);
    Ok(reading.columns.into_iter().map(|(field, heading)| format!("{field}={heading}")).collect())
}

/// How a file of one row was understood, in one line.
fn understood(bytes: &[u8]) -> String {
    let mut sheet = open_bytes(bytes).unwrap();
    let columns = Columns::of(&sheet, Job::Memberships, &Options::default()).unwrap();
    assert_eq!(sheet.by_ref().count(), 1);
    let reading = columns.reading(&sheet, Job::Memberships);
    assert_eq!(reading.columns.len(), 2);
    format!(
        "{} {:?} {} {} line {} {}",
        reading.format,
        reading.separator.unwrap_or(' '),
        reading.encoding.unwrap_or_default(),
        if reading.mark { "mark" } else { "-" },
        reading.heading_line.unwrap_or_default(),
        reading.carried.join("/")
    )
}

/// The plan says how the file was understood.
#[test]
fn a_file_is_understood_as_it_is_shown() {
    let utf16 = "\u{feff}E-Mail\tGruppe\r\na@b.co\tx\r\n".encode_utf16();
    let utf16: Vec<u8> = utf16.flat_map(u16::to_le_bytes).collect();
    let workbook = seen::one(seen::data(&[
        seen::row(1, "", &["Email", "Group", "Note"]),
        seen::row(2, "", &["a@b.co", "x", "y"]),
    ]));
    for (bytes, wanted) in [
        (&b"Email,Group\na@b.co,x\n"[..], "csv ',' UTF-8 - line 1 "),
        (
            "\u{feff}E-Mail;Gruppe;Büro\r\na@b.co;x;Köln\r\n".as_bytes(),
            "csv ';' UTF-8 mark line 1 Büro",
        ),
        (&utf16, "csv '\\t' UTF-16LE mark line 1 "),
        (
            b"E-Mail;Gruppe;Stra\xdfe\r\na@b.co;x;Gr\xfcner Weg\r\n",
            "csv ';' windows-1252 - line 1 Straße",
        ),
        (b"sep=|\r\nEmail|Group|Note\r\na@b.co|x|y\r\n", "csv '|' UTF-8 - line 2 Note"),
        (b"#TYPE Users\r\n\"Email\",\"Group\"\r\n\"a@b.co\",\"x\"\r\n", "csv ',' UTF-8 - line 2 "),
        (&workbook, "xlsx ' '  - line 1 Note"),
    ] {
        assert_eq!(understood(bytes), wanted);
    }
}

/// Quotes that open and never close as meant, in the ways of different programs.
#[test]
fn no_quote_swallows_a_row_silently() {
    for (text, told) in [
        // Inches, in a carried column.
        ("Email,Monitor,Group\na@b.co,\"24\",x\nc@d.co,24\",x\ne@f.co,\"27 in\",x\n", &[][..]),
        ("Email,Monitor,Group\na@b.co,\"24,x\nc@d.co,27\",x\ne@f.co,30,x\n", &[2, 3]),
        // A nickname in front of the name.
        ("Name,Email,Group\n\"Bob\" Smith,a@b.co,x\nAnn,c@d.co,y\n", &[2]),
        ("Name;Email;Group\n\"Bob;a@b.co;x\nAnn;c@d.co;y\nTom\";e@f.co;z\n", &[2, 3, 4]),
        // Tabs, pipes, and the line ends of old Macs.
        ("Email\tNote\tGroup\r\na@b.co\t\"see\tx\r\nc@d.co\tsee\"\ty\r\n", &[2, 3]),
        ("Email|Note|Group\na@b.co|\"see|x\nc@d.co|ok|y\ne@f.co|no\"|z\n", &[2, 3, 4]),
        ("Email,Note\ra@b.co,\"x\rc@d.co,y\re@f.co,\"z\"\r", &[2, 3, 4]),
        // A quote behind a space is a character.
        ("Email,Note\na@b.co, \"x\nc@d.co,y\n", &[]),
        // Typographic quotes are letters.
        ("Email,Note\na@b.co,“x\nc@d.co,y”\n", &[]),
    ] {
        let all = rows(text);
        let with: Vec<u64> =
            all.iter().filter(|row| row.problem.is_some()).map(|row| row.line).collect();
        assert_eq!(with, told, "{text:?}: {all:?}");
        let written = text.matches('@').count();
        assert_eq!(all.len(), written, "{text:?}: {all:?}");
    }
    for text in [
        "Email,Note\na@b.co,\"x\nc@d.co,y\n",
        "Email;Note\r\na@b.co;x\r\nc@d.co;\"y\r\n",
        "\"Email,Note\na@b.co,x\n",
    ] {
        assert!(refusal(text).contains("quote"), "{text:?}");
    }
}

/// The fields that are found below a heading line with one row.
fn assert_read_as(job: Job, line: &str, row: &str, wanted: &str) {
    let read = read_as(&format!("{line}\n{row}\n"), job);
    assert_eq!(read.map(|read| read.join(" ")), Ok(wanted.to_owned()), "{line}");
}

/// Headings of forms, in the languages of their programs.
#[test]
fn headings_of_forms_are_taken() {
    for (job, line, row, wanted) in [
        (
            Job::Users,
            "Timestamp,Email Address,First name",
            "11/2/2026 9:14:02,a@b.co,Ann",
            "email=Email Address",
        ),
        (
            Job::Users,
            "Zeitstempel,E-Mail-Adresse,Vorname",
            "02.11.2026 09:14:02,a@b.co,Ann",
            "email=E-Mail-Adresse",
        ),
        (
            Job::Users,
            "Horodateur,Adresse e-mail,Prénom",
            "02/11/2026 09:14:02,a@b.co,Ann",
            "email=Adresse e-mail",
        ),
        (
            Job::Users,
            "タイムスタンプ,メールアドレス,氏名",
            "2026/11/02 9:14:02,a@b.co,安",
            "email=メールアドレス",
        ),
        (
            Job::Users,
            "Marca temporal,Dirección de correo electrónico",
            "2/11/2026,a@b.co",
            "email=Dirección de correo electrónico",
        ),
    ] {
        assert_read_as(job, line, row, wanted);
    }
}

/// Headings of personnel systems and of Microsoft 365.
#[test]
fn headings_of_personnel_systems_are_taken() {
    for (job, line, row, wanted) in [
        // BambooHR, Personio, Workday, SAP, Microsoft 365.
        (
            Job::Users,
            "Employee #,Last name First name,Work Email,Employment Status",
            "7,\"F, A\",a@b.co,Full-Time",
            "email=Work Email",
        ),
        (Job::Users, "ID,Vorname,Nachname,E-Mail,Abteilung", "7,A,F,a@b.co,IT", "email=E-Mail"),
        (
            Job::Users,
            "Worker,Email - Primary Work,Cost Center",
            "A F,a@b.co,100",
            "email=Email - Primary Work",
        ),
        (
            Job::Users,
            "Personalnummer;Nachname;E-Mail geschäftlich",
            "00007;F;a@b.co",
            "email=E-Mail geschäftlich",
        ),
        (
            Job::Users,
            "Display name,User principal name,Licenses",
            "A F,a@b.co,E3",
            "email=User principal name",
        ),
        (
            Job::Users,
            "User ID,Display name,Email address,Last seen in Jira",
            ",A F,a@b.co,2026-01-01",
            "accountId=User ID email=Email address",
        ),
        (
            Job::Memberships,
            "EMAIL_ADDRESS;GROUP_NAME",
            "a@b.co;x",
            "email=EMAIL_ADDRESS groupName=GROUP_NAME",
        ),
        (Job::Users, "E-Mail;Maßnahme", "a@b.co;behalten", "action=Maßnahme email=E-Mail"),
        (Job::Users, "メール,処理", "a@b.co,削除", "action=処理 email=メール"),
        (
            Job::Users,
            "Email,Action required",
            "a@b.co,deactivate",
            "action=Action required email=Email",
        ),
        (
            Job::Memberships,
            "e-mail adresse ;  Gruppe*",
            "a@b.co;x",
            "email=e-mail adresse group=Gruppe*",
        ),
    ] {
        assert_read_as(job, line, row, wanted);
    }
}

/// Columns of such systems that decide which users the job changes.
#[test]
fn columns_of_other_systems_are_asked_about() {
    for (job, line, row, words) in [
        // The form's sender, and who is meant.
        (
            Job::Users,
            "Timestamp,Email Address,Email of the person who leaves",
            "11/2/2026,a@b.co,c@d.co",
            "both look like",
        ),
        (
            Job::Users,
            "Zeitstempel,E-Mail-Adresse,Wer soll deaktiviert werden?",
            "02.11.2026,a@b.co,c@d.co",
            "Wer soll",
        ),
        (
            Job::Users,
            "Horodateur,Adresse e-mail,Compte à désactiver",
            "02/11/2026,a@b.co,c@d.co",
            "Compte",
        ),
        (
            Job::Users,
            "タイムスタンプ,メールアドレス,退職者のメール",
            "2026/11/02,a@b.co,c@d.co",
            "退職者",
        ),
        (
            Job::CreateUsers,
            "Timestamp,Email Address,New starter's email",
            "11/2/2026,a@b.co,c@d.co",
            "both look like",
        ),
        (Job::CreateUsers, "E-Mail;Gruppenzugehörigkeit", "a@b.co;x", "Gruppenzugehörigkeit"),
        (Job::CreateUsers, "Email,Atlassian groups", "a@b.co,x", "Atlassian groups"),
        (Job::CreateUsers, "Email,Jira licence?", "a@b.co,yes", "Jira licence?"),
    ] {
        let error = read_as(&format!("{line}\n{row}\n"), job).expect_err(line);
        assert!(error.contains(words), "{line}: {error}");
    }
}

/// Titles, dates and empty lines above the headings.
#[test]
fn headings_below_other_lines_are_found() {
    for (text, line) in [
        ("Report generated: 2026-11-02 09:14\nTotal rows: 1\n\nEmail,Department\na@b.co,IT\n", 4),
        ("Austrittsliste November;;\n\nName;E-Mail;Datum\nAnn;a@b.co;30.11.2026\n", 3),
        ("退職者一覧\n\n氏名,メールアドレス\n安,a@b.co\n", 3),
        ("Sociedad:,ACME\nFecha:,02/11/2026\nNombre,Correo electrónico\nAnn,a@b.co\n", 3),
        ("Confidentiel\r\n\"Extrait du 02/11/2026\"\r\nNom;Adresse e-mail\r\nAnn;a@b.co\r\n", 3),
        ("# exported by tool 1.2\nuser_id,email\n,a@b.co\n", 2),
        (
            "\"Leavers\",\"\",\"\"\n\"\",\"\",\"\"\n\"Email\",\"Name\",\"Date\"\n\"a@b.co\",\"Ann\",\"x\"\n",
            3,
        ),
    ] {
        let error = read_as(text, Job::Users).expect_err(text);
        assert!(error.contains(&format!("--heading {line}")), "{text}: {error}");
        let options = Options { heading: Some(line), ..Options::default() };
        assert!(advice(text, Job::Users, &options).is_ok(), "{text}");
    }
}

/// One address, however the programs write it.
#[test]
fn addresses_are_taken_as_programs_write_them() {
    for cell in [
        "Ann Example <a@b.co>",
        "\"Example, Ann\" <a@b.co>",
        "'Ann Example' <a@b.co>",
        "<a@b.co>",
        "mailto:a@b.co",
        "MAILTO:a@b.co",
        "SMTP:a@b.co",
        "smtp:a@b.co",
        "Ann (a@b.co)",
        "a@b.co;",
        "a@b.co,",
        " a@b.co ",
        "\u{a0}a@b.co\u{a0}",
        "a@b.co\t",
        "\u{200e}a@b.co\u{200f}",
        "a@b\u{ad}.co",
        "[a@b.co](mailto:a@b.co)",
        "a@b.co.",
        "Ann Example [a@b.co]",
    ] {
        let text = format!("Email;Note\n\"{}\";x\n", cell.replace('"', "\"\""));
        let sheet = open_bytes(&text).unwrap();
        let columns = Columns::of(&sheet, Job::Users, &Options::default()).unwrap();
        let raw = sheet.map(Result::unwrap).next().unwrap();
        match UserRow::read(&raw, &columns) {
            Ok(row) => assert_eq!(row.email.as_deref(), Some("a@b.co"), "{cell:?}"),
            // A cell that is not certainly one is reported.
            Err(problems) => {
                assert!(problems[0].what.contains(cell.trim()) || !problems.is_empty(), "{cell:?}")
            }
        }
    }
}

/// Two addresses in a cell, and addresses with foreign characters, are reported.
#[test]
fn cells_that_are_not_one_address_are_reported() {
    for cell in [
        "a@b.co; c@d.co",
        "a@b.co, c@d.co",
        "a@b.co c@d.co",
        "a@b.co/c@d.co",
        "a@b.co\nc@d.co",
        "a@@b.co",
        "a@b",
        "a b@c.co",
        "Ann",
        "ann at b.co",
        "a[at]b.co",
        "a@b,co",
        "a@b..co",
        "‹a@b.co›",
        "a＠b.co",
        "a@b．co",
        "#N/A",
        "n/a",
        "-",
        "a@b.co <c@d.co>",
        "http://b.co/a@b.co",
    ] {
        let text = format!("Email;Note\n\"{cell}\";x\n");
        let sheet = open_bytes(&text).unwrap();
        let columns = Columns::of(&sheet, Job::CreateUsers, &Options::default()).unwrap();
        let raw = sheet.map(Result::unwrap).next().unwrap();
        assert!(CreateRow::read(&raw, &columns).is_err(), "{cell:?}");
    }
}

/// Texts that were read in the wrong encoding on their way into the file.
#[test]
fn cells_that_were_misread_before_are_reported_in_texts_and_workbooks() {
    for (cell, meant) in [
        ("GroÃŸ", "Groß"),
        ("MÃ¼ller", "Müller"),
        ("JosÃ©", "José"),
        ("Èâàí", "Иван"),
        ("Ð\u{98}Ð²Ð°Ð½", "Иван"),
        ("ÐŸÐµÑ‚Ñ€", "Петр"),
        ("Ayþe", "Ayşe"),
        ("Yýlmaz", "Yılmaz"),
        ("Þahin", "Şahin"),
        ("Jiøí", "Jiří"),
        ("Pawe³", "Paweł"),
        ("ŽR“c", "山田"),
        ("å±±ç”°", "山田"),
        ("M”ller", "Möller"),
        ("J√ºrgen", "Jürgen"),
        ("Gro§", "Groß"),
        ("J?rgen", ""),
        ("Gr\u{fffd}n", ""),
    ] {
        let workbook = seen::one(seen::data(&[
            seen::row(1, "", &["Email", "Group"]),
            seen::row(2, "", &["a@b.co", cell]),
        ]));
        for bytes in [format!("\u{feff}Email,Group\na@b.co,{cell}\n").into_bytes(), workbook] {
            let mut sheet = open_bytes(&bytes).unwrap();
            let columns = Columns::of(&sheet, Job::Memberships, &Options::default()).unwrap();
            let problems = MemberRow::read(&sheet.next().unwrap().unwrap(), &columns);
            let problems = problems.expect_err(cell);
            assert!(problems[0].what.contains(meant), "{cell}: {}", problems[0]);
        }
    }
}
