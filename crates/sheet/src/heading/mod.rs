//! Headings: their normalized words, the names of columns, and the columns that hold secrets.

pub mod line;
pub mod masked;
pub mod names;
pub mod secret;
pub mod words;
