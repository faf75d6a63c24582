//! One request of a collection with everything that it has from its folders.

use super::auth::Auth;
use super::behavior::Behavior;
use super::request::Request;
use super::script::Script;

/// A request in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestItem {
    /// Its id; made from its place where the file has none.
    pub id: String,
    /// Its name; several may have one.
    pub name: String,
    /// The description, for `request.description`.
    pub description: Option<String>,
    /// The groups that it is in: the collection (0), then its folders.
    pub groups: Vec<usize>,
    /// What is sent.
    pub request: Request,
    /// Its scripts and those of its groups, in the order in which they run.
    pub scripts: Vec<Script>,
    /// Its credentials, or the nearest group's.
    pub auth: Option<Auth>,
    /// How it is sent, with the settings of its groups.
    pub behavior: Behavior,
}
