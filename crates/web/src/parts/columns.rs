//! The columns of a spreadsheet, the field that each is read as, and the cells that cannot be read.

use headcount_app::words::{many, thousands};
use headcount_people::plan::{BadRow, Checked};
use headcount_people::rows::{
    Field, LEFT_OUT, SheetJob, fields, is_doubtful, names_a_person, told_by,
};
use headcount_sheet::{Problem, Raw, SheetError};
use maud::{Markup, html};

use crate::parts::corrections::names;
use crate::parts::layout::{self, foreign, quoted, short};
use crate::state::sheet_form::{PEEKED, Understood};

/// The first rows below their headings, and above each column its field.
pub fn preview(job: SheetJob, understood: &Understood) -> Markup {
    let first = understood.checked.as_ref().map(|checked| checked.first.as_slice());
    let first = first.ok().filter(|first| !first.is_empty()).unwrap_or(&understood.peeked);
    html! {
        div.card {
            h2 { "What each column is" }
            p.faint {
                "Change it here if it is not right. "
                "A column that is not used is only copied into the report."
            }
            div.scroll tabindex="0" role="region" aria-label="Columns and first rows" {
                table.sheet {
                    thead {
                        tr.meanings {
                            td { span.hidden { "Taken for" } }
                            @for (at, heading) in understood.headings.iter().enumerate() {
                                td { (meaning(understood, job, at, heading)) }
                            }
                        }
                        tr {
                            th scope="col" { "Line" }
                            @for heading in &understood.headings {
                                th scope="col" { (short(heading, 40)) }
                            }
                        }
                    }
                    tbody { @for raw in first.iter().take(PEEKED) { (cells(raw, understood, &[], false)) } }
                }
            }
            (more_rows(understood))
            @if understood.tells_nothing(job) {
                (layout::note("warn", "Is the first line a row?", html! {
                    p {
                        "The first line (“" (short(&understood.headings.join(" · "), 120))
                        "”) has no known heading. If it is a row, select "
                        strong { "My spreadsheet has no headings" } "."
                    }
                }))
            }
            @if understood.may_have_other_headings() { (heading_line(understood)) }
            @if understood.may_have_no_headings(job) {
                label.switch {
                    input type="checkbox" name="no_headings" value="yes" data-at-once
                        checked[understood.reading.options.no_headings];
                    span {
                        "My spreadsheet has no headings"
                        span.faint { "The first line is data." }
                    }
                }
            }
        }
    }
}

/// The choice of the line with the headings.
fn heading_line(understood: &Understood) -> Markup {
    let now = understood.reading.options.heading;
    let suggested = match &understood.columns {
        Err(SheetError::HeadingBelow { below, .. } | SheetError::TitleAbove { below, .. }) => {
            Some(*below)
        }
        Ok(_) | Err(_) => None,
    };
    html! {
        div.field {
            label for="heading" { "The headings are on" }
            select #heading name="heading" data-at-once {
                option value="" selected[now.is_none()] { "the first line" }
                // Lines above the chosen one are no longer read.
                @for (line, cells) in understood.first_lines.iter().skip(usize::from(now.is_none())) {
                    option value=(line) selected[now == Some(*line)] {
                        "line " (line) ": " (short(&cells.join(" · "), 80))
                        @if suggested == Some(*line) { " (looks like headings)" }
                    }
                }
            }
        }
    }
}

/// How many more rows there are, if they were counted.
fn more_rows(understood: &Understood) -> Markup {
    let rows = understood.checked.as_ref().map_or(0, |checked| checked.read.rows);
    let more = rows.saturating_sub(PEEKED as u64);
    html! {
        @if more > 0 { p.faint { "And " (thousands(more)) " more " @if more == 1 { "row." } @else { "rows." } } }
    }
}

/// A note that names are not sent.
pub fn names_are_not_sent(understood: &Understood) -> Markup {
    let is_name = |heading: &&String| names_a_person(heading);
    let names: Vec<_> = understood.headings.iter().filter(is_name).collect();
    html! {
        @if !names.is_empty() {
            (layout::note("info", "Names are not sent", html! {
                p {
                    @for (at, name) in names.iter().enumerate() { @if at > 0 { ", " } "“" (short(name, 40)) "”" }
                    ": Atlassian no longer accepts names for new users; users enter their own. The columns stay in your report."
                }
            }))
        }
    }
}

fn meaning(understood: &Understood, job: SheetJob, at: usize, heading: &str) -> Markup {
    let taken = fields(job).into_iter().find(|field| {
        understood.columns.as_ref().is_ok_and(|columns| columns.index(*field) == Some(at))
    });
    let now = match (&understood.columns, taken) {
        (Ok(_), taken) => taken.map_or(LEFT_OUT, Field::name),
        (Err(_), _) => (understood.reading.chosen.get(at).and_then(Option::as_deref))
            .unwrap_or_else(|| told_by(job, heading).map_or(LEFT_OUT, Field::name)),
    };
    let is_secret =
        understood.columns.as_ref().is_ok_and(|columns| columns.secret_indexes().contains(&at));
    // An empty choice decides nothing, even if other fields of the page change.
    let is_open = understood.columns.is_err()
        && now == LEFT_OUT
        && understood.reading.chosen.get(at).is_none_or(Option::is_none)
        && is_doubtful(job, heading);
    html! {
        @if is_secret {
            span.faint { "left out: never shown or sent" }
        } @else if told_by(job, heading) == Some(Field::OrgRole) {
            span { (label(Field::OrgRole)) }
        } @else {
            select name={ "column" (at) } data-at-once aria-label={ "The column " (heading) " is" }
                class=[(now != LEFT_OUT).then_some("taken")] {
                @if is_open { option value="" selected { "choose…" } }
                option value=(LEFT_OUT) selected[now == LEFT_OUT && !is_open] { "not used" }
                @for field in choices(job) {
                    @if field != Field::OrgRole {
                        option value=(field.name()) selected[now == field.name()] { (label(field)) }
                    }
                }
            }
        }
    }
}

/// The fields that a column can be read as. For groups, the field that takes both names and ids comes first.
fn choices(job: SheetJob) -> Vec<Field> {
    let mut all = fields(job);
    all.sort_by_key(|field| matches!(field, Field::GroupName | Field::GroupId));
    all
}

/// The name of a field in the choice.
fn label(field: Field) -> &'static str {
    match field {
        Field::AccountId => "Account id",
        Field::Email => "Email address",
        Field::NewEmail => "New email address",
        Field::GroupId => "Group id",
        Field::GroupName => "Group name",
        Field::Group => "Group (name or id)",
        Field::DisplayName => "Name (not sent)",
        Field::Products => "Products",
        Field::Groups => "Groups of the new user",
        Field::OrgRole => "Role (used to skip administrators)",
        Field::Name => "Name",
        Field::Description => "Description",
        Field::UserStatus => "State",
        Field::Status => "Wanted state",
        Field::App => "App",
        Field::Role => "Role in the app",
        Field::Token => "API token id",
        Field::Decision => "Decision of an access review",
        Field::Action => "What to do with the row",
        Field::Gone(_) => "no longer used",
    }
}

/// A row. Its bad cells are input fields if they can be corrected here.
fn cells(raw: &Raw, understood: &Understood, problems: &[Problem], correctable: bool) -> Markup {
    let heading = |at| understood.columns.as_ref().ok().map(|columns| columns.heading(at));
    let is_bad = |at: usize| {
        problems.iter().any(|problem| problem.column.is_some() && problem.column == heading(at))
    };
    let is_secret = |at: usize| {
        understood.columns.as_ref().is_ok_and(|columns| columns.secret_indexes().contains(&at))
    };
    html! {
        tr {
            th.number scope="row" { (thousands(raw.line)) }
            @for (at, cell) in raw.cells.iter().enumerate() {
                td.bad[is_bad(at)] data-heading=(understood.headings.get(at).map_or("", String::as_str)) {
                    @if is_bad(at) && correctable && !is_secret(at) {
                        @let (name, was) = names(raw.number, at);
                        input type="hidden" name=(was) value=(cell);
                        input.cell name=(name) value=(cell) autocomplete="off" spellcheck="false"
                            aria-label={ "Line " (raw.line) ", " (understood.headings.get(at).map_or("", String::as_str)) };
                    } @else if is_bad(at) && cell.trim().is_empty() { em { "empty" } } @else { (short(cell, 60)) }
                }
            }
        }
    }
}

/// Unreadable rows with the bad cells marked, and what to do about each.
pub fn bad_rows(understood: &Understood, checked: &Checked) -> Markup {
    html! {
        // For names, the note about all columns says it.
        @let dropped: Vec<_> = checked.read.dropped.iter().copied().filter(|name| *name != "name").collect();
        @if !dropped.is_empty() {
            (layout::note("info", "Some columns are no longer needed", html! {
                p {
                    "Atlassian no longer accepts these fields, so they are not sent: "
                    (dropped.join(", ")) ". "
                    "The columns stay in the report."
                }
            }))
        }
        @if let Some((line, column)) = &checked.read.unseen.first {
            (layout::note("info", "Invisible characters were removed", html! {
                p {
                    (many(checked.read.unseen.cells, "cell")) " had invisible characters ("
                    (checked.read.unseen.codes()) "); the first is in line " (line) ", column “"
                    (short(column, 40)) "”."
                }
            }))
        }
        @if checked.read.bad > 0 {
            section.card aria-labelledby="bad" {
                h2 #bad { (many(checked.read.bad, "row")) " cannot be read" }
                p.faint {
                    "Correct the marked cells here; your file does not change. Or correct them in your spreadsheet and "
                    "upload it again, or continue without them."
                }
                div.scroll tabindex="0" role="region" aria-label="Rows that cannot be read" {
                    table.sheet.mend {
                        thead {
                            tr {
                                th scope="col" { "Line" }
                                @for heading in &understood.headings { th scope="col" { (short(heading, 40)) } }
                            }
                        }
                        tbody { @for bad in &checked.bad { (bad_row(bad, understood)) } }
                    }
                }
                @if checked.bad.iter().any(|bad| bad.raw.problem.is_none()) {
                    p.actions { button.plain type="submit" { "Read it with these corrections" } }
                }
                @let more = checked.read.bad - checked.bad.len() as u64;
                @if more > 0 { p.faint { "And " (many(more, "row")) " more." } }
            }
        }
    }
}

fn bad_row(bad: &BadRow, understood: &Understood) -> Markup {
    html! {
        (cells(&bad.raw, understood, &bad.problems, bad.raw.problem.is_none()))
        tr.problem {
            td {}
            td colspan=(understood.headings.len().max(1)) {
                @for problem in &bad.problems {
                    p {
                        @if let Some(column) = &problem.column { strong { (short(column, 40)) } ": " }
                        (foreign(&quoted(&problem.what))) "; "
                        span.todo {
                            (foreign(&quoted(&problem.todo)))
                            @if is_group_id(problem, understood) { "; or choose “" (label(Field::Group)) "” for this column above" }
                        }
                    }
                }
            }
        }
    }
}

/// Whether a cell in a column of group ids is probably a name.
fn is_group_id(problem: &Problem, understood: &Understood) -> bool {
    let Ok(columns) = &understood.columns else { return false };
    let heading = columns.index(Field::GroupId).map(|at| columns.heading(at));
    heading.is_some() && heading == problem.column
}
