//! `--json`: events on standard output, one per line.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_journal::Run;
use headcount_model::clock::Clock;
use headcount_model::event::{Envelope, Event};
use headcount_model::outcome::Counts;

use super::{stdout, talk};

/// Writes the events of one command; clones share the state.
#[derive(Clone, Debug, Default)]
pub struct Events(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    seq: u64,
    run: String,
    site: String,
    counts: Counts,
    /// Set if standard output could not be written although its reader still exists.
    is_broken: bool,
}

/// The known data for the last event of a command that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The run, if there is one yet.
    pub run: String,
    /// The site, if it is known yet.
    pub site: String,
    /// The last counts of the run's rows.
    pub counts: Counts,
}

impl Events {
    /// Sets the command's run and its counts.
    pub fn about(&self, run: &Run, counts: Counts) {
        let mut state = self.lock();
        run.id.as_str().clone_into(&mut state.run);
        run.site.clone_into(&mut state.site);
        state.counts = counts;
    }

    /// Sets the command's site.
    pub fn at(&self, site: &str) {
        site.clone_into(&mut self.lock().site);
    }

    /// What is known about the run so far.
    pub fn known(&self) -> Known {
        let state = self.lock();
        Known { run: state.run.clone(), site: state.site.clone(), counts: state.counts }
    }

    /// Whether events were lost although their reader still exists, for example because the disk is full.
    pub fn is_broken(&self) -> bool {
        self.lock().is_broken
    }

    /// Writes a line about the run, if there is one yet.
    pub fn write_of_run(&self, clock: Clock, site: &str, event: &Event) {
        let run = self.lock().run.clone();
        self.write(clock, &run, site, event);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes one line. A reader that is gone, or a full disk, does not stop a run, because the journal has all
    /// events. A full disk is reported once.
    pub fn write(&self, clock: Clock, run: &str, site: &str, event: &Event) {
        // Locked until the line is written, so that lines stay in order.
        let mut state = self.lock();
        state.seq += 1;
        match event {
            Event::Planned { counts, .. } | Event::Finished { counts, .. } => {
                state.counts = *counts
            }
            Event::Settled { outcome, .. } => state.counts.settle(*outcome),
            Event::Canary { .. }
            | Event::Waiting { .. }
            | Event::Stopped { .. }
            | Event::Seats { .. } => {}
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
