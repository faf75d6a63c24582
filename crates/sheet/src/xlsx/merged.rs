//! Merged cells: every row of a merged range gets the range's value, as a person reads it.
//!
//! A range of one column gives its value to each of its rows. In a range over several columns, the first cell has
//! the value, the others are empty, and the row is marked; whether the columns have different meanings is known
//! only to the code that knows the headings. If a covered cell has a value of its own, the spreadsheet program
//! does not show it, so it is reported.

use std::collections::VecDeque;

use crate::cell::trim;
use crate::error::SheetError;
use crate::heading::names::{cell_name, letters};
use crate::record::{Odd, Record, Unseen};
use crate::xlsx::layout::Merge;

/// The merged ranges, while the rows are read from the top down.
pub(crate) struct Merged {
    /// Ranges that begin further down.
    coming: VecDeque<Merge>,
    /// Ranges that continue below the current row, with their values.
    open: Vec<(Merge, Value)>,
}

/// The value of a range's first cell.
enum Value {
    Text(String),
    /// A text that a person does not see or does not take as valid.
    Unseen(String, Unseen),
    /// A formula whose result is not in the file.
    NoResult,
}

impl Value {
    fn of(row: &Record, column: usize) -> Self {
        let text = row.cells.get(column).cloned().unwrap_or_default();
        let of_odd = |odd: &Odd| match odd {
            Odd::NoResult { column: at } if *at == column => Some(Self::NoResult),
            Odd::Unseen { column: at, why } if *at == column => {
                Some(Self::Unseen(text.clone(), *why))
            }
            Odd::NoResult { .. }
            | Odd::Unseen { .. }
            | Odd::Merged { .. }
            | Odd::Covered { .. } => None,
        };
        row.odd.iter().find_map(of_odd).unwrap_or_else(|| Self::Text(text.clone()))
    }

    /// The text, if the value is a text.
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Unseen(text, _) => Some(text),
            Self::NoResult => None,
        }
    }
}

impl Merged {
    pub(crate) fn new(merges: &[Merge]) -> Self {
        Self { coming: merges.iter().copied().collect(), open: Vec::new() }
    }

    /// Fills a row's cells with the values of their ranges. A row without a cell of its own stays empty: it is a
    /// part of the row above it.
    pub(crate) fn fill(&mut self, row: &mut Record) {
        let at = u32::try_from(row.line.saturating_sub(1)).unwrap_or(u32::MAX);
        self.open.retain(|(merge, _)| merge.bottom >= at);
        let mut begun = Vec::new();
        while let Some(merge) = self.coming.pop_front_if(|merge| merge.top <= at) {
            // If the range's first row has no cell at all, the row is not in the file.
            let value = match merge.top == at {
                true => Value::of(row, merge.left as usize),
                false => Value::Text(String::new()),
            };
            begun.push((merge, value));
        }
        // All cells of a range but the first are covered: their own values are not shown.
        for (merge, value) in self.open.iter().chain(&begun) {
            let (left, right) = (merge.left as usize, merge.right as usize);
            let is_covered = |at_column: usize| {
                (left..=right).contains(&at_column) && (merge.top < at || at_column > left)
            };
            let own = |value: &Value, cell: &str| {
                !trim(cell).is_empty() && value.text().is_none_or(|text| trim(text) != trim(cell))
            };
            for (column, cell) in row.cells.iter_mut().enumerate() {
                if is_covered(column) {
                    if own(value, cell) {
                        let name = cell_name(at, u32::try_from(column).unwrap_or(u32::MAX));
                        row.odd.push(Odd::Covered { cell: name, range: merge.name(), column });
                    }
                    cell.clear();
                }
            }
            row.odd.retain(|odd| !matches!(odd, Odd::NoResult { column } if is_covered(*column)));
        }
        self.open.extend(begun);
        let is_empty = row.cells.iter().all(|cell| trim(cell).is_empty());
        if !is_empty || !row.odd.is_empty() {
            self.open.iter().for_each(|(merge, value)| give(row, merge, value, at));
        }
    }
}

/// A heading that is merged over several columns, if a covered column has values in the first rows: it is unknown
/// what they mean.
pub(crate) fn covering_heading(
    headings: &[String],
    odd: &[Odd],
    first: &[(u64, Vec<String>)],
) -> Option<SheetError> {
    odd.iter().find_map(|odd| {
        let Odd::Merged { range, from, to } = odd else { return None };
        let is_filled = |at: &usize| {
            let mut cells = first.iter().filter_map(|(_, cells)| cells.get(*at));
            cells.any(|cell| !trim(cell).is_empty())
        };
        let column = (from + 1..=*to).find(is_filled)?;
        Some(SheetError::HeadingMerged {
            name: "the sheet".to_owned(),
            heading: headings.get(*from).cloned().unwrap_or_default(),
            range: range.clone(),
            letters: letters(column),
        })
    })
}

/// Applies a range's value to a row.
fn give(row: &mut Record, merge: &Merge, value: &Value, at: u32) {
    let (left, right) = (merge.left as usize, merge.right as usize);
    if value.text().is_some_and(|text| trim(text).is_empty()) {
        return;
    }
    if left != right {
        row.odd.push(Odd::Merged { range: merge.name(), from: left, to: right });
    }
    if merge.top == at || left != right {
        return;
    }
    match value {
        Value::Text(_) => {}
        Value::Unseen(_, why) => row.odd.push(Odd::Unseen { column: left, why: *why }),
        Value::NoResult => row.odd.push(Odd::NoResult { column: left }),
    }
    if let Some(text) = value.text() {
        if row.cells.len() <= left {
            row.cells.resize(left + 1, String::new());
        }
        row.cells[left] = text.to_owned();
        row.given.push((merge.name(), left));
    }
}
