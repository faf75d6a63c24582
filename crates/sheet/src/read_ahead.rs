//! Reads the rows of a file on a thread of their own, while another thread uses them.

use std::sync::mpsc::sync_channel;

use crate::error::SheetError;
use crate::rows::raw::Raw;
use crate::sheet::Sheet;

/// Rows that are handed over at once, so that handing over costs little.
const TOGETHER: usize = 256;

/// How many such pieces are read before they are used.
const AHEAD: usize = 4;

/// A row, or the error that ends the file.
pub type Read = Result<Raw, SheetError>;

/// Reads the rows ahead of `used`, which gets them in order. If `used` returns before the last row, some further rows
/// were read, and the sheet is not for use.
pub fn read_ahead<T>(
    sheet: &mut Sheet,
    used: impl FnOnce(&mut dyn Iterator<Item = Read>) -> T,
) -> T {
    std::thread::scope(|scope| {
        let (to, from) = sync_channel(AHEAD);
        scope.spawn(move || {
            loop {
                let rows: Vec<Read> = sheet.by_ref().take(TOGETHER).collect();
                // If `used` has returned, there is no receiver any more.
                if rows.is_empty() || to.send(rows).is_err() {
                    return;
                }
            }
        });
        used(&mut from.into_iter().flatten())
    })
}
