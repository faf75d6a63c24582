//! Sheets from bytes to typed rows, through the public door only.

mod advice;
mod columns;
mod dialects;
mod exports;
mod faint;
mod fills;
mod foreign_ids;
mod habits;
mod headings;
mod hints;
mod left_out;
mod old_and_new;
mod passed_over;
mod reading;
mod rows;
mod secrets;
mod seen;
mod shapes;
mod variants;
mod wide;
mod workbook_habits;
mod workbooks;

pub use headcount_sheet::{
    HiddenRowsChoice, Input, MASKED, Problem, ROW_LIMIT, Raw, normalized, trim,
};

pub use super::wanted::Job;
use super::*;

/// A sheet in memory.
fn open_bytes(bytes: impl AsRef<[u8]>) -> Result<Sheet, SheetError> {
    open_with(bytes, &Options::default())
}

fn open_with(bytes: impl AsRef<[u8]>, options: &Options) -> Result<Sheet, SheetError> {
    let input = Input::Bytes(bytes.as_ref().to_vec());
    open(Source { name: "people.csv".to_owned(), input }, options)
}

/// Every row of a sheet that can be read to its end.
fn rows(bytes: impl AsRef<[u8]>) -> Vec<Raw> {
    open_bytes(bytes).unwrap().map(Result::unwrap).collect()
}

/// The cells of every row.
fn cells(bytes: impl AsRef<[u8]>) -> Vec<Vec<String>> {
    rows(bytes).into_iter().map(|row| row.cells).collect()
}

/// What is reported when the bytes cannot be used.
fn refusal(bytes: impl AsRef<[u8]>) -> String {
    match open_bytes(bytes) {
        Ok(mut sheet) => sheet.find_map(Result::err).expect("the sheet was taken").to_string(),
        Err(error) => error.to_string(),
    }
}

/// The message if a job cannot use the bytes, with the options that help.
fn advice(bytes: impl AsRef<[u8]>, job: Job, options: &Options) -> Result<Columns, SheetError> {
    let again = |options: &Options| open_with(bytes.as_ref(), options);
    let sheet = again(options).map_err(|error| advised(error, job, options, &again))?;
    Columns::of(&sheet, job, options)
}

fn map(pairs: &[(&str, &str)]) -> Options {
    let map = pairs.iter().map(|(field, heading)| ((*field).into(), (*heading).into())).collect();
    Options { map, ..Options::default() }
}
