//! Named facts in sections: one value for the text and the JSON of `doctor`, so that both say the same.

use serde_json::{Map, Value};

/// Facts of one subject, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The subject.
    pub name: &'static str,
    /// The name of each fact, as a JSON field, and the fact.
    pub facts: Vec<(&'static str, Fact)>,
}

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// A number of bytes.
    Bytes(u64),
    /// A yes or a no.
    Flag(bool),
    /// Texts; there may be none.
    List(Vec<String>),
}

impl Section {
    /// A section without facts.
    pub fn new(name: &'static str) -> Self {
        Self { name, facts: Vec::new() }
    }

    /// Adds a text.
    pub fn text(&mut self, name: &'static str, text: impl ToString) {
        self.facts.push((name, Fact::Text(text.to_string())));
    }

    /// Adds a text if there is one.
    pub fn some(&mut self, name: &'static str, text: Option<impl ToString>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// Adds a fact.
    pub fn fact(&mut self, name: &'static str, fact: Fact) {
        self.facts.push((name, fact));
    }

    /// All sections as one object, with an object for each section.
    pub fn json(sections: &[Self]) -> Value {
        let of_section = |section: &Self| {
            let facts = section.facts.iter();
            let facts: Map<_, _> =
                facts.map(|(name, fact)| ((*name).to_owned(), fact.json())).collect();
            (section.name.to_owned(), Value::Object(facts))
        };
        Value::Object(sections.iter().map(of_section).collect())
    }
}

impl Fact {
    fn json(&self) -> Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => (*number).into(),
            Self::Bytes(bytes) => (*bytes).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::List(list) => list.as_slice().into(),
        }
    }
}
