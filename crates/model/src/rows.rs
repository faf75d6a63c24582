//! Some rows of a run, by their numbers, as people write them: `3, 7-9`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Some rows: their numbers, from 1. Written `3,7-9`; kept in order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rows(Vec<(u64, u64)>);

/// Why a text names no rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a list of rows; write their numbers, such as 3,7-9")]
pub struct NoRows(String);

impl Rows {
    /// These rows.
    pub fn of(numbers: impl IntoIterator<Item = u64>) -> Self {
        Self::from_ranges(numbers.into_iter().map(|number| (number, number)).collect())
    }

    fn from_ranges(mut ranges: Vec<(u64, u64)>) -> Self {
        ranges.sort_unstable();
        let mut all: Vec<(u64, u64)> = Vec::new();
        for (from, to) in ranges {
            match all.last_mut() {
                Some((_, last)) if from <= last.saturating_add(1) => *last = to.max(*last),
                _ => all.push((from, to)),
            }
        }
        Self(all)
    }

    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self::from_ranges(self.0.into_iter().chain(other.0).collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this row is one of them.
    pub fn contains(&self, row: u64) -> bool {
        let after = self.0.partition_point(|(from, _)| *from <= row);
        after.checked_sub(1).is_some_and(|at| row <= self.0[at].1)
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().flat_map(|(from, to)| *from..=*to)
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        self.0
            .iter()
            .fold(0, |sum: u64, (from, to)| sum.saturating_add(to - from).saturating_add(1))
    }

    /// The last of them.
    pub fn last(&self) -> Option<u64> {
        self.0.last().map(|(_, to)| *to)
    }
}

impl FromStr for Rows {
    type Err = NoRows;

    fn from_str(text: &str) -> Result<Self, NoRows> {
        let wrong = || NoRows(text.trim().to_owned());
        let number = |text: &str| text.trim().parse().ok().filter(|number| *number > 0);
        let mut ranges = Vec::new();
        for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            let (from, to) = part.split_once(['-', '–']).unwrap_or((part, part));
            let (from, to): (u64, u64) = number(from).zip(number(to)).ok_or_else(wrong)?;
            if from > to {
                return Err(wrong());
            }
            ranges.push((from, to));
        }
        if ranges.is_empty() { Err(wrong()) } else { Ok(Self::from_ranges(ranges)) }
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (from, to)) in self.0.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            match from == to {
                true => write!(f, "{comma}{from}")?,
                false => write!(f, "{comma}{from}-{to}")?,
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for Rows {
    type Error = NoRows;

    fn try_from(text: String) -> Result<Self, NoRows> {
        text.parse()
    }
}

impl From<Rows> for String {
    fn from(rows: Rows) -> Self {
        rows.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_people_write_them_and_written_in_order() {
        for (text, wanted) in [
            ("3", "3"),
            (" 7 - 9, 3 ", "3, 7-9"),
            ("1,2,3;5", "1-3, 5"),
            ("4-6,1-5", "1-6"),
            ("2–3", "2-3"),
        ] {
            let rows: Rows = text.parse().unwrap();
            assert_eq!(rows.to_string(), wanted, "{text}");
            assert_eq!(rows.to_string().parse::<Rows>().unwrap(), rows);
        }
        let rows: Rows = "3,7-9".parse().unwrap();
        let all: Vec<u64> = (0..12).filter(|row| rows.contains(*row)).collect();
        assert_eq!((&all, rows.last(), rows.count()), (&vec![3, 7, 8, 9], Some(9), 4));
        assert_eq!(rows.iter().collect::<Vec<_>>(), all);
        assert_eq!(Rows::of([2, 1, 9]).and("5-8".parse().unwrap()).to_string(), "1-2, 5-9");
    }

    #[test]
    fn what_names_no_rows_is_refused() {
        for text in ["", " , ", "0", "x", "3-", "-3", "9-7", "1.5", "3,x"] {
            assert!(text.parse::<Rows>().is_err(), "{text}");
        }
    }
}
