//! How a run went, second by second and call by call: for pictures.
//!
//! What grows here grows with the seconds a run lasted and with its calls, not with its rows; only
//! the times of answers are held at once (eight bytes a request) to find their middle.

use std::collections::BTreeMap;

use super::error::JournalError;
use super::journal::Journal;
use super::run::RunId;
use super::step::{Sent, SettledStep};
use headcount_model::outcome::Outcome;

/// How a run went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Steps that were settled in a second (Unix time), by outcome in the order of
    /// [`Outcome::ALL`].
    pub settled: BTreeMap<i64, [u64; 5]>,
    /// Requests that the site refused for its rate limit (429) in a second.
    pub refused: BTreeMap<i64, u64>,
    /// How long each call took.
    pub calls: Vec<CallTimes>,
}

/// How long requests of one call took, from the moment they were journaled to that in which their
/// answer was: waiting for their turn is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct CallTimes {
    /// Method and path.
    pub call: String,
    /// Requests with an answer.
    pub many: u64,
    /// Of them, refused for the rate.
    pub refused: u64,
    /// Half of them took no longer, in milliseconds.
    pub median: f64,
    /// 19 of 20 took no longer.
    pub most: f64,
    /// None took longer.
    pub longest: f64,
}

impl Course {
    /// Adds a step that settled in this second.
    pub fn settle(&mut self, second: i64, outcome: Outcome) {
        let at = Outcome::ALL.iter().position(|known| *known == outcome).unwrap_or(0);
        self.settled.entry(second).or_default()[at] += 1;
    }
}

impl Journal {
    /// How a run went.
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

    /// The response times of each call, over the newest requests or all.
    pub fn call_times(
        &self,
        run: &RunId,
        newest: Option<u32>,
    ) -> Result<Vec<CallTimes>, JournalError> {
        let mut calls = Calls::default();
        self.each_request(run, newest.unwrap_or(u32::MAX), |sent| calls.add(sent))?;
        Ok(calls.times())
    }

    /// Tells the `newest` requests of a run one after the other, the last one first: it may have millions.
    pub fn each_request(
        &self,
        run: &RunId,
        newest: u32,
        mut tell: impl FnMut(Sent),
    ) -> Result<(), JournalError> {
        self.store().each_request(run, newest, &mut tell)
    }

    /// Tells the settled steps that have a time one after the other, in no order.
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

/// Milliseconds that requests with a response took, and how many were refused for the rate, by call.
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
