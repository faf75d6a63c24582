//! The names of columns and cells in messages.

use crate::cell::trim;
use crate::heading::line::{Heading, HeadingLine};
use crate::quoting::{list, shown};

/// The heading of a column; its letters if it has none.
pub fn column_name<T: AsRef<str>>(headings: &[T], at: usize) -> String {
    match headings.get(at).map(|heading| trim(heading.as_ref())) {
        Some(heading) if !heading.is_empty() => heading.to_owned(),
        _ => letters(at),
    }
}

/// The names of the first columns of a file without headings: `Column A`, `Column B`, ….
pub fn lettered(columns: usize) -> Vec<String> {
    (0..columns).map(by_letter).collect()
}

/// A column by its letters, as `--map` takes it if its heading is not unique.
pub fn by_letter(at: usize) -> String {
    format!("Column {}", letters(at))
}

/// A column's letters as a spreadsheet names it: A, B, …, Z, AA, ….
pub fn letters(mut at: usize) -> String {
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + (at % 26) as u8));
        if at < 26 {
            return letters;
        }
        at = at / 26 - 1;
    }
}

/// A cell's name as a spreadsheet program writes it: `B2`. `row` and `column` count from 0.
pub fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", letters(column as usize), u64::from(row) + 1)
}

/// The column that `--map` means by a heading: the one with exactly this spelling, else the only one that is equal
/// after normalization, else the one with these letters (`Column B`).
pub fn column(headings: &HeadingLine, wanted: &str) -> Result<usize, String> {
    match headings.places(wanted) {
        [one] => Ok(*one),
        [] => by_letters(wanted).filter(|at| *at < headings.len()).ok_or_else(|| {
            format!("there is no heading {}; the headings are {}", shown(wanted), list(headings))
        }),
        several => {
            let letters: Vec<String> = several.iter().map(|at| by_letter(*at)).collect();
            Err(format!(
                "{} columns have the heading {}; name one of them by its letter: {}",
                several.len(),
                shown(wanted),
                list(&letters)
            ))
        }
    }
}

/// The column with these letters: 1 for `Column B`.
fn by_letters(name: &str) -> Option<usize> {
    // Not `normalized`, which removes accents and spaces: `Column É` and `Columns B C` are no columns' letters.
    let name = trim(name).to_ascii_lowercase();
    let letters = name.strip_prefix("column")?.trim_start();
    let is_name =
        (1..=4).contains(&letters.len()) && letters.bytes().all(|c| c.is_ascii_lowercase());
    let value = |all: usize, c: u8| all * 26 + usize::from(c - b'a') + 1;
    is_name.then(|| letters.bytes().fold(0, value) - 1)
}

/// The name by which `--map` finds this column and no other: its heading if it is unique and on one line, else its
/// letters.
pub fn name_of(headings: &HeadingLine, at: usize) -> String {
    let visible = headings.get(at).map_or("", Heading::text).replace(char::is_control, " ");
    let heading = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if column(headings, &heading) == Ok(at) { heading } else { by_letter(at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_a_heading_have_letters() {
        for (at, wanted) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(at), wanted);
            assert_eq!(by_letters(&by_letter(at)), Some(at));
        }
    }

    #[test]
    fn a_name_that_is_no_columns_letters_is_none() {
        for name in ["", "B", "Column", "Column 2", "Column É", "Column ABCDE", "Columns B C"] {
            assert!(by_letters(name).is_none_or(|at| at > 16_384), "{name}");
        }
    }
}
