//! How the page offers a job.

/// Under which heading the start page has a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// What is done to users.
    People,
    /// What is done to groups.
    Groups,
}

/// A job as the page offers it.
#[derive(Debug)]
pub struct Tile {
    /// Its name in addresses.
    pub key: &'static str,
    /// Where it is.
    pub area: Area,
    /// What it is called.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// What a row of its spreadsheet holds.
    pub needs: &'static str,
    /// The paths of its picture, in a box of 24 by 24.
    pub picture: &'static str,
}
