//! The fields of what is run of a collection: a folder, the number of iterations, and where to stop.

use headcount_app::words::many;
use headcount_collections::Folder;
use maud::{Markup, html};

use crate::parts::layout::short;
use crate::state::bundles::Choice;

/// The fields; the folder only if the collection has any.
pub fn fields(folders: &[Folder], choice: &Choice) -> Markup {
    let is_open = *choice != Choice::default();
    html! {
        details open[is_open] {
            summary { "Folder, iterations and stop" }
            @if !folders.is_empty() {
                div.field {
                    label for="folder" { "Requests to send" }
                    select #folder name="folder" {
                        option value="" selected[choice.folder.is_none()] { "the whole collection" }
                        @for folder in folders {
                            option value=(folder.choice) selected[choice.folder.as_ref() == Some(&folder.choice)] {
                                (short(&folder.path.join(" / "), 120)) ": " (many(folder.requests as u64, "request"))
                            }
                        }
                    }
                }
            }
            div.field {
                label for="iterations" { "Iterations" }
                input #iterations name="iterations" inputmode="numeric" autocomplete="off" value=(choice.iterations)
                    placeholder="one for each row of the data file" aria-describedby="iterations-about";
                p.faint #iterations-about { "More iterations than rows send the last row again, as in Newman." }
            }
            label.switch {
                input type="checkbox" name="bail" value="yes" checked[choice.bails];
                span { "Stop the run at the first failed row" }
            }
            p.faint { "Packages for " code { "require" } " and bodies with files need the command line: " code { "headcount postman run --modules" } "." }
        }
    }
}
