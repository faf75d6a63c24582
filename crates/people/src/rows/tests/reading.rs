use std::io::{self, Read};

use super::*;

#[test]
fn separators_are_found_on_the_heading_line_with_respect_to_quotes() {
    for (text, separator) in [
        ("Email,Group\na@b.c,\"x, y\"\n", "`,`"),
        ("Email;Group\na@b.c;x, y\n", "`;`"),
        ("Email\tGroup\na@b.c\tx, y\n", "tabs"),
        ("\"E, mail; or so\";Group;Email\n1;\"x, y\";3\n", "`;`"),
        ("sep=;\r\nEmail;Group\r\na@b.c;x, y\r\n", "`;`"),
        ("\"sep=|\"\nEmail|Group\na@b.c|x, y\n", "`|`"),
        // More cells with the comma, but only the semicolon makes headings that mean something.
        ("Email;Group;Last seen, ever, in Jira, Inc\na@b.c;x, y;z\n", "`;`"),
    ] {
        let mut sheet = open_bytes(text).unwrap();
        assert!(sheet.dialect().contains(separator), "{text}: {}", sheet.dialect());
        assert_eq!(sheet.next().unwrap().unwrap().cells[1], "x, y", "{text}");
    }
}

#[test]
fn rows_know_their_number_and_line_whatever_ends_the_lines() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["", "Email,Group", "a@b.c,\"one", "two\"", "", "d@e.f,g", "", ""].join(end);
        let rows = rows(&text);
        let places: Vec<_> = rows.iter().map(|row| (row.number, row.line)).collect();
        assert_eq!(places, [(1, 3), (2, 6)], "{end:?}");
        assert_eq!(rows[0].cells[1], format!("one{end}two"));
        assert_eq!(open_bytes(&text).unwrap().heading_line(), 2);
    }
}

#[test]
fn encodings_are_recognized_by_their_bytes() {
    let text = "Email;Group\njos\u{e9}@example.com;Z\u{fc}rich \u{20ac}\n";
    let wide =
        |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(bytes).collect() };
    let (western, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        (marked(b"\xEF\xBB\xBF", text.as_bytes()), "UTF-8"),
        (marked(b"\xFF\xFE", &wide(u16::to_le_bytes)), "UTF-16LE"),
        (marked(b"\xFE\xFF", &wide(u16::to_be_bytes)), "UTF-16BE"),
        (wide(u16::to_le_bytes), "UTF-16LE"),
        (wide(u16::to_be_bytes), "UTF-16BE"),
        (western.to_vec(), "windows-1252"),
    ] {
        let mut sheet = open_bytes(&bytes).unwrap();
        let row = sheet.next().unwrap().unwrap();
        assert_eq!(row.cells, ["jos\u{e9}@example.com", "Z\u{fc}rich \u{20ac}"], "{encoding}");
        assert_eq!(sheet.headings(), ["Email", "Group"]);
        assert!(sheet.dialect().contains(encoding), "{}", sheet.dialect());
    }
}

#[test]
fn the_encoding_is_chosen_at_the_first_character_that_shows_it_however_late() {
    let mut bytes = b"Email,Group\n".to_vec();
    for _ in 0..20_000 {
        bytes.extend_from_slice(b"ann@example.com,oslo\n");
    }
    let mut western = bytes.clone();
    western.extend_from_slice(b"ann@example.com,Z\xFCrich\n");
    bytes.extend_from_slice("ann@example.com,Z\u{fc}rich\n".as_bytes());
    for bytes in [bytes, western] {
        assert_eq!(cells(bytes).last().unwrap()[1], "Z\u{fc}rich");
    }
}

#[test]
fn a_character_that_is_cut_by_a_chunk_or_the_end_is_read_as_it_is() {
    let umlauts = [&b"\xFC"[..], "\u{fc}".as_bytes()];
    for umlaut in umlauts {
        assert_eq!(cells([b"Email\nM", umlaut].concat())[0][0], "M\u{fc}");
        // The character is on every place around the edge of a chunk.
        for before in 65_520..65_545_usize {
            let filler = "x".repeat(before - "Email\n,".len());
            let text = format!("Email,Group\n{filler},");
            let bytes = [text.as_bytes(), umlaut, b"y\n"].concat();
            assert_eq!(cells(bytes)[0][1], "\u{fc}y", "{before}");
        }
    }
}

#[test]
fn one_broken_character_does_not_garble_the_others() {
    let bytes = b"Email,Group\na@b.c,Z\xC3\xBCrich\nd@e.f,K\xC3\xB6ln\ng@h.i,M\xFCnchen\n";
    let cells = cells(bytes);
    assert_eq!(cells[0][1], "Z\u{fc}rich");
    assert_eq!(cells[2][1], "M\u{fffd}nchen");
}

#[test]
fn ragged_and_empty_rows_are_problems_of_that_row_alone() {
    let text = "Email,Group,\n\
                a@b.c,one\n\
                d@e.f\n\
                g@h.i,two,three,four\n\
                ,\n\
                \u{20}\n\
                j@k.l,five,,,\n\
                m@n.o,\"six\n7,8\n9,\"\n\
                ,,\n\
                ,,\n\n";
    let rows = rows(text);
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.number, row.line, row.problem.as_ref().map_or("", |problem| &problem.what)))
        .collect();
    assert_eq!(
        told,
        [
            (1, 2, ""),
            (2, 3, ""),
            (
                3,
                4,
                "the row has 4 cells, but only the first 2 have a heading (the first extra cell is “three”)"
            ),
            (4, 7, ""),
            (5, 8, ""),
        ]
    );
    let cells: Vec<_> = rows.iter().map(|row| row.cells.len()).collect();
    assert_eq!(cells, [2, 2, 4, 2, 2]);
}

#[test]
fn only_a_heading_is_a_sheet_without_rows() {
    for text in ["emailAddress", "emailAddress\n", "emailAddress,x\r\n,\r\n , \r\n"] {
        let sheet = open_bytes(text).unwrap();
        assert!(sheet.is_empty());
        assert_eq!(sheet.count(), 0);
    }
    assert!(!open_bytes("emailAddress\na@b.c").unwrap().is_empty());
}

#[test]
fn what_is_no_sheet_is_refused_in_its_own_words() {
    let zip = b"PK\x03\x04\x14\0\0\0\0\0hello.txt and so on";
    let odt = b"PK\x03\x04\x14\0\0\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
    for (bytes, words) in [
        (&b""[..], "people.csv is empty"),
        (b"\xEF\xBB\xBF", "people.csv is empty"),
        (b"\n\r\n \n,,\n", "people.csv is empty"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Excel workbook"),
        (zip, "cannot be read as an XLSX workbook"),
        (odt, "OpenDocument"),
        (b"PK\x05\x06\0\0", "empty ZIP"),
        (b"\x1F\x8B\x08", "gzip"),
        (b"7z\xBC\xAF\x27\x1C", "7-Zip"),
        (b"Rar!\x1A\x07", "RAR"),
        (b"BZh91AY", "bzip2"),
        (b"\xFD7zXZ\x00", "xz"),
        (b"\x28\xB5\x2F\xFD\x04", "Zstandard"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "a picture"),
        (b"Email\0,Group\na,b\n", "binary"),
        (b"  <!DOCTYPE html><html><body>Sign in", "web page"),
        (b"<table><tr><td>Email", "web page"),
        (b"{\"emailAddress\": \"a@b.c\"}", "JSON"),
        (b"[{\"emailAddress\": \"a@b.c\"}]", "JSON"),
        (b"{\\rtf1", "RTF"),
        (b"\xFF\xFE\0\0E\0\0\0", "UTF-32"),
    ] {
        let told = refusal(bytes);
        assert!(told.contains(words), "{told}");
        assert!(told.contains("people.csv"), "{told}");
    }
}

#[test]
fn a_nul_in_a_row_is_left_to_that_row() {
    let text = format!("Email,Group\na@b.c,{}\nd@e\0.f,x\n", "y".repeat(200));
    let rows = rows(text);
    assert_eq!(rows[0].problem, None);
    assert!(rows[1].problem.as_ref().unwrap().what.contains("NUL"));
}

#[test]
fn an_open_quote_is_reported_with_its_line() {
    let told = refusal("Email,Group\na@b.c,x\n\"d\n@e.f\",\"y\ng@h.i,z\n");
    assert!(told.contains("people.csv, line 4: a quote"), "{told}");
    assert!(refusal("\"Email,Group\na@b.c,x").contains("line 1: a quote"));
}

#[test]
fn a_line_without_an_end_is_refused_and_not_held() {
    /// Two gigabytes of one letter.
    struct Endless(u64);
    impl Read for Endless {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let many = out.len().min(usize::try_from(self.0).unwrap());
            out[..many].fill(b'x');
            self.0 -= many as u64;
            Ok(many)
        }
    }
    for (start, line) in [("", 1), ("Email,Group\na@b.c,x\n", 3), ("Email\na@b.c\n\"", 3)] {
        let stream = Box::new(start.as_bytes().chain(Endless(2 << 30)));
        let source = Source { name: "-".to_owned(), input: Input::Stream(stream) };
        let error = match open(source, &Options::default()) {
            Ok(mut sheet) => sheet.find_map(Result::err).unwrap(),
            Err(error) => error,
        };
        assert!(matches!(error, SheetError::TooLong { line: told, .. } if told == line), "{error}");
    }
    let commas = format!("Email\n{}", ",".repeat(2 * ROW_LIMIT));
    assert!(refusal(commas).contains("line 2"));
}

#[test]
fn files_and_streams_are_read_and_missing_ones_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "Email\na@b.c\n").unwrap();
    let sheet = open(Source::file(&path), &Options::default()).unwrap();
    assert_eq!(sheet.map(|row| row.unwrap().cells).collect::<Vec<_>>(), [["a@b.c"]]);

    let told = open(Source::file(folder.path()), &Options::default()).err().unwrap().to_string();
    assert!(told.contains("is a folder"), "{told}");
    let missing = folder.path().join("b.csv");
    let told = open(Source::file(missing), &Options::default()).err().unwrap().to_string();
    assert!(told.contains("b.csv: there is no such file"), "{told}");
}

#[test]
fn a_broken_stream_is_an_error_with_its_line() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("cable pulled"))
        }
    }
    let good = "Email\na@b.c\n".repeat(10_000);
    let stream = Box::new(io::Cursor::new(good).chain(Broken));
    let source = Source { name: "standard input".to_owned(), input: Input::Stream(stream) };
    let mut sheet = open(source, &Options::default()).unwrap();
    let error = sheet.find_map(Result::err).unwrap();
    assert!(matches!(error, SheetError::Read { line, .. } if line > 1000), "{error}");
    assert!(sheet.next().is_none());
}

#[test]
fn sheets_are_for_workbooks() {
    let options = Options { sheet: Some("A".to_owned()), ..Options::default() };
    let error = open_with("Email\na@b.c", &options).err().unwrap();
    assert!(matches!(error, SheetError::NoSheets { .. }), "{error}");
}

#[test]
fn a_ragged_row_names_the_first_column_that_is_wrong() {
    let rows = rows("Email,Group\na@b.co,x,,y\nc@d.co, \"x, y\"\n");
    let told: Vec<_> = rows.iter().map(|row| row.problem.as_ref().unwrap().to_string()).collect();
    assert!(told[0].starts_with("line 2, column `D`: the row has 4 cells"), "{}", told[0]);
    assert!(told[1].starts_with("line 3, column `C`: the row has 3 cells"), "{}", told[1]);
    assert!(told[1].contains("remove the space"), "{}", told[1]);
}

#[test]
fn rows_are_handed_on_long_before_a_stream_ends() {
    /// Rows without end; fails if far more is taken than was asked for.
    struct Rows(usize);
    impl Read for Rows {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.0 > 4 * ROW_LIMIT {
                return Err(io::Error::other("too much was taken"));
            }
            let row = b"ann@example.com,oslo\n".iter().cycle().skip(self.0 % 21);
            out.iter_mut().zip(row).for_each(|(out, byte)| *out = *byte);
            let many = out.len();
            self.0 += many;
            Ok(many)
        }
    }
    let stream = Box::new(io::Cursor::new("Email,Group\n").chain(Rows(0)));
    let source = Source { name: "standard input".to_owned(), input: Input::Stream(stream) };
    let sheet = open(source, &Options::default()).unwrap();
    let rows: Vec<_> = sheet.take(20_000).map(Result::unwrap).collect();
    assert_eq!(rows.last().unwrap().number, 20_000);
}

#[test]
fn a_sheet_can_be_read_in_another_thread() {
    fn movable<T: Send + 'static>(_: T) {}
    movable(open_bytes("Email\na@b.co").unwrap());
}

/// The first line is a row like the others, and is not lost.
#[test]
fn a_sheet_without_headings_has_lettered_columns() {
    let options = Options {
        no_headings: true,
        map: vec![("email".into(), "Column A".into()), ("group".into(), "Column B".into())],
        ..Options::default()
    };
    let mut sheet = open_with("\nann@example.com;oslo\nbob@example.com;lille\n", &options).unwrap();
    assert_eq!(sheet.headings(), ["Column A", "Column B"]);
    let columns = Columns::of(&sheet, Job::Memberships, &options).unwrap();
    assert_eq!((columns.index(Field::Email), columns.index(Field::Group)), (Some(0), Some(1)));
    let rows: Vec<_> = sheet.by_ref().map(Result::unwrap).collect();
    let placed: Vec<_> = rows.iter().map(|row| (row.number, row.line)).collect();
    assert_eq!(placed, [(1, 2), (2, 3)]);
    assert_eq!(rows[0].cells, ["ann@example.com", "oslo"]);
    assert!(rows.iter().all(|row| row.problem.is_none()));
    let none = Options { map: Vec::new(), ..options };
    let error = open_with("ann@example.com;oslo\n", &none).unwrap();
    let error = Columns::of(&error, Job::Memberships, &none).unwrap_err().to_string();
    assert!(
        error.starts_with("people.csv: no column has the user's email address or account id"),
        "{error}"
    );
}
