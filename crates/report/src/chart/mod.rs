//! The chart kit: what the report and the page draw of a run, as SVG without style attributes (the
//! policies of both forbid them). Colors come by class.

mod bar;
mod calls;
mod rate;
mod throughput;

use headcount_model::outcome::Outcome;

pub use bar::{Part, bar};
pub use calls::calls;
pub use rate::rate;
pub use throughput::{Column, Throughput};

/// The parts of a column from the ground up: the outcome, from where, how tall; `unit` is the height of
/// one row.
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
