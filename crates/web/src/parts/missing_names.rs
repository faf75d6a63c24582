//! Names that were not found, all in one form: each with a suggestion if a similar name exists, and with the list
//! of the site's groups. A correction applies to all rows with the name, and one new plan is made.

use headcount_app::words::many;
use headcount_journal::Run;
use headcount_people::plan::{Missing, Suggestion};
use maud::{Markup, html};

use crate::parts::field_error;
use crate::parts::layout::short;
use crate::state::plans::Aside;
use crate::state::refusal::Refusal;

/// The most names in one form.
const MOST: usize = 50;

/// The names that were not found, each with a field for the correct one.
pub fn form(run: &Run, aside: &Aside) -> Markup {
    let Aside { missing, groups, refusal, .. } = aside;
    let suggested = missing.iter().take(MOST).filter(|name| name.near.is_some()).count();
    html! {
        @if !missing.is_empty() {
            section.note.warn aria-labelledby="missing" {
                h2.title #missing { "Not found" }
                form.corrections method="post" action={ "/runs/" (run.id) "/instead" } {
                    // Enter presses the first button of a form.
                    button.plain.unscripted type="submit" { "Use what I typed" }
                    div.scroll.bare tabindex="0" role="region" aria-label="Names that were not found" {
                        table.stack {
                            thead { tr { th scope="col" { "In your spreadsheet" } th.number scope="col" { "Rows" } th scope="col" { "Use instead" } th scope="col" { "Suggestion" } } }
                            tbody { @for (at, name) in missing.iter().take(MOST).enumerate() { (line(at, name, !groups.is_empty(), refusal.as_deref())) } }
                        }
                    }
                    @if missing.len() > MOST { p { "More names are in the table of rows." } }
                    @if !groups.is_empty() {
                        datalist #groups { @for group in groups { option value=(group) {} } }
                    }
                    div.actions {
                        button.plain type="submit" { "Correct and make the plan again" }
                        @if suggested > 0 {
                            button.plain type="submit" name="all" value="yes" {
                                @if suggested == 1 { "Use the suggestion" } @else { "Use all " (suggested) " suggestions" }
                            }
                        }
                    }
                }
                p.faint { "Your file does not change. The new plan replaces this one. Nothing was sent." }
            }
        }
    }
}

fn line(at: usize, name: &Missing, has_groups: bool, refusal: Option<&Refusal>) -> Markup {
    let wrong = refusal.map(|refusal| &refusal.wrong);
    let field = format!("instead-{at}");
    html! {
        tr {
            th scope="row" { label for=(field) { (short(&name.written, 60)) } }
            td.number data-heading="Rows" { (many(name.rows(), "row")) }
            td data-heading="Use instead" {
                input type="hidden" name={ "written-" (at) } value=(name.written);
                input id=(field) name=(field) type="text" maxlength="255" autocomplete="off" spellcheck="false"
                    value=[refusal.and_then(|refusal| refusal.typed(&field))]
                    aria-invalid=[field_error::is_at(wrong, &field).then_some("true")]
                    aria-describedby=[field_error::described(wrong, &field, "")] data-focus[field_error::is_at(wrong, &field)]
                    list=[(name.is_group && has_groups).then_some("groups")];
                (field_error::at(wrong, &field))
            }
            td data-heading=[name.near.is_some().then_some("Suggestion")] {
                @if let Some(near) = &name.near {
                    label.switch {
                        input type="checkbox" name={ "use-" (at) } value=(near.there);
                        span { "Use " (called(near)) }
                    }
                }
            }
        }
    }
}

fn called(near: &Suggestion) -> Markup {
    html! { (short(&near.there, 60)) @if let Some(whose) = &near.whose { " (" (short(whose, 60)) ")" } }
}
