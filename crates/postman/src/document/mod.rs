//! JSON text in which every value has its line and column.

mod bounds;
mod error;
mod node;

pub use bounds::{MAX_BYTES, MAX_DEPTH};
pub use error::{LoadError, Place, Problem};
pub use node::{Document, Kind, Node, Object};
