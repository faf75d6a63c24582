//! `--json`: one event a line on standard output.

use std::io::Write;

use headcount_core::values::event::{Envelope, Event};
use headcount_core::values::outcome::Counts;

use crate::context::Context;
use crate::failure::Failure;

/// Writes events.
#[derive(Debug, Default)]
pub struct Events {
    seq: u64,
}

impl Events {
    /// Writes one line. A reader that has gone away does not stop a run: the journal has it all.
    pub fn write(&mut self, context: &Context, run: &str, site: &str, event: &Event) {
        self.seq += 1;
        let envelope = Envelope { v: 1, run, seq: self.seq, at: context.clock.now(), site, event };
        if let Ok(line) = serde_json::to_string(&envelope) {
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        }
    }
}

/// The last event of a command that failed before or around its run.
pub fn last_of_failure(context: &Context, failure: &Failure) {
    let event =
        Event::Finished { state: "failed".into(), exit: failure.exit, counts: Counts::default() };
    Events::default().write(context, failure.run.as_deref().unwrap_or_default(), "", &event);
}
