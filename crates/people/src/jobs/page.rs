//! A job's tile on the page.

/// The heading of the start page that has a job's tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Jobs on users.
    People,
    /// Jobs on groups.
    Groups,
}

/// A job's tile.
#[derive(Debug)]
pub struct Tile {
    /// Its name in addresses.
    pub key: &'static str,
    /// Its heading on the start page.
    pub area: Area,
    /// Its title.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// The content of a row of its spreadsheet.
    pub needs: &'static str,
    /// The paths of its icon, in a box of 24 by 24.
    pub picture: &'static str,
}
