//! Groups: their ids and how names are compared.

use std::fmt;

use serde::{Deserialize, Serialize};

pub use super::spelling::name_key;

/// A group's id as Jira and the organization name it: usually a UUID, kept as the text it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupId(Box<str>);

impl GroupId {
    /// Takes the id as given; whether there is such a group only the site can tell.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The id as it is written in a request.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
