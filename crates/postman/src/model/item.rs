//! One request of a collection, with everything that it inherits from its folders.

use super::auth::Auth;
use super::behavior::Behavior;
use super::request::Request;
use super::script::Script;

/// A request in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestItem {
    /// Its id; made from its position if the file has none.
    pub id: String,
    /// Its name, which need not be unique.
    pub name: String,
    /// The description, for `request.description`.
    pub description: Option<String>,
    /// Its groups: the collection (0), then its folders.
    pub groups: Vec<usize>,
    /// The request.
    pub request: Request,
    /// Its scripts and those of its groups, in the order of running.
    pub scripts: Vec<Script>,
    /// Its credentials, or the nearest group's.
    pub auth: Option<Auth>,
    /// Its settings for sending, including those of its groups.
    pub behavior: Behavior,
}
