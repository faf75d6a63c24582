//! Cells of a workbook that are in the file and that a person does not take as said: hidden by their
//! format, struck through, or there twice.

use rust_xlsxwriter::{Format, Workbook};

use super::seen::{data, one, row};
use super::*;

/// A formatted cell makes its row unusable, and the message names the cell.
#[test]
fn cells_that_a_format_hides_or_strikes_through_are_told() {
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
    ] {
        let error = open_bytes(one(data(&rows))).err().expect(words);
        let source = std::error::Error::source(&error).expect("the reason").to_string();
        assert_eq!(source, words);
    }
    // Rows without values are none, and their order decides nothing.
    let fine = [heading(), row(3, "", &["a@b.co"]), row(2, "", &["c@d.co"]), row(2, "", &[""])];
    assert_eq!(rows(one(data(&fine))).len(), 2);
}
