//! The names in texts, including those in the values of their variables.

use std::collections::BTreeSet;

use super::marked::Marked;
use super::scopes::Scopes;

/// Names of variables.
#[derive(Debug, Default)]
pub struct UsedNames {
    names: BTreeSet<String>,
    /// Whether a name is composed of other names, so that it may be any.
    is_unclear: bool,
}

impl UsedNames {
    /// Adds the names in a text, and those in their values without a data row.
    pub fn add(&mut self, text: &str, scopes: &Scopes) {
        // A list, because a chain of variables may be longer than the stack is deep.
        let mut texts = vec![text.to_owned()];
        while let Some(text) = texts.pop() {
            let names = Marked::structure(&text).names();
            self.is_unclear |= text.matches("{{").count() > names.len();
            for (start, end) in names {
                let name = &text[start + 2..end - 2];
                if self.names.insert(name.to_owned()) {
                    texts.extend(scopes.find(name).map(|(value, ..)| value));
                }
            }
        }
    }

    /// Whether a variable with this name may be one of them.
    pub fn may_have(&self, name: &str) -> bool {
        self.is_unclear || self.names.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::UsedNames;
    use crate::variables::Scopes;

    #[test]
    fn names_in_values_are_used_too() {
        let mut scopes = Scopes::default();
        scopes.environment.set("base", Some("https://{{tenant}}.example".into()), None);
        scopes.environment.set("tenant", Some("{{base}}".into()), None);
        let mut used = UsedNames::default();
        used.add("{{base}}/{{id}}", &scopes);
        let found = ["base", "tenant", "id", "other"].map(|name| used.may_have(name));
        assert_eq!(found, [true, true, true, false]);
        used.add("{{a{{b}}}}", &scopes);
        assert!(used.may_have("other"), "a computed name may be any");
    }
}
