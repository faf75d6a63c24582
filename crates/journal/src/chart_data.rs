//! The data of a run's charts: outcomes by second, and response times by call.
//!
//! The data grows with the seconds and calls of a run, not with its rows. Only to find the median, all response times
//! are in memory at once (eight bytes a request).

use std::collections::BTreeMap;

use super::error::JournalError;
use super::journal::Journal;
use super::run::RunId;
use super::step::{Sent, SettledStep};
use headcount_model::outcome::Outcome;

/// The data of a run's charts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// How many steps ended in each second (Unix time), by outcome in the order of [`Outcome::ALL`].
    pub settled: BTreeMap<i64, [u64; 5]>,
    /// How many requests the site refused because of its rate limit (429) in each second.
    pub refused: BTreeMap<i64, u64>,
    /// The response times of each call.
    pub calls: Vec<CallTimes>,
}

/// The response times of one call, in milliseconds. A time begins when the journal records the start and ends when it
/// records the answer, so it includes the wait for the pace.
#[derive(Clone, Debug, PartialEq)]
pub struct CallTimes {
    /// Method and path.
    pub call: String,
    /// Requests with an answer.
    pub many: u64,
    /// How many of them were refused because of the rate limit.
    pub refused: u64,
    /// The median.
    pub median: f64,
    /// The 95th percentile.
    pub most: f64,
    /// The longest.
    pub longest: f64,
}

impl Course {
    /// Counts a step that ended in this second.
    pub fn settle(&mut self, second: i64, outcome: Outcome) {
        let at = Outcome::ALL.iter().position(|known| *known == outcome).unwrap_or(0);
        self.settled.entry(second).or_default()[at] += 1;
    }
}

impl Journal {
    /// The data of a run's charts.
    pub fn course(&self, run: &RunId) -> Result<Course, JournalError> {
        let (mut course, mut calls) = (Course::default(), Calls::default());
        self.each_settled(run, |step| {
            if step.sent {
                course.settle(step.at.as_second(), step.outcome);
            }
        })?;
        self.each_request(run, u32::MAX, |sent| {
            if let (Some(ended), Some(TOO_MANY)) = (sent.ended, sent.status) {
                *course.refused.entry(ended.as_second()).or_default() += 1;
            }
            calls.add(sent);
        })?;
        course.calls = calls.times();
        Ok(course)
    }

    /// The response times of each call, of the newest requests or of all.
    pub fn call_times(
        &self,
        run: &RunId,
        newest: Option<u32>,
    ) -> Result<Vec<CallTimes>, JournalError> {
        let mut calls = Calls::default();
        self.each_request(run, newest.unwrap_or(u32::MAX), |sent| calls.add(sent))?;
        Ok(calls.times())
    }

    /// Passes the newest requests of a run to `tell`, at most `newest`, the last one first. There may be millions.
    pub fn each_request(
        &self,
        run: &RunId,
        newest: u32,
        mut tell: impl FnMut(Sent),
    ) -> Result<(), JournalError> {
        self.store().each_request(run, newest, &mut tell)
    }

    /// Passes the settled steps that have a time to `tell`, in no order.
    pub fn each_settled(
        &self,
        run: &RunId,
        mut tell: impl FnMut(SettledStep),
    ) -> Result<(), JournalError> {
        self.store().each_settled(run, &mut tell)
    }
}

/// The status of a refusal for the rate limit.
const TOO_MANY: u16 = 429;

/// For each call, the response times in milliseconds, and how many requests were refused because of the rate limit.
#[derive(Default)]
struct Calls(BTreeMap<String, (Vec<f64>, u64)>);

impl Calls {
    fn add(&mut self, sent: Sent) {
        let (Some(ended), Some(status)) = (sent.ended, sent.status) else { return };
        let took = ended.duration_since(sent.started).as_secs_f64() * 1_000.0;
        let (times, refused) = self.0.entry(sent.call).or_default();
        times.push(took.max(0.0));
        *refused += u64::from(status == TOO_MANY);
    }

    fn times(self) -> Vec<CallTimes> {
        let times = |(call, (mut times, refused)): (String, (Vec<f64>, u64))| {
            times.sort_by(f64::total_cmp);
            let at = |share: f64| {
                let place = (times.len() as f64 * share).ceil() as usize;
                times[place.clamp(1, times.len()) - 1]
            };
            let (median, most, longest) = (at(0.5), at(0.95), at(1.0));
            CallTimes { call, many: times.len() as u64, refused, median, most, longest }
        };
        self.0.into_iter().map(times).collect()
    }
}
