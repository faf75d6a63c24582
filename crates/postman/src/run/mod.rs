//! Runs iterations: for each row the requests of the collection, with their scripts.

mod bridge;
mod credentials;
mod driver;
mod execution;
mod item;
mod iteration;
mod mask;
mod named_values;
mod options;
mod outcome;
mod secret_names;
mod secrets;
mod stats;

pub use bridge::response_json;
pub use driver::{Finished, Progress, Rows, run_all};
pub use execution::{
    Cursor, Execution, LogEntry, RequestError, RequestForm, ScriptFailure, SentRequest, script_name,
};
pub use iteration::{Ending, Iteration, State, run_iteration};
pub use mask::MASK;
pub use options::{Bail, Run, RunOptions};
pub use outcome::{RowOutcome, RowResult};
pub use secret_names::SecretNames;
pub use secrets::Secrets;
pub use stats::{Counts, Stats, Timings};
