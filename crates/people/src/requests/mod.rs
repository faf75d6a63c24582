//! The requests that steps are sent with, without sending them.
//!
//! ```text
//! recorder   a step of a plan → its request, from the code that sends it
//! sample     a job → the steps of its template's row
//! ```

mod recorder;
mod sample;

pub use recorder::{NoRequest, Recorder, StepRequest};
pub use sample::{NOT_KNOWN, NoSample, sample};
