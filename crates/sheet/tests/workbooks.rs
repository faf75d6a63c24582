//! Workbooks that spreadsheet programs do not write: number formats that show another text, impossible cells, other
//! encodings, lists of rows that come twice. Nothing of them is read in another way than a person sees it.

use std::error::Error;
use std::io::{Cursor, Read, Write};

use headcount_sheet::{Identifier, Options, Raw, Sheet, SheetError, Source, Vocabulary, open};
use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const VOCABULARY: Vocabulary = Vocabulary {
    is_heading: |heading| ["Email", "Group"].contains(&heading),
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

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// A sheet with a heading and two rows; the cell B3 has a number format, and is a number or a text.
fn book(code: &str, number: Option<f64>) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Email", "Group"]).unwrap();
    sheet.write_row(1, 0, ["ann@example.com", "R&D"]).unwrap();
    sheet.write(2, 0, "ben@example.com").unwrap();
    let format = Format::new().set_num_format(code);
    match number {
        Some(number) => sheet.write_number_with_format(2, 1, number, &format).unwrap(),
        None => sheet.write_string_with_format(2, 1, "Sales", &format).unwrap(),
    };
    book.save_to_buffer().unwrap()
}

/// The same workbook with other bytes for each part that `change` gives some for.
fn changed(book: &[u8], change: impl Fn(&str, &str) -> Option<(String, Vec<u8>)>) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let old = (name.clone(), text.clone().into_bytes());
        let new = change(&name, &text);
        let is_added = new.as_ref().is_some_and(|(other, _)| *other != name);
        let parts = if is_added { vec![Some(old), new] } else { vec![Some(new.unwrap_or(old))] };
        for (name, bytes) in parts.into_iter().flatten() {
            to.start_file(name, SimpleFileOptions::default()).unwrap();
            to.write_all(&bytes).unwrap();
        }
    }
    to.finish().unwrap().into_inner()
}

/// The same workbook with a sheet in which one text is replaced.
fn replaced(old: &str, new: &str) -> Vec<u8> {
    changed(&book("General", None), |name, text| {
        assert!(name != SHEET || text.contains(old), "{old} is in {text}");
        (name == SHEET).then(|| (name.to_owned(), text.replacen(old, new, 1).into_bytes()))
    })
}

fn read(bytes: &[u8]) -> Result<Vec<Raw>, SheetError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.xlsx");
    std::fs::write(&path, bytes).unwrap();
    open(Source::file(&path), &Options::default(), &VOCABULARY).and_then(Sheet::collect)
}

/// What the refusal says, with its reasons.
fn refusal(bytes: &[u8]) -> String {
    let error = match read(bytes) {
        Ok(rows) => panic!("{rows:?} was taken"),
        Err(error) => error,
    };
    let mut text = error.to_string();
    let mut reason = error.source();
    while let Some(inner) = reason {
        text += &format!(": {inner}");
        reason = inner.source();
    }
    text
}

#[test]
fn a_number_format_that_shows_another_text_makes_the_row_unreadable() {
    for (code, number, shown) in [
        ("General;General;General;\"dsnapper@banc.ly\"", None, None),
        ("0;0;0;\\x@", None, None),
        ("@\"x\"", None, None),
        ("\"x\"@", None, None),
        ("0;@\"x\"", None, None),
        ("[Red]\"a;b\";0;0;\"c\"", None, None),
        ("\"dsnapper\"", None, None),
        (";;;", None, None),
        ("@", None, Some("Sales")),
        ("[Red]@", None, Some("Sales")),
        ("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"??_);_(@_)", None, Some("Sales")),
        ("0\" kg\"", None, Some("Sales")),
        ("\"dsnapper\"", Some(5.0), None),
        ("\"1\"#,##0", Some(5.0), None),
        ("[>4]\"1\"0;0", Some(5.0), None),
        ("0;0;\"7\"", Some(0.0), None),
        ("\"1\"#", Some(5.0), Some("15")),
        ("[Red]\"1\"0", Some(5.0), Some("15")),
        ("0\" kg\"", Some(5.0), Some("5 kg")),
        ("#,##0\" kg\"", Some(5.0), None),
    ] {
        let rows = read(&book(code, number)).unwrap();
        let problem = rows[1].problem.as_ref();
        assert_eq!(problem.is_none(), shown.is_some(), "{code}: {:?}", rows[1]);
        match (shown, problem) {
            (Some(shown), None) => assert_eq!(rows[1].cells[1], shown, "{code}"),
            (_, problem) => assert!(problem.unwrap().what.contains("cell B3"), "{problem:?}"),
        }
        assert!(rows[0].problem.is_none(), "{code}");
    }
    let mut heading = Workbook::new();
    let sheet = heading.add_worksheet();
    let format = Format::new().set_num_format("@\" of the manager\"");
    sheet.write_string_with_format(0, 0, "Email", &format).unwrap();
    sheet.write(1, 0, "ann@example.com").unwrap();
    let refusal = refusal(&heading.save_to_buffer().unwrap());
    assert!(refusal.contains("the cell A1 shows another text"), "{refusal}");
}

#[test]
fn impossible_cells_are_named() {
    let row = r#"<row r="3""#;
    let cell = r#"<c r="A3""#;
    for (old, new, words) in [
        (cell, r#"<c r="A4294967296""#, "cell A4294967296"),
        (cell, r#"<c r="A4294967299""#, "cell A4294967299"),
        (cell, r#"<c r="ZZZZZZZ3""#, "cell ZZZZZZZ3"),
        (cell, r#"<c r="XFE3""#, "cell XFE3"),
        (cell, r#"<c r="A0""#, "cell A0"),
        (cell, r#"<c r="A1048577""#, "cell A1048577"),
        (cell, r#"<c r="3""#, "cell 3"),
        (cell, r#"<c r="A5""#, "cell A5 in row 3"),
        (row, r#"<row r="4294967296""#, "row 4294967296"),
        (row, r#"<row r="4294967299""#, "row 4294967299"),
        (row, r#"<row r="1048577""#, "row 1048577"),
        (row, r#"<row r="0""#, "row 0"),
        (row, r#"<row r="x""#, "row x"),
        (r#"<dimension ref="A1:"#, r#"<dimension ref="A1:A4294967296:"#, "cell A1:A4294967296"),
    ] {
        let refusal = refusal(&replaced(old, new));
        assert!(refusal.contains(words), "{new}: {refusal}");
    }
    // Rows and cells without names are counted.
    let rows = read(&replaced(row, "<row")).unwrap();
    assert_eq!(rows[1].line, 3);
}

#[test]
fn parts_in_other_encodings_are_refused() {
    let in_sheet = |encode: &dyn Fn(&str) -> Vec<u8>| {
        changed(&book("General", None), |name, text| {
            (name == SHEET).then(|| (name.to_owned(), encode(text)))
        })
    };
    let wide = |text: &str, mark: &str, low_first: bool| -> Vec<u8> {
        let text = mark.to_owned() + &text.replace("UTF-8", "UTF-16");
        let bytes = |unit: u16| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let declared = |text: &str, name: &str| text.replace("UTF-8", name).into_bytes();
    for (bytes, words) in [
        (in_sheet(&|text| wide(text, "\u{feff}", true)), "UTF-16"),
        (in_sheet(&|text| wide(text, "\u{feff}", false)), "UTF-16"),
        (in_sheet(&|text| wide(text, "", true)), "UTF-16"),
        (in_sheet(&|text| wide(text, "", false)), "UTF-16"),
        (in_sheet(&|text| declared(text, "UTF-7")), "UTF-7"),
        (in_sheet(&|text| declared(text, "Shift_JIS")), "Shift_JIS"),
    ] {
        let refusal = refusal(&bytes);
        assert!(refusal.contains(&format!("{SHEET} is in {words}")), "{refusal}");
    }
    for name in ["utf-8", "us-ascii"] {
        assert_eq!(read(&in_sheet(&|text| declared(text, name))).unwrap().len(), 2, "{name}");
    }
    let marked = in_sheet(&|text| format!("\u{feff}{text}").into_bytes());
    assert_eq!(read(&marked).unwrap().len(), 2);
}

#[test]
fn rows_that_a_program_would_drop_are_refused() {
    let more = r#"<row r="9"><c r="A9" t="str"><v>eve@example.com</v></c></row>"#;
    let other = |named: &str| {
        changed(&book("General", None), |name, text| {
            (name == SHEET).then(|| (named.to_owned(), text.as_bytes().to_vec()))
        })
    };
    // The writer refuses a name that comes twice, so another one of the same length is patched.
    let mut twice = other("xl/worksheets/sheetX.xml");
    let (old, new) = (b"xl/worksheets/sheetX.xml", SHEET.as_bytes());
    for at in 0..twice.len() - old.len() {
        if twice[at..].starts_with(old) {
            twice[at..at + old.len()].copy_from_slice(new);
        }
    }
    let relations = changed(&book("General", None), |name, text| {
        let end = r#"<Relationship Id="rId1" Type="x" Target="y"/></Relationships>"#;
        (name == "xl/_rels/workbook.xml.rels")
            .then(|| (name.to_owned(), text.replace("</Relationships>", end).into_bytes()))
    });
    let sheets = changed(&book("General", None), |name, text| {
        let end = r#"<sheet name="Sheet1" sheetId="2" r:id="rId1"/></sheets>"#;
        (name == "xl/workbook.xml")
            .then(|| (name.to_owned(), text.replace("</sheets>", end).into_bytes()))
    });
    let end = "</sheetData>";
    for (bytes, words) in [
        (replaced(end, &format!("{end}<sheetData>{more}</sheetData>")), "two lists of rows"),
        (replaced("<sheetData>", &format!("<sheetData/><sheetData>{more}")), "two lists of rows"),
        (replaced(end, &format!("{end}{more}")), "a place that programs do not read"),
        (twice, "two parts with one name"),
        (other("xl/worksheets/Sheet1.xml"), "two parts with the name"),
        (other("/xl\\worksheets/sheet1.XML"), "two parts with the name"),
        (relations, "have the id `rId1`"),
        (sheets, "two sheets have the name `Sheet1`"),
    ] {
        let refusal = refusal(&bytes);
        assert!(refusal.contains(words), "{words}: {refusal}");
    }
    // The anchor of a drawing has a row and a column of its own.
    let anchor = "<x:from xmlns:x=\"x\"><x:col>0</x:col><x:row>3</x:row></x:from>";
    assert_eq!(read(&replaced(end, &format!("{end}{anchor}"))).unwrap().len(), 2);
}

#[test]
fn rows_that_are_not_in_order_are_refused() {
    let sheet = |rows: &str| {
        changed(&book("General", None), |name, text| {
            let (start, end) = (text.find("<sheetData>")?, text.find("</sheetData>")?);
            let sheet = format!("{}<sheetData>{rows}{}", &text[..start], &text[end..]);
            (name == SHEET).then(|| (name.to_owned(), sheet.into_bytes()))
        })
    };
    let cell = |place: &str, text: &str| {
        format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let row = |row: u32, cells: &str| format!("<row r=\"{row}\">{cells}</row>");
    let heading = row(1, &(cell("A1", "Email") + &cell("B1", "Group")));
    let two = row(2, &cell("A2", "ann@example.com"));
    let told = refusal(&sheet(&(heading.clone() + &row(3, &cell("A3", "ben@example.com")) + &two)));
    assert!(told.ends_with("row 2 comes after row 3"), "{told}");
    // Cells of a row may be in any order; a formula without a result is still found.
    let row = row(2, &(cell("B2", "R&amp;D") + "<c r=\"A2\"><f>C2</f></c>"));
    let rows = read(&sheet(&(heading.clone() + &row))).unwrap();
    assert!(rows[0].problem.as_ref().unwrap().what.contains("formula"), "{rows:?}");
    for number in ["-1", "1.0", "x", "+1", " 1 ", "\n1\n", "1<!-- -->0", "&#49;"] {
        let row = format!("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>{number}</v></c></row>");
        let told = refusal(&sheet(&(heading.clone() + &row)));
        assert!(told.ends_with("its cell A2 names no text"), "{told}");
    }
}
