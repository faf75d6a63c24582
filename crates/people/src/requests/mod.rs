//! The requests of steps, without sending them.
//!
//! ```text
//! recorder   records the request of a plan's step, from the code that sends it
//! sample     the steps of a job's template row
//! ```

mod recorder;
mod sample;

pub use recorder::{NoRequest, Recorder, StepRequest};
pub use sample::{NOT_KNOWN, NoSample, sample};
