//! Cells of a workbook that are in the file and that a person does not take as said: hidden by their
//! format, struck through, or there twice.

use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar,
    ConditionalFormatFormula, Format, FormatPattern, Workbook, Worksheet,
};

use super::seen::{book, data, one, row};
use super::*;

/// Three rows and a heading; the row of c@d.co is line 3.
pub(super) fn people(change: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [["Email", "Group"], ["a@b.co", "oslo"], ["c@d.co", "oslo"], ["e@f.co", "oslo"]];
    for (at, cells) in (0..).zip(rows) {
        sheet.write_row(at, 0, cells).unwrap();
    }
    change(sheet);
    book.save_to_buffer().unwrap()
}

/// The problem of line 3 has these words, and the other rows have none.
pub(super) fn only_the_third_line(bytes: Vec<u8>, words: &str) {
    let problems: Vec<_> = rows(bytes).into_iter().map(|row| row.problem).collect();
    let problem = problems[1].as_ref().expect(words);
    assert!(problem.what.contains(words) && problem.line == 3, "{words}: {problem}");
    assert!(problems[0].is_none() && problems[2].is_none(), "{words}: {problems:?}");
}

/// Text in the color of its cell, or too small.
#[test]
fn text_that_cannot_be_seen_is_reported() {
    let font = |color: Color| Format::new().set_font_color(color);
    let filled = |format: Format, color: Color| {
        format.set_background_color(color).set_pattern(FormatPattern::Solid)
    };
    let color = "the text of the cell A3 has the color of its background";
    for (format, words) in [
        (font(Color::White), color),
        (font(Color::RGB(0xF5F5F5)), color),
        (font(Color::Theme(0, 0)), color),
        (font(Color::Theme(0, 1)), color),
        (filled(Format::new(), Color::Black), color),
        (filled(font(Color::Red), Color::RGB(0xFF0010)), color),
        (filled(font(Color::Theme(4, 0)), Color::Theme(4, 0)), color),
        (Format::new().set_num_format("[White]General;[White]-General;[White]0;[White]@"), color),
        (Format::new().set_font_size(1), "the text of the cell A3 is too small to be read"),
        (Format::new().set_font_strikethrough(), "cell A3 is struck through"),
    ] {
        only_the_third_line(people(|sheet| drop(sheet.set_cell_format(2, 0, &format))), words);
    }
    for seen in [
        font(Color::Gray),
        font(Color::Theme(0, 4)),
        filled(font(Color::White), Color::RGB(0x1F4E78)),
        filled(Format::new(), Color::Yellow),
        filled(font(Color::Red), Color::Green),
        filled(font(Color::Theme(1, 0)), Color::Theme(4, 3)),
        Format::new().set_font_size(6),
        Format::new()
            .set_num_format("[Red]General;[White]-General")
            .set_background_color(Color::Navy),
    ] {
        let bytes = people(|sheet| drop(sheet.set_cell_format(2, 0, &seen)));
        assert!(rows(bytes).iter().all(|row| row.problem.is_none()), "{seen:?}");
    }
}

/// A part of a text with a format of its own, among shared texts and in the cell itself.
#[test]
fn parts_of_a_text_that_are_struck_or_hidden_are_reported() {
    let (plain, struck) = (Format::new(), Format::new().set_font_strikethrough());
    let (white, tiny) =
        (Format::new().set_font_color(Color::White), Format::new().set_font_size(1));
    let blue = Format::new().set_font_color(Color::Blue);
    let hidden = "has the color of its background";
    for (parts, words) in [
        (vec![(&struck, "c@d.co")], "struck through"),
        (vec![(&struck, "old@d.co "), (&plain, "c@d.co")], "struck through"),
        (vec![(&plain, "c@d"), (&struck, ".co")], "struck through"),
        (vec![(&plain, "c@d.co"), (&white, ";x@y.co")], hidden),
        (vec![(&plain, "c@d.co"), (&tiny, "m")], "too small"),
    ] {
        let add = |sheet: &mut Worksheet| match parts.as_slice() {
            // A rich text of one part is no rich text to the writer.
            [(format, text)] => {
                drop(sheet.write_rich_string(2, 0, &[(format, text), (&plain, " ")]))
            }
            parts => drop(sheet.write_rich_string(2, 0, parts)),
        };
        only_the_third_line(people(add), words);
    }
    let fine =
        people(|sheet| drop(sheet.write_rich_string(2, 0, &[(&plain, "c@d"), (&blue, ".co")])));
    assert!(rows(fine).iter().all(|row| row.problem.is_none()));
    for (runs, words) in [
        ("<r><rPr><strike/></rPr><t>c@d.co</t></r>", Some("struck through")),
        ("<r><rPr><strike val=\"1\"/></rPr><t>c@d.co</t></r>", Some("struck through")),
        ("<r><t>c@</t></r><r><rPr><b/><strike val=\"true\"/></rPr><t>d.co</t></r>", Some("struck")),
        ("<r><rPr><color rgb=\"FFFFFFFF\"/></rPr><t>c@d.co</t></r>", Some(hidden)),
        ("<r><rPr><color indexed=\"9\"/></rPr><t>c@d.co</t></r>", Some(hidden)),
        ("<r><rPr><strike val=\"0\"/></rPr><t>c@d.co</t></r>", None),
        ("<r><rPr><strike/></rPr><t xml:space=\"preserve\"> </t></r><r><t>c@d.co</t></r>", None),
        ("<t>c@d.co</t><rPh><t>see</t></rPh>", None),
    ] {
        let cell = format!("<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is>{runs}</is></c></row>");
        let rows_of = [row(1, "", &["Email"]), row(2, "", &["a@b.co"]), cell];
        let read = rows(one(data(&rows_of)));
        let told = read[1].problem.as_ref().map(|problem| problem.what.clone());
        assert_eq!(told.is_some(), words.is_some(), "{runs}: {told:?}");
        assert!(told.unwrap_or_default().contains(words.unwrap_or_default()), "{runs}");
        assert_eq!(read[0].problem, None);
    }
}

/// Whether a condition is true is not in the file, so a format that can hide its cell is reported.
#[test]
fn conditional_formats_that_can_hide_a_cell_are_reported() {
    let is = |format: Format| {
        ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::NotEqualTo("x"))
            .set_format(format)
    };
    let words = "a conditional format can hide the text of the cell A3";
    for format in [
        Format::new().set_num_format(";;;"),
        Format::new().set_font_strikethrough(),
        Format::new().set_font_color(Color::White),
        Format::new().set_font_color(Color::Theme(0, 0)),
        Format::new().set_background_color(Color::Black),
        Format::new().set_font_color(Color::Red).set_background_color(Color::Red),
    ] {
        let rule = is(format);
        only_the_third_line(
            people(|sheet| drop(sheet.add_conditional_format(2, 0, 2, 0, &rule))),
            words,
        );
    }
    let formula = ConditionalFormatFormula::new()
        .set_rule("=$B3=\"oslo\"")
        .set_format(Format::new().set_font_color(Color::White));
    only_the_third_line(
        people(|sheet| drop(sheet.add_conditional_format(2, 0, 2, 9, &formula))),
        words,
    );
    let bar = ConditionalFormatDataBar::new().set_bar_only(true);
    only_the_third_line(
        people(|sheet| drop(sheet.add_conditional_format(2, 0, 2, 0, &bar))),
        words,
    );
    for seen in [
        Format::new().set_font_color(Color::Red),
        Format::new().set_background_color(Color::Yellow),
        Format::new().set_bold().set_num_format("0.00"),
        Format::new().set_font_color(Color::White).set_background_color(Color::Red),
    ] {
        let rule = is(seen);
        let bytes = people(|sheet| drop(sheet.add_conditional_format(1, 0, 3, 1, &rule)));
        assert!(rows(bytes).iter().all(|row| row.problem.is_none()));
    }
    // Excel's newer conditions have their format with them, and their cells behind it.
    let newer = "<extLst><ext><conditionalFormattings><conditionalFormatting><cfRule type=\"expression\">\
         <f>TRUE</f><dxf><font><strike/></font></dxf></cfRule><sqref>C1 A3:A3</sqref>\
         </conditionalFormatting></conditionalFormattings></ext></extLst>";
    let lines = [row(1, "", &["Email"]), row(2, "", &["a@b.co"]), row(3, "", &["c@d.co"])];
    let problems: Vec<_> =
        rows(one(data(&lines) + newer)).into_iter().map(|row| row.problem).collect();
    assert!(problems[0].is_none() && problems[1].is_some(), "{problems:?}");
}

/// The value of merged cells is what their first cell holds, also what is wrong with it.
#[test]
fn a_value_of_merged_cells_that_is_not_seen_is_reported_in_each_row() {
    let struck = Format::new().set_font_strikethrough();
    let bytes = people(|sheet| {
        sheet.merge_range(2, 1, 3, 1, "oslo", &struck).unwrap();
    });
    let problems: Vec<_> = rows(bytes).into_iter().map(|row| row.problem.is_some()).collect();
    assert_eq!(problems, [false, true, true]);
}

/// Rows and columns that are hidden by what the file says of others.
#[test]
fn rows_that_others_hide_are_hidden() {
    let lines = |third: &str, fourth: &str, fifth: &str| {
        let mails = ["Email", "a@b.co", "c@d.co", "e@f.co", "g@h.co"];
        let said = ["", "", third, fourth, fifth];
        let lines: Vec<_> =
            (1..).zip(mails).zip(said).map(|((at, mail), said)| row(at, said, &[mail])).collect();
        data(&lines)
    };
    let level = |level: u8| format!("outlineLevel=\"{level}\"");
    let grouped = || lines(&level(1), &level(1), "collapsed=\"1\"");
    let default = |said: &str| format!("<sheetFormatPr {said}/>");
    for (inner, words) in [
        (grouped(), "rows 3 to 4 are hidden in a collapsed group"),
        (
            lines(&level(2), &level(1), "collapsed=\"true\""),
            "rows 3 to 4 are hidden in a collapsed",
        ),
        (
            lines(&level(1), &level(2), &(level(1) + " collapsed=\"1\"")),
            "row 4 is hidden in a coll",
        ),
        (lines("ht=\"0\" customHeight=\"1\"", "", ""), "row 3 is hidden"),
        (
            default("defaultRowHeight=\"0.75\" customHeight=\"1\"") + &lines("", "", ""),
            "rows 1 to 5",
        ),
        (default("defaultRowHeight=\"1\"") + &lines("", "ht=\"15\"", ""), "rows 1 to 3 are hidden"),
    ] {
        let told = refusal(one(inner));
        assert!(told.contains(words), "{words}: {told}");
    }
    for fine in [
        // Of a sheet that hides its rows, those that are in the file are the ones that it shows.
        default("defaultRowHeight=\"15\" zeroHeight=\"1\"") + &lines("", "", ""),
        default("defaultRowHeight=\"0\"")
            + &data(&[row(1, "ht=\"15\"", &["Email"]), row(2, "ht=\"9\"", &["a@b.co"])]),
        lines(&level(1), &level(1), ""),
        lines("", "collapsed=\"1\"", ""),
    ] {
        assert!(open_bytes(one(&fine)).is_ok(), "{fine}");
    }
}

#[test]
fn columns_that_others_hide_are_hidden() {
    let cells = data(&[row(1, "", &["Name", "Email"]), row(2, "", &["Ann", "a@b.co"])]);
    for (cols, is_hidden) in [
        ("<sheetFormatPr defaultColWidth=\"0.1\"/>", true),
        (
            "<sheetFormatPr defaultColWidth=\"0\"/><cols><col min=\"1\" max=\"1\" width=\"9\"/></cols>",
            true,
        ),
        (
            "<sheetFormatPr defaultColWidth=\"0\"/><cols><col min=\"1\" max=\"2\" width=\"9\"/></cols>",
            false,
        ),
        (
            "<cols><col min=\"2\" max=\"2\" outlineLevel=\"1\"/><col min=\"3\" max=\"3\" collapsed=\"1\"/></cols>",
            true,
        ),
        (
            "<cols><col min=\"2\" max=\"2\" outlineLevel=\"1\"/><col min=\"3\" max=\"3\"/></cols>",
            false,
        ),
    ] {
        let sheet = open_bytes(one(format!("{cols}{cells}"))).unwrap();
        assert_eq!(sheet.hides(1), is_hidden, "{cols}");
    }
}

/// A theme's own colors.
#[test]
fn colors_of_a_theme_are_its_own() {
    let theme = "<theme><themeElements><clrScheme><dk1><srgbClr val=\"000000\"/></dk1><lt1><sysClr \
         val=\"window\"/></lt1><dk2><srgbClr val=\"111111\"/></dk2><lt2><srgbClr val=\"FAFAFA\"/></lt2>\
         <accent1><srgbClr val=\"FFFFF0\"/></accent1></clrScheme></themeElements></theme>";
    for (number, is_told) in [(0, true), (1, false), (2, true), (3, false), (4, true), (99, false)]
    {
        let runs = format!("<r><rPr><color theme=\"{number}\"/></rPr><t>a@b.co</t></r>");
        let cell = format!("<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is>{runs}</is></c></row>");
        let sheet = data(&[row(1, "", &["Email"]), cell]);
        let bytes = book(&[("People", "visible", sheet)], &[("xl/theme/theme1.xml", theme)]);
        assert_eq!(rows(bytes)[0].problem.is_some(), is_told, "{number}");
    }
}

/// A formatted cell makes its row unusable, and the message names the cell.
#[test]
fn cells_that_a_format_hides_or_strikes_through_are_reported() {
    let hidden = Format::new().set_num_format(";;;");
    let struck = Format::new().set_font_strikethrough();
    for (format, column, words) in [
        (&hidden, 0, "number format of the cell A3 hides"),
        (&hidden, 1, "number format of the cell B3 hides"),
        (&struck, 0, "cell A3 is struck through"),
        (&struck, 1, "cell B3 is struck through"),
    ] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (at, cells) in
            [["Email", "Group"], ["a@b.co", "oslo"], ["c@d.co", "oslo"]].iter().enumerate()
        {
            sheet.write_row(at as u32, 0, *cells).unwrap();
        }
        sheet.set_cell_format(2, column, format).unwrap();
        // An empty cell of such a format says nothing.
        sheet.write_blank(1, 1 + column, format).unwrap();
        sheet.write(1, 1, "oslo").unwrap();
        let rows = rows(book.save_to_buffer().unwrap());
        assert_eq!(rows[0].problem, None, "{words}");
        let problem = rows[1].problem.clone().expect(words);
        assert!(problem.what.contains(words) && problem.line == 3, "{problem}");
    }
}

/// One of two would be lost.
#[test]
fn a_row_or_a_cell_that_is_in_the_file_twice_is_an_error() {
    let heading = || row(1, "", &["Email"]);
    let cell = |name: &str, text: &str| {
        format!("<c r=\"{name}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let two = format!("<row r=\"2\">{}{}</row>", cell("A2", "a@b.co"), cell("A2", "c@d.co"));
    let named = format!("<row>{}</row>", cell("A2", "c@d.co"));
    let a = || row(2, "", &["a@b.co"]);
    for (rows, words) in [
        (vec![heading(), a(), row(2, "", &["c@d.co"])], "row 2 is in the file twice"),
        (vec![heading(), a(), row(2, "", &["", "c@d.co"])], "row 2 is in the file twice"),
        (vec![heading(), a(), row(3, "", &["c@d.co"]), a()], "row 2 is in the file twice"),
        (vec![heading(), a(), named], "row 2 is in the file twice"),
        (vec![heading(), two], "the cell A2 is in the file twice"),
        (
            vec![heading(), row(3, "", &["a@b.co"]), row(2, "", &["c@d.co"])],
            "row 2 comes after row 3",
        ),
    ] {
        let error = open_bytes(one(data(&rows))).err().expect(words);
        let source = std::error::Error::source(&error).expect("the reason").to_string();
        assert_eq!(source, words);
    }
    // Rows without values are none, and their order decides nothing.
    let fine = [heading(), row(2, "", &["a@b.co"]), row(3, "", &["c@d.co"]), row(2, "", &[""])];
    assert_eq!(rows(one(data(&fine))).len(), 2);
}
