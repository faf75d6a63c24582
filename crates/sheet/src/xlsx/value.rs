//! A workbook's cell as text.
//!
//! A number is written without `.0`, and with the leading zeros that its format shows (`00007`). From 10^15 on, a
//! spreadsheet program has rounded the number (it keeps 15 digits), so it is written as `5.12E+15`, which the
//! reader of ids refuses: the lost digits cannot be restored.

use calamine::{DataRef, ExcelDateTime};

use crate::xlsx::number_format::{NumberFormat, Shows};

/// From this value on, a number has more digits than a spreadsheet program keeps.
const ROUNDED: f64 = 1e15;

/// A cell's text.
pub(crate) fn shown(value: &DataRef<'_>, format: &NumberFormat) -> String {
    match value {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Float(number) => formatted(*number, format),
        DataRef::Int(number) => formatted(*number as f64, format),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn formatted(number: f64, format: &NumberFormat) -> String {
    let plain = number_text(number);
    match format.of_number(number, &plain) {
        Shows::Text(text) => text,
        Shows::Value | Shows::Nothing | Shows::Other => plain,
    }
}

pub(crate) fn number_text(number: f64) -> String {
    if number.abs() >= ROUNDED {
        return format!("{number:E}").replace('E', "E+");
    }
    // Nearly every number. A negative zero keeps its sign.
    let whole = number as i64;
    if whole != 0 && whole as f64 == number {
        return whole.to_string();
    }
    // `Display` writes the fewest digits that represent the number exactly, and never an exponent.
    number.to_string()
}

fn moment_text(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        return number_text(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_the_zeros_of_their_format() {
        for (code, number, text) in [
            ("00000", 7.0, "00007"),
            ("\"P\"000-00", 12.0, "P000-12"),
            ("0.00", 7.0, "7"),
            ("@", 7.0, "7"),
            ("000", 1.5, "1.5"),
            ("000", -7.0, "-7"),
            ("000", 5.12e15, "5.12E+15"),
        ] {
            assert_eq!(formatted(number, &NumberFormat::of(code)), text, "{code}");
        }
    }

    #[test]
    fn numbers_are_written_as_they_were_typed_or_plainly_as_rounded() {
        for (number, text) in [
            (712.0, "712"),
            (-3.0, "-3"),
            (1.5, "1.5"),
            (999_999_999_999_999.0, "999999999999999"),
            (5.12e15, "5.12E+15"),
            (6.05e23, "6.05E+23"),
            (-1e15, "-1E+15"),
            (1e-7, "0.0000001"),
            (-0.0, "-0"),
            (-0.5, "-0.5"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }
}
