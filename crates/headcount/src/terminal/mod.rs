//! What a terminal can show: colors, and lines as wide as it is.

pub mod events;
mod paint;
pub mod stdout;
pub mod talk;
pub mod waits;
mod wrap;

pub use paint::Paint;
pub use wrap::wrapped;
