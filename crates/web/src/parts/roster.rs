//! The page of a list of users: how it was read, what it owns, and the button that compares it with the site.

use headcount_app::failure::{Failure, USAGE};
use headcount_app::sync::SHARE;
use headcount_app::words::many;
use headcount_model::user::Product;
use headcount_people::sync::ReadList;
use headcount_sheet::SheetError;
use maud::{Markup, html};

use crate::parts::error;
use crate::parts::field_error;
use crate::parts::layout::{self, foreign, short};
use crate::state::fields::Fields;
use crate::state::refusal::Wrong;
use crate::state::roster_form::{ABSENT, chosen};
use crate::state::uploads::Paper;

/// How many problems are shown.
const SHOWN: usize = 20;

/// The content of the page. `asked`: whether a plan was requested and could not be made.
pub fn content(
    paper: &Paper,
    read: &Result<ReadList, SheetError>,
    back: &str,
    asked: bool,
) -> Markup {
    let fields = paper.said().fields;
    let wrong = chosen(&fields).err().filter(|_| asked);
    html! {
        h1 { "How the list was read" }
        @match read {
            Err(error) => {
                p { strong { (short(&paper.name, 60)) } " cannot be used as it is." }
                (error::words(&Failure::from_error(error)))
                p { a.button.plain href=(back) { "Upload another spreadsheet" } }
            }
            Ok(list) if list.bad > 0 => { (problems(paper, list, back)) }
            Ok(list) => {
                p {
                    strong { (short(&paper.name, 60)) } ": " strong { (many(list.list.users.len() as u64, "user")) }
                    " in " (many(list.rows, "row")) ". What the list does not name stays as it is."
                }
                @if list.list.managed_groups.is_some() {
                    p { "The sheet “managedGroups” says which groups the list owns." }
                }
                (form(paper, &fields, wrong.as_ref()))
            }
        }
        form.actions method="post" action={ "/sheets/" (paper.id) "/remove" } {
            button.plain type="submit" { "Discard this spreadsheet" }
        }
    }
}

fn problems(paper: &Paper, list: &ReadList, back: &str) -> Markup {
    let message = format!("{} of {} cannot be used", many(list.bad, "row"), paper.name);
    let failure = Failure::new(USAGE, message).hint(
        "correct the list and upload it again; headcount does not continue without these rows, because it would take \
         their users for absent",
    );
    html! {
        (error::words(&failure))
        ul { @for problem in list.problems.iter().take(SHOWN) { li { (foreign(&layout::quoted(&problem.to_string()))) } } }
        p { a.button.plain href=(back) { "Upload another spreadsheet" } }
    }
}

fn form(paper: &Paper, fields: &Fields, wrong: Option<&Wrong>) -> Markup {
    let absent = fields.one("absent").unwrap_or("keep");
    html! {
        form method="post" action={ "/sheets/" (paper.id) "/sync" } autocomplete="off" data-keep {
            section.card aria-labelledby="owns" {
                h2 #owns { "What the list owns" }
                p {
                    "Without an answer, the list owns the users and the groups that it names. Groups, users and products "
                    "that it does not own are never changed."
                }
                (lines(fields, "own_group", "Only these groups", wrong))
                (lines(fields, "own_domain", "Only users of these mail domains", wrong))
                fieldset.boxes {
                    legend { "Products that users lose if their row does not name them" }
                    @for product in Product::ALL {
                        label.switch {
                            input type="checkbox" name="own_product" value=(product.key())
                                checked[fields.all("own_product").any(|key| key == product.key())];
                            span { (product.key()) }
                        }
                    }
                }
                div.field {
                    label for="absent" { "What happens to users that the list owns and does not name" }
                    select #absent name="absent" {
                        @for (word, _, label) in ABSENT { option value=(word) selected[word == absent] { (label) } }
                    }
                }
            }
            section.card #plan aria-labelledby="make" {
                h2 #make { "Compare" }
                div.field {
                    label for="max_changes" { "Maximum number of changes" }
                    input #max_changes name="max_changes" size="8" autocomplete="off"
                        value=(fields.one("max_changes").unwrap_or_default()) placeholder={ (SHARE) "%" }
                        aria-invalid=[field_error::is_at(wrong, "max_changes").then_some("true")]
                        aria-describedby=[field_error::described(wrong, "max_changes", "")];
                    (field_error::at(wrong, "max_changes"))
                }
                p.faint { "A share refers to the users that the list names or owns. Without an answer, it is " (SHARE) "%, and at least 5 changes." }
                p.actions {
                    button type="submit" { "Make the plan" }
                    span.faint { "headcount only reads the site. Nothing is sent yet." }
                }
            }
        }
    }
}

/// Names, one on each line, because names may have commas.
fn lines(fields: &Fields, name: &str, label: &str, wrong: Option<&Wrong>) -> Markup {
    let all = fields.all(name).collect::<Vec<_>>().join("\n");
    html! {
        div.field {
            label for=(name) { (label) span.faint { ", one per line" } }
            textarea id=(name) name=(name) rows="2" spellcheck="false" autocomplete="off"
                aria-invalid=[field_error::is_at(wrong, name).then_some("true")]
                aria-describedby=[field_error::described(wrong, name, "")] { (all) }
            (field_error::at(wrong, name))
        }
    }
}
