//! The last event of a command without a run.

use headcount_app::failure::{Failure, OK, USAGE};
use headcount_model::clock::Clock;
use headcount_model::event::Event;
use headcount_model::outcome::Counts;

use crate::context::Context;
use crate::terminal::events::Events;

/// The only event of an export.
pub fn last_of_export(context: &Context, site: &str, rows: u64) {
    let counts = Counts { rows, unchanged: rows, ..Counts::default() };
    let event = Event::Finished { state: "exported".into(), exit: OK, counts };
    context.events.write(context.app.clock, "", site, &event);
}

/// The only event of a command line with wrong usage.
pub fn last_of_usage() {
    Events::default().write(Clock::System, "", "", &failed(USAGE, Counts::default()));
}

fn failed(exit: u8, counts: Counts) -> Event {
    Event::Finished { state: "failed".into(), exit, counts }
}

/// The last event of a command that failed outside of its run.
pub fn last_of_failure(context: &Context, failure: &Failure) {
    let known = context.events.known();
    let event = failed(failure.exit, known.counts);
    let run = failure.run.as_deref().unwrap_or(&known.run);
    let site = failure.site.as_deref().unwrap_or(&known.site);
    context.events.write(context.app.clock, run, site, &event);
}
