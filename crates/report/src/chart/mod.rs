//! The chart kit of report and page: SVG without style attributes, because the content security policies of both forbid
//! them. Classes give the colors.

mod bar;
mod calls;
mod histogram;
mod rate;
mod throughput;

use headcount_model::outcome::Outcome;

pub use bar::{Part, bar};
pub use calls::calls;
pub use histogram::{Histogram, Labels, histogram};
pub use rate::rate;
pub use throughput::{Column, Throughput};

/// The parts of a column from the ground up: outcome, start and height. `unit` is the height of one row.
pub fn stack(settled: &[f64; Outcome::ALL.len()], unit: f64) -> Vec<(Outcome, f64, f64)> {
    let mut from = 0.0;
    let mut parts = Vec::new();
    for (outcome, many) in Outcome::ALL.into_iter().zip(settled) {
        let tall = many * unit;
        if tall > 0.0 {
            parts.push((outcome, from, tall));
            from += tall;
        }
    }
    parts
}
