//! The order of the table of rows, in its address, its headings and its form.

use headcount_journal::{Sort, SortBy};
use maud::{Markup, html};

/// The orders, each with its word.
const ALL: [(SortBy, &str); 4] = [
    (SortBy::Row, "row"),
    (SortBy::Outcome, "outcome"),
    (SortBy::Reason, "reason"),
    (SortBy::About, "user"),
];

/// Reads an order from an address; a `-` before the word means descending.
pub fn of_word(word: &str) -> Sort {
    let (is_descending, name) = match word.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, word),
    };
    let by = ALL.into_iter().find(|(_, known)| *known == name).map(|(by, _)| by);
    by.map_or_else(Sort::default, |by| Sort { by, is_descending })
}

/// The word for an order; empty for the order of the input.
pub fn word(sort: Sort) -> String {
    if sort == Sort::default() {
        return String::new();
    }
    let name = ALL.into_iter().find(|(by, _)| *by == sort.by).map_or("row", |(_, name)| name);
    if sort.is_descending { format!("-{name}") } else { name.to_owned() }
}

/// The field of the form.
pub fn field(sort: Sort) -> Markup {
    html! {
        div.field {
            label for="sort" { "Sort by" }
            select #sort name="sort" {
                @for (by, name) in ALL {
                    @for is_descending in [false, true] {
                        @let one = Sort { by, is_descending };
                        option value=(word(one)) selected[one == sort] {
                            (name) @if is_descending { ", reversed" }
                        }
                    }
                }
            }
        }
    }
}

/// A heading that sorts by its column, and when clicked again, in the other direction. `label` is its text if it
/// differs from the word.
pub fn heading(
    label: &str,
    class: &str,
    by: SortBy,
    sort: Sort,
    address: impl Fn(Sort) -> String,
) -> Markup {
    let is_chosen = sort.by == by;
    let next = Sort { by, is_descending: is_chosen && !sort.is_descending };
    let name = ALL.into_iter().find(|(known, _)| *known == by).map_or("row", |(_, name)| name);
    let way = match (is_chosen, sort.is_descending) {
        (false, _) => None,
        (true, false) => Some("ascending"),
        (true, true) => Some("descending"),
    };
    html! {
        th class={ "sortable " (class) } scope="col" aria-sort=[way] {
            a href=(address(next)) title={ "Sort by " (name) } { (label) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_a_word_and_what_is_none_is_the_inputs() {
        for (by, _) in ALL {
            for is_descending in [false, true] {
                let sort = Sort { by, is_descending };
                assert_eq!(of_word(&word(sort)), sort);
            }
        }
        for odd in ["", "-", "mail", "--row", "; DROP"] {
            assert_eq!(of_word(odd), Sort::default(), "{odd}");
        }
    }
}
