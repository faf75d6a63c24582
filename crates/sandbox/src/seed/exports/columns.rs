//! Finds the columns of an export.

use csv::StringRecord;

use crate::org::Product;

/// The positions of the columns.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) id: Option<usize>,
    pub(super) name: Option<usize>,
    pub(super) email: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) added: Option<usize>,
    pub(super) role: Option<usize>,
    pub(super) group_id: Option<usize>,
    pub(super) group_name: Option<usize>,
    pub(super) products: Vec<(usize, Product)>,
    /// `Last seen in …`.
    pub(super) seen: Vec<(usize, Product)>,
    /// The form before September 2021: no ids, and one group per row.
    pub(super) is_old: bool,
}

impl Columns {
    pub(super) fn read(headings: &StringRecord) -> Self {
        let mut columns = Self::default();
        for (at, heading) in headings.iter().enumerate() {
            let plain: String = heading
                .chars()
                .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '\u{feff}'))
                .flat_map(char::to_lowercase)
                .collect();
            let column = match plain.as_str() {
                "userid" | "accountid" | "atlassianid" => &mut columns.id,
                "fullname" => {
                    columns.is_old = true;
                    columns.name = None;
                    &mut columns.name
                }
                "username" | "name" | "displayname" => &mut columns.name,
                "email" | "emailaddress" => &mut columns.email,
                "userstatus" | "status" | "active" => &mut columns.status,
                "addedtoorg" => &mut columns.added,
                "orgrole" => &mut columns.role,
                "groupid" => &mut columns.group_id,
                "groupname" | "group" => &mut columns.group_name,
                _ if plain.starts_with("lastseenin") => {
                    let app = heading.trim().get("Last seen in ".len()..).and_then(product_column);
                    columns.seen.extend(app.map(|product| (at, product)));
                    continue;
                }
                _ => {
                    columns.products.extend(product_column(heading).map(|product| (at, product)));
                    continue;
                }
            };
            column.get_or_insert(at);
        }
        columns
    }

    pub(super) fn has_people(&self) -> bool {
        self.id.is_some() || self.email.is_some()
    }
}

/// Reads `Jira Service Management - acme`, also without the site.
fn product_column(heading: &str) -> Option<Product> {
    let product = heading.split(" - ").next()?.trim().to_lowercase();
    match product.as_str() {
        "jira" | "jira software" => Some(Product::JiraSoftware),
        "jira service management" => Some(Product::JiraServicedesk),
        "jira product discovery" => Some(Product::JiraProductDiscovery),
        "jira work management" => Some(Product::JiraCore),
        _ => None,
    }
}

/// The app that a group gives access to, by Atlassian's names of such groups.
pub(super) fn product_group(name: &str) -> Option<Product> {
    [
        ("jira-software-users", Product::JiraSoftware),
        ("jira-users", Product::JiraSoftware),
        ("jira-servicemanagement-users", Product::JiraServicedesk),
        ("jira-product-discovery-users", Product::JiraProductDiscovery),
        ("jira-workmanagement-users", Product::JiraCore),
    ]
    .into_iter()
    .find(|(start, _)| name.starts_with(start))
    .map(|(_, product)| product)
}
