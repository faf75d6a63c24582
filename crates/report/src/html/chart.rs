//! Charts as SVG, without style attributes, which the page's policy forbids; colors by class.

use headcount_model::outcome::Counts;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::page::{MEANINGS, of, word};
use crate::chart::stack;
use crate::numbers::{duration, number, rate as rate_words};
use crate::timeline::Timeline;

/// The drawing's size, in its own units.
const WIDE: f64 = 720.0;
/// Room for the scale at the left.
const LEFT: f64 = 50.0;

/// All rows as one bar.
pub fn outcomes(counts: &Counts) -> Markup {
    let all = counts.rows.max(1) as f64;
    let mut at = 0.0;
    let parts: Vec<_> = MEANINGS
        .iter()
        .filter_map(|(outcome, _)| {
            let count = of(counts, *outcome);
            // One row of a million must stay visible.
            let wide = if count == 0 { return None } else { (count as f64 / all * WIDE).max(3.0) };
            let from = at;
            at += wide;
            Some((word(*outcome), count, from, wide))
        })
        .collect();
    let scale = WIDE / at.max(1.0);
    let told: Vec<_> =
        parts.iter().map(|(word, count, ..)| format!("{} {word}", number(*count))).collect();
    html! {
        svg.bar role="img" viewBox="0 0 720 28" preserveAspectRatio="none" aria-label=(told.join(", ")) {
            @for (word, count, from, wide) in &parts {
                rect.(word) x=(pos(from * scale)) y="0" width=(pos(wide * scale)) height="28" {
                    title { (number(*count)) " " (word) }
                }
            }
        }
    }
}

/// Steps per second over time, by outcome.
pub fn rate(line: &Timeline, zone: &TimeZone) -> Markup {
    let seconds = line.width.as_secs_f64();
    let most = line.slots.iter().map(|slot| f64::from(slot.done()) / seconds).fold(0.0, f64::max);
    let top = nice(most);
    let (high, slot_wide) = (150.0, (WIDE - LEFT) / line.slots.len() as f64);
    let told = format!(
        "At most {} steps per second, over {}.",
        rate_words(most),
        duration(line.width * line.slots.len() as u32)
    );
    html! {
        figure {
            figcaption { "Steps per second" }
            svg.chart role="img" viewBox="0 0 720 196" aria-label=(told) {
                @for part in 0..=2 {
                    @let y = 10.0 + high * f64::from(part) / 2.0;
                    line.grid x1=(pos(LEFT)) x2="720" y1=(pos(y)) y2=(pos(y)) {}
                    text.scale x=(pos(LEFT - 6.0)) y=(pos(y + 4.0)) text-anchor="end" {
                        (rate_words(top * f64::from(2 - part) / 2.0))
                    }
                }
                @for (n, slot) in line.slots.iter().enumerate() {
                    @let x = LEFT + slot_wide * n as f64;
                    @for (outcome, from, tall) in stack(&slot.settled.map(f64::from), high / seconds / top) {
                        rect.(outcome.word()) x=(pos(x)) y=(pos(10.0 + high - from - tall))
                            width=(pos((slot_wide - gap(slot_wide)).max(0.5))) height=(pos(tall)) {}
                    }
                }
                (times(line, zone, 10.0 + high))
                (breaks(line, 10.0 + high))
            }
        }
    }
}

/// The share of time that was spent waiting for the site's limit.
pub fn waits(line: &Timeline, zone: &TimeZone) -> Markup {
    let (high, slot_wide) = (44.0, (WIDE - LEFT) / line.slots.len() as f64);
    let told = format!("{} of waiting in total.", duration(line.waited));
    html! {
        figure {
            figcaption { "Waiting for the site's rate limit, share of the time" }
            svg.chart role="img" viewBox="0 0 720 90" aria-label=(told) {
                @for (part, words) in [(0.0, "100%"), (1.0, "0")] {
                    @let y = 10.0 + high * part;
                    line.grid x1=(pos(LEFT)) x2="720" y1=(pos(y)) y2=(pos(y)) {}
                    text.scale x=(pos(LEFT - 6.0)) y=(pos(y + 4.0)) text-anchor="end" { (words) }
                }
                @for (n, slot) in line.slots.iter().enumerate() {
                    @let share = slot.waited.as_secs_f64() / line.width.as_secs_f64();
                    @let tall = high * share.min(1.0);
                    @if tall > 0.0 {
                        rect.wait x=(pos(LEFT + slot_wide * n as f64)) y=(pos(10.0 + high - tall))
                            width=(pos((slot_wide - gap(slot_wide)).max(0.5))) height=(pos(tall)) {}
                    }
                }
                (times(line, zone, 10.0 + high))
                (breaks(line, 10.0 + high))
            }
        }
    }
}

/// The clock below a chart: its beginning, middle and end.
fn times(line: &Timeline, zone: &TimeZone, y: f64) -> Markup {
    let middle = line.slots.len() > 8 && line.breaks.is_empty();
    let half = line.start.checked_add(jiff::SignedDuration::from_secs_f64(
        line.width.as_secs_f64() * line.slots.len() as f64 / 2.0,
    ));
    html! {
        text.scale x=(pos(LEFT)) y=(pos(y + 20.0)) { (clock(line.start, zone)) }
        @if let (true, Ok(half)) = (middle, half) {
            text.scale x=(pos(LEFT + (WIDE - LEFT) / 2.0)) y=(pos(y + 20.0)) text-anchor="middle" {
                (clock(half, zone))
            }
        }
        text.scale x="720" y=(pos(y + 20.0)) text-anchor="end" { (clock(line.end, zone)) }
    }
}

/// Long breaks, with their length.
fn breaks(line: &Timeline, y: f64) -> Markup {
    html! {
        @for (from, length) in &line.breaks {
            @let x = LEFT + (WIDE - LEFT) * line.place(*from);
            line.break x1=(pos(x)) x2=(pos(x)) y1="4" y2=(pos(y)) {
                title { "break of " (duration(*length)) }
            }
            text.scale x=(pos(x)) y=(pos(y + 34.0)) text-anchor=(anchor(x)) {
                "break: " (duration(*length))
            }
        }
    }
}

fn anchor(x: f64) -> &'static str {
    if x < 140.0 {
        "start"
    } else if x > 640.0 {
        "end"
    } else {
        "middle"
    }
}

fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

fn gap(wide: f64) -> f64 {
    if wide > 4.0 { 1.0 } else { 0.0 }
}

/// The next round number that is easy to halve.
fn nice(most: f64) -> f64 {
    let power = 10_f64.powf(most.max(1.0).log10().floor());
    let step = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].into_iter().find(|step| step * power >= most);
    step.unwrap_or(10.0) * power
}

/// A coordinate with one decimal.
fn pos(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_large_enough() {
        for (most, top) in [
            (0.0, 1.0),
            (0.4, 1.0),
            (1.0, 1.0),
            (3.0, 4.0),
            (12.0, 20.0),
            (52.0, 60.0),
            (99.0, 100.0),
        ] {
            assert_eq!(nice(most), top, "{most}");
        }
    }

    #[test]
    fn one_row_of_many_is_seen() {
        let counts = Counts { rows: 1_000_000, changed: 999_999, failed: 1, ..Counts::default() };
        let svg = outcomes(&counts).into_string();
        assert!(svg.contains("class=\"failed\""), "{svg}");
        assert!(svg.contains("width=\"3.0\""), "{svg}");
    }
}
