//! `--json`: one event a line on standard output.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_model::clock::Clock;
use headcount_model::event::{Envelope, Event};

use super::stdout;

/// Writes the events of one command; clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Events(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    seq: u64,
    run: String,
}

impl Events {
    /// The run that the command is about from now on.
    pub fn about(&self, run: &str) {
        run.clone_into(&mut self.lock().run);
    }

    /// Writes a line about that run, if there is one yet.
    pub fn write_of_run(&self, clock: Clock, site: &str, event: &Event) {
        let run = self.lock().run.clone();
        self.write(clock, &run, site, event);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes one line. A reader that went away does not stop a run: the journal has it all.
    pub fn write(&self, clock: Clock, run: &str, site: &str, event: &Event) {
        // Held until the line is written, so that lines are in their order.
        let mut state = self.lock();
        state.seq += 1;
        let envelope = Envelope { v: 1, run, seq: state.seq, at: clock.now(), site, event };
        if let Ok(line) = serde_json::to_string(&envelope) {
            let _ = writeln!(stdout::data(), "{line}");
        }
    }
}
