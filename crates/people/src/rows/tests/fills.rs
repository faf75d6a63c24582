//! White text on fills that are not the cell's own color: tables, gradients; and faint text in columns that are only
//! copied to the report.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{Color, Format, FormatPattern, Table, TableStyle, Workbook};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::faint::{only_the_third_line, people};
use super::*;

/// A workbook with texts of its parts replaced; each is there.
fn edited(book: Vec<u8>, edits: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    let mut done = 0;
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), String::new());
        part.read_to_string(&mut text).unwrap();
        for (_, old, new) in edits.iter().filter(|(edited, ..)| *edited == name) {
            assert!(text.contains(old), "{name}: {text}");
            text = text.replacen(old, new, 1);
            done += 1;
        }
        to.start_file(name, SimpleFileOptions::default()).unwrap();
        to.write_all(text.as_bytes()).unwrap();
    }
    assert_eq!(done, edits.len());
    to.finish().unwrap().into_inner()
}

/// White text in the third line of a table of this style.
fn white_in_table(style: TableStyle, fill: Option<Color>) -> Vec<u8> {
    people(|sheet| {
        let table = Table::new().set_style(style);
        sheet.add_table(0, 0, 3, 1, &table).unwrap();
        let rows = [["Email", "Group"], ["a@b.co", "oslo"], ["c@d.co", "oslo"], ["e@f.co", "oslo"]];
        for (at, cells) in (0..).zip(rows) {
            sheet.write_row(at, 0, cells).unwrap();
        }
        let white = Format::new().set_font_color(Color::White);
        let format = fill.map_or(white.clone(), |fill| {
            white.set_background_color(fill).set_pattern(FormatPattern::Solid)
        });
        sheet.set_cell_format(2, 0, &format).unwrap();
    })
}

/// White text on a dark table or a gradient can be read; on a light one it cannot.
#[test]
fn white_text_is_seen_on_the_fill_of_a_table_and_on_a_gradient() {
    let hidden = "has the color of its background";
    let seen = |bytes: Vec<u8>, what: &str| {
        let problems: Vec<_> = rows(bytes).into_iter().map(|row| row.problem).collect();
        assert!(problems.iter().all(Option::is_none), "{what}: {problems:?}");
    };
    seen(white_in_table(TableStyle::Dark1, None), "dark 1");
    seen(white_in_table(TableStyle::Dark7, None), "dark 7");
    seen(white_in_table(TableStyle::Light1, Some(Color::Navy)), "its own fill");
    for style in [TableStyle::Medium2, TableStyle::Light1, TableStyle::Light9, TableStyle::None] {
        only_the_third_line(white_in_table(style, None), hidden);
    }
    only_the_third_line(white_in_table(TableStyle::Dark1, Some(Color::White)), hidden);
    // A style that the workbook brings along.
    for (color, is_seen) in [("FF1F4E78", true), ("FFFDFDFD", false)] {
        let fill = format!(
            "<dxfs count=\"1\"><dxf><fill><patternFill patternType=\"solid\"><fgColor rgb=\"{color}\"/><bgColor rgb=\"{color}\"/></patternFill></fill></dxf></dxfs>"
        );
        let style = "<tableStyles count=\"1\"><tableStyle name=\"Ours\" count=\"1\"><tableStyleElement type=\"wholeTable\" dxfId=\"0\"/></tableStyle></tableStyles><unused";
        let bytes = edited(
            white_in_table(TableStyle::Medium2, None),
            &[
                ("xl/tables/table1.xml", "TableStyleMedium2", "Ours"),
                ("xl/styles.xml", "<dxfs count=\"0\"/>", &fill),
                ("xl/styles.xml", "<tableStyles", style),
            ],
        );
        match is_seen {
            true => seen(bytes, color),
            false => only_the_third_line(bytes, hidden),
        }
    }
    for (stops, is_seen) in [
        (["FF1F4E78", "FF4472C4"], true),
        (["FFFFFFFF", "FF1F4E78"], true),
        (["FFFFFFFF", "FFF8F8F8"], false),
    ] {
        let mark = Format::new()
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(0x123456))
            .set_pattern(FormatPattern::Solid);
        let bytes = people(|sheet| drop(sheet.set_cell_format(2, 0, &mark)));
        let [from, to] = stops;
        let gradient = format!(
            "<gradientFill degree=\"90\"><stop position=\"0\"><color rgb=\"{from}\"/></stop><stop position=\"1\"><color rgb=\"{to}\"/></stop></gradientFill>"
        );
        let solid = "<patternFill patternType=\"solid\"><fgColor rgb=\"FF123456\"/><bgColor indexed=\"64\"/></patternFill>";
        let bytes = edited(bytes, &[("xl/styles.xml", solid, &gradient)]);
        match is_seen {
            true => seen(bytes, from),
            false => only_the_third_line(bytes, hidden),
        }
    }
}

/// A text that no person sees stops its row only if the job uses its column, or if its column may decide on the row.
#[test]
fn a_text_that_is_not_seen_in_a_carried_column_stops_no_row() {
    let white = Format::new().set_font_color(Color::White);
    let struck = Format::new().set_font_strikethrough();
    let nothing = Format::new().set_num_format(";;;");
    let tiny = Format::new().set_font_size(1);
    for (heading, cell, format, stops) in [
        ("Note", "from the old list", &white, false),
        ("Note", "from the old list", &nothing, false),
        ("Note", "from the old list", &tiny, false),
        ("Note", "from the old list", &struck, true),
        ("Note", "do not add", &white, true),
        ("Group", "oslo", &white, true),
        ("Remove?", "yes", &white, false),
    ] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let group = if heading == "Group" { "Team" } else { "Group" };
        sheet.write_row(0, 0, ["Email", group, heading]).unwrap();
        sheet.write_row(1, 0, ["a@b.co", "oslo"]).unwrap();
        sheet.write_with_format(1, 2, cell, format).unwrap();
        let options = match heading {
            "Group" => map(&[("-", "Team")]),
            "Remove?" => map(&[("-", "Remove?")]),
            _ => Options::default(),
        };
        let mut sheet = open_with(book.save_to_buffer().unwrap(), &options).unwrap();
        let columns = Columns::of(&sheet, Job::Memberships, &options).unwrap();
        let raw = sheet.next().unwrap().unwrap();
        let (job, today) = (headcount_model::job::Job::AddMembers, jiff::civil::date(2026, 11, 30));
        let read = crate::plan::intent::read(job, &raw, &columns, today);
        assert_eq!(
            read.is_err(),
            stops && heading != "Remove?",
            "{heading} {cell} {format:?}: {read:?}"
        );
    }
}
