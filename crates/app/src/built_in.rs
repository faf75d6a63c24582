//! The built-in sandbox of this process, as a value.

use std::sync::{Arc, Weak};

use headcount_sandbox::Sandbox;

/// The built-in sandbox of this process, shared by whatever works on it at the same time: two could
/// not have its state file.
#[derive(Clone, Default)]
pub struct BuiltIn(pub(crate) Arc<tokio::sync::Mutex<Weak<Sandbox>>>);

impl std::fmt::Debug for BuiltIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BuiltIn")
    }
}
