//! What happens in a run, as one enum: the terminal, `--json` and the page all get the same.
//!
//! An event is sent after its fact is committed to the journal, never before. The journal is the
//! truth; events are hints that may be missed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::outcome::{Counts, Outcome};
use super::reading::Reading;
use super::reason::Reason;

/// One line of `--json`: the same five fields first, then the event's own.
#[derive(Clone, Debug, Serialize)]
pub struct Envelope<'a> {
    /// Version of the schema; grows only when a field changes its meaning.
    pub v: u8,
    /// Which run.
    pub run: &'a str,
    /// Counts the events of one command from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The site's address.
    pub site: &'a str,
    /// The event's name and its own fields.
    #[serde(flatten)]
    pub event: &'a Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The plan is sealed.
    Planned {
        /// Counts of rows.
        counts: Counts,
        /// Seats it will take, by product.
        seats: BTreeMap<&'static str, u64>,
        /// Invitation mails it will cause.
        mails: u64,
        /// How the file was understood; none for an undo.
        #[serde(skip_serializing_if = "Option::is_none")]
        read: Option<Box<Reading>>,
    },
    /// The canary row was applied and verified.
    Canary {
        /// The row it serves.
        row: u64,
        /// Whether it was found as wanted.
        ok: bool,
        /// What was wanted, for people.
        wanted: String,
        /// What the site shows now, for people.
        found: String,
    },
    /// A row has its outcome.
    Settled {
        /// The row.
        row: u64,
        /// Its outcome.
        outcome: Outcome,
        /// Why.
        #[serde(serialize_with = "word")]
        reason: Reason,
        /// A sentence.
        detail: String,
    },
    /// Nothing is sent before this time.
    Waiting {
        /// Until when.
        until: Timestamp,
        /// Why.
        why: String,
    },
    /// The run stops before its end.
    Stopped {
        /// Why.
        why: String,
    },
    /// The seats of each app.
    Seats {
        /// Each app on each site.
        apps: Vec<AppSeats>,
    },
    /// Always the last.
    Finished {
        /// The run's state.
        state: String,
        /// The exit code.
        exit: u8,
        /// Counts of rows.
        counts: Counts,
    },
}

/// The seats of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppSeats {
    /// The app on its site, as a column of `user export` is called.
    pub app: String,
    /// The app's name.
    pub product: String,
    /// The site.
    pub site: String,
    /// Seats that are taken.
    pub taken: u64,
    /// Seats there are; none without a limit that the site shows.
    pub capacity: Option<u64>,
    /// Seats that the listed users would free.
    pub would_free: u64,
}

fn word<S: serde::Serializer>(reason: &Reason, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(reason.word())
}
