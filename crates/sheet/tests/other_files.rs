//! Files that are no table, or a table in a form that cannot be read for sure: each is named, with what to do. Files
//! that look like them are read.

use headcount_sheet::{
    Identifier, Input, Options, Raw, Sheet, SheetError, Source, Vocabulary, open,
};

const VOCABULARY: Vocabulary = Vocabulary {
    is_heading: |heading| ["Email", "Group", "Name"].contains(&heading),
    identifier: Identifier {
        name: "email address",
        example: "ann@example.com",
        is_one: |cell| cell.contains('@') && cell.contains('.'),
        is_meant: |cell| cell.contains('@'),
        columns: |headings, _| {
            headings.iter().position(|one| one.text() == "Email").into_iter().collect()
        },
    },
};

fn read(name: &str, bytes: &[u8]) -> Result<Vec<Raw>, SheetError> {
    let source = Source { name: name.to_owned(), input: Input::Bytes(bytes.to_vec()) };
    open(source, &Options::default(), &VOCABULARY).and_then(Sheet::collect)
}

#[track_caller]
fn named(bytes: &[u8], words: &str) {
    named_as("people.csv", bytes, words);
}

#[track_caller]
fn named_as(name: &str, bytes: &[u8], words: &str) {
    let text = String::from_utf8_lossy(bytes);
    match read(name, bytes) {
        Ok(rows) => panic!("{text}\nwas read: {rows:?}"),
        Err(error @ SheetError::NotASheet { .. }) => {
            let error = error.to_string();
            assert!(error.starts_with(name) && error.contains(words), "{text}\n{error}");
        }
        Err(other) => panic!("{text}\n{other}"),
    }
}

/// The rows are read without a problem; their cells, with `|` between them.
#[track_caller]
fn taken(bytes: &[u8], wanted: &[&str]) {
    let text = String::from_utf8_lossy(bytes);
    let rows = read("people.csv", bytes).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let cells = |raw: Raw| {
        assert_eq!(raw.problem, None, "{text}");
        raw.cells.join("|")
    };
    let cells: Vec<String> = rows.into_iter().map(cells).collect();
    assert_eq!(cells, wanted, "{text}");
}

/// Text in a code page of EBCDIC; `at` is the place of the `@`.
fn ebcdic(text: &str, at: u8, line_end: &[u8]) -> Vec<u8> {
    let letter = |from: u8, place: u8| match place {
        0..9 => from + 1 + place,
        9..18 => from + 0x10 + 1 + place - 9,
        _ => from + 0x20 + 2 + place - 18,
    };
    let byte = |byte: u8| match byte {
        b'a'..=b'z' => letter(0x80, byte - b'a'),
        b'A'..=b'Z' => letter(0xC0, byte - b'A'),
        b'0'..=b'9' => 0xF0 + (byte - b'0'),
        b'@' => at,
        b' ' => 0x40,
        b'.' => 0x4B,
        b',' => 0x6B,
        b';' => 0x5E,
        b'-' => 0x60,
        b'\t' => 0x05,
        _ => panic!("no place for {byte}"),
    };
    let lines = text.lines().map(|line| line.bytes().map(byte).collect::<Vec<u8>>());
    lines.flat_map(|line| [line, line_end.to_vec()].concat()).collect()
}

#[test]
fn text_of_mainframes_is_named() {
    let rows = "Email,Group\nann@example.com,hanoi-legal\nben@example.com,oslo\n";
    for (at, line_end) in [
        (0x7C, &[0x25][..]),
        (0x7C, &[0x15]),
        (0x7C, &[0x0D, 0x25]),
        // Germany, Italy.
        (0xB5, &[0x15]),
        (0xB5, &[0x25]),
        // Records without line ends.
        (0x7C, &[0x40, 0x40, 0x40]),
    ] {
        named(&ebcdic(rows, at, line_end), "EBCDIC");
        named(&ebcdic(&rows.replace(',', ";"), at, line_end), "EBCDIC");
    }
    named(&ebcdic("EMAIL\tGROUP\nANN@EXAMPLE.COM\tHANOI LEGAL\n", 0x7C, &[0x25]), "iconv");
    named(
        &ebcdic("Personnel number;Name\n00000017;Ann Example\n00000018;Ben\n", 0x7C, &[0x25]),
        "EBCDIC",
    );
    for (text, wanted) in [
        // Windows-1251, KOI8-R, Windows-1253, Mac Roman and DOS have their letters at these places.
        (&b"Email,Name\nann@b.co,\xC0\xED\xED\xE0\n"[..], None),
        (b"Email,Name\rann@b.co,\xC1\xCE\xCE\xC1\r", None),
        (b"\xC5\xEC\xE1\xE9\xEB;\xCF\xED\xEF\xEC\xE1\na@b.co;\xC1\xED\xED\xE1\n", None),
        (b"Email,Name\nann@b.co,J\x9Argen\n", None),
        (b"Email,Name\r\nann@b.co,J\xFCrgen Gr\xF6\xDFe\r\n", Some("ann@b.co|Jürgen Größe")),
        (b"Email,Name\nann@b.co,Ren\xE9e\n", Some("ann@b.co|Renée")),
        ("Name\nÄÖÅ äöå\n".as_bytes(), Some("ÄÖÅ äöå")),
        (b"Name\n@@@@kkkk\n", Some("@@@@kkkk")),
    ] {
        match wanted {
            Some(wanted) => taken(text, &[wanted]),
            // Another error, or none, but not this one.
            None => {
                let error = read("people.csv", text).err().map(|error| error.to_string());
                assert!(!error.unwrap_or_default().contains("EBCDIC"));
            }
        }
    }
}

#[test]
fn utf_7_is_named() {
    for text in [
        "Email,Name\nandre@b.co,Andr+AOk-\nbjorn@b.co,Bj+APY-rn\n",
        "Email;Group\nann+AEA-b.co;Gr+APYA3w-e\n",
        "Email,Group\nann+AEA-b.co,oslo\nben+AEA-b.co,oslo\n",
        "+/v8-Email,Name\nann@b.co,Ann\n",
        "+/v9Email,Name\nann@b.co,Ann\n",
        "Email,Name\na@b.co,+ZeVnLIqe-\nb@b.co,+U1dOrA-\n",
        "Email,Phone,Name\na@b.co,+-49 171 1234567,J+APw-rgen\nb@b.co,,Zo+AOs-\n",
        "Email,Name\na@b.co,+BBAEPQQ9BDA-\nb@b.co,+BBEENQQ9-\n",
    ] {
        named(text.as_bytes(), "UTF-7");
    }
    for (text, wanted) in [
        ("Email,Name\nann@b.co,C+AOk-team\n", &["ann@b.co|C+AOk-team"][..]),
        (
            "Email,Name\nann+AOk-x@b.co,Ann\nben+APY-y@b.co,Ben\n",
            &["ann+AOk-x@b.co|Ann", "ben+APY-y@b.co|Ben"],
        ),
        (
            "Email,Group\nann+list@b.co,R+D\nben+x@b.co,Sales+Marketing\n",
            &["ann+list@b.co|R+D", "ben+x@b.co|Sales+Marketing"],
        ),
        (
            "Email,Name\nann@b.co,x+AOk-1\nben@b.co,x+AOk-2\n",
            &["ann@b.co|x+AOk-1", "ben@b.co|x+AOk-2"],
        ),
        (
            "Email,Phone\nann@b.co,+4917112345678\nben@b.co,+84-24-3825\n",
            &["ann@b.co|+4917112345678", "ben@b.co|+84-24-3825"],
        ),
        ("Email,Name\nann@b.co,A+AOk- + B+APY-\n", &["ann@b.co|A+AOk- + B+APY-"]),
        ("Email,Group\nann@b.co,C++\nben@b.co,+\n", &["ann@b.co|C++", "ben@b.co|+"]),
    ] {
        taken(text.as_bytes(), wanted);
    }
}

/// Lines of cells as a report prints them: each cell padded to a width, negative ones to the right.
fn printed(widths: &[i32], rows: &[&[&str]]) -> String {
    let cell = |(cell, width): (&&str, &i32)| {
        let size = width.unsigned_abs() as usize;
        if *width < 0 { format!("{cell:>size$}") } else { format!("{cell:<size$}") }
    };
    let line = |row: &&[&str]| row.iter().zip(widths).map(cell).collect::<String>() + "\n";
    rows.iter().map(line).collect()
}

fn utf_16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn columns_made_of_spaces_are_named() {
    let rows: &[&[&str]] = &[
        &["Email", "Group", "No"],
        &["ann@example.com", "hanoi-legal", "1"],
        &["ben.other@example.com", "R&D", "12"],
        &["c@b.co", "Sales, Europe", "3"],
    ];
    let two: Vec<&[&str]> = rows.iter().map(|row| &row[..2]).collect();
    for text in [
        printed(&[30, 20], &two),
        printed(&[24, 20], &two),
        printed(&[30, 16, -6], rows),
        printed(&[30, -20], &two),
        printed(&[30, 20], &two[..2]),
        printed(&[30, 20], &two).replace('\n', "\r\n"),
        printed(&[30, 20, 4], rows).replace('\n', "\r"),
        printed(&[30, 20], &[two[0], &["-----", "-----"], two[1]]),
        printed(&[30, 20], &two).replace(' ', "\u{a0}"),
        // PowerShell's console: a ruler below the headings, an empty line above.
        "\r\nEmail           Group\r\n-----           -----\r\nann@example.com oslo\r\n\r\n".to_owned(),
        "Email Group\n----- -----\na@b.c oslo\n".to_owned(),
        "                 Email Group\n====================== =====\nann.example@example.co  oslo\n".to_owned(),
        printed(&[-30, 3, 20], &[&["Name", "", "Email"], &["Jürgen Groß", "", "j@b.co"], &["Zoë", "", "z@b.co"]]),
        "\n".repeat(40) + &printed(&[30, 20], &two),
    ] {
        named(text.as_bytes(), "columns made of spaces");
        named(&utf_16(&text), "columns made of spaces");
        let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
        named(&latin, "columns made of spaces");
    }
    let pad = |cell: &str| format!("{cell:<30}");
    for (text, wanted) in [
        ("Email\nann@b.co\nben@b.co\n".to_owned(), &["ann@b.co", "ben@b.co"][..]),
        (
            format!("{}\n{}\n{}\n", pad("Email"), pad("a@b.co"), pad("b@b.co")),
            &["a@b.co", "b@b.co"],
        ),
        ("Group name\nTeam A\nTeam B\nTeam C\n".to_owned(), &["Team A", "Team B", "Team C"]),
        ("Group name\nTeam  A\nTeam  B\n".to_owned(), &["Team  A", "Team  B"]),
        (
            "Full name\nAnn    Example\nBen    Other\n".to_owned(),
            &["Ann    Example", "Ben    Other"],
        ),
        (
            format!("{},{}\n{},{}\n", pad("Email"), pad("Group"), pad("a@b.co"), pad("R&D")),
            &["a@b.co|R&D"],
        ),
        (
            format!("{}\t{}\n{}\t{}\n", pad("Email"), pad("Group"), pad("a@b.co"), pad("R&D")),
            &["a@b.co|R&D"],
        ),
        (
            format!("{};{}\n{};{}\n", pad("Email"), pad("Group"), pad("a@b.co"), pad("R&D")),
            &["a@b.co|R&D"],
        ),
        (
            format!("{}|{}\n{}|{}\n", pad("Email"), pad("Group"), pad("a@b.co"), pad("R&D")),
            &["a@b.co|R&D"],
        ),
        (
            "Email\nann@b.co      (left in May)\nben@b.co      (left in June)\n".to_owned(),
            &["ann@b.co      (left in May)", "ben@b.co      (left in June)"],
        ),
        (
            "Name,Email\nAnn           Example,a@b.co\nBen           Other,b@b.co\n".to_owned(),
            &["Ann           Example|a@b.co", "Ben           Other|b@b.co"],
        ),
        ("Email,Note\na@b.co,-- -- --\n".to_owned(), &["a@b.co|-- -- --"]),
    ] {
        let rows =
            read("people.csv", text.as_bytes()).unwrap_or_else(|error| panic!("{text}\n{error}"));
        let cells = |raw: Raw| {
            raw.cells.iter().map(|cell| cell.trim_end().to_owned()).collect::<Vec<_>>().join("|")
        };
        assert_eq!(rows.into_iter().map(cells).collect::<Vec<_>>(), wanted, "{text}");
    }
}

#[test]
fn tables_with_lines_are_named() {
    for text in [
        "+----------+-------+\n| email    | group |\n+----------+-------+\n| a@b.co   | oslo  |\n",
        "  email  | group\n---------+-------\n a@b.co  | oslo\n(1 row)\n",
        "┌────────┬───────┐\n│ Email  │ Group │\n├────────┼───────┤\n│ a@b.co │ oslo  │\n",
        "\n╔════════╦═══════╗\r\n║ Email  ║ Group ║\r\n",
        "Email  │ Group\n───────┼──────\na@b.co │ oslo\n",
        "+========+=======+\n| Email  | Group |\n",
    ] {
        named(text.as_bytes(), "lines drawn");
        named(&utf_16(text), "lines drawn");
    }
    for (text, wanted) in [
        ("Email|Group\na@b.co|----\n", &["a@b.co|----"][..]),
        ("Email|Group\n-|-\n", &["-|-"]),
        ("Name\n+-+\n", &["+-+"]),
        ("Name\n----\n", &["----"]),
        ("Email,Group\n--,+-\n", &["--|+-"]),
    ] {
        taken(text.as_bytes(), wanted);
    }
}

#[test]
fn files_of_other_programs_are_named_by_their_first_bytes() {
    let padded = |start: &[u8]| [start, &[0; 200]].concat();
    for (bytes, words) in [
        (padded(b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xC0"), "a Windows shortcut"),
        (padded(b"\x09\0\x04\0\x02\0\x10\0"), "an old Excel workbook"),
        (padded(b"\x09\x08\x10\0\0\x06\x05\0"), "an old Excel workbook"),
        (padded(b"\0\0\x02\0\x06\x04\x06\0"), "Lotus"),
        (padded(b"\0\x01\0\0Standard ACE DB\0"), "an Access database"),
        (padded(b"\0\x01\0\0Standard Jet DB\0"), "an Access database"),
        (padded(b"bplist00\xD1\x01\x02"), "a property list"),
        (padded(b"b0VIM 9.0\0"), "a swap file"),
        (padded(b""), "only zero bytes"),
    ] {
        named(&bytes, words);
    }
}

/// What Excel writes next to a workbook that a user has open.
fn owner(name: &str, length: usize) -> Vec<u8> {
    let mut bytes = vec![name.len() as u8];
    bytes.extend(name.bytes());
    bytes.resize(55, b' ');
    bytes.extend((name.len() as u16).to_le_bytes());
    bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    while bytes.len() < length {
        bytes.extend([b' ', 0]);
    }
    bytes.truncate(length);
    bytes
}

#[test]
fn lock_files_are_named_with_the_document() {
    const TIME: &str = "30.11.2026 06:10,file:///";
    for (name, bytes, words) in [
        ("~$leavers.xlsx", owner("Ann Example", 165), "name it: leavers.xlsx"),
        ("lists/~$leavers.xlsm", owner("a", 165), "name it: lists/leavers.xlsm"),
        ("C:\\lists\\~$leavers.xlsx", owner("Ann", 165), "name it: C:\\lists\\leavers.xlsx"),
        ("~$avers.docx", owner("Ann", 162), "Excel"),
        ("~$leavers.xlsx", Vec::new(), "leavers.xlsx"),
        ("~$leavers.xlsx", vec![3, b'A', b'n', b'n', 0, 0, 0], "leavers.xlsx"),
        ("standard input", owner("Ann Example", 165), "a lock file, which Excel keeps"),
        ("renamed.csv", owner(&"n".repeat(54), 165), "a lock file, which Excel keeps"),
        (
            ".~lock.leavers.xlsx#",
            format!(",ann,ann-laptop,{TIME}home/ann/.config/libreoffice/4;").into_bytes(),
            "name it: leavers.xlsx",
        ),
        (
            "lists/.~lock.leavers.csv#",
            format!("Ann Example,ann,pc,{TIME}C:/Users/ann/AppData/Roaming/LibreOffice/4;")
                .into_bytes(),
            "name it: lists/leavers.csv",
        ),
        (".~lock.leavers.ods#", format!("\\,A\\;nn,ann,pc,{TIME}x;\n").into_bytes(), "leavers.ods"),
        (".~lock.leavers.xlsx#", Vec::new(), "LibreOffice keeps"),
        (
            "standard input",
            format!(",ann,ann-laptop,{TIME}home/ann/.config/libreoffice/4;").into_bytes(),
            "LibreOffice keeps",
        ),
    ] {
        named_as(name, &bytes, words);
    }
    for (name, text, wanted) in [
        ("~$people.csv", "Email,Group\nann@b.co,oslo\n", "ann@b.co|oslo"),
        ("~people.csv", "Email,Group\nann@b.co,oslo\n", "ann@b.co|oslo"),
        (".~lock.people.csv#", "Email,Group\nann@b.co,oslo\n", "ann@b.co|oslo"),
        (
            "lock.csv",
            "Email,File,x,y;\nann@b.co,file:///home/a,30.11.2026 06:10,z;\n",
            "ann@b.co|file:///home/a|30.11.2026 06:10|z;",
        ),
        ("$people.csv", "\tEmail\n\tann@b.co\n", "|ann@b.co"),
        ("people.csv#", "Email\nann@b.co\n", "ann@b.co"),
    ] {
        let rows = read(name, text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(rows[0].cells.join("|"), wanted, "{name}");
    }
}

/// On Windows, Excel lets no other program open its lock file.
#[cfg(unix)]
#[test]
fn a_lock_file_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("~$leavers.xlsx");
    std::os::unix::fs::symlink(&path, &path).unwrap();
    let told =
        open(Source::file(&path), &Options::default(), &VOCABULARY).err().unwrap().to_string();
    assert!(told.contains("a lock file, which Excel keeps"), "{told}");
}
