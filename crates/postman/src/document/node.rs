//! A value of a JSON text, parsed when it is needed.
//!
//! `serde_json` returns no position for a value that is well-formed but wrong. So a value is kept as its own text,
//! whose offset in the file is its position.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::Encoding;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::bounds::{MAX_BYTES, MAX_DEPTH, too_deep};
use super::error::{LoadError, Place, Problem};

/// The text of UTF-8, or of what a byte order mark names; `None`: it is no such text.
fn text(bytes: Vec<u8>) -> Option<String> {
    match Encoding::for_bom(&bytes) {
        None => String::from_utf8(bytes).ok(),
        Some((encoding, length)) => {
            let text =
                encoding.decode_without_bom_handling_and_without_replacement(&bytes[length..]);
            text.map(Cow::into_owned)
        }
    }
}

/// A file's text, checked for size and depth.
#[derive(Debug)]
pub struct Document {
    name: String,
    text: String,
}

impl Document {
    /// Reads the bytes of a file; a byte order mark is dropped. A file with that of UTF-16, as PowerShell writes
    /// it, is decoded.
    ///
    /// # Errors
    /// It is too large, too deep, or no text.
    pub fn new(name: &str, bytes: Vec<u8>) -> Result<Self, LoadError> {
        let fail =
            |problem| LoadError { file: name.to_owned(), place: None, item: vec![], problem };
        if bytes.len() > MAX_BYTES {
            return Err(fail(Problem::TooLarge { limit: MAX_BYTES }));
        }
        let text = text(bytes).ok_or_else(|| fail(Problem::NotText))?;
        let document = Self { name: name.to_owned(), text };
        if let Some(at) = too_deep(&document.text) {
            return Err(document.error(at, Problem::TooDeep { limit: MAX_DEPTH }));
        }
        Ok(document)
    }

    /// The whole value.
    ///
    /// # Errors
    /// The text is not JSON.
    pub fn root(&self) -> Result<Node<'_>, LoadError> {
        let raw: &RawValue = serde_json::from_str(&self.text).map_err(|error| {
            let problem = Problem::NotJson(reason(&error));
            let place = Some(Place { line: error.line().max(1), column: error.column().max(1) });
            LoadError { file: self.name.clone(), place, item: vec![], problem }
        })?;
        Ok(Node { document: self, text: raw.get() })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn error(&self, at: usize, problem: Problem) -> LoadError {
        let place = Some(self.place(at));
        LoadError { file: self.name.clone(), place, item: vec![], problem }
    }

    fn place(&self, at: usize) -> Place {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place { line, column: before[start..].chars().count() + 1 }
    }
}

/// The parser's message without the position, which the error has already.
fn reason(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.split(" at line ").next().unwrap_or(&words).to_owned()
}

/// The kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Kind {
    /// The kind with its article.
    pub fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// A value with its position.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    text: &'d str,
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl<'d> Node<'d> {
    /// The kind of this value.
    pub fn kind(&self) -> Kind {
        match self.text.as_bytes().first() {
            Some(b'n') | None => Kind::Null,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'"') => Kind::Text,
            Some(b'[') => Kind::List,
            Some(b'{') => Kind::Object,
            Some(_) => Kind::Number,
        }
    }

    /// An error at this value.
    pub fn error(&self, problem: Problem) -> LoadError {
        // Both are slices of one text, so the difference of their addresses is the offset.
        let at = (self.text.as_ptr() as usize).saturating_sub(self.document.text.as_ptr() as usize);
        self.document.error(at, problem)
    }

    /// The error of a value of the wrong kind.
    pub fn wrong_kind(&self, what: &str, wanted: &'static str) -> LoadError {
        let found = self.kind().word();
        self.error(Problem::WrongKind { what: what.to_owned(), wanted, found })
    }

    /// An object's members in order.
    ///
    /// # Errors
    /// It is not an object.
    pub fn object(&self, what: &str) -> Result<Object<'d>, LoadError> {
        if self.kind() != Kind::Object {
            return Err(self.wrong_kind(what, "an object"));
        }
        let mut reader = serde_json::Deserializer::from_str(self.text);
        let members = reader.deserialize_map(Members).map_err(|error| self.broken(&error))?;
        let members = members.into_iter().map(|(name, raw)| (name, self.child(raw))).collect();
        Ok(Object { node: *self, members })
    }

    /// A list's values.
    ///
    /// # Errors
    /// It is not a list.
    pub fn list(&self, what: &str) -> Result<Vec<Self>, LoadError> {
        if self.kind() != Kind::List {
            return Err(self.wrong_kind(what, "a list"));
        }
        let mut reader = serde_json::Deserializer::from_str(self.text);
        let elements = reader.deserialize_seq(Elements).map_err(|error| self.broken(&error))?;
        Ok(elements.into_iter().map(|raw| self.child(raw)).collect())
    }

    /// The characters of a text; `None` for any other kind.
    pub fn as_text(&self) -> Option<String> {
        (self.kind() == Kind::Text).then(|| serde_json::from_str(self.text).ok()).flatten()
    }

    /// The result of JavaScript's `String()` for a text, a number or a boolean.
    pub fn as_scalar(&self) -> Option<String> {
        match self.kind() {
            Kind::Text => self.as_text(),
            Kind::Bool => Some(self.text.to_owned()),
            Kind::Number => self.value().map(|value| crate::value::shown(&value)),
            Kind::Null | Kind::List | Kind::Object => None,
        }
    }

    /// Whether this is `true`.
    pub fn is_true(&self) -> bool {
        self.text == "true"
    }

    /// The whole value as data; `None` if a text contains half a surrogate pair.
    pub fn value(&self) -> Option<Value> {
        serde_json::from_str(self.text).ok()
    }

    fn child(&self, raw: &'d RawValue) -> Self {
        Self { document: self.document, text: raw.get() }
    }

    fn broken(&self, error: &serde_json::Error) -> LoadError {
        self.error(Problem::NotJson(reason(error)))
    }
}

/// An object: its members, and its own position.
#[derive(Clone, Debug)]
pub struct Object<'d> {
    node: Node<'d>,
    members: Vec<(String, Node<'d>)>,
}

impl<'d> Object<'d> {
    /// The object as a value.
    pub fn node(&self) -> Node<'d> {
        self.node
    }

    /// A member; if two have the same name, the last one, as in JavaScript.
    pub fn get(&self, name: &str) -> Option<Node<'d>> {
        self.members.iter().rev().find(|(key, _)| key == name).map(|(_, node)| *node)
    }

    /// A member that is not `null`.
    pub fn filled(&self, name: &str) -> Option<Node<'d>> {
        self.get(name).filter(|node| node.kind() != Kind::Null)
    }

    /// A member that is a text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|node| node.as_text())
    }

    /// Whether a member is `true`.
    pub fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|node| node.is_true())
    }

    /// All members in their order.
    pub fn members(&self) -> &[(String, Node<'d>)] {
        &self.members
    }
}

struct Members;

impl<'d> Visitor<'d> for Members {
    type Value = Vec<(String, &'d RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(entry) = map.next_entry::<String, &RawValue>()? {
            members.push((entry.0, entry.1));
        }
        Ok(members)
    }
}

struct Elements;

impl<'d> Visitor<'d> for Elements {
    type Value = Vec<&'d RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element::<&RawValue>()? {
            elements.push(element);
        }
        Ok(elements)
    }
}
