//! The output for people. No code here decides anything. Text from a server or a spreadsheet reaches the terminal
//! only through [`clean`](headcount_app::words::clean).

pub mod ask;
pub mod check;
pub mod collection;
pub mod differences;
pub mod events;
pub mod export;
pub mod failure;
pub mod form;
pub mod hint;
pub mod output;
pub mod plan;
pub mod profile;
pub mod progress;
mod reading;
pub mod runs;
pub use crate::terminal::talk;
pub mod watch;

/// A panic is a defect; it is reported as one, without a backtrace. The journal is safe.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        talk::line(format_args!("error: headcount has a bug (at {place}); the journal is safe"));
        talk::line(format_args!(
            "hint: please report this line; headcount run list shows whether a run has to be continued"
        ));
    }));
}
