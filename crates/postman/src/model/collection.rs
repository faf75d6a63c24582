//! A collection: its requests in the order of sending.

use std::sync::Arc;

use crate::document::{Document, Kind, LoadError, Node, Object, Problem};

use super::auth::Auth;
use super::behavior::Behavior;
use super::item::RequestItem;
use super::request::Request;
use super::scope::Scope;
use super::script::Script;

/// The collection itself, or a folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    scripts: Vec<Script>,
    auth: Option<Auth>,
    behavior: Behavior,
}

/// A collection.
#[derive(Clone, Debug)]
pub struct Collection {
    /// Its name.
    pub name: String,
    /// Its variables.
    pub variables: Scope,
    /// The collection itself, then all folders.
    pub groups: Vec<Group>,
    /// All requests, from top to bottom.
    pub items: Vec<Arc<RequestItem>>,
}

/// The requests that `--folder` selects.
#[derive(Clone, Debug, PartialEq)]
pub enum FolderChoice {
    /// The requests, in the collection's order.
    Items(Vec<Arc<RequestItem>>),
    /// No folder or request has this name or id.
    Unknown(String),
}

impl Collection {
    /// Reads a collection of format 2.1 or 2.0.
    ///
    /// # Errors
    /// It is another file, damaged, or needs something that is not supported.
    pub fn read(document: &Document) -> Result<Self, LoadError> {
        let root = document.root()?;
        let mut object = root.object("the collection")?;
        // The form of the answers of Postman's API, and of some exports.
        if let Some(inner) = object.filled("collection").filter(|_| object.get("item").is_none()) {
            object = inner.object("the collection")?;
        }
        check_is_collection(&object)?;
        let info = object.filled("info").map(|info| info.object("info")).transpose()?;
        let text = |name| info.as_ref().and_then(|info| info.text(name));
        let name = text("name").unwrap_or_else(|| "Untitled".to_owned());
        let mut reading = Reading::default();
        let id = text("_postman_id").unwrap_or_default();
        reading.groups.push(read_group(&object, id, name.clone())?);
        let variables = object.filled("variable").map(|it| Scope::read_list(&it)).transpose()?;
        if let Some(items) = object.filled("item") {
            reading.items(&items, &[0])?;
        }
        Ok(Self {
            name,
            variables: variables.unwrap_or_default(),
            groups: reading.groups,
            items: reading.items,
        })
    }

    /// The requests in the folders with these names or ids; all requests if none is named.
    pub fn choose(&self, folders: &[String]) -> FolderChoice {
        if folders.is_empty() {
            return FolderChoice::Items(self.items.clone());
        }
        let mut wanted = Vec::new();
        for folder in folders {
            let is_it = |id: &str, name: &str| id == folder || name == folder;
            let group = self.groups.iter().position(|it| is_it(&it.id, &it.name));
            let group = group.filter(|group| *group != 0);
            let item = self.items.iter().position(|it| is_it(&it.id, &it.name));
            if group.is_none() && item.is_none() {
                return FolderChoice::Unknown(folder.clone());
            }
            wanted.push((group, item.filter(|_| group.is_none())));
        }
        let is_wanted = |at: usize, item: &RequestItem| {
            wanted.iter().any(|(group, one)| {
                *one == Some(at) || group.is_some_and(|group| item.groups.contains(&group))
            })
        };
        let items = self.items.iter().enumerate().filter(|(at, item)| is_wanted(*at, item));
        FolderChoice::Items(items.map(|(_, item)| Arc::clone(item)).collect())
    }
}

fn check_is_collection(object: &Object<'_>) -> Result<(), LoadError> {
    let is_scope = object.get("values").is_some() && object.get("item").is_none();
    let found = match object.text("_postman_variable_scope").as_deref() {
        Some("globals") => Some("an export of globals"),
        Some(_) => Some("an environment"),
        None if is_scope => Some("an environment"),
        None => None,
    };
    if let Some(found) = found {
        return Err(object.node().error(Problem::AnotherFile(found, "a collection")));
    }
    if object.get("info").is_none() && object.get("requests").is_some() {
        return Err(object.node().error(Problem::FormatOne));
    }
    if object.get("info").is_none() && object.get("item").is_none() {
        return Err(object
            .node()
            .error(Problem::Missing("\"item\", the list of requests,".into())));
    }
    Ok(())
}

fn read_group(object: &Object<'_>, id: String, name: String) -> Result<Group, LoadError> {
    Ok(Group {
        scripts: match object.get("event") {
            Some(events) => Script::read_all(&events, &name, true)?,
            None => Vec::new(),
        },
        auth: object.get("auth").map(|auth| Auth::read(&auth)).transpose()?.flatten(),
        behavior: read_behavior(object)?,
        id,
        name,
    })
}

fn read_behavior(object: &Object<'_>) -> Result<Behavior, LoadError> {
    let behavior = object.get("protocolProfileBehavior");
    Ok(behavior.map(|it| Behavior::read(&it)).transpose()?.unwrap_or_default())
}

#[derive(Default)]
struct Reading {
    groups: Vec<Group>,
    items: Vec<Arc<RequestItem>>,
}

impl Reading {
    fn items(&mut self, list: &Node<'_>, inside: &[usize]) -> Result<(), LoadError> {
        for node in list.list("item")? {
            if node.kind() == Kind::Null {
                continue;
            }
            let object = node.object("an item")?;
            let name = object.get("name").and_then(|name| name.as_scalar()).unwrap_or_default();
            let label = if name.is_empty() { "(no name)" } else { &name };
            self.item(&object, &name, inside).map_err(|error| error.inside(label))?;
        }
        Ok(())
    }

    fn item(&mut self, object: &Object<'_>, name: &str, at: &[usize]) -> Result<(), LoadError> {
        let id = object.text("id").or_else(|| object.text("_postman_id"));
        if let Some(children) = object.filled("item") {
            let id = id.unwrap_or_else(|| format!("folder-{}", self.groups.len()));
            let group = read_group(object, id, name.to_owned())?;
            self.groups.push(group);
            let inside = [at, &[self.groups.len() - 1]].concat();
            return self.items(&children, &inside);
        }
        let Some(node) = object.filled("request") else {
            return Err(object.node().error(Problem::Missing("\"request\" or \"item\"".into())));
        };
        let request = Request::read(&node)?;
        let own = match object.get("event") {
            Some(events) => Script::read_all(&events, name, false)?,
            None => Vec::new(),
        };
        let groups = || at.iter().filter_map(|group| self.groups.get(*group));
        let inherited = groups().flat_map(|group| group.scripts.clone());
        let behavior = read_behavior(object)?;
        let item = RequestItem {
            id: id.unwrap_or_else(|| format!("request-{}", self.items.len())),
            name: name.to_owned(),
            description: description(&node),
            groups: at.to_vec(),
            scripts: inherited.chain(own).collect(),
            auth: request
                .auth
                .clone()
                .or_else(|| groups().rev().find_map(|group| group.auth.clone())),
            behavior: groups().rev().fold(behavior, |own, group| own.within(&group.behavior)),
            request,
        };
        self.items.push(Arc::new(item));
        Ok(())
    }
}

fn description(node: &Node<'_>) -> Option<String> {
    let node = node.object("the request").ok()?.filled("description")?;
    node.as_text().or_else(|| node.object("the description").ok()?.text("content"))
}
