//! Headers, in the three exported forms.

use crate::document::{Kind, LoadError, Node};

/// One header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The name as it is spelled in the file.
    pub key: String,
    /// The value.
    pub value: String,
    /// Whether it is disabled.
    pub disabled: bool,
    /// Whether the runner added it, and not the collection.
    pub system: bool,
}

impl Header {
    /// A header that is sent.
    pub fn new(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), value: value.to_owned(), disabled: false, system: false }
    }

    /// Reads a list of headers, a text with one header per line, or an object.
    pub fn read_all(node: &Node<'_>) -> Result<Vec<Self>, LoadError> {
        match node.kind() {
            Kind::Null => Ok(Vec::new()),
            Kind::Text => Ok(Self::parse_all(&node.as_text().unwrap_or_default())),
            Kind::List => {
                let entries = node.list("the headers")?;
                entries.iter().filter(|entry| entry.kind() != Kind::Null).map(Self::read).collect()
            }
            Kind::Object => {
                let members = node.object("the headers")?;
                let header = |(key, value): &(String, Node<'_>)| {
                    Self::new(key, &value.as_scalar().unwrap_or_default())
                };
                Ok(members.members().iter().map(header).collect())
            }
            Kind::Bool | Kind::Number => Err(node.wrong_kind("the headers", "a list")),
        }
    }

    fn read(node: &Node<'_>) -> Result<Self, LoadError> {
        if let Some(line) = node.as_text() {
            return Ok(Self::parse(&line));
        }
        let object = node.object("a header")?;
        let scalar = |name| object.get(name).and_then(|node| node.as_scalar());
        // A value that is not a text is sent as JavaScript shows it.
        let value = object.get("value").map(|node| match node.kind() {
            Kind::Null => "null".to_owned(),
            Kind::Object => "[object Object]".to_owned(),
            Kind::Text | Kind::Bool | Kind::Number | Kind::List => {
                node.as_scalar().unwrap_or_default()
            }
        });
        Ok(Self {
            key: scalar("key").unwrap_or_default(),
            value: value.unwrap_or_default(),
            disabled: object.is_true("disabled"),
            system: object.is_true("system"),
        })
    }

    fn parse_all(text: &str) -> Vec<Self> {
        text.lines().filter(|line| !line.trim().is_empty()).map(Self::parse).collect()
    }

    fn parse(line: &str) -> Self {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        Self::new(key.trim(), value.trim())
    }
}
