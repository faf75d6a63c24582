//! Where users and groups are looked up: on the site or in exports. It is a part of the spreadsheet's form, and
//! its files come together with the form's other fields, so that no input is lost.

use headcount_app::identity_exports::Whose;
use headcount_app::words::{many, thousands};
use maud::{Markup, html};

use crate::parts::error;
use crate::parts::layout::{self, encoded, foreign};
use crate::state::identity_sources::{Given, taken};
use crate::state::uploads::{Paper, Said};

/// The field of the files.
pub const FILES: &str = "export";

/// The button that returns to the lookup on the site.
pub const ASK: &str = "ask_site";

/// How many notices about a file are shown.
const SHOWN: usize = 5;

/// Where users and groups are looked up, and how to change that.
pub fn show(paper: &Paper, said: &Said) -> Markup {
    let taken = taken(paper.job);
    let is_given = said.who.each().next().is_some();
    html! {
        @if !taken.is_empty() {
            details #who .about open[is_given || said.no_export.is_some()] {
                summary { "Ids of users and groups: " (told(said)) }
                @if let Some(failure) = &said.no_export { (error::words(failure)) }
                @for (whose, given) in said.who.each() { (file(whose, given)) }
                (offer(paper, taken, is_given))
            }
        }
    }
}

fn told(said: &Said) -> Markup {
    let name = |given: &Given| foreign(&given.file.name);
    html! {
        @match (&said.who.users, &said.who.groups) {
            (None, None) => "looked up on the site",
            (Some(users), None) => { "users from " (name(users)) }
            (None, Some(groups)) => { "groups from " (name(groups)) }
            (Some(users), Some(groups)) if users.file.name == groups.file.name => { "from " (name(users)) }
            (Some(users), Some(groups)) => { "users from " (name(users)) ", groups from " (name(groups)) }
        }
    }
}

fn file(whose: Whose, given: &Given) -> Markup {
    let what = match whose {
        Whose::Users if given.told == 1 => "1 user".to_owned(),
        Whose::Users => format!("{} users", thousands(given.told)),
        Whose::Groups => many(given.told, "group"),
    };
    let more = given.more + given.odd.len().saturating_sub(SHOWN) as u64;
    html! {
        p { strong { (foreign(&given.file.name)) } " has the ids of " (what) "." }
        @if !given.odd.is_empty() {
            (layout::note("warn", "Unusual in this file", html! {
                ul.plain { @for problem in given.odd.iter().take(SHOWN) { li { (foreign(&layout::quoted(&problem.to_string()))) } } }
                @if more > 0 { p { "And " (thousands(more)) " more of this kind." } }
            }))
        }
    }
}

fn offer(paper: &Paper, taken: &[Whose], is_given: bool) -> Markup {
    let people = taken.contains(&Whose::Users);
    let groups = taken.contains(&Whose::Groups);
    html! {
        p {
            "Use Atlassian's exports if your credentials cannot look up "
            @if people { "users" } @if people && groups { " or " } @if groups { "groups" }
            ", if the site hides addresses, or if your spreadsheet is very large. "
            "In admin.atlassian.com choose Directory, Users, Export users"
            @if groups { "; choose “Pivot to column” to get group ids, too" }
            ". "
            "You can also use "
            @if people { a href={ "/lists/people?site=" (encoded(&paper.site)) } { "the list of users" } }
            @if people && groups { " and " }
            @if groups { a href={ "/lists/groups?site=" (encoded(&paper.site)) } { "the list of groups" } }
            " that headcount makes."
        }
        div.field {
            label for=(FILES) {
                @if people && groups { "Exports of users and of groups (one or both)" }
                @else if people { "Export of users" }
                @else { "Export of users with their groups" }
            }
            input id=(FILES) type="file" name=(FILES) multiple[taken.len() > 1] data-at-once="take_exports"
                accept=".csv,.tsv,.txt,.xlsx,text/csv";
            p.faint {
                "Use exports made today: an address can move to another account. "
                "headcount still reads the current state of accounts and groups from the site."
            }
        }
        p.actions.small {
            button #take_exports .plain.unscripted type="submit" formenctype="multipart/form-data"
                formaction={ "/sheets/" (paper.id) "/exports" } { "Use this" }
            @if is_given { button.plain type="submit" name=(ASK) value="yes" { "Look up on the site instead" } }
        }
    }
}
