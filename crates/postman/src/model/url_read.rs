//! Reads an address from a collection: a text, or an object whose parts are texts or lists.

use crate::document::{Kind, LoadError, Node, Object};

use super::braces::split;
use super::param::Param;
use super::url::{PathVariable, Url};
use super::url_text;

impl Url {
    /// Reads a text or an object.
    pub fn read(node: &Node<'_>) -> Result<Self, LoadError> {
        match node.kind() {
            Kind::Null => Ok(Self::default()),
            Kind::Text => Ok(url_text::parse(&node.as_text().unwrap_or_default())),
            Kind::Object => Self::read_object(&node.object("the URL")?),
            Kind::Bool | Kind::Number | Kind::List => {
                Err(node.wrong_kind("the URL", "a text or an object"))
            }
        }
    }

    fn read_object(object: &Object<'_>) -> Result<Self, LoadError> {
        let scalar = |name| object.get(name).and_then(|node| node.as_scalar());
        let mut url = Self {
            protocol: scalar("protocol"),
            auth: object.filled("auth").map(|node| read_user(&node)).transpose()?,
            host: object.filled("host").map(|node| read_host(&node)).transpose()?,
            port: scalar("port"),
            path: object.filled("path").map(|node| read_path(&node)).transpose()?.flatten(),
            hash: scalar("hash"),
            ..Self::default()
        };
        if let Some(query) = object.filled("query") {
            url.query = Param::read_all(&query, "the query")?;
        }
        if let Some(variables) = object.filled("variable") {
            url.variables = read_variables(&variables)?;
        }
        if url.host.is_none() && url.path.is_none() {
            url.raw_only = scalar("raw");
        }
        let read = newmans(object, &url)?;
        url.as_newman = (read != url).then(|| Box::new(read));
        Ok(url)
    }
}

/// Newman accepts only texts, and ignores disabled path variables.
fn newmans(object: &Object<'_>, url: &Url) -> Result<Url, LoadError> {
    let mut read = url.clone();
    let entries = |name| match object.filled(name).filter(|it| it.kind() == Kind::List) {
        Some(list) => {
            let list = list.list(name)?;
            Ok(list.into_iter().filter(|it| it.kind() != Kind::Null).collect())
        }
        None => Ok(Vec::new()),
    };
    let is_text = |node: &Node<'_>| node.kind() == Kind::Text;
    for (param, entry) in read.query.iter_mut().zip(entries("query")?) {
        let Ok(entry) = entry.object("a parameter") else { continue };
        param.value =
            param.value.take().filter(|_| entry.get("value").is_some_and(|it| is_text(&it)));
        if entry.filled("key").is_some_and(|key| !is_text(&key)) {
            param.key = Some(String::new());
        }
    }
    for (variable, entry) in read.variables.iter_mut().zip(entries("variable")?) {
        let entry = entry.object("a path variable")?;
        let becomes_text = entry.text("type").as_deref() == Some("string");
        let is_kept = entry.get("value").is_some_and(|it| becomes_text || is_text(&it));
        variable.value = variable.value.take().filter(|_| is_kept);
        variable.disabled = false;
    }
    let all = match object.filled("path").filter(|it| it.kind() == Kind::List) {
        Some(list) => list.list("path")?,
        None => Vec::new(),
    };
    for (segment, node) in read.path.iter_mut().flatten().zip(all) {
        if node.kind() == Kind::Object {
            *segment = "[object Object]".to_owned();
        }
    }
    Ok(read)
}

fn read_user(node: &Node<'_>) -> Result<(Option<String>, Option<String>), LoadError> {
    let object = node.object("the user of the URL")?;
    Ok((object.text("user"), object.text("password")))
}

fn read_host(node: &Node<'_>) -> Result<Vec<String>, LoadError> {
    match node.as_scalar() {
        Some(text) => Ok(split(&text, b'.')),
        None => texts(node, "the host"),
    }
}

/// `None` for an empty text: such an address has no path at all.
fn read_path(node: &Node<'_>) -> Result<Option<Vec<String>>, LoadError> {
    let Some(text) = node.as_scalar() else { return texts(node, "the path").map(Some) };
    let path = if text.len() > 1 { text.strip_prefix('/').unwrap_or(&text) } else { &text };
    Ok(match path {
        "" => None,
        "/" => Some(vec![String::new()]),
        _ => Some(path.split('/').map(str::to_owned).collect()),
    })
}

/// The texts of a list; format 2.1 also allows `{type, value}` instead of a text.
fn texts(node: &Node<'_>, what: &str) -> Result<Vec<String>, LoadError> {
    let element = |node: &Node<'_>| match node.as_scalar() {
        Some(text) => Ok(text),
        None if node.kind() == Kind::Null => Ok(String::new()),
        None => node.object(what).map(|object| object.text("value").unwrap_or_default()),
    };
    node.list(what)?.iter().map(element).collect()
}

fn read_variables(node: &Node<'_>) -> Result<Vec<PathVariable>, LoadError> {
    let mut variables = Vec::new();
    for entry in node.list("the path variables")? {
        if entry.kind() == Kind::Null {
            continue;
        }
        let object = entry.object("a path variable")?;
        let key = object.text("key").filter(|key| !key.is_empty()).or_else(|| object.text("id"));
        let value = object.get("value").and_then(|value| value.as_scalar());
        let disabled = object.is_true("disabled");
        variables.push(PathVariable { key: key.unwrap_or_default(), value, disabled });
    }
    Ok(variables)
}
