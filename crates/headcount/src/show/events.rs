//! `--json`: one event a line on standard output.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_app::failure::{Failure, OK, USAGE};
use headcount_core::values::clock::Clock;
use headcount_core::values::event::{Envelope, Event};
use headcount_core::values::outcome::Counts;

use super::stdout;
use crate::context::Context;

/// Writes the events of one command; clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Events(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    seq: u64,
    run: String,
}

impl Events {
    /// Writes one line. A reader that has gone away does not stop a run: the journal has it all.
    pub fn write(&self, context: &Context, run: &str, site: &str, event: &Event) {
        self.write_at(context.app.clock, run, site, event);
    }

    /// The run that the command is about from now on.
    pub fn about(&self, run: &str) {
        run.clone_into(&mut self.lock().run);
    }

    /// Writes a line about that run, if there is one yet.
    pub fn write_of_run(&self, clock: Clock, site: &str, event: &Event) {
        let run = self.lock().run.clone();
        self.write_at(clock, &run, site, event);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same, by this clock.
    pub fn write_at(&self, clock: Clock, run: &str, site: &str, event: &Event) {
        // Held until the line is written, so that lines are in their order.
        let mut state = self.lock();
        state.seq += 1;
        let envelope = Envelope { v: 1, run, seq: state.seq, at: clock.now(), site, event };
        if let Ok(line) = serde_json::to_string(&envelope) {
            let _ = writeln!(stdout::data(), "{line}");
        }
    }
}

/// The only event of an export: its rows are all as they were.
pub fn last_of_export(context: &Context, site: &str, rows: u64) {
    let counts = Counts { rows, unchanged: rows, ..Counts::default() };
    let event = Event::Finished { state: "exported".into(), exit: OK, counts };
    context.events.write(context, "", site, &event);
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
    context.events.write(context, run, site, &event);
}
