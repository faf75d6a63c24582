//! Two tables next to each other on one sheet.

use headcount_sheet::{Heading, HeadingLine};

/// Whether another heading occurs twice at the same distance. With only one of the tables, the rows of the other
/// would be lost.
pub(super) fn are_two_tables(headings: &HeadingLine, first: usize, second: usize) -> bool {
    let numbers = |heading: &Heading| -> String {
        heading.words().iter().filter(|word| !word.chars().all(char::is_numeric)).cloned().collect()
    };
    let is_same = |one: usize, other: usize| {
        let [one, other] = [one, other].map(|at| numbers(&headings[at]));
        !one.is_empty() && one == other
    };
    let distance = first.abs_diff(second);
    let others = (0..headings.len().saturating_sub(distance)).filter(|at| *at != first.min(second));
    is_same(first, second)
        && distance > 1
        && others.into_iter().any(|at| is_same(at, at + distance))
}
