//! A profile that is being made: its settings and keys tried, then kept, both or neither.

pub mod draft;
pub mod keep;
