//! Reads names of apps as the products of the create-user call.

use headcount_model::user::Product;

use super::cell::{self, Fault, trim};
use headcount_sheet::heading::words::normalized;
use headcount_sheet::nearest;
use headcount_sheet::quoting::{excerpt, list};

/// Reads an app by its key, or by a name with only one meaning.
///
/// Certain because of Atlassian's own renamings: Jira Service Desk became Jira Service Management, Jira Core
/// became Jira Work Management, Jira Software became Jira; the keys stayed. Confluence and the others are not
/// products of this call (Jira platform description, `NewUserDetails.products`).
pub(super) fn product(word: &str) -> Result<Product, Fault> {
    let plain: String = normalized(word);
    let found = match plain.as_str() {
        "jira" | "jirasoftware" => Some(Product::JiraSoftware),
        "jiraservicemanagement" | "jiraservicedesk" | "jsm" => Some(Product::JiraServicedesk),
        "jiraproductdiscovery" | "jpd" => Some(Product::JiraProductDiscovery),
        "jiraworkmanagement" | "jiracore" | "jwm" => Some(Product::JiraCore),
        _ => None,
    };
    if let Some(product) = found {
        return Ok(product);
    }
    let keys = Product::ALL.map(Product::key);
    let todo = match nearest(word, keys, 1).first() {
        Some(key) => format!("did you mean `{key}`?"),
        None if plain.contains("confluence") => {
            "`user create` gives access to Jira's products only; for others, add the user to the \
             product's group with `member add`"
                .to_owned()
        }
        None => {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            format!("write some of {}, or `none`", list(&keys))
        }
    };
    Err(Fault { what: format!("“{}” is not a product", excerpt(word)), todo })
}

/// Whether a word that is no [`product`] may be the name of another app of the organization, or of an app on one of its
/// sites (`Jira - acme`), and is no misspelled product.
pub(super) fn may_be_app(word: &str) -> bool {
    let is_sound = cell::name(word, "an app").is_ok();
    let is_exact = word.contains(" - ") || word.starts_with("ari:cloud:");
    is_sound && (is_exact || nearest(word, Product::ALL.map(Product::key), 1).is_empty())
}

/// Whether every word of a cell is an app, or `none`.
pub(super) fn is_product_list(cell: &str) -> bool {
    let mut words = cell.split([';', ',']).map(trim).filter(|word| !word.is_empty());
    words.all(|word| word.eq_ignore_ascii_case("none") || product(word).is_ok())
}
