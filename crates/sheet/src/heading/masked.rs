//! The columns of a table whose cells are masked.

use std::collections::HashSet;

use crate::heading::line::HeadingLine;
use crate::heading::names::column;
use crate::heading::secret::is_secret;
use crate::heading::words::normalized;

/// The field, in normalized form, that `--map` takes to mark a column of passwords.
const PASSWORD: &str = "password";

/// The columns that may hold passwords or keys by the cells around their headings: a word for a password in a line
/// above (also if the cells to its right are empty), a column without a heading next to such a column, and,
/// without headings, a first cell with such a word. A title in the first cell of its line does not count.
pub(crate) fn secret_by_surroundings(
    headings: &[String],
    above: &[&[String]],
    secret: &[usize],
) -> Vec<usize> {
    let secret: HashSet<usize> = secret.iter().copied().collect();
    let is_blank = |cell: &String| cell.trim().is_empty();
    let mut found = Vec::new();
    for line in above {
        let is_title = line.iter().skip(1).all(is_blank);
        let mut is_under = false;
        for at in 0..headings.len() {
            if let Some(cell) = line.get(at).filter(|cell| !is_blank(cell)) {
                is_under = !is_title && is_secret(cell);
            }
            found.extend(is_under.then_some(at));
        }
    }
    let is_secret = |at: usize| secret.contains(&at);
    let is_next = |at: usize| is_secret(at + 1) || at.checked_sub(1).is_some_and(is_secret);
    let unnamed = (0..headings.len()).filter(|at| is_blank(&headings[*at]) && is_next(*at));
    found.extend(unnamed);
    found
}

/// The columns, from 0, whose heading or `--map` option says that they hold passwords or keys.
pub fn secret_columns(headings: &HeadingLine, map: &[(String, String)]) -> Vec<usize> {
    let named = map.iter().filter(|(name, _)| normalized(name) == PASSWORD);
    let mapped: Vec<usize> =
        named.filter_map(|(_, mapped)| column(headings, mapped).ok()).collect();
    let all = 0..headings.len();
    all.filter(|at| headings[*at].is_secret() || mapped.contains(at)).collect()
}

/// The columns, from 0, of a line whose cells would mean passwords or keys if they were headings.
pub fn secret_cells<T: AsRef<str>>(cells: &[T]) -> Vec<usize> {
    (0..cells.len()).filter(|at| is_secret(cells[*at].as_ref())).collect()
}
