//! Writes tables as XLSX workbooks. Every cell is text, so that ids keep their digits and no cell runs as a
//! formula.

use std::io::{Read, Seek, Write};

use headcount_report::ReportError;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::failure::{Failure, USAGE};

/// The most rows of a sheet, including its headings (the format's own limit).
const ROWS: u32 = 1_048_576;

/// The most characters of a cell (the format's own limit).
const CHARACTERS: usize = 32_767;

/// Writes a table of comma-separated values as a workbook with one sheet. Only one row is in memory at a time.
///
/// # Errors
/// The table has more rows than a sheet can have, or cannot be read or written.
pub fn of_csv(table: impl Read, out: impl Write + Seek + Send) -> Result<(), Failure> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory().map_err(unwritable)?;
    sheet.set_freeze_panes(1, 0).map_err(unwritable)?;
    let bold = Format::new().set_bold();
    for (row, record) in (0..).zip(reader.records()) {
        if row >= ROWS {
            return Err(Failure::new(USAGE, "a workbook cannot hold this many rows")
                .hint("download it as CSV instead"));
        }
        let record = record.map_err(ReportError::from)?;
        for (column, cell) in (0_u16..).zip(record.iter()) {
            let text: String =
                cell.trim_start_matches('\u{feff}').chars().take(CHARACTERS).collect();
            let written = match row {
                0 => sheet.write_string_with_format(row, column, text, &bold),
                _ => sheet.write_string(row, column, text),
            };
            written.map_err(unwritable)?;
        }
    }
    workbook.save_to_writer(out).map_err(unwritable)
}

fn unwritable(error: XlsxError) -> Failure {
    Failure::new(USAGE, "the workbook cannot be written").because(&error)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use headcount_people::rows::open;
    use headcount_sheet::{Input, Options, Source};

    use super::*;

    #[test]
    fn cells_stay_text_and_are_read_back() {
        let mut out = Cursor::new(Vec::new());
        of_csv("id,name\r\n00712,\"=1+2, Ümlaut\"\r\n".as_bytes(), &mut out).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xlsx");
        std::fs::write(&path, out.into_inner()).unwrap();
        let source = Source { name: "a.xlsx".into(), input: Input::File(path) };
        let rows: Vec<_> =
            open(source, &Options::default()).unwrap().map(|row| row.unwrap().cells).collect();
        assert_eq!(rows, [["00712", "=1+2, Ümlaut"]]);
    }
}
