//! Hints as links and buttons of the page.

use headcount_app::hint::{Hint, Whose};
use headcount_journal::RunId;
use maud::{Markup, html};

use super::layout::{foreign, quoted};

/// A hint for the page.
pub fn words(hint: &Hint) -> Markup {
    match hint {
        Hint::Words(words) => html! { (foreign(&quoted(words))) },
        Hint::ProfilesNamed => html! {
            "The file given with `--config` or HEADCOUNT_CONFIG must exist and be readable. Quit headcount, correct "
            "the file, and start again."
        },
        Hint::ProfilesOrEnvironment => {
            html! { "Quit headcount, correct the file's permissions, and start again." }
        }
        Hint::Settings(_) | Hint::NameProfile(_) | Hint::ListProfiles | Hint::UseSandbox => {
            html! { "Choose the site on the " a href="/" { "start page" } ", or add it there." }
        }
        Hint::ListRuns => html! { a href="/history" { "All runs" } " lists every run." },
        Hint::ShowRun(None) => html! { "Find it under " a href="/history" { "All runs" } "." },
        Hint::ShowRun(Some(run)) => {
            html! { a href={ "/runs/" (run) } { "Look at run " (run) } "." }
        }
        Hint::Apply(run) => html! { a href={ "/runs/" (run) } { "Apply it on its page" } "." },
        Hint::Approve(run) => approve(run),
        Hint::WaitOrStop(run) => html! {
            "Wait until the run ends, or pause the run on "
            a href={ "/runs/" (run) } { "its page" } "."
        },
        Hint::WaitOrQueue(run) => wait_or_queue(run),
        Hint::RepairAndResume => html! {
            "Nothing more was sent. Make room on the disk, make the journal's file writable or start its server, then "
            "continue the run on its page."
        },
        Hint::ReportAgain => {
            html! { "The run itself is in the journal: download the report again." }
        }
        Hint::GiveJob => html! { "Choose a job on the " a href="/" { "start page" } "." },
        Hint::OtherJournal { instead, then } => html! {
            @if !instead.is_empty() { (sentence(instead)) " " }
            "Or quit headcount and start it with another journal file"
            @if !then.is_empty() { "; " (then) }
            "."
        },
        Hint::SayOwnAccount => html! { "Add your own account's email to the site's settings." },
        Hint::MaxChangesAsNumber => {
            html! { "Give the limit as a number of changes, not as a share." }
        }
        Hint::GiveExports { instead } => html! {
            (sentence(instead))
            " Or give Atlassian's exports under “Ids of users and groups” on the page of your spreadsheet."
        },
        Hint::ExportHas(whose) => html! { (export_has(*whose)) },
        Hint::GiveCredentials(_) => {
            html! { "Give them on the " a href="/" { "start page" } ": “Change its credentials”." }
        }
        Hint::PrintOrSet(_) => {
            html! { "Unlock the keyring, or allow headcount to use it, and try again." }
        }
    }
}

fn approve(run: &RunId) -> Markup {
    html! {
        "Nothing was sent. Another administrator approves or rejects the plan on "
        a href={ "/runs/" (run) } { "its page" } "."
    }
}

fn wait_or_queue(run: &RunId) -> Markup {
    html! {
        "Nothing was sent. Wait until that run has ended, then apply or continue this one on "
        a href={ "/runs/" (run) } { "its page" } "."
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn export_has(whose: Whose) -> &'static str {
    match whose {
        Whose::Users => "An export of users has the columns “User id” and “email”.",
        Whose::Groups => {
            "An export of users with their groups has the columns “Group id” and “Group name”."
        }
    }
}
