//! `--json`: one event a line on standard output.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_journal::Run;
use headcount_model::clock::Clock;
use headcount_model::event::{Envelope, Event};
use headcount_model::outcome::Counts;

use super::{stdout, talk};

/// Writes the events of one command; clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Events(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    seq: u64,
    run: String,
    site: String,
    counts: Counts,
    /// Standard output could not be written although its reader is still there.
    is_broken: bool,
}

/// What the last event of a command that failed can say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The run, if there is one yet.
    pub run: String,
    /// The site, if it is known yet.
    pub site: String,
    /// The run's rows as they were last.
    pub counts: Counts,
}

impl Events {
    /// The run that the command is about from now on, and how its rows are.
    pub fn about(&self, run: &Run, counts: Counts) {
        let mut state = self.lock();
        run.id.as_str().clone_into(&mut state.run);
        run.site.clone_into(&mut state.site);
        state.counts = counts;
    }

    /// The site that the command is about from now on.
    pub fn at(&self, site: &str) {
        site.clone_into(&mut self.lock().site);
    }

    /// What is known of the run by now.
    pub fn known(&self) -> Known {
        let state = self.lock();
        Known { run: state.run.clone(), site: state.site.clone(), counts: state.counts }
    }

    /// Whether events were lost though their reader is still there: a full disk.
    pub fn is_broken(&self) -> bool {
        self.lock().is_broken
    }

    /// Writes a line about that run, if there is one yet.
    pub fn write_of_run(&self, clock: Clock, site: &str, event: &Event) {
        let run = self.lock().run.clone();
        self.write(clock, &run, site, event);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes one line. A reader that went away does not stop a run, nor does a disk that is full: the
    /// journal has all events. A full disk is reported once.
    pub fn write(&self, clock: Clock, run: &str, site: &str, event: &Event) {
        // Held until the line is written, so that lines are in their order.
        let mut state = self.lock();
        state.seq += 1;
        match event {
            Event::Planned { counts, .. } | Event::Finished { counts, .. } => {
                state.counts = *counts
            }
            Event::Settled { outcome, .. } => state.counts.settle(*outcome),
            Event::Canary { .. } | Event::Waiting { .. } | Event::Stopped { .. } => {}
        }
        let envelope = Envelope { v: 1, run, seq: state.seq, at: clock.now(), site, event };
        if let Ok(line) = serde_json::to_string(&envelope) {
            let mut out = stdout::data();
            let written = writeln!(out, "{line}").and_then(|()| out.flush());
            if let (Err(error), false) = (written, state.is_broken) {
                state.is_broken = true;
                talk::line(format_args!(
                    "warning: standard output cannot be written ({error}): later events are missing \
                     there. The journal has all of them: headcount run report"
                ));
            }
        }
    }
}
