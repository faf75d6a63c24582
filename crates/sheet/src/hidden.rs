//! Rows that a person does not see in the spreadsheet program.

/// Why rows are hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// A filter of the sheet or of a table hides them.
    ByFilter,
    /// They belong to a group of rows that is collapsed.
    InGroup,
    /// They were hidden by hand, or have no height.
    ByHand,
}

/// Rows that are hidden one after the other for one reason, and hold something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenRows {
    /// The first row, from 1.
    pub first: u64,
    /// The last row, from 1.
    pub last: u64,
    /// How many of them hold something.
    pub filled: u64,
    /// Why.
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
