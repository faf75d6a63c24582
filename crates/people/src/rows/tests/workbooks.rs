use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::*;

fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().unwrap()
}

/// Some sheets, each with a heading and one row.
fn sheets(names: &[(&str, bool)]) -> Vec<u8> {
    workbook(|workbook| {
        for (name, filled) in names {
            let sheet = workbook.add_worksheet().set_name(*name).unwrap();
            if *filled {
                sheet.write(0, 0, "Email").unwrap();
                sheet.write(1, 0, format!("{}@example.com", name.to_lowercase())).unwrap();
            }
        }
    })
}

#[test]
fn cells_keep_what_was_typed_and_rounded_numbers_are_reported() {
    let bytes = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        for (column, heading) in ["User id", "Email", "n", "date", "yes"].into_iter().enumerate() {
            sheet.write(0, column as u16, heading).unwrap();
        }
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write(1, 0, "00712").unwrap();
        sheet.write(1, 1, "ann@example.com").unwrap();
        sheet.write(1, 2, 42.0).unwrap();
        let day = ExcelDateTime::from_ymd(2024, 1, 3).unwrap();
        sheet.write_with_format(1, 3, &day, &date).unwrap();
        sheet.write(1, 4, true).unwrap();
        sheet.write(2, 0, 5.12e23).unwrap();
    });
    let rows = rows(&bytes);
    assert_eq!(rows[0].cells, ["00712", "ann@example.com", "42", "2024-01-03", "TRUE"]);
    assert_eq!(rows[1].cells, ["5.12E+23", "", "", "", ""]);
    assert_eq!((rows[1].number, rows[1].line, &rows[1].problem), (2, 3, &None));
    let all = Options { map: vec![("-".to_owned(), "yes".to_owned())], ..Options::default() };
    let columns = Columns::of(&open_bytes(&bytes).unwrap(), Job::Users, &all).unwrap();
    let problems = UserRow::read(&rows[1], &columns).unwrap_err();
    assert!(problems[0].what.contains("rounded"), "{}", problems[0]);
}

#[test]
fn the_only_filled_sheet_is_taken_and_several_are_named() {
    let one = sheets(&[("Notes", false), ("People", true), ("Sheet3", false)]);
    assert_eq!(open_bytes(&one).unwrap().dialect(), "XLSX, sheet `People`");
    let two = sheets(&[("Old ones", true), ("People", true)]);
    assert_eq!(
        advice(&two, Job::Users, &Options::default()).unwrap_err().to_string(),
        "people.csv has 2 sheets: `Old ones`, `People`; choose one with --sheet: --sheet 'Old ones', or \
         --sheet People"
    );
    // However it is spelt: a name from a Mac, a no-break space of a web page.
    let spelt = sheets(&[("Nouvelle e\u{301}quipe", true), ("Old\u{a0}ones", true)]);
    for wanted in ["Nouvelle équipe", "nouvelle  équipe", "Old ones"] {
        let options = Options { sheet: Some(wanted.to_owned()), ..Options::default() };
        assert!(open_with(&spelt, &options).is_ok(), "{wanted}");
    }
    for wanted in ["People", "PEOPLE"] {
        let options = Options { sheet: Some(wanted.to_owned()), ..Options::default() };
        let row = open_with(&two, &options).unwrap().next().unwrap().unwrap();
        assert_eq!(row.cells, ["people@example.com"]);
    }
    let options = Options { sheet: Some("Persons".to_owned()), ..Options::default() };
    let told = open_with(&two, &options).err().unwrap().to_string();
    assert!(told.contains("no sheet `Persons`; it has `Old ones`, `People`"), "{told}");
    assert!(refusal(sheets(&[("Empty", false)])).contains("is empty"));
}

#[test]
fn blank_rows_are_passed_over_and_surplus_cells_are_ragged() {
    let bytes = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        for (row, column, text) in [
            (2, 0, "Email"),
            (2, 1, "Group"),
            (3, 0, "a@b.co"),
            (7, 0, "c@d.co"),
            (7, 1, "x"),
            (8, 0, "e@f.co"),
            (8, 4, "a note"),
            (9, 0, " "),
            (10, 1, ""),
        ] {
            sheet.write(row, column, text).unwrap();
        }
    });
    let rows = rows(bytes);
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.number, row.line, row.problem.as_ref().map_or("", |problem| &problem.what)))
        .collect();
    assert_eq!(
        told,
        [
            (1, 4, ""),
            (2, 8, ""),
            (
                3,
                9,
                "the row has 5 cells, but only the first 2 have a heading (the first extra cell is “a note”)"
            ),
        ]
    );
    assert_eq!(rows[0].cells, ["a@b.co", ""]);
}

#[test]
fn many_rows_come_in_order_and_a_reader_that_stops_is_no_harm() {
    let bytes = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "Email").unwrap();
        for row in 1..=20_000_u32 {
            sheet.write(row, 0, format!("u{row}@example.com")).unwrap();
        }
    });
    let mut sheet = open_bytes(&bytes).unwrap();
    assert_eq!(sheet.next().unwrap().unwrap().cells, ["u1@example.com"]);
    drop(sheet);
    let rows = rows(&bytes);
    assert_eq!(rows.len(), 20_000);
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(row.number, at as u64 + 1);
        assert_eq!(row.cells[0], format!("u{}@example.com", at + 1));
    }
}

#[test]
fn a_workbook_from_a_file_or_a_stream_is_the_same() {
    let bytes = sheets(&[("People", true)]);
    let folder = tempfile::tempdir().unwrap();
    // The name says nothing: the bytes do.
    let path = folder.path().join("people.csv");
    std::fs::write(&path, &bytes).unwrap();
    let stream = Input::Stream(Box::new(std::io::Cursor::new(bytes)));
    for source in [Source::file(path), Source { name: "-".to_owned(), input: stream }] {
        let mut sheet = open(source, &Options::default()).unwrap();
        assert_eq!(sheet.next().unwrap().unwrap().cells, ["people@example.com"]);
    }
}

#[test]
fn a_workbook_that_was_cut_off_is_an_error() {
    let bytes = sheets(&[("People", true)]);
    let told = refusal(&bytes[..bytes.len() / 2]);
    assert!(told.contains("cannot be read as an XLSX workbook"), "{told}");
}

#[test]
fn a_heading_over_two_filled_columns_is_refused() {
    let with = |second: Option<&str>| {
        workbook(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet.merge_range(0, 0, 0, 1, "Email", &Format::new()).unwrap();
            sheet.write(0, 2, "Note").unwrap();
            sheet.write(1, 0, "ann@example.com").unwrap();
            sheet.write(1, 2, "x").unwrap();
            if let Some(second) = second {
                sheet.write(1, 1, second).unwrap();
            }
        })
    };
    let columns = |bytes| Columns::of(&open_bytes(bytes).unwrap(), Job::Users, &Options::default());
    let told = columns(with(Some("ben@example.com"))).unwrap_err().to_string();
    assert!(
        told.contains("`Email`") && told.contains("A1:B1") && told.contains("column B"),
        "{told}"
    );
    assert!(columns(with(None)).is_ok());
}

#[test]
fn columns_without_a_heading_that_hold_something_are_named() {
    for (text, wanted) in [
        ("Email,,Note\nann@b.co,x,y\n", vec!["Column B (no heading)", "Note"]),
        ("Email,,Note\nann@b.co,,y\n", vec!["Note"]),
    ] {
        let mut sheet = open_bytes(text).unwrap();
        let columns = Columns::of(&sheet, Job::Users, &Options::default()).unwrap();
        assert_eq!(sheet.by_ref().count(), 1);
        assert_eq!(columns.reading(&sheet, Job::Users).carried, wanted, "{text}");
    }
}

#[test]
fn a_mark_at_the_end_of_the_file_is_no_row() {
    for text in ["Email\nann@b.co\n\u{1a}", "Email,Note\r\nann@b.co,x\r\n\u{1a}\r\n"] {
        let rows = rows(text);
        assert_eq!(rows.len(), 1, "{text:?}");
        assert_eq!(rows[0].problem, None);
    }
}
