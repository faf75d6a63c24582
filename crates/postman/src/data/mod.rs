//! Data files: one row for each iteration.

mod csv_text;
mod file;

pub use file::{DataError, read_rows};
