//! A name and a value: of a query, a form, or a header.

use crate::document::{Kind, LoadError, Node};

/// One entry of a query or of an urlencoded form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Param {
    /// The name; empty for `?=x`, `None` for `&&`.
    pub key: Option<String>,
    /// The value; `None` for `?a`, empty for `?a=`.
    pub value: Option<String>,
    /// Whether it is disabled.
    pub disabled: bool,
}

impl Param {
    /// Reads an entry.
    pub fn read(node: &Node<'_>) -> Result<Self, LoadError> {
        if let Some(text) = node.as_text() {
            return Ok(Self::parse_one(&text));
        }
        let object = node.object("a parameter")?;
        let scalar = |name| object.get(name).and_then(|node| node.as_scalar());
        Ok(Self {
            key: scalar("key"),
            value: scalar("value").or_else(|| object.filled("value").map(|it| format!("{it:?}"))),
            disabled: object.is_true("disabled"),
        })
    }

    /// Reads a list, an object of names and values, or a query's text.
    pub fn read_all(node: &Node<'_>, what: &str) -> Result<Vec<Self>, LoadError> {
        match node.kind() {
            Kind::Null => Ok(Vec::new()),
            Kind::Text => Ok(Self::parse(&node.as_text().unwrap_or_default())),
            Kind::List => {
                let entries = node.list(what)?;
                entries.iter().filter(|entry| entry.kind() != Kind::Null).map(Self::read).collect()
            }
            Kind::Object => {
                let object = node.object(what)?;
                let param = |(key, value): &(String, Node<'_>)| Self {
                    key: Some(key.clone()),
                    value: value.as_scalar(),
                    disabled: false,
                };
                Ok(object.members().iter().map(param).collect())
            }
            Kind::Bool | Kind::Number => Err(node.wrong_kind(what, "a list")),
        }
    }

    /// Parses a query without its `?`.
    pub fn parse(text: &str) -> Vec<Self> {
        let parts: Vec<&str> = text.split('&').collect();
        let last = parts.len() - 1;
        let entry = |(at, part): (usize, &&str)| match *part {
            "" if at != last => Self::default(),
            part => Self::parse_one(part),
        };
        parts.iter().enumerate().map(entry).collect()
    }

    fn parse_one(text: &str) -> Self {
        match text.split_once('=') {
            Some((key, value)) => {
                Self { key: Some(key.to_owned()), value: Some(value.to_owned()), disabled: false }
            }
            None => Self { key: Some(text.to_owned()), value: None, disabled: false },
        }
    }
}
