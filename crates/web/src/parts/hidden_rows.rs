//! Hidden rows of a workbook: shows them, and asks what to do with them.

use headcount_app::words::many;
use headcount_sheet::{HiddenRows, HiddenRowsChoice, Raw};
use maud::{Markup, html};

use crate::parts::layout::short;
use crate::state::uploads::Paper;

/// The name of the field.
const FIELD: &str = "hidden_rows";

/// Asks what to do with hidden rows. `seen` has the headings and the first of the rows.
pub fn ask(paper: &Paper, rows: &[HiddenRows], seen: &(Vec<String>, Vec<Raw>)) -> Markup {
    let filled: u64 = rows.iter().map(|rows| rows.filled).sum();
    let (headings, shown) = seen;
    let more = filled.saturating_sub(shown.len() as u64);
    let sheet = paper.said().fields;
    html! {
        p {
            strong { (short(&paper.name, 60)) } " has " strong { (many(filled, "hidden row")) }
            ": you cannot see " @if filled == 1 { "it" } @else { "them" } " in your spreadsheet program."
        }
        ul { @for rows in rows.iter().take(8) { li { (rows.to_string()) } } }
        div.scroll tabindex="0" role="region" aria-label="Hidden rows" {
            table.sheet {
                thead {
                    tr {
                        th scope="col" { "Line" }
                        @for heading in headings { th scope="col" { (short(heading, 40)) } }
                    }
                }
                tbody {
                    @for raw in shown {
                        tr {
                            td { (raw.line) }
                            @for cell in &raw.cells { td { (short(cell, 60)) } }
                        }
                    }
                }
            }
        }
        @if more > 0 { p.faint { "And " (many(more, "more hidden row")) "." } }
        form.actions method="post" action={ "/sheets/" (paper.id) "/read" } {
            @for name in ["sheet", "heading", "no_headings"] {
                @if let Some(value) = sheet.one(name) { input type="hidden" name=(name) value=(value); }
            }
            button type="submit" name=(FIELD) value="skip" { "Leave the hidden rows out" }
            button.plain type="submit" name=(FIELD) value="include" { "Use them" }
        }
    }
}

/// The chosen answer, which can be changed; a part of the spreadsheet's form.
pub fn chosen(choice: HiddenRowsChoice) -> Markup {
    let option = |value: &str, words: &str, is_now: bool| {
        html! { option value=(value) selected[is_now] { (words) } }
    };
    html! {
        @if choice != HiddenRowsChoice::Stop {
            div.field {
                label for=(FIELD) { "Rows that are hidden in the workbook" }
                select id=(FIELD) name=(FIELD) data-at-once {
                    (option("skip", "are left out", choice == HiddenRowsChoice::Skip))
                    (option("include", "are used", choice == HiddenRowsChoice::Include))
                }
            }
        }
    }
}
