//! `--json`: one event a line on standard output.

use std::io::Write;

use headcount_app::failure::{Failure, OK, USAGE};
use headcount_core::values::clock::Clock;
use headcount_core::values::event::{Envelope, Event};
use headcount_core::values::outcome::Counts;

use super::stdout;
use crate::context::Context;

/// Writes events.
#[derive(Debug, Default)]
pub struct Events {
    seq: u64,
}

impl Events {
    /// Writes one line. A reader that has gone away does not stop a run: the journal has it all.
    pub fn write(&mut self, context: &Context, run: &str, site: &str, event: &Event) {
        self.write_at(context.app.clock, run, site, event);
    }

    fn write_at(&mut self, clock: Clock, run: &str, site: &str, event: &Event) {
        self.seq += 1;
        let envelope = Envelope { v: 1, run, seq: self.seq, at: clock.now(), site, event };
        if let Ok(line) = serde_json::to_string(&envelope) {
            let _ = writeln!(stdout::data(), "{line}");
        }
    }
}

/// The only event of an export: its rows are all as they were.
pub fn last_of_export(context: &Context, site: &str, rows: u64) {
    let counts = Counts { rows, unchanged: rows, ..Counts::default() };
    let event = Event::Finished { state: "exported".into(), exit: OK, counts };
    Events::default().write(context, "", site, &event);
}

/// The only event of a command line that could not be understood.
pub fn last_of_usage() {
    Events::default().write_at(Clock::System, "", "", &failed(USAGE));
}

fn failed(exit: u8) -> Event {
    Event::Finished { state: "failed".into(), exit, counts: Counts::default() }
}

/// The last event of a command that failed before or around its run.
pub fn last_of_failure(context: &Context, failure: &Failure) {
    let event = failed(failure.exit);
    let run = failure.run.as_deref().unwrap_or_default();
    let site = failure.site.as_deref().unwrap_or_default();
    Events::default().write(context, run, site, &event);
}
