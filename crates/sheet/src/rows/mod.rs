//! Records → rows, with what is wrong with each as far as that is plain without knowing the columns.

pub(crate) mod left_out;
pub(crate) mod problem;
pub(crate) mod raw;
pub(crate) mod records;
pub(crate) mod swallowed;
