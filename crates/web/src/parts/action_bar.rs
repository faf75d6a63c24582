//! The bar at the lower edge of the window: what this page is about to do, where, and the one primary
//! action. It stays in sight however long the page is.

use maud::{Markup, html};

/// A bar with words and actions.
pub fn bar(words: &Markup, actions: &Markup) -> Markup {
    html! {
        div.action-bar role="region" aria-label="What to do" {
            div.words { (words) }
            div.actions { (actions) }
        }
    }
}
