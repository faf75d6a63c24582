//! What a POST does.

pub mod quit;
pub mod run_actions;
pub mod upload;
