//! Counts lines that are not read as rows, and lists the first of them.

use headcount_model::reading::{LeftOut, Why};

/// How many lines or rows are listed one by one.
const NAMED: usize = 8;

/// A count of lines. The first of them are kept as ranges.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    rows: u64,
    ranges: Vec<(u64, u64)>,
    has_more: bool,
}

impl Lines {
    pub(crate) fn add(&mut self, first: u64, last: u64) {
        if last < first {
            return;
        }
        self.rows += last - first + 1;
        let follows = |(_, end): &&mut (u64, u64)| *end + 1 == first;
        if let Some((_, end)) = self.ranges.last_mut().filter(follows).filter(|_| !self.has_more) {
            *end = last;
        } else if self.ranges.len() < NAMED {
            self.ranges.push((first, last));
        } else {
            self.has_more = true;
        }
    }

    pub(crate) fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    pub(crate) fn extend(&mut self, other: Self) {
        let rows = self.rows + other.rows;
        other.ranges.iter().for_each(|(first, last)| self.add(*first, *last));
        self.has_more |= other.has_more;
        self.rows = rows;
    }

    pub(crate) fn left_out(&self, why: Why) -> Option<LeftOut> {
        let range = |(first, last): &(u64, u64)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        };
        let mut lines = self.ranges.iter().map(range).collect::<Vec<_>>().join(", ");
        if self.has_more {
            lines.push_str(", …");
        }
        (self.rows > 0).then_some(LeftOut { rows: self.rows, lines, why })
    }
}
