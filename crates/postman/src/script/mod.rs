//! Scripts: QuickJS, the `pm` object, and the calls to the host.
//!
//! A script has no files and no network: `js/` has everything that it can use, and `pm.sendRequest` only asks the
//! host. Time, memory and recursion are limited.

mod chai;
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
