//! The five sets of variables and their precedence: local, data, environment, collection, globals.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::dynamic;
use crate::model::{Scope, Variable};
use crate::value::shown;

use super::marked::{Mark, Marked};

/// Whether to behave like Newman, or to encode values and refuse missing ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Values are encoded for their positions; a request with a missing value is not sent.
    #[default]
    Safe,
    /// Like Newman 6.2.2, for `--as-newman`.
    AsNewman,
}

/// The columns of one data row. Rows of one file share their names.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    names: Arc<[String]>,
    values: Vec<Value>,
}

impl Default for Row {
    fn default() -> Self {
        Self::of(Arc::from([]), Vec::new())
    }
}

impl Row {
    /// A row; if two columns have the same name, the last one counts.
    pub fn new(columns: Vec<(String, Value)>) -> Self {
        let (names, values): (Vec<_>, _) = columns.into_iter().unzip();
        Self::of(names.into(), values)
    }

    /// A row with these columns; a short row lacks the last ones.
    pub fn of(names: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { names, values }
    }

    /// The value of a column.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.columns().rev().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The same values under other names.
    #[must_use]
    pub fn with_names(&self, names: Arc<[String]>) -> Self {
        Self { names, values: self.values.clone() }
    }

    /// The names of the columns.
    pub fn names(&self) -> &Arc<[String]> {
        &self.names
    }

    /// All columns in their order.
    pub fn columns(&self) -> impl DoubleEndedIterator<Item = (&String, &Value)> {
        let width = self.names.len().min(self.values.len());
        self.names[..width].iter().zip(&self.values[..width])
    }
}

/// The set that has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// `pm.variables.set`.
    Local,
    /// The data row.
    Data,
    /// The environment.
    Environment,
    /// The collection.
    Collection,
    /// The globals.
    Globals,
    /// A generator: `{{$guid}}`.
    Dynamic,
}

/// What was noticed while a text was resolved.
#[derive(Debug, Default)]
pub struct Seen {
    /// Names without a value.
    pub unresolved: BTreeSet<String>,
    /// A name that makes a text too long.
    pub too_long: Option<String>,
}

/// All variables of an iteration.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    /// `-g` and `pm.globals`.
    pub globals: Scope,
    /// The collection's.
    pub collection: Scope,
    /// `-e` and `pm.environment`.
    pub environment: Scope,
    /// The row's.
    pub data: Arc<Row>,
    /// `pm.variables.set`.
    pub local: Scope,
    /// How names are resolved.
    pub mode: Mode,
}

impl Scopes {
    /// Whether no variable was changed since one was cloned from the other; data do not count.
    pub fn are_unchanged_from(&self, other: &Self) -> bool {
        self.globals.is_same_as(&other.globals)
            && self.collection.is_same_as(&other.collection)
            && self.environment.is_same_as(&other.environment)
            && self.local.is_same_as(&other.local)
    }

    /// The value of a name as text, its mark, and its set.
    pub fn find(&self, name: &str) -> Option<(String, Mark, Found)> {
        if let Some(variable) = self.local.get(name) {
            return Some((text(variable), Mark::Data, Found::Local));
        }
        if let Some(value) = self.data.get(name).and_then(data_text) {
            return Some((value, Mark::Data, Found::Data));
        }
        let files = [
            (&self.environment, Found::Environment),
            (&self.collection, Found::Collection),
            (&self.globals, Found::Globals),
        ];
        for (scope, found) in files {
            if let Some(variable) = scope.get(name) {
                let mark = if variable.is_written { Mark::Data } else { Mark::Structure };
                return Some((text(variable), mark, found));
            }
        }
        let made = name.starts_with('$').then(|| dynamic::generate(name)).flatten()?;
        Some((made, Mark::Data, Found::Dynamic))
    }

    /// Resolves a text. In Newman's mode, values, including data, may contain further names.
    pub fn resolve(&self, template: &str, seen: &mut Seen) -> Marked {
        let marked = Marked::structure(template);
        if !template.contains("{{") {
            return marked;
        }
        let unresolved = RefCell::new(BTreeSet::new());
        let (resolved, too_long) = marked.resolve(|name| {
            let found = self.find(name);
            if found.is_none() {
                unresolved.borrow_mut().insert(name.to_owned());
            }
            let (text, mark, _) = found?;
            let mark = if self.mode == Mode::AsNewman { Mark::Structure } else { mark };
            Some((text, mark))
        });
        seen.unresolved.append(&mut unresolved.into_inner());
        if too_long.is_some() {
            seen.too_long = too_long;
            return resolved;
        }
        // Names that remain after the last pass refer to each other in a circle.
        let left = resolved.names().into_iter();
        seen.unresolved
            .extend(left.map(|(start, end)| resolved.text()[start + 2..end - 2].to_owned()));
        resolved
    }

    /// The same, as plain text.
    pub fn resolve_text(&self, template: &str, seen: &mut Seen) -> String {
        self.resolve(template, seen).into_text()
    }
}

/// An undefined value is shown as an empty text.
fn text(variable: &Variable) -> String {
    variable.value.as_ref().map(shown).unwrap_or_default()
}

/// `null` in a data row is not a value: the name stays.
fn data_text(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| shown(value))
}
