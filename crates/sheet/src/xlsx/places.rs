//! Reads the names of cells and ranges.

use crate::quoting::excerpt;
use crate::xlsx::package::Broken;

/// The last column of a sheet, from 0: XFD.
pub(crate) const LAST_COLUMN: u32 = 16_383;

/// The last row of a sheet, from 0.
pub(crate) const LAST_ROW: u32 = 1_048_575;

/// A range of cells: its first and last cell, each by row and column from 0.
pub(crate) type Range = ((u32, u32), (u32, u32));

/// Reads `B2` as row and column from 0.
pub(crate) fn position(name: &str) -> Option<(u32, u32)> {
    let name = name.replace('$', "");
    let split = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(split);
    let row: u32 = digits.parse().ok()?;
    let mut column: u32 = 0;
    for letter in letters.bytes() {
        let digit = u32::from(letter.to_ascii_uppercase().checked_sub(b'A').filter(|at| *at < 26)?);
        column = column.checked_mul(26)?.checked_add(digit + 1)?;
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// Reads the name of a cell that a sheet can have. calamine's own reader overflows on others.
///
/// # Errors
///
/// There is no such cell.
pub(crate) fn cell_place(name: &str) -> Result<(u32, u32), Broken> {
    let is_in_sheet = |(row, column): &(u32, u32)| *row <= LAST_ROW && *column <= LAST_COLUMN;
    position(name).filter(is_in_sheet).ok_or_else(|| no_such(&format!("cell {}", excerpt(name))))
}

/// Reads the number of a row that a sheet can have, from 0.
///
/// # Errors
///
/// There is no such row.
pub(crate) fn row_place(number: &str) -> Result<u32, Broken> {
    let row = number.parse::<u32>().ok().and_then(|row| row.checked_sub(1));
    row.filter(|row| *row <= LAST_ROW).ok_or_else(|| no_such(&format!("row {}", excerpt(number))))
}

fn no_such(what: &str) -> Broken {
    format!("its sheet has a {what}, but a sheet has only the cells A1 to XFD1048576").into()
}

/// Checks a cell that the file does not name.
///
/// # Errors
///
/// The cell is beyond the last row or column.
pub(crate) fn check_place(row: u32, column: u32) -> Result<(), Broken> {
    match row <= LAST_ROW && column <= LAST_COLUMN {
        true => Ok(()),
        false => Err(no_such(&format!("cell in row {} and column {}", row + 1, column + 1))),
    }
}

/// Reads `B2:C4` as its first and last cell.
pub(crate) fn range_of(text: &str) -> Option<Range> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Some((position(first)?, position(last)?))
}

/// The rows of a range, from 0.
pub(crate) fn rows_of(text: &str) -> Option<(u32, u32)> {
    range_of(text).map(|((top, _), (bottom, _))| (top, bottom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_ranges_are_read_by_name() {
        for (name, place) in
            [("A1", (0, 0)), ("$B$2", (1, 1)), ("AA10", (9, 26)), ("xfd1", (0, 16_383))]
        {
            assert_eq!(position(name), Some(place), "{name}");
        }
        for name in ["", "A", "1", "A0", "1A", "Ä1", "AAAAAAAAAA1"] {
            assert_eq!(position(name), None, "{name}");
        }
        for (name, is_one) in [
            ("XFD1048576", true),
            ("XFE1", false),
            ("A1048577", false),
            ("A0", false),
            ("A4294967296", false),
            ("A4294967297", false),
            ("ZZZZZZZ2", false),
            ("MWLQKWV2", false),
            ("2", false),
        ] {
            assert_eq!(cell_place(name).is_ok(), is_one, "{name}");
        }
        for (row, is_one) in [
            ("1", true),
            ("1048576", true),
            ("1048577", false),
            ("0", false),
            ("4294967299", false),
        ] {
            assert_eq!(row_place(row).is_ok(), is_one, "{row}");
        }
        assert_eq!(range_of("B2:C4"), Some(((1, 1), (3, 2))));
        assert_eq!(range_of("B2"), Some(((1, 1), (1, 1))));
    }
}
