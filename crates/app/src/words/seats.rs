//! The seats that a plan takes, in words.

use headcount_journal::Run;
use headcount_people::jobs::{self, Creates};

use super::thousands;

/// `6`, or `up to 6` if some of the users may already have the app.
pub fn seats_taken(run: &Run, seats: u64) -> String {
    let up_to = if jobs::of(run.job).creates == Creates::Users { "" } else { "up to " };
    format!("{up_to}{}", thousands(seats))
}

/// `, 12 left`, with the consequence if there are too few.
pub fn seats_short(seats: u64, left: Option<u64>) -> String {
    match left {
        None => String::new(),
        Some(0) => ", none left: the site will refuse them".to_owned(),
        Some(left) if left < seats => {
            format!(", {} left: the site will refuse the rest", thousands(left))
        }
        Some(left) => format!(", {} left", thousands(left)),
    }
}
