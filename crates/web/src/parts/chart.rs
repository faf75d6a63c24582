//! How a run went, drawn: rows a second by outcome, and when the site asked for a pause.
//!
//! The picture stretches with the page, so no text stands in it; what it shows is told in words
//! beside it.

use headcount_app::words::thousands;
use headcount_core::journal::{CallTimes, Course};
use headcount_core::values::outcome::Outcome;
use maud::{Markup, html};

/// Columns of the picture at most.
const COLUMNS: usize = 120;

/// Seconds without anything that are drawn; a longer silence (a pause, a night) is cut to it.
const SILENCE: i64 = 20;

/// A column: some seconds side by side.
#[derive(Clone, Default)]
struct Column {
    settled: [u64; 5],
    waited: bool,
}

/// The seconds of a course as columns, and how many seconds a column is.
fn columns(course: &Course, waits: &[(i64, i64)]) -> (Vec<Column>, i64) {
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
    (columns.collect(), wide as i64)
}

/// Fewer rows are no picture.
const LEAST: u64 = 10;

/// The picture with its words; nothing where there is too little to draw.
pub fn rate(course: &Course, waits: &[(i64, i64)]) -> Markup {
    const HIGH: f64 = 100.0;
    if course.settled.values().flatten().sum::<u64>() < LEAST {
        return html! {};
    }
    let (columns, seconds) = columns(course, waits);
    let rows = |column: &Column| column.settled.iter().sum::<u64>();
    let most = columns.iter().map(rows).max().unwrap_or(0);
    let waited = columns.iter().filter(|column| column.waited).count() as i64 * seconds;
    let (first, last) = (course.settled.keys().next(), course.settled.keys().last());
    let (Some(first), Some(last)) = (first, last) else { return html! {} };
    let seen = waits.iter().map(|(_, until)| until).chain(course.refused.keys());
    let last = seen.fold(last, |last, at| last.max(at));
    let lasted = columns.len() as i64 * seconds;
    let wide = columns.len().max(12) as f64;
    let peak = per_second(most as f64 / seconds as f64);
    let words = format!("Rows settled over {}; at most {peak} rows a second.", lasting(lasted));
    html! {
        figure.chart {
            figcaption {
                strong { "Rows a second" } span.faint { " – at most " (peak) }
            }
            svg role="img" aria-label=(words) viewBox={ "0 0 " (wide) " 108" } preserveAspectRatio="none" {
                line.grid x1="0" y1="25" x2=(wide) y2="25" {}
                line.grid x1="0" y1="50" x2=(wide) y2="50" {}
                line.grid x1="0" y1="75" x2=(wide) y2="75" {}
                @for (at, column) in columns.iter().enumerate() {
                    @for (word, top, high) in stack(column, most, HIGH) {
                        rect class={ "o-" (word) } x=(at) y=(format!("{top:.2}")) width="0.86" height=(format!("{high:.2}")) {}
                    }
                    @if column.waited { rect.waited x=(at) y="102" width="1" height="6" {} }
                }
                line.ground x1="0" y1="100" x2=(wide) y2="100" {}
            }
            div.axis {
                span { (clock(*first)) }
                @if waited > 0 {
                    span.held { span.dot.held {} "the site asked for a pause: " (lasting(waited)) }
                }
                span { (clock(*last)) }
            }
        }
    }
}

/// The parts of a column from the ground up: word, top, height.
fn stack(column: &Column, most: u64, high: f64) -> Vec<(&'static str, f64, f64)> {
    let mut top = high;
    let parts = Outcome::ALL.iter().zip(column.settled).filter(|(_, many)| *many > 0);
    parts
        .map(|(outcome, many)| {
            let part = many as f64 / most.max(1) as f64 * (high - 2.0);
            top -= part;
            (outcome.word(), top, part)
        })
        .collect()
}

/// How long each call took, as bars.
pub fn calls(calls: &[CallTimes]) -> Markup {
    html! {
        @if !calls.is_empty() {
            figure.chart {
                figcaption {
                    strong { "How long the site took" }
                    span.faint { " – each request, with its wait for a turn" }
                }
                div.scroll.bare tabindex="0" role="region" aria-label="How long the site took" {
                    (calls_table(calls))
                }
            }
        }
    }
}

fn calls_table(calls: &[CallTimes]) -> Markup {
    let longest = calls.iter().map(|call| call.most).fold(1.0, f64::max);
    let part = |time: f64| format!("{:.2}", (time / longest * 100.0).clamp(0.5, 100.0));
    html! {
        table.calls {
            thead {
                tr {
                    th scope="col" { "Call" } th.number scope="col" { "Requests" }
                    th.number scope="col" { "Half took at most" } th.number scope="col" { "19 of 20 took at most" }
                    th.wider scope="col" { span.hidden { "Picture" } }
                }
            }
            tbody {
                @for call in calls {
                    tr {
                        th scope="row" { code { (call.call) } }
                        td.number {
                            (thousands(call.many))
                            @if call.refused > 0 { br; span.faint { (thousands(call.refused)) " refused for the rate" } }
                        }
                        td.number { (milliseconds(call.median)) }
                        td.number { (milliseconds(call.most)) }
                        td {
                            svg.span aria-hidden="true" viewBox="0 0 100 12" preserveAspectRatio="none" {
                                rect.most x="0" y="3" width=(part(call.most)) height="6" {}
                                rect.median x="0" y="3" width=(part(call.median)) height="6" {}
                            }
                        }
                    }
                }
            }
        }
    }
}

fn milliseconds(time: f64) -> String {
    match time {
        time if time < 10.0 => format!("{time:.1} ms"),
        time if time < 1000.0 => format!("{time:.0} ms"),
        time => format!("{:.1} s", time / 1000.0),
    }
}

fn per_second(rate: f64) -> String {
    if rate < 10.0 { format!("{rate:.1}") } else { thousands(rate.round() as u64) }
}

fn lasting(seconds: i64) -> String {
    match seconds {
        seconds if seconds < 90 => format!("{seconds} s"),
        seconds => format!("{} min", (seconds + 30) / 60),
    }
}

/// The time of day of a second.
fn clock(second: i64) -> String {
    let at = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_between_two_stretches_is_cut_and_nothing_is_lost() {
        let mut course = Course::default();
        for second in [100, 101, 40_000] {
            course.settle(second, Outcome::Changed);
        }
        let (drawn, seconds) = columns(&course, &[]);
        assert_eq!((drawn.len() as i64, seconds), (3 + SILENCE, 1));
        let all: u64 = drawn.iter().flat_map(|column| column.settled).sum();
        assert_eq!(all, 3);
    }

    #[test]
    fn a_long_run_is_drawn_in_few_columns() {
        let mut course = Course::default();
        (0..10_000).for_each(|second| course.settle(second, Outcome::Failed));
        let (drawn, seconds) = columns(&course, &[(5, 8)]);
        assert!(drawn.len() <= COLUMNS);
        assert_eq!(seconds, 84);
        assert!(drawn[0].waited && !drawn[1].waited);
    }
}
