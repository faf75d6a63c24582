//! What columns and cells are called in messages.

use super::cell::trim;

/// The heading of a column, or its letter where it has none.
pub(super) fn column_name(headings: &[String], at: usize) -> String {
    match headings.get(at).map(|heading| trim(heading)) {
        Some(heading) if !heading.is_empty() => heading.to_owned(),
        _ => letters(at),
    }
}

/// The names of so many columns of a sheet without headings: `Column A`, `Column B`, ….
pub(super) fn lettered(columns: usize) -> Vec<String> {
    (0..columns).map(|at| format!("Column {}", letters(at))).collect()
}

/// A column's letters as a spreadsheet names it: A, B, …, Z, AA, ….
pub(super) fn letters(mut at: usize) -> String {
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + (at % 26) as u8));
        if at < 26 {
            return letters;
        }
        at = at / 26 - 1;
    }
}

/// A cell's name as a spreadsheet writes it: `B2`; row and column from 0.
pub(super) fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", letters(column as usize), u64::from(row) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_a_heading_have_letters() {
        for (at, wanted) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(at), wanted);
        }
    }
}
