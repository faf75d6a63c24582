//! A profile that is being made: its settings and credentials tried, then kept, both or neither; and
//! taken away again.

pub mod draft;
pub mod keep;
pub mod remove;
