//! Data files: one row for each iteration.

mod csv_text;
mod file;
mod row_store;
mod text;

pub use file::{DataError, read_rows, read_rows_in_memory};
pub use row_store::{RowLost, RowStore};
