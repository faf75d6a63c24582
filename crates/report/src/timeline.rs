//! A run in time: how much was done when, and how long was waited for the site's limit. In a bounded
//! number of slots, whatever the number of rows.
//!
//! The journal notes when a request was started and when its answer was noted, not how long it
//! waited for the pace. So what counts as waiting is a silence: a call was refused (429), and
//! after the answers that were still under way ([`TAIL`]) none came for at least [`SILENCE`]. Reads
//! are not in the journal, so their waits are not seen. A run that was stopped and resumed has a
//! gap; one of more than [`IDLE`] is cut out of the chart and marked as a break.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::ReportError;
use headcount_journal::{Journal, Run, Sent};
use headcount_model::outcome::Outcome;

/// Most slots.
const SLOTS: u32 = 60;
/// Nothing happens for longer than this: a break, unless the site had refused for its rate.
const IDLE: Duration = Duration::from_secs(5 * 60);
/// Answers to requests that were under way when the site refused come for so long.
const TAIL: Duration = Duration::from_secs(3);
/// No answer for at least so long after a refusal is a wait: sites ask for whole seconds.
const SILENCE: Duration = Duration::from_millis(900);
/// The longest single wait after a refusal.
const LONGEST_WAIT: Duration = Duration::from_secs(3 * 60 * 60);

/// A run in time.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// When the first request was sent.
    pub start: Timestamp,
    /// When the last thing happened.
    pub end: Timestamp,
    /// How long a slot is.
    pub width: Duration,
    /// What happened in each, breaks left out.
    pub slots: Vec<Slot>,
    /// Times when nothing happened: when each began, and how long it was.
    pub breaks: Vec<(Timestamp, Duration)>,
    /// Requests that were sent, by call.
    pub calls: BTreeMap<String, CallStats>,
    /// How long was waited for the site's limit, altogether.
    pub waited: Duration,
}

/// What happened in a slot.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    /// Steps that were settled, in the order of [`Outcome::ALL`].
    pub settled: [u32; Outcome::ALL.len()],
    /// How long was waited for the site's limit.
    pub waited: Duration,
}

impl Slot {
    /// All steps that were settled.
    pub fn done(&self) -> u32 {
        self.settled.iter().sum()
    }
}

/// How often a call was sent.
#[derive(Clone, Debug, Default)]
pub struct CallStats {
    /// Requests sent.
    pub sent: u64,
    /// Refused for the rate.
    pub refused: u64,
}

impl Timeline {
    /// Reads it; `None` if nothing was sent.
    pub fn of(journal: &Journal, run: &Run) -> Result<Option<Self>, ReportError> {
        let mut first = First::default();
        journal.each_request(&run.id, |sent| first.add(sent))?;
        journal.each_settled(&run.id, |at, _| first.seen(at))?;
        let Some((start, end)) = first.start.zip(first.end) else { return Ok(None) };
        let idle: Duration = first.breaks.iter().map(|(_, length)| *length).sum();
        let active = between(start, end).saturating_sub(idle);
        let width = (active / SLOTS).max(Duration::from_secs(1));
        let many = (active.as_secs_f64() / width.as_secs_f64()).floor() as usize + 1;
        let mut found = Self {
            start,
            end,
            width,
            slots: vec![Slot::default(); many.min(SLOTS as usize + 1)],
            breaks: first.breaks,
            calls: first.calls,
            waited: Duration::ZERO,
        };
        journal.each_settled(&run.id, |at, outcome| found.settled(at, outcome))?;
        let mut waits = Waiting::default();
        journal.each_request(&run.id, |sent| {
            if let Some((from, to)) = waits.add(&sent) {
                found.waited(from, to);
            }
        })?;
        Ok(Some(found))
    }

    /// How much of the picture's time has gone by then.
    fn active(&self, at: Timestamp) -> Duration {
        let mut gone = between(self.start, at);
        for (from, length) in &self.breaks {
            gone = gone.saturating_sub(between(*from, at).min(*length));
        }
        gone
    }

    /// Where in the picture a moment is, from 0 to 1.
    pub fn place(&self, at: Timestamp) -> f64 {
        let all = self.width.as_secs_f64() * self.slots.len() as f64;
        (self.active(at).as_secs_f64() / all).clamp(0.0, 1.0)
    }

    fn slot(&self, at: Timestamp) -> usize {
        let slot = (self.active(at).as_secs_f64() / self.width.as_secs_f64()) as usize;
        slot.min(self.slots.len() - 1)
    }

    fn settled(&mut self, at: Timestamp, outcome: Outcome) {
        let slot = self.slot(at);
        if let Some(place) = Outcome::ALL.iter().position(|known| *known == outcome) {
            self.slots[slot].settled[place] += 1;
        }
    }

    /// Spreads a wait over the slots it lies in.
    fn waited(&mut self, from: Timestamp, to: Timestamp) {
        let (mut from, to) = (self.active(from), self.active(to));
        self.waited += to.saturating_sub(from);
        while from < to {
            let slot = (from.as_secs_f64() / self.width.as_secs_f64()) as usize;
            let slot = slot.min(self.slots.len() - 1);
            let end = self.width * (slot as u32 + 1);
            let part = if slot + 1 == self.slots.len() { to - from } else { end.min(to) - from };
            self.slots[slot].waited += part;
            // A slot's end that rounding puts at its beginning must not hold us here.
            from += part.max(Duration::from_micros(1));
        }
    }
}

/// The first reading: beginning, end, breaks, calls.
#[derive(Default)]
struct First {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    /// The last answer so far was a refusal for the rate.
    refused: bool,
    breaks: Vec<(Timestamp, Duration)>,
    calls: BTreeMap<String, CallStats>,
}

impl First {
    fn add(&mut self, sent: Sent) {
        let at = sent.ended.unwrap_or(sent.started);
        if let Some(end) = self.end {
            let gap = between(end, at);
            let most = if self.refused { LONGEST_WAIT } else { IDLE };
            if gap > most {
                self.breaks.push((end, gap));
            }
        }
        self.refused = sent.status == Some(429);
        // The first request's start counts; later ones may have waited through a break.
        if self.start.is_none() {
            self.seen(sent.started);
        }
        self.seen(at);
        let call = self.calls.entry(sent.call).or_default();
        call.sent += 1;
        call.refused += u64::from(self.refused);
    }

    fn seen(&mut self, at: Timestamp) {
        self.start = Some(self.start.map_or(at, |start| start.min(at)));
        self.end = Some(self.end.map_or(at, |end| end.max(at)));
    }
}

/// Which calls are being waited for.
#[derive(Default)]
struct Waiting {
    calls: BTreeMap<String, Silence>,
    /// Waits are counted up to here: calls that wait at the same time count once.
    told: Option<Timestamp>,
}

/// What is known of one call.
#[derive(Default)]
struct Silence {
    last: Option<Timestamp>,
    refused: Option<Timestamp>,
}

impl Waiting {
    /// A wait that this answer ends.
    fn add(&mut self, sent: &Sent) -> Option<(Timestamp, Timestamp)> {
        let at = sent.ended?;
        let call = self.calls.entry(sent.call.clone()).or_default();
        let silent = call.last.filter(|last| between(*last, at) >= SILENCE);
        let waited = silent
            .filter(|last| call.refused.is_some_and(|refused| between(refused, *last) <= TAIL));
        call.last = Some(call.last.map_or(at, |last| last.max(at)));
        if sent.status == Some(429) {
            call.refused = Some(at);
        } else if waited.is_some() {
            call.refused = None;
        }
        let from = waited?;
        let from = self.told.map_or(from, |told| told.max(from));
        self.told = Some(at);
        Some((from, at)).filter(|(from, to)| from < to)
    }
}

/// From one moment to a later one; nothing if it is not later.
fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + ms).unwrap()
    }

    fn sent(from: i64, to: i64, status: u16) -> Sent {
        let (started, ended) = (at(from), Some(at(to)));
        Sent { call: "POST /x".into(), started, ended, status: Some(status) }
    }

    fn empty(seconds: usize) -> Timeline {
        Timeline {
            start: at(0),
            end: at(seconds as i64 * 1000),
            width: Duration::from_secs(1),
            slots: vec![Slot::default(); seconds],
            breaks: Vec::new(),
            calls: BTreeMap::new(),
            waited: Duration::ZERO,
        }
    }

    #[test]
    fn a_wait_is_a_silence_after_a_refusal() {
        let mut waiting = Waiting::default();
        let mut found = Vec::new();
        // Refused at 100, two more answers under way, then nothing until 2200; a pause at the end
        // that was not requested.
        for (to, status) in
            [(50, 201), (100, 429), (110, 201), (200, 201), (2200, 201), (2210, 201), (9000, 201)]
        {
            found.extend(waiting.add(&sent(0, to, status)));
        }
        assert_eq!(found, [(at(200), at(2200))]);
        let mut line = empty(3);
        line.waited(at(200), at(2200));
        let slots: Vec<_> = line.slots.iter().map(|slot| slot.waited.as_millis()).collect();
        assert_eq!(slots, [800, 1000, 200]);
        assert_eq!(line.waited, Duration::from_secs(2));
    }

    #[test]
    fn a_break_is_taken_out_and_a_wait_is_not() {
        let mut first = First::default();
        let hour = 60 * 60 * 1000;
        first.add(sent(0, 100, 201));
        first.add(sent(200, hour, 429));
        first.add(sent(hour, 2 * hour, 201));
        assert_eq!(first.breaks, [(at(100), Duration::from_millis(hour as u64 - 100))]);
        assert_eq!((first.start, first.end), (Some(at(0)), Some(at(2 * hour))));
        let mut line = empty(10);
        line.breaks = vec![(at(2000), Duration::from_secs(60))];
        assert_eq!(line.slot(at(1500)), 1);
        assert_eq!(line.slot(at(30_000)), 2);
        assert_eq!(line.slot(at(65_000)), 5);
    }
}
