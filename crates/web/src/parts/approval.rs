//! Approval on the page: who planned and decided, and the forms with which another administrator decides on a plan.

use headcount_app::words::many;
use headcount_journal::{Act, Did, Run, RunState};
use headcount_model::outcome::Counts;
use maud::{Markup, html};

use crate::jobs::run_title;
use crate::parts::field_error;
use crate::parts::layout::{self, file_name, short, time, time_and_zone};
use crate::parts::outcome_bar;
use crate::parts::place::Place;
use crate::state::refusal::Refusal;

/// The field of the reason.
pub const WHY: &str = "why";

/// The plans that wait for approval, each with its planner and its rows.
pub fn list(waiting: &[(&Run, &Counts)]) -> Markup {
    html! {
        @if !waiting.is_empty() {
            section aria-labelledby="unapproved" {
                h2 #unapproved { "Waiting for approval" }
                ul.brought {
                    @for (run, counts) in waiting {
                        li {
                            a href={ "/runs/" (run.id) } { (run_title(run)) }
                            span.faint {
                                " " (short(&file_name(&run.input), 40)) " · " (Place::of_run(run).name()) " · " (time(run.created_at))
                                @if let Some(by) = run.author() { " · planned by " (short(by, 60)) }
                                " · " (outcome_bar::in_words(counts, &outcome_bar::Words::of(run)))
                            }
                            " "
                            a.button.plain href={ "/runs/" (run.id) "#decide" }
                                aria-label={ "Show the plan of run " (run.id) } { "Show the plan" }
                        }
                    }
                }
            }
        }
    }
}

/// What a plan waits for.
pub fn waits(run: &Run) -> Markup {
    let missing = many(u64::from(run.missing_approvals()), "approval");
    layout::note(
        "info",
        "The plan waits for approval",
        html! {
            p {
                "Nothing has been sent. This is what would happen, " a href="#rows" { "row by row" } ". The plan needs "
                (missing) " by another account"
                @if let Some(by) = run.who(Did::Planned) { " than " (short(&by.name, 80)) }
                ". headcount reads on the site whose API token decides."
            }
        },
    )
}

/// The forms that approve, reject and discard.
pub fn decide(run: &Run, refusal: Option<&Refusal>) -> Markup {
    let wrong = refusal.map(|refusal| &refusal.wrong);
    html! {
        section #decide .card aria-labelledby="decide-title" {
            h2 #decide-title { "Approve or reject this plan" }
            form.actions method="post" action={ "/runs/" (run.id) "/approve" } {
                button type="submit" { "Approve" }
                span.faint { "The plan can then be applied, exactly as it is now." }
            }
            form method="post" action={ "/runs/" (run.id) "/reject" } {
                div.field {
                    label for=(WHY) { "Reason for a rejection" }
                    input id=(WHY) name=(WHY) type="text" maxlength="500" autocomplete="off"
                        value=(refusal.and_then(|refusal| refusal.typed(WHY)).unwrap_or_default())
                        aria-invalid=[field_error::is_at(wrong, WHY).then_some("true")]
                        aria-describedby=[field_error::described(wrong, WHY, "")];
                    (field_error::at(wrong, WHY))
                }
                div.actions { button.danger type="submit" { "Reject" } }
            }
            details.confirm {
                summary.button.plain { "Discard this plan…" }
                form.card method="post" action={ "/runs/" (run.id) "/stop" } {
                    p { "headcount never sends a discarded plan." }
                    button.danger type="submit" { "Discard the plan" }
                }
            }
        }
    }
}

/// Why a plan was rejected.
pub fn rejected(run: &Run) -> Markup {
    layout::note(
        "info",
        "Rejected",
        html! {
            p {
                "This plan is never applied. Nothing was sent."
                @if let Some(why) = &run.stop { " Reason: " (short(why, 500)) }
            }
        },
    )
}

/// Who did what with a run, as facts of its page.
pub fn acts(run: &Run) -> Markup {
    html! {
        @for Act { did, by, at, .. } in &run.acts {
            div { dt { (heading(*did)) } dd { (short(&by.name, 80)) ", " (time_and_zone(*at)) } }
        }
        @if run.state == RunState::Unapproved {
            div { dt { "Needs" } dd { (many(u64::from(run.missing_approvals()), "approval")) } }
        }
    }
}

fn heading(did: Did) -> &'static str {
    match did {
        Did::Planned => "Planned by",
        Did::Approved => "Approved by",
        Did::Rejected => "Rejected by",
        Did::Started => "Started by",
        Did::Resumed => "Continued by",
        Did::Canceled => "Canceled by",
    }
}
