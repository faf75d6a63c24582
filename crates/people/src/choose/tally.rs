//! How many users were looked at, listed and left out.

use std::collections::BTreeMap;

use super::judge::{LeftOut, Verdict};

/// The count of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Users that were looked at.
    pub looked_at: u64,
    /// Users that are listed.
    pub listed: u64,
    /// Users that are left out, by the reason.
    pub left_out: BTreeMap<LeftOut, u64>,
}

impl Tally {
    /// Counts a user; whether the user is listed.
    pub fn add(&mut self, verdict: Verdict) -> bool {
        self.looked_at += 1;
        match verdict {
            Verdict::Listed => self.listed += 1,
            Verdict::LeftOut(why) => *self.left_out.entry(why).or_default() += 1,
        }
        verdict == Verdict::Listed
    }
}
