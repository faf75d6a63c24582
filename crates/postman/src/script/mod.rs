//! Scripts: QuickJS, the `pm` object, and the way out to the host.
//!
//! A script has no files and no network: everything it reaches is in `js/`, and `pm.sendRequest`
//! only asks the host. Time, memory and recursion are bounded.

mod engine;
mod modules;
mod output;
mod pool;
mod session;

pub use engine::{Engine, EngineLimits};
pub use modules::{Modules, PACKAGES};
pub use output::{Assertion, Change, Event, Pending, ScriptError, ScriptInput, ScriptOutput};
pub use pool::Pool;
pub use session::{SentByScript, Session, run_script};
