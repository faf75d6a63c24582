//! The table of found users, and the form that makes them the spreadsheet of a job.

use headcount_app::words::{many, thousands};
use headcount_people::choose::LastUse;
use headcount_people::export::status_word;
use headcount_people::roster::{RosterUser, Selection};
use headcount_people::rows::{Field, told_by};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::jobs::Offer;
use crate::parts::filter_form;
use crate::parts::layout::{self, short};
use crate::parts::pager;
use crate::state::fields::Fields;
use crate::state::finds::Find;

/// Users on a page.
const ROWS: usize = 50;

/// Whether a job changes users that exist.
pub fn takes_users(offer: Offer) -> bool {
    offer.spec.sheet.names_users()
}

/// The columns of a job's spreadsheet that an export of users does not have, such as `Group`.
pub fn other_columns(offer: Offer) -> impl Iterator<Item = &'static str> {
    let of_user = move |heading: &&str| {
        let field = told_by(offer.spec.sheet, heading);
        matches!(field, Some(Field::Email | Field::AccountId))
    };
    offer.spec.template.0.iter().copied().filter(move |heading| !of_user(heading))
}

/// The whole section: the table, then the jobs.
pub fn section(
    id: &str,
    found: &Find,
    selection: &Selection,
    fields: &Fields,
    now: Timestamp,
) -> Markup {
    html! {
        section aria-labelledby="users" {
            h2 #users { "Users" }
            div #table data-rows={ "/finds/" (id) "/rows" } { (table(id, found, selection, fields)) }
            @if selection.listed.is_empty() {}
            @else if found.reading.is_old(now) { (too_old(id, found, fields)) }
            @else { (go_on(id, selection, fields)) }
        }
    }
}

/// A page of the table. The browser never has more than one page.
pub fn table(id: &str, found: &Find, selection: &Selection, fields: &Fields) -> Markup {
    let all = selection.listed.len();
    let last = all.div_ceil(ROWS).max(1);
    let at = fields.one("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, last);
    let first = (at - 1) * ROWS;
    let shown = &selection.listed[first..all.min(first + ROWS)];
    let query = filter_form::query(fields);
    html! {
        p.found role="status" {
            @if all == 0 { "No user matches." }
            @else if last == 1 { (many(all as u64, "user")) "." }
            @else {
                "Users " (thousands(first as u64 + 1)) " to " (thousands((first + shown.len()) as u64))
                " of " (thousands(all as u64)) ", the longest without use first."
            }
        }
        @if !shown.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Users" {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { span.hidden { "Select" } }
                            th scope="col" { "User" } th scope="col" { "Email" } th scope="col" { "Status" }
                            th scope="col" { "Last use" } th scope="col" { "Apps" }
                        }
                    }
                    tbody { @for at in shown { (row(found, *at)) } }
                }
            }
        }
        (pager::pages("Pages of users", at as u64, last as u64, |page| format!("/finds/{id}?{query}page={page}#users")))
    }
}

fn row(found: &Find, at: usize) -> Markup {
    let user = &found.roster.users[at];
    let name = user.name.as_deref().or(user.mail.as_deref()).unwrap_or(user.id.as_str());
    let apps: Vec<_> = user.apps().map(|app| found.roster.apps.0[app].heading.as_str()).collect();
    html! {
        tr {
            td.take {
                input type="checkbox" form="use" name="take" value=(at + 1) data-take aria-label={ "Select " (name) };
            }
            th scope="row" { (short(name, 40)) }
            td data-heading="Email" { @if let Some(mail) = &user.mail { (short(mail, 48)) } @else { span.faint { "hidden" } } }
            td data-heading="Status" { (user.standing.map_or("unknown", status_word)) }
            td.nowrap data-heading="Last use" { (last_use(user)) }
            td data-heading="Apps" { (short(&apps.join(", "), 60)) }
        }
    }
}

fn last_use(user: &RosterUser) -> String {
    match user.last_use() {
        LastUse::Never if user.apps().next().is_none() => "no app".to_owned(),
        LastUse::Never => "never".to_owned(),
        LastUse::Unknown => "unknown".to_owned(),
        LastUse::At(at) => at.to_zoned(TimeZone::UTC).strftime("%-d %b %Y").to_string(),
    }
}

/// In place of the form: users may have used an app since.
fn too_old(id: &str, found: &Find, fields: &Fields) -> Markup {
    let query = filter_form::query(fields);
    layout::note(
        "info",
        "These users were read more than an hour ago",
        html! {
            p { "Read on " (layout::time(found.reading.at)) ". Since then, users may have used an app. To use them for a job, read them again." }
            div.actions {
                a.button href={ "/find?" (query) "site=" (layout::encoded(&found.profile)) } { "Read again" }
                a.button.plain href={ "/finds/" (id) "/users.csv?" (query) } download { "Download the list" }
            }
        },
    )
}

fn go_on(id: &str, selection: &Selection, fields: &Fields) -> Markup {
    let all = selection.listed.len() as u64;
    let query = filter_form::query(fields);
    let jobs: Vec<Offer> = Offer::all().filter(|offer| takes_users(*offer)).collect();
    let mut columns: Vec<(&str, Vec<&str>)> = Vec::new();
    for offer in &jobs {
        for heading in other_columns(*offer) {
            match columns.iter_mut().find(|(known, _)| *known == heading) {
                Some((_, titles)) => titles.push(offer.tile.title),
                None => columns.push((heading, vec![offer.tile.title])),
            }
        }
    }
    html! {
        form #use.card method="post" action={ "/finds/" (id) "/sheet?" (query) } {
            h3 { "Use them as the spreadsheet of a job" }
            p.faint { "You see the plan before anything is sent." }
            div.limits {
                div.field {
                    label for="job" { "The job" }
                    select #job name="job" required {
                        option value="" { "choose one" }
                        @for offer in &jobs { option value=(offer.tile.key) { (offer.tile.title) } }
                    }
                }
                @for (heading, titles) in &columns {
                    div.field {
                        label for={ "of-" (heading) } { (heading) }
                        input id={ "of-" (heading) } name=(heading) autocomplete="off" spellcheck="false"
                            aria-describedby={ "for-" (heading) };
                        span.faint id={ "for-" (heading) } { "The same in all rows. For: " (titles.join(", ")) "." }
                    }
                }
            }
            input type="hidden" name="rows" value="" data-taken;
            // Enter in a field presses the first button, also if it is hidden: never the one for all users.
            div.actions {
                button type="submit" name="who" value="some" data-some="Use the # selected" data-one="user" data-several="users" { "Use only the selected users" }
                button type="submit" name="who" value="all" data-all {
                    @if all == 1 { "Use the listed user" } @else { "Use all " (thousands(all)) " listed users" }
                }
                a.button.plain href={ "/finds/" (id) "/users.csv?" (query) } download { "Download the list" }
            }
        }
    }
}
