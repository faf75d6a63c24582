//! Variables of the collection, of an environment, or the globals.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::document::{Document, Kind, LoadError, Node, Problem};
use crate::value::{number_of, shown};

/// The conversion that a variable's type applies to every value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cast {
    /// No conversion; also for `default`, `secret` and `any`.
    #[default]
    Any,
    /// Becomes a text.
    Text,
    /// Becomes true or false.
    Bool,
    /// Becomes a number.
    Number,
}

impl Cast {
    fn of(word: Option<&str>) -> Self {
        match word.map(str::to_lowercase).as_deref() {
            Some("string") => Self::Text,
            Some("boolean") => Self::Bool,
            Some("number") => Self::Number,
            _ => Self::Any,
        }
    }

    /// Converts a value.
    pub fn apply(self, value: Value) -> Value {
        match self {
            Self::Any => value,
            Self::Text => Value::String(shown(&value)),
            Self::Bool => Value::Bool(is_truthy(&value)),
            Self::Number => number(&value),
        }
    }
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// NaN does not exist in JSON; it is shown as in JavaScript.
fn number(value: &Value) -> Value {
    let number = match value {
        Value::Number(number) => return Value::Number(number.clone()),
        Value::Null => Some(0.0),
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Value::String(text) => number_of(text),
        Value::Array(_) | Value::Object(_) => None,
    };
    let number = number.and_then(|number| {
        let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
        if is_whole { Some((number as i64).into()) } else { serde_json::Number::from_f64(number) }
    });
    number.map_or_else(|| Value::String("NaN".to_owned()), Value::Number)
}

/// One variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub key: String,
    /// Its value; `None` is undefined and shown as an empty text.
    pub value: Option<Value>,
    /// The conversion of its type.
    pub cast: Cast,
    /// Whether it is disabled.
    pub disabled: bool,
    /// Whether Postman hides it, so that its value is masked everywhere.
    pub is_secret: bool,
    /// Whether a script has set it, so that its value is data.
    pub is_written: bool,
}

/// A set of variables in order. If several have the same name, the last enabled one counts.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The name in the file.
    pub name: Option<String>,
    entries: Arc<Entries>,
}

/// Shared by all rows until a script changes them.
#[derive(Clone, Debug, Default)]
struct Entries {
    variables: Vec<Variable>,
    by_name: HashMap<String, usize>,
}

impl Entries {
    fn push(&mut self, variable: Variable) {
        let at = self.variables.len();
        let before = self.by_name.get(&variable.key).and_then(|at| self.variables.get(*at));
        let hides = !variable.disabled || before.is_none_or(|before| before.disabled);
        if hides {
            self.by_name.insert(variable.key.clone(), at);
        }
        self.variables.push(variable);
    }

    fn by_name(&mut self, name: &str) -> Option<&mut Variable> {
        self.by_name.get(name).and_then(|at| self.variables.get_mut(*at))
    }
}

impl Scope {
    /// Reads an environment or an export of globals.
    ///
    /// # Errors
    /// It is another file, or damaged.
    pub fn read(document: &Document, what: &'static str) -> Result<Self, LoadError> {
        let root = document.root()?;
        if root.kind() == Kind::List {
            return Self::read_list(&root);
        }
        let mut object = root.object(what)?;
        for wrapper in ["environment", "globals"] {
            if let Some(inner) = object.filled(wrapper).filter(|_| object.get("values").is_none()) {
                object = inner.object(what)?;
            }
        }
        if object.get("item").is_some() && object.get("info").is_some() {
            return Err(root.error(Problem::AnotherFile("a collection", what)));
        }
        let Some(values) = object.filled("values") else {
            return Err(root.error(Problem::Missing("\"values\", the list of variables,".into())));
        };
        let mut scope = Self::read_list(&values)?;
        scope.name = object.text("name");
        Ok(scope)
    }

    /// Reads a list of variables, or an object of names and values. `enabled` is ignored, as in Newman; `disabled`
    /// counts.
    ///
    /// # Errors
    /// It is neither.
    pub fn read_list(node: &Node<'_>) -> Result<Self, LoadError> {
        let mut scope = Self::default();
        if node.kind() == Kind::Object {
            for (key, value) in node.object("the variables")?.members() {
                scope.set(key, value.value(), None);
            }
            return Ok(scope);
        }
        for entry in node.list("the variables")? {
            if entry.kind() == Kind::Null {
                continue;
            }
            let object = entry.object("a variable")?;
            let Some(key) = object.get("key").and_then(|key| key.as_scalar()) else { continue };
            let kind = object.text("type");
            let cast = Cast::of(kind.as_deref());
            let value = object.get("value").and_then(|value| value.value());
            scope.push(Variable {
                key,
                value: value.map(|value| cast.apply(value)),
                cast,
                disabled: object.is_true("disabled"),
                is_secret: kind.as_deref() == Some("secret"),
                is_written: false,
            });
        }
        Ok(scope)
    }

    fn push(&mut self, variable: Variable) {
        self.entries_mut().push(variable);
    }

    fn entries_mut(&mut self) -> &mut Entries {
        Arc::make_mut(&mut self.entries)
    }

    /// Whether neither of the two was changed since one was cloned from the other.
    pub fn is_same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.entries, &other.entries)
    }

    /// The variable with this name, if it is enabled.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        let variable = self.entries.variables.get(*self.entries.by_name.get(name)?)?;
        (!variable.disabled).then_some(variable)
    }

    /// Sets a variable. A disabled one stays, and a new one hides it.
    pub fn set(&mut self, name: &str, value: Option<Value>, cast: Option<Cast>) {
        if let Some(variable) = self.entries_mut().by_name(name)
            && !variable.disabled
        {
            variable.cast = cast.unwrap_or(variable.cast);
            variable.value = value.map(|value| variable.cast.apply(value));
            return;
        }
        let cast = cast.unwrap_or_default();
        self.push(Variable {
            key: name.to_owned(),
            value: value.map(|value| cast.apply(value)),
            cast,
            disabled: false,
            is_secret: false,
            is_written: false,
        });
    }

    /// Sets a variable from a script: from now on its value is data, not a part of the collection.
    pub fn write(&mut self, name: &str, value: Option<Value>) {
        self.set(name, value, None);
        if let Some(variable) = self.entries_mut().by_name(name) {
            variable.is_written = true;
        }
    }

    /// Masks the value of a variable everywhere, as Postman does for the type `secret`.
    pub fn hide(&mut self, name: &str) {
        if let Some(variable) = self.entries_mut().by_name(name) {
            variable.is_secret = true;
        }
    }

    /// Removes every enabled variable with this name.
    pub fn unset(&mut self, name: &str) {
        let entries = std::mem::take(self.entries_mut());
        let left = entries.variables.into_iter().filter(|it| it.key != name || it.disabled);
        left.for_each(|variable| self.push(variable));
    }

    /// Removes all variables.
    pub fn clear(&mut self) {
        self.entries = Arc::default();
    }

    /// All variables in order.
    pub fn variables(&self) -> &[Variable] {
        &self.entries.variables
    }
}
