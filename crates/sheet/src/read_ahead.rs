//! Reads the rows of a file on a thread of their own, while another thread uses them.

use std::sync::mpsc::sync_channel;

use crate::error::SheetError;
use crate::rows::raw::Raw;
use crate::sheet::Sheet;

/// Rows that are handed over at once, so that handing over costs little.
const TOGETHER: usize = 256;

/// How many such pieces are read before they are used.
const AHEAD: usize = 4;

/// Reads the rows ahead of `used`, which gets them in order: each row as `prepared` makes it on the reading thread, or
/// the error that ends the file. If `used` returns before the last row, some further rows were read, and the sheet is
/// not for use.
pub fn read_ahead<R: Send, T>(
    sheet: &mut Sheet,
    prepared: impl Fn(Raw) -> R + Send,
    used: impl FnOnce(&mut dyn Iterator<Item = Result<R, SheetError>>) -> T,
) -> T {
    std::thread::scope(|scope| {
        let (to, from) = sync_channel(AHEAD);
        scope.spawn(move || {
            loop {
                let rows = sheet.by_ref().take(TOGETHER);
                let rows: Vec<_> = rows.map(|raw| raw.map(&prepared)).collect();
                // If `used` has returned, there is no receiver any more.
                if rows.is_empty() || to.send(rows).is_err() {
                    return;
                }
            }
        });
        used(&mut from.into_iter().flatten())
    })
}
