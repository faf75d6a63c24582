//! The fields of a form.

use headcount_model::user::Product;

/// A form's fields in the order in which they were sent.
pub type Pairs = Vec<(String, String)>;

/// The fields of a spreadsheet's form, without its cells.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Pairs);

impl Fields {
    /// The last field with this name that is not empty.
    pub fn one(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().rev().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).find(|value| !value.trim().is_empty())
    }

    /// All fields with this name.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether there is a field with this name.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Whether the organization invites new users.
    pub fn invites(&self) -> bool {
        self.one("by") == Some("invite")
    }

    /// The ticked apps; `None` if the form did not ask yet.
    pub fn products(&self) -> Option<Vec<Product>> {
        let ticked = || self.all("product").filter_map(Product::from_key).collect();
        self.has("products").then(ticked)
    }
}
