//! Texts of others on a page and in an address.

use headcount_app::words;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A text of a sheet or a site: without what would turn the text around it, and apart from it.
pub fn foreign(text: &str) -> Markup {
    html! { bdi { (words::clean(text)) } }
}

/// A text of a sheet or a site, cut after this many characters.
pub fn short(text: &str, most: usize) -> Markup {
    if text.chars().count() <= most {
        return foreign(text);
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    html! { span title=(words::clean(text)) { bdi { (words::clean(&cut)) "…" } } }
}

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
