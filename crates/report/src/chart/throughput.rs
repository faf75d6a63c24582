//! Throughput: how many rows ended in each interval, and when the site asked for a wait.

use headcount_journal::Course;

/// The most columns of the chart.
const COLUMNS: usize = 120;

/// The most seconds without a row that are drawn; a longer pause, such as a night, is cut to it.
const SILENCE: i64 = 20;

/// A column: an interval of some seconds.
#[derive(Clone, Default)]
pub struct Column {
    /// How many rows ended, by outcome in the order of `Outcome::ALL`.
    pub settled: [u64; 5],
    /// Whether the site asked for a wait.
    pub waited: bool,
}

/// The longest wait after a refusal, in seconds. After a longer pause, the run was stopped.
const LONGEST_SHOWN_WAIT: i64 = 3 * 60 * 60;

/// The intervals in which the site's rate limit stopped the run, in seconds: from a refusal (429) until the next step
/// ended. The journal does not know what a request waited for.
pub fn waits(course: &Course) -> Vec<(i64, i64)> {
    let ended = |refused: i64| {
        let next = course.settled.range(refused + 1..).next().map(|(second, _)| *second);
        next.filter(|next| next - refused <= LONGEST_SHOWN_WAIT).unwrap_or(refused + 1)
    };
    merged(course.refused.keys().map(|refused| (*refused, ended(*refused))).collect())
}

/// Joins intervals that touch.
fn merged(mut stretches: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    stretches.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (from, until) in stretches {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => merged.push((from, until)),
        }
    }
    merged
}

/// A run's course in columns of equal width.
pub struct Throughput {
    /// The columns, in order of time.
    pub columns: Vec<Column>,
    /// The seconds of one column.
    pub seconds: i64,
    /// The seconds of all waits for the site's rate limit.
    pub waited: i64,
}

impl Throughput {
    /// Builds the columns. `more` are waits that the course does not show, such as one that is not over.
    pub fn of(course: &Course, more: &[(i64, i64)]) -> Self {
        let waits = merged(waits(course).into_iter().chain(more.iter().copied()).collect());
        let mut seconds: Vec<i64> =
            course.settled.keys().chain(course.refused.keys()).copied().collect();
        for (from, until) in &waits {
            // A wait of hours is cut like any other pause.
            seconds.extend(*from..=(*until).min(from + SILENCE));
        }
        seconds.sort_unstable();
        seconds.dedup();
        let mut drawn = Vec::new();
        let mut last = None;
        for second in seconds {
            let gap = last.map_or(0, |last: i64| (second - last - 1).min(SILENCE));
            drawn.extend(std::iter::repeat_n(Column::default(), gap as usize));
            let settled = course.settled.get(&second).copied().unwrap_or_default();
            let in_wait = |wait: &(i64, i64)| wait.0 <= second && second < wait.1;
            let waited = waits.iter().any(in_wait);
            drawn.push(Column { settled, waited });
            last = Some(second);
        }
        let wide = drawn.len().div_ceil(COLUMNS).max(1);
        let columns = drawn.chunks(wide).map(|seconds| {
            let mut column = Column::default();
            for second in seconds {
                column.waited |= second.waited;
                for (sum, more) in column.settled.iter_mut().zip(second.settled) {
                    *sum += more;
                }
            }
            column
        });
        let waited = waits.iter().map(|(from, until)| until - from).sum();
        Self { columns: columns.collect(), seconds: wide as i64, waited }
    }
}

#[cfg(test)]
mod tests {
    use headcount_model::outcome::Outcome;

    use super::*;

    #[test]
    fn a_night_between_two_stretches_is_cut_and_nothing_is_lost() {
        let mut course = Course::default();
        for second in [100, 101, 40_000] {
            course.settle(second, Outcome::Changed);
        }
        let Throughput { columns: drawn, seconds, .. } = Throughput::of(&course, &[]);
        assert_eq!((drawn.len() as i64, seconds), (3 + SILENCE, 1));
        let all: u64 = drawn.iter().flat_map(|column| column.settled).sum();
        assert_eq!(all, 3);
    }

    /// Two refusals before the next answer are one wait; a run that was stopped for a night waited a
    /// second; a wait that goes on now is not in the course.
    #[test]
    fn a_wait_lasts_from_a_refusal_to_the_next_answer() {
        let mut course = Course::default();
        for second in [100, 110, 200, 50_000] {
            course.settle(second, Outcome::Changed);
        }
        course.refused.extend([(101, 3), (103, 1), (200, 1)]);
        assert_eq!(waits(&course), [(101, 110), (200, 201)]);
        let told = Throughput::of(&course, &[(105, 112), (50_001, 50_004)]);
        assert_eq!(told.waited, 11 + 1 + 3);
        let marked = |second: i64| told.columns[(second - 100) as usize].waited;
        assert_eq!([100, 101, 109, 112].map(marked), [false, true, true, false]);
    }

    #[test]
    fn a_long_run_is_drawn_in_few_columns() {
        let mut course = Course::default();
        (0..10_000).for_each(|second| course.settle(second, Outcome::Failed));
        let Throughput { columns: drawn, seconds, .. } = Throughput::of(&course, &[(5, 8)]);
        assert!(drawn.len() <= COLUMNS);
        assert_eq!(seconds, 84);
        assert!(drawn[0].waited && !drawn[1].waited);
    }
}
