//! The fields of a form.

use headcount_model::user::Product;

/// A form's fields as they came, in their order.
pub type Pairs = Vec<(String, String)>;

/// The fields of a spreadsheet's form, without its cells.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Pairs);

impl Fields {
    /// The last filled field of a name.
    pub fn one(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().rev().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).find(|value| !value.trim().is_empty())
    }

    /// Every field of a name.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether there is a field of this name.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// New users are invited by the organization.
    pub fn invites(&self) -> bool {
        self.one("by") == Some("invite")
    }

    /// The ticked products; `None`: not asked yet.
    pub fn products(&self) -> Option<Vec<Product>> {
        let ticked = || self.all("product").filter_map(Product::from_key).collect();
        self.has("products").then(ticked)
    }
}
