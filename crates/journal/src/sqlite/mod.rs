//! The store on SQLite: one file, one writer, any number of readers.

pub(crate) mod batch;
#[cfg(test)]
mod cost;
pub(crate) mod decode;
mod functions;
pub(crate) mod lock;
pub(crate) mod read;
pub(crate) mod reverted;
mod schema;
pub(crate) mod search;
pub(crate) mod settle;
pub(crate) mod step_groups;
pub(crate) mod steps;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod throughput;
pub(crate) mod timeline;
#[cfg(test)]
mod transition_tests;
mod volume;
pub(crate) mod waits;
