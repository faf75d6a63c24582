//! A workbook's cell as text.
//!
//! A number is written without `.0`, and with the leading zeros that its format shows (`00007`). From 10^15 on, a
//! spreadsheet program has rounded the number (it keeps 15 digits), so it is written as `5.12E+15`, which the
//! reader of ids refuses: the lost digits cannot be restored.

use calamine::{DataRef, ExcelDateTime, Style};

/// From this value on, a number has more digits than a spreadsheet program keeps.
const ROUNDED: f64 = 1e15;

/// A cell's text.
pub(crate) fn shown(value: &DataRef<'_>, padding: Option<&Padding>) -> String {
    match value {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Float(number) => padded(*number, padding),
        DataRef::Int(number) => padded(*number as f64, padding),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A number format that pads a whole number with leading zeros, such as `00000` or `"P"000-00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Padding {
    /// The parts of the format: a `0` for each digit; everything else is written as it is.
    parts: Vec<Part>,
    digits: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Digit,
    Sign(char),
}

impl Padding {
    pub(crate) fn of(style: &Style) -> Option<Self> {
        Self::of_code(&style.number_format.as_ref()?.format_code)
    }

    /// Reads a format code. Returns `None` for a format that shows fractions, groups, dates or anything else.
    fn of_code(code: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut signs = code.chars();
        while let Some(c) = signs.next() {
            match c {
                '0' => parts.push(Part::Digit),
                '"' => parts.extend(signs.by_ref().take_while(|c| *c != '"').map(Part::Sign)),
                '\\' => parts.push(Part::Sign(signs.next()?)),
                '-' | ' ' | '/' | ':' | '(' | ')' => parts.push(Part::Sign(c)),
                // The next section is for negative numbers.
                ';' => break,
                _ => return None,
            }
        }
        let digits = parts.iter().filter(|part| **part == Part::Digit).count();
        (digits > 1 || (digits == 1 && parts.len() > 1)).then_some(Self { parts, digits })
    }

    fn text(&self, digits: &str) -> String {
        let digits = format!("{digits:0>width$}", width = self.digits);
        // Surplus digits go before the first digit.
        let mut rest = digits.chars();
        let mut more = digits.len() - self.digits;
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Digit => {
                    text.extend(rest.by_ref().take(more + 1));
                    more = 0;
                }
                Part::Sign(sign) => text.push(*sign),
            }
        }
        text
    }
}

fn padded(number: f64, padding: Option<&Padding>) -> String {
    let plain = number_text(number);
    match padding {
        Some(padding) if plain.bytes().all(|byte| byte.is_ascii_digit()) => padding.text(&plain),
        _ => plain,
    }
}

fn number_text(number: f64) -> String {
    if number.abs() >= ROUNDED {
        return format!("{number:E}").replace('E', "E+");
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
    fn formats_of_zeros_are_shown() {
        for (code, number, text) in [
            ("00000", 7.0, "00007"),
            ("000", 1234.0, "1234"),
            ("\"P\"000-00", 12.0, "P000-12"),
            ("00\\-00", 12345.0, "123-45"),
            ("000;-000", 7.0, "007"),
            ("0", 7.0, "7"),
            ("0.00", 7.0, "7"),
            ("#,##0", 7000.0, "7000"),
            ("yyyy-mm-dd", 7.0, "7"),
            ("@", 7.0, "7"),
            ("000", 1.5, "1.5"),
            ("000", -7.0, "-7"),
            ("000", 5.12e15, "5.12E+15"),
        ] {
            assert_eq!(padded(number, Padding::of_code(code).as_ref()), text, "{code}");
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
        ] {
            assert_eq!(number_text(number), text);
        }
    }
}
