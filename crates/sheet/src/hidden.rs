//! Rows that are hidden in the spreadsheet program.

/// The reason why rows are hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// A filter of the sheet or of a table hides them.
    ByFilter,
    /// They belong to a collapsed group of rows.
    InGroup,
    /// They were hidden by hand, or have no height.
    ByHand,
}

/// Consecutive rows that are hidden for the same reason; at least one is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenRows {
    /// The first row, from 1.
    pub first: u64,
    /// The last row, from 1.
    pub last: u64,
    /// How many of them are not empty.
    pub filled: u64,
    /// Why they are hidden.
    pub why: Hidden,
}

impl std::fmt::Display for HiddenRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (is_or_are, why) = match self.why {
            Hidden::ByFilter => ("hidden by a filter", ""),
            Hidden::InGroup => ("hidden", " in a collapsed group"),
            Hidden::ByHand => ("hidden", ""),
        };
        match self.first == self.last {
            true => write!(f, "row {} is {is_or_are}{why}", self.first),
            false => write!(f, "rows {} to {} are {is_or_are}{why}", self.first, self.last),
        }
    }
}
