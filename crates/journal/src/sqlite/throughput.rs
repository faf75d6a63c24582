//! How a run went, second by second and call by call: for pictures.
//!
//! What grows here grows with the seconds a run lasted and with its calls, not with its rows; only
//! the times of answers are held at once (eight bytes a request) to find their middle.

use std::collections::BTreeMap;

use super::store::Journal;
use crate::error::JournalError;
use crate::run::RunId;
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
        let mut course = Course::default();
        let settled: Vec<(i64, String, i64)> = self.list(
            "SELECT unixepoch(settled_at) AS second, outcome, count(*) FROM steps
             WHERE run = ? AND settled_at IS NOT NULL AND attempts > 0 GROUP BY second, outcome",
            [run.number],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        for (second, outcome, many) in settled {
            let at = Outcome::ALL.iter().position(|known| known.word() == outcome).unwrap_or(0);
            course.settled.entry(second).or_default()[at] += many as u64;
        }
        let refused: Vec<(i64, i64)> = self.list(
            "SELECT unixepoch(ended_at) AS second, count(*) FROM requests
             WHERE run = ? AND status = 429 AND ended_at IS NOT NULL GROUP BY second",
            [run.number],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        course.refused = refused.into_iter().map(|(at, many)| (at, many as u64)).collect();
        course.calls = self.call_times(run, None)?;
        Ok(course)
    }

    /// The response times of each call, over the newest requests or all.
    pub fn call_times(
        &self,
        run: &RunId,
        newest: Option<u32>,
    ) -> Result<Vec<CallTimes>, JournalError> {
        const MILLISECONDS: f64 = 24.0 * 60.0 * 60.0 * 1000.0;
        let mut calls: BTreeMap<String, (Vec<f64>, u64)> = BTreeMap::new();
        let newest = newest.map_or(-1, i64::from);
        let times: Vec<(String, f64, bool)> = self.list(
            "SELECT call, julianday(ended_at) - julianday(sent_at), status IS 429 FROM requests
             WHERE run = ? AND ended_at IS NOT NULL AND status IS NOT NULL
             ORDER BY request DESC LIMIT ?",
            [run.number, newest],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        for (call, days, refused) in times {
            let (times, refusals) = calls.entry(call).or_default();
            times.push((days * MILLISECONDS).max(0.0));
            *refusals += u64::from(refused);
        }
        Ok(calls
            .into_iter()
            .map(|(call, (mut times, refused))| {
                times.sort_by(f64::total_cmp);
                let at = |share: f64| {
                    let place = (times.len() as f64 * share).ceil() as usize;
                    times[place.clamp(1, times.len()) - 1]
                };
                let (median, most, longest) = (at(0.5), at(0.95), at(1.0));
                CallTimes { call, many: times.len() as u64, refused, median, most, longest }
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NewRun;
    use headcount_model::job::Job;
    use headcount_model::reason::Reason;
    use headcount_model::step::Verdict;

    #[test]
    fn a_course_tells_when_rows_were_settled_and_how_long_calls_took() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let time = |second: i64, thousandths: i32| {
            jiff::Timestamp::new(1_800_000_000 + second, thousandths * 1_000_000).unwrap()
        };
        let new = NewRun {
            job: Job::AddMembers,
            site: "https://acme.atlassian.net".into(),
            organization: None,
            profile: "acme".into(),
            input: "people.csv".into(),
            headings: vec!["Email".into()],
            options: serde_json::json!({}),
            undoes: None,
            at: time(0, 0),
        };
        let (run, _lock) = journal.begin(&new).unwrap();
        let mut batch = journal.batch(&run.id).unwrap();
        for row in 1..=3 {
            batch.add_row(row, row + 1, &[row.to_string()]).unwrap();
            batch.add_step(row, &crate::sqlite::tests::step(&row.to_string())).unwrap();
        }
        batch.commit().unwrap();
        journal.seal(&run.id, time(0, 0)).unwrap();
        journal.start(&run.id, time(1, 0)).unwrap();
        let mut batch = journal.batch(&run.id).unwrap();
        for step in 1..=3 {
            batch.start(step, "POST /group/user", time(1, 0)).unwrap();
        }
        let done = Verdict::new(Outcome::Changed, Reason::Done, "").with_status(Some(201));
        batch.settle(1, &done, time(1, 100)).unwrap();
        batch.settle(2, &done, time(1, 300)).unwrap();
        batch.unsend(3, "too many", Some(429), time(2, 0)).unwrap();
        batch.commit().unwrap();
        let course = journal.course(&run.id).unwrap();
        assert_eq!(course.settled, BTreeMap::from([(1_800_000_001, [2, 0, 0, 0, 0])]));
        assert_eq!(course.refused, BTreeMap::from([(1_800_000_002, 1)]));
        let [call] = course.calls.as_slice() else { panic!("{:?}", course.calls) };
        assert_eq!((call.many, call.refused), (3, 1));
        for (found, wanted) in [(call.median, 300.0), (call.most, 1000.0), (call.longest, 1000.0)] {
            assert!((found - wanted).abs() < 1.0, "{found} is not {wanted}");
        }
        let newest = journal.call_times(&run.id, Some(1)).unwrap();
        assert_eq!((newest[0].many, newest[0].refused), (1, 1));
    }
}
