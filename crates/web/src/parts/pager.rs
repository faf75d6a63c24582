//! Links to the pages of a list: the first, the last, and those near the current one.

use maud::{Markup, html};

use headcount_app::words::thousands;

/// How many pages are linked on each side of the current one.
const NEAR: u64 = 2;

/// Links to pages, from 1; nothing if there is only one page.
pub fn pages(label: &str, at: u64, last: u64, address: impl Fn(u64) -> String) -> Markup {
    let shown = |page: u64| page == 1 || page == last || page.abs_diff(at) <= NEAR;
    let numbers: Vec<_> = (1..=last).filter(|page| shown(*page)).collect();
    html! {
        @if last > 1 {
            nav.pages aria-label=(label) {
                @if at > 1 { a href=(address(at - 1)) rel="prev" { "Previous" } }
                @for (place, page) in numbers.iter().enumerate() {
                    @if place > 0 && numbers[place - 1] + 1 < *page { span.faint { "…" } }
                    @if *page == at { strong aria-current="page" { (thousands(*page)) } }
                    @else { a href=(address(*page)) aria-label={ "Page " (thousands(*page)) } { (thousands(*page)) } }
                }
                @if at < last { a href=(address(at + 1)) rel="next" { "Next" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_near_the_shown_one_and_both_ends_are_linked() {
        let text = pages("Pages", 10, 20, |page| format!("?page={page}")).into_string();
        for page in [1, 8, 9, 11, 12, 20] {
            assert!(text.contains(&format!("\"?page={page}\"")), "{page}: {text}");
        }
        assert!(!text.contains("?page=7\"") && !text.contains("?page=10\""), "{text}");
        assert!(pages("Pages", 1, 1, |_| String::new()).into_string().is_empty());
    }
}
