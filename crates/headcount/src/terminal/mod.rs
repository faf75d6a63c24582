//! What a terminal can show: colors, and lines as wide as it is.

mod paint;
pub mod talk;
mod wrap;

pub use paint::Paint;
pub use wrap::wrapped;
