//! Finds cells and rows that are in a workbook's XML twice, and rows that are not in order. Reading such a cell would
//! lose one of its two values; reading such a row would lose a user.

use std::collections::BTreeMap;

use crate::heading::names::cell_name;
use crate::xlsx::package::Broken;

/// The cells that were read and are not empty. Rows and columns count from 0.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    /// Runs of rows: the first row of each run, with its last row.
    rows: BTreeMap<u32, u32>,
    /// The row that is being read, with its columns so far.
    at: Option<(u32, Vec<u32>)>,
}

impl Cells {
    /// Starts another row of the file.
    pub(crate) fn begin_row(&mut self) {
        self.at = None;
    }

    /// Adds a cell.
    ///
    /// # Errors
    ///
    /// The cell, or its row, was read before, or a row below was.
    pub(crate) fn add(&mut self, row: u32, column: u32) -> Result<(), Broken> {
        if let Some((at, columns)) = &mut self.at
            && *at == row
        {
            // Columns almost always ascend, so the list is searched only if this one does not.
            if columns.last().is_some_and(|last| column <= *last) && columns.contains(&column) {
                return Err(
                    format!("the cell {} is in the file twice", cell_name(row, column)).into()
                );
            }
            columns.push(column);
            return Ok(());
        }
        self.at = Some((row, vec![column]));
        let is_read = |(first, last): (&u32, &u32)| (*first..=*last).contains(&row);
        let above = self.rows.range(..=row).next_back().is_some_and(is_read);
        // Merged cells and formulas are followed from the top down.
        if let Some((below, _)) = self.rows.range(row + 1..).next().filter(|_| !above) {
            let (row, below) = (u64::from(row) + 1, u64::from(*below) + 1);
            return Err(format!("row {row} comes after row {below}").into());
        }
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
