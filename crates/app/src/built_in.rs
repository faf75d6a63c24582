//! A handle to the built-in sandbox of this process.

use std::sync::{Arc, Weak};

use headcount_sandbox::Sandbox;

/// The built-in sandbox of this process. All users of it share one instance, because two could not use the same
/// state file.
#[derive(Clone, Default)]
pub struct BuiltIn(pub(crate) Arc<tokio::sync::Mutex<Weak<Sandbox>>>);

impl std::fmt::Debug for BuiltIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BuiltIn")
    }
}
