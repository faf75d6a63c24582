//! The columns of a sheet, what each is taken for, and the cells that cannot be read.

use headcount_core::plan::{BadRow, Checked};
use headcount_core::sheet::{Field, Job as SheetJob, LEFT_OUT, Problem, Raw, fields, told_by};
use maud::{Markup, html};

use super::correct::names;
use super::sheet::Understood;
use crate::show::{many, thousands};
use crate::web::layout::{self, foreign, short};

/// The first rows under their headings, and above each column what it is taken for.
pub fn preview(job: SheetJob, understood: &Understood) -> Markup {
    let first = understood.checked.as_ref().map(|checked| checked.first.as_slice());
    let first = first.ok().filter(|first| !first.is_empty()).unwrap_or(&understood.peeked);
    html! {
        div.card {
            h2 { "Which column is what" }
            p.faint { "Change it here if something was taken for the wrong thing." }
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
                    tbody { @for raw in first.iter().take(6) { (cells(raw, understood, &[], false)) } }
                }
            }
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
    html! {
        @if is_secret {
            span.faint { "kept out: never shown or sent" }
        } @else if told_by(job, heading) == Some(Field::OrgRole) {
            span { (label(Field::OrgRole)) }
        } @else {
            select name={ "column" (at) } aria-label={ "The column " (heading) " is" }
                class=[(now != LEFT_OUT).then_some("taken")] {
                option value=(LEFT_OUT) selected[now == LEFT_OUT] { "only carried along" }
                @for field in fields(job) {
                    @if field != Field::OrgRole {
                        option value=(field.name()) selected[now == field.name()] { (label(field)) }
                    }
                }
            }
        }
    }
}

/// What a column can be taken for.
fn label(field: Field) -> &'static str {
    match field {
        Field::AccountId => "Account id",
        Field::Email => "E-mail address",
        Field::GroupId => "Group id",
        Field::GroupName => "Group name",
        Field::Group => "Group (name or id)",
        Field::DisplayName => "Name (only shown)",
        Field::Products => "Products",
        Field::Groups => "Groups of the new person",
        Field::OrgRole => "Role (protects administrators)",
        Field::Name => "Name",
        Field::Description => "Description",
        Field::UserStatus => "State",
        Field::Gone(_) => "no longer used",
    }
}

/// A row; its bad cells as fields where they can be corrected here.
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
                td.bad[is_bad(at)] {
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

/// Unreadable rows, the bad cells marked, and what to do about each.
pub fn bad_rows(
    sheet: &str,
    understood: &Understood,
    checked: &Checked,
    reading: &Markup,
) -> Markup {
    html! {
        @if !checked.read.dropped.is_empty() {
            (layout::note("info", "Some columns are not needed any more", html! {
                p {
                    "Atlassian has stopped taking these fields, so they are not sent: "
                    (checked.read.dropped.iter().copied().collect::<Vec<_>>().join(", ")) ". "
                    "Nothing else is affected: people enter their own name, and the column stays in the report."
                }
            }))
        }
        @if checked.read.bad > 0 {
            form.card method="post" action={ "/sheets/" (sheet) "/correct" } aria-labelledby="bad" {
                (reading)
                h2 #bad { (many(checked.read.bad, "row")) " cannot be read" }
                p.faint {
                    "Correct the marked cells here; your file stays as it is. Or correct them in your sheet and "
                    "bring it again, or go on without them."
                }
                div.scroll tabindex="0" role="region" aria-label="Rows that cannot be read" {
                    table.sheet {
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
                        (foreign(&problem.what)) "; "
                        span.todo { (foreign(problem.todo.split(", or go on without it: --bad-rows").next().unwrap_or(&problem.todo))) }
                    }
                }
            }
        }
    }
}
