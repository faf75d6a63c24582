//! Foreign texts on a page and in an address.

use headcount_app::words;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A text from a spreadsheet or the site, without characters that could change the direction of the text around
/// it.
pub fn foreign(text: &str) -> Markup {
    html! { bdi { (words::clean(text)) } }
}

/// The same, cut after `most` characters. Addresses and names of groups stay on one line, because a browser would
/// break them at hyphens.
pub fn short(text: &str, most: usize) -> Markup {
    if text.chars().count() <= most {
        return html! { bdi { (whole_words(&words::clean(text))) } };
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    html! { span title=(words::clean(text)) { bdi { (whole_words(&words::clean(&cut))) "…" } } }
}

/// A longer word may break anywhere.
const LONG_WORD: usize = 48;

fn whole_words(text: &str) -> Markup {
    let is_whole = |word: &str| word.contains(['-', '@']) && word.chars().count() <= LONG_WORD;
    html! {
        @for word in text.split_inclusive(char::is_whitespace) {
            @let bare = word.trim_end();
            @if is_whole(bare) { span.unbroken { (bare) } (word[bare.len()..]) } @else { (word) }
        }
    }
}

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
