//! Reads the names of cells and ranges.

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
        assert_eq!(range_of("B2:C4"), Some(((1, 1), (3, 2))));
        assert_eq!(range_of("B2"), Some(((1, 1), (1, 1))));
    }
}
