//! A script of the collection, a folder or a request.

use std::fmt;

use crate::document::{Kind, LoadError, Node, Problem};

/// When a script runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Listen {
    /// Before the request is sent.
    PreRequest,
    /// After its answer.
    Test,
}

impl Listen {
    /// Postman's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::PreRequest => "prerequest",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// When it runs.
    pub listen: Listen,
    /// Its text.
    pub source: String,
    /// The collection's, folder's or request's name.
    pub owner: String,
    /// Whether it belongs to the collection or a folder.
    pub is_inherited: bool,
}

impl Script {
    /// Whether it does nothing.
    pub fn is_empty(&self) -> bool {
        self.source.trim().is_empty()
    }

    /// Reads the `event` list, without disabled scripts and scripts of other events. An empty script does nothing,
    /// and Newman counts it.
    ///
    /// # Errors
    /// A script is in another file.
    pub fn read_all(node: &Node<'_>, owner: &str, inherited: bool) -> Result<Vec<Self>, LoadError> {
        let mut scripts = Vec::new();
        if node.kind() == Kind::Null {
            return Ok(scripts);
        }
        for event in node.list("event")? {
            let object = event.object("an event")?;
            let listen = match object.text("listen").as_deref() {
                Some("prerequest") => Listen::PreRequest,
                Some("test") => Listen::Test,
                _ => continue,
            };
            if object.is_true("disabled") {
                continue;
            }
            let Some(script) = object.filled("script") else { continue };
            let source = read_source(&script)?;
            let owner = owner.to_owned();
            scripts.push(Self { listen, source, owner, is_inherited: inherited });
        }
        Ok(scripts)
    }
}

fn read_source(node: &Node<'_>) -> Result<String, LoadError> {
    let exec = match node.kind() {
        Kind::Text | Kind::List => *node,
        Kind::Object => {
            let script = node.object("a script")?;
            let Some(exec) = script.filled("exec") else {
                return match script.filled("src") {
                    Some(src) => Err(src.error(Problem::Unsupported {
                        what: "a script in another file (\"src\")".to_owned(),
                        remedy: "put the script into the collection",
                    })),
                    None => Ok(String::new()),
                };
            };
            exec
        }
        Kind::Null | Kind::Bool | Kind::Number => {
            return Err(node.wrong_kind("a script", "an object"));
        }
    };
    match exec.as_text() {
        Some(text) => Ok(text),
        None => {
            let lines = exec.list("a script's lines")?;
            let lines: Vec<_> = lines.iter().map(|it| it.as_text().unwrap_or_default()).collect();
            Ok(lines.join("\n"))
        }
    }
}
