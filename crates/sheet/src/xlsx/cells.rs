//! Which cells of a sheet were read: one that is in the file twice would lose one of its two values, and
//! a row that is, a person.

use std::collections::BTreeMap;

use crate::heading::names::cell_name;
use crate::xlsx::package::Broken;

/// The cells that were read and hold something; rows and columns from 0.
#[derive(Default)]
pub(crate) struct Cells {
    /// Runs of rows: the first row to the last.
    rows: BTreeMap<u32, u32>,
    /// The row that is being read, and its columns.
    at: Option<(u32, Vec<u32>)>,
}

impl Cells {
    /// Another row begins in the file.
    pub(crate) fn begin_row(&mut self) {
        self.at = None;
    }

    /// Takes a cell.
    ///
    /// # Errors
    ///
    /// The cell was read before, or its row was.
    pub(crate) fn add(&mut self, row: u32, column: u32) -> Result<(), Broken> {
        if let Some((at, columns)) = &mut self.at
            && *at == row
        {
            // Columns ascend, as good as always: the rest is not looked through.
            if columns.last().is_some_and(|last| column <= *last) && columns.contains(&column) {
                return Err(
                    format!("the cell {} is in the file twice", cell_name(row, column)).into()
                );
            }
            columns.push(column);
            return Ok(());
        }
        self.at = Some((row, vec![column]));
        match self.rows.range_mut(..=row).next_back() {
            Some((_, last)) if *last >= row => {
                Err(format!("row {} is in the file twice", u64::from(row) + 1).into())
            }
            Some((_, last)) if *last + 1 == row => {
                *last = row;
                Ok(())
            }
            _ => {
                self.rows.insert(row, row);
                Ok(())
            }
        }
    }
}
