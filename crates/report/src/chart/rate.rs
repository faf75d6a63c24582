//! The chart of a run over time: rows per second by outcome, and the times in which the site asked for a wait.
//!
//! The chart stretches with the page, so it has no text; the words are next to it.

use headcount_journal::Course;
use maud::{Markup, html};

use super::stack;
use super::throughput::{Column, Throughput};
use headcount_model::words::thousands;

/// With fewer rows, there is no chart.
const LEAST: u64 = 10;

/// With fewer columns, there is no chart.
const LEAST_COLUMNS: usize = 5;

/// The chart with its words; nothing if there is too little to draw.
pub fn rate(course: &Course, waits: &[(i64, i64)]) -> Markup {
    const HIGH: f64 = 100.0;
    if course.settled.values().flatten().sum::<u64>() < LEAST {
        return html! {};
    }
    let Throughput { columns, seconds, waited } = Throughput::of(course, waits);
    if columns.len() < LEAST_COLUMNS {
        return html! {};
    }
    let rows = |column: &Column| column.settled.iter().sum::<u64>();
    let most = columns.iter().map(rows).max().unwrap_or(0);
    let (first, last) = (course.settled.keys().next(), course.settled.keys().last());
    let (Some(first), Some(last)) = (first, last) else { return html! {} };
    let seen = waits.iter().map(|(_, until)| until).chain(course.refused.keys());
    let last = seen.fold(last, |last, at| last.max(at));
    let lasted = columns.len() as i64 * seconds;
    let wide = columns.len().max(12) as f64;
    let peak = per_second(most as f64 / seconds as f64);
    let words = format!("Rows settled over {}; at most {peak} rows per second.", lasting(lasted));
    html! {
        figure.chart {
            figcaption {
                strong { "Rows per second" } span.faint { " – at most " (peak) }
            }
            svg role="img" aria-label=(words) viewBox={ "0 0 " (wide) " 108" } preserveAspectRatio="none" {
                line.grid x1="0" y1="25" x2=(wide) y2="25" {}
                line.grid x1="0" y1="50" x2=(wide) y2="50" {}
                line.grid x1="0" y1="75" x2=(wide) y2="75" {}
                @for (at, column) in columns.iter().enumerate() {
                    @for (outcome, from, high) in stack(&column.settled.map(|many| many as f64), (HIGH - 2.0) / most.max(1) as f64) {
                        rect class={ "o-" (outcome.word()) } x=(at) y=(format!("{:.2}", HIGH - from - high)) width="0.86" height=(format!("{high:.2}")) {}
                    }
                    @if column.waited { rect.waited x=(at) y="102" width="1" height="6" {} }
                }
                line.ground x1="0" y1="100" x2=(wide) y2="100" {}
            }
            div.axis {
                span { (clock(*first)) }
                @if waited > 0 {
                    span.held { span.dot.held {} "waits that the site asked for: " (lasting(waited)) }
                }
                span { (clock(*last)) }
            }
        }
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

/// The time of day of a second (Unix time).
fn clock(second: i64) -> String {
    let at = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M:%S").to_string()
}
