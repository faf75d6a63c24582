//! Throughput: how many rows were settled in each stretch of time, and when the site asked for a pause.

use headcount_journal::Course;

/// Columns of the picture at most.
const COLUMNS: usize = 120;

/// Seconds without anything that are drawn; a longer silence (a pause, a night) is cut to it.
const SILENCE: i64 = 20;

/// A column: some seconds side by side.
#[derive(Clone, Default)]
pub struct Column {
    /// Rows settled, by outcome in the order of `Outcome::ALL`.
    pub settled: [u64; 5],
    /// The site asked for a pause.
    pub waited: bool,
}

/// A course folded into columns of equal width.
pub struct Throughput {
    /// The columns, the first second first.
    pub columns: Vec<Column>,
    /// Seconds of a column.
    pub seconds: i64,
}

impl Throughput {
    /// Folds a course; `waits` are seconds in which nothing was sent because the site said so.
    pub fn of(course: &Course, waits: &[(i64, i64)]) -> Self {
        let mut seconds: Vec<i64> =
            course.settled.keys().chain(course.refused.keys()).copied().collect();
        for (from, until) in waits {
            // A wait of hours is a silence like any other.
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
            let waited = course.refused.contains_key(&second) || waits.iter().any(in_wait);
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
        Self { columns: columns.collect(), seconds: wide as i64 }
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
        let Throughput { columns: drawn, seconds } = Throughput::of(&course, &[]);
        assert_eq!((drawn.len() as i64, seconds), (3 + SILENCE, 1));
        let all: u64 = drawn.iter().flat_map(|column| column.settled).sum();
        assert_eq!(all, 3);
    }

    #[test]
    fn a_long_run_is_drawn_in_few_columns() {
        let mut course = Course::default();
        (0..10_000).for_each(|second| course.settle(second, Outcome::Failed));
        let Throughput { columns: drawn, seconds } = Throughput::of(&course, &[(5, 8)]);
        assert!(drawn.len() <= COLUMNS);
        assert_eq!(seconds, 84);
        assert!(drawn[0].waited && !drawn[1].waited);
    }
}
