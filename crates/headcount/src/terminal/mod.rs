//! What a terminal can show: colors, and lines up to its width.

pub mod events;
mod paint;
pub mod stdout;
pub mod talk;
pub mod waits;
mod wrap;

pub use paint::Paint;
pub use wrap::wrapped;
