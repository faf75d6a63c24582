//! Turns records into rows, each with the problem that can be found without knowing the columns.

pub(crate) mod left_out;
pub(crate) mod problem;
pub(crate) mod raw;
pub(crate) mod records;
