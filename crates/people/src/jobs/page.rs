//! How the page offers a job.

/// Under which heading the start page has a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// What is done to users.
    People,
    /// What is done to groups.
    Groups,
}

/// Which credential a job needs, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The organization's.
    Organization,
    /// Either one.
    Either,
}

impl Credential {
    /// In words, after "needs".
    pub fn words(self) -> &'static str {
        match self {
            Self::Organization => "an organization API key",
            Self::Either => "an API token or an organization API key",
        }
    }
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
    /// Which credential the site's profile must have.
    pub with: Credential,
    /// The paths of its picture, in a box of 24 by 24.
    pub picture: &'static str,
}
