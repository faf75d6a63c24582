//! The table of rows: searched, filtered, and in pages from the journal. The browser has only one page at a time.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_app::collections::is_collection;
use headcount_app::failure::Failure;
use headcount_app::words::{many, steps::step_words, thousands};
use headcount_collections::{FileKind, planned};
use headcount_journal::{
    Count, Filter, Journal, Page, ReasonCount, RowView, Run, RunId, RunState, Sort, SortBy,
    TakenBack,
};
use headcount_model::outcome::{Counts, Outcome};
use headcount_model::reason::Reason;
use headcount_model::rows as numbers;
use headcount_people::steps::{self, Change, Note, list};
use headcount_people::sync::Drafted;
use headcount_report::corrected;
use maud::{Markup, html};
use serde::Deserialize;

use crate::fault::Fault;
use crate::parts::apply_form::WARNED;
use crate::parts::difference_kinds;
use crate::parts::layout::{encoded, file_name, quoted, short};
use crate::parts::outcome_badge;
use crate::parts::outcome_bar;
use crate::parts::pager;
use crate::parts::row_sort;
use crate::parts::undo;
use crate::responses::{Answer, page};
use crate::state::app::App;
use crate::state::summary_cache::Facts;

/// Rows on a page.
const ROWS: u64 = 50;

/// The same for a waiting plan, because its actions are below the rows.
const ROWS_OF_PLAN: u64 = 10;

/// The query of the table.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// An outcome's word, `pending`, or [`WARNED`].
    #[serde(default)]
    outcome: String,
    /// A reason's word.
    #[serde(default)]
    reason: String,
    /// The kind of a list's differences. No other filter applies with it.
    #[serde(default)]
    kind: String,
    /// A text to search.
    #[serde(default)]
    text: String,
    /// The order, as [`row_sort`] spells it.
    #[serde(default)]
    sort: String,
    /// The page, from 1.
    #[serde(default)]
    page: String,
    /// Whether a form of this page was refused.
    #[serde(default)]
    refused: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let outcome = match self.outcome.as_str() {
            "pending" => Some(None),
            word => Outcome::from_word(word).map(Some),
        };
        let reason = Reason::from_word(&self.reason);
        let text = self.text.chars().take(200).collect();
        Filter { outcome, reason, twice: self.is_twice(), text, sort: self.sort() }
    }

    /// Whether a form of the page is shown again.
    pub fn is_refused(&self) -> bool {
        !self.refused.is_empty()
    }

    fn sort(&self) -> Sort {
        row_sort::of_word(&self.sort)
    }

    fn is_twice(&self) -> bool {
        self.outcome == WARNED
    }

    fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).max(1)
    }

    /// The address of another page or filter of the same table.
    fn address(&self, base: &str, page: u64) -> String {
        let part = |name: &str, value: &str| match value {
            "" => String::new(),
            value => format!("{name}={}&", encoded(value)),
        };
        format!(
            "{base}?{}{}{}{}{}page={page}#rows",
            part("kind", &self.kind),
            part("outcome", &self.outcome),
            part("reason", &self.reason),
            part("text", &self.text),
            part("sort", &row_sort::word(self.sort()))
        )
    }
}

/// One page of the table.
pub struct Rows {
    /// The address of its page.
    base: String,
    /// The words for outcomes in this run.
    words: outcome_bar::Words,
    /// The name of the spreadsheet; an undo has none.
    sheet: Option<String>,
    asked: Asked,
    found: u64,
    page: u64,
    /// Rows on a page.
    most: u64,
    rows: Vec<RowView>,
    /// Rows whose cells were corrected.
    corrected: numbers::Rows,
    /// Whether rows can be chosen for an undo.
    can_take: bool,
    /// Whether each row has a page of its own.
    opens: bool,
    /// The kinds of differences, if the run is from a list.
    kinds: Vec<(String, u64)>,
    /// The rows of this page that were undone, and the run that undid them.
    taken: Vec<(u64, RunId)>,
}

/// Reads a page of the table.
pub fn read(
    journal: &Journal,
    run: &Run,
    facts: &Facts,
    base: String,
    asked: Asked,
) -> Result<Rows, Failure> {
    let list = Drafted::of(run);
    let of_kind = list.as_ref().and_then(|list| list.rows_of(&asked.kind));
    let asked = match of_kind {
        // The rows of a kind are next to each other.
        Some(_) => Asked { kind: asked.kind, page: asked.page, ..Asked::default() },
        None => Asked { kind: String::new(), ..asked },
    };
    let filter = asked.filter();
    let found = match (of_kind, known(&filter, facts)) {
        (Some((_, rows)), _) => rows,
        (None, Some(known)) => known,
        (None, None) => journal.count(&run.id, Count::Rows(&filter))?,
    };
    let is_plan = matches!(run.state, RunState::Sealed | RunState::Unapproved);
    let most = if is_plan { ROWS_OF_PLAN } else { ROWS };
    let page = asked.page().min(found.div_ceil(most).max(1));
    let (before, skipped) = (of_kind.map_or(0, |(before, _)| before), (page - 1) * most);
    let shown = most.min(found.saturating_sub(skipped));
    let rows = journal.find_rows(&run.id, &filter, Page::skip(before + skipped, shown))?;
    Ok(Rows {
        base,
        words: outcome_bar::Words::of(run),
        sheet: sheet(run),
        asked,
        found,
        page,
        most,
        rows,
        corrected: corrected(run),
        can_take: false,
        opens: is_collection(run),
        kinds: list.map(|list| list.kinds).unwrap_or_default(),
        taken: Vec::new(),
    })
}

/// The name of the file with the rows; for a collection, of its data file.
fn sheet(run: &Run) -> Option<String> {
    if is_collection(run) {
        let data = FileKind::Data.title();
        return planned(run).files.into_iter().find(|file| file.kind == data).map(|file| file.name);
    }
    run.undoes.is_none().then(|| file_name(&run.input))
}

impl Rows {
    /// Adds the later undos, and a box for each row that can be undone.
    pub fn with_undos(
        mut self,
        journal: &Journal,
        run: &Run,
        facts: &Facts,
        taken: &[TakenBack],
    ) -> Result<Self, Failure> {
        let is_over =
            matches!(run.state, RunState::Finished | RunState::Cancelled | RunState::Rejected);
        self.can_take = is_over && undo::left(run, facts, taken) > 1;
        if let (Some(first), Some(last)) = (self.rows.first(), self.rows.last()) {
            self.taken = journal.rows_taken_back(&run.id, first.row, last.row)?;
        }
        Ok(self)
    }

    /// The run that undid a row.
    fn taken_by(&self, row: u64) -> Option<&RunId> {
        self.taken.iter().find(|(number, _)| *number == row).map(|(_, by)| by)
    }

    /// The heading above the cells.
    fn about(&self) -> &'static str {
        if self.kinds.is_empty() { "In your spreadsheet" } else { "Difference" }
    }

    /// Shows the rows as those of a rehearsal.
    pub fn rehearsed(mut self) -> Self {
        self.words = outcome_bar::Words::of_rehearsal();
        self
    }
}

/// How many rows match, if the counts show it.
fn known(filter: &Filter, facts: &Facts) -> Option<u64> {
    let Filter { outcome, reason, twice, text, sort: _ } = filter;
    match (outcome, reason) {
        _ if *twice || !text.trim().is_empty() => None,
        (None, None) => Some(facts.counts.rows),
        (Some(outcome), None) => {
            let word = outcome_bar::word(*outcome);
            outcome_bar::parts(&facts.counts)
                .iter()
                .find(|(known, _)| *known == word)
                .map(|(_, many)| *many)
        }
        _ => None,
    }
}

/// `GET /runs/{run}/rows`: the table alone, for the script.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let reading = Arc::clone(&app);
    let made = app
        .read(move |journal| {
            let Ok(run) = journal.run(&id) else { return Ok(None) };
            let is_going_on = run.state == RunState::Running && journal.is_held(&run.id);
            let facts = reading.facts.get(journal, &run, is_going_on)?;
            let base = format!("/runs/{}", run.id);
            let rows = read(journal, &run, &facts, base, asked)?;
            let taken = journal.taken_back(&run.id)?;
            let rows = rows.with_undos(journal, &run, &facts, &taken)?;
            Ok(Some(table(&rows)))
        })
        .await?;
    made.map(page).ok_or_else(|| Fault::not_found("there is no such run"))
}

/// The whole section: search, filters, table, links to other pages.
pub fn section(counts: &Counts, reasons: &[ReasonCount], rows: &Rows) -> Markup {
    html! {
        section aria-labelledby="rows" {
            h2 #rows { @if rows.kinds.is_empty() { "Row by row" } @else { "Differences" } }
            @if rows.kinds.len() > 1 {
                (difference_kinds::links(&rows.kinds, counts.rows, &rows.asked.kind, |kind| {
                    Asked { kind: kind.to_owned(), ..Asked::default() }.address(&rows.base, 1)
                }))
            }
            (form(counts, reasons, rows))
            div #table data-rows={ (rows.base) "/rows" } { (table(rows)) }
            @if rows.can_take { div.actions { (undo::ticked()) } }
        }
    }
}

fn form(counts: &Counts, reasons: &[ReasonCount], rows: &Rows) -> Markup {
    let asked = &rows.asked;
    let outcomes = outcome_bar::parts(counts).into_iter().filter(|(_, many)| *many > 0);
    html! {
        form.filter method="get" action={ (rows.base) "#rows" } role="search" {
            div.field {
                label for="text" { "Search" }
                input #text type="search" name="text" value=(asked.text) maxlength="200"
                    placeholder="a name, an address, a group" autocomplete="off" spellcheck="false";
            }
            div.field {
                label for="outcome" { "Outcome" }
                select #outcome name="outcome" {
                    option value="" { "all (" (thousands(counts.rows)) ")" }
                    @if asked.is_twice() { option value=(WARNED) selected { "with a warning" } }
                    @for (word, many) in outcomes {
                        option value=(word) selected[asked.outcome == word] {
                            (rows.words.name(word)) " (" (thousands(many)) ")"
                        }
                    }
                }
            }
            @if !reasons.is_empty() {
                div.field {
                    label for="reason" { "Reason" }
                    select #reason name="reason" {
                        option value="" { "all" }
                        @for reason in reasons {
                            option value=(reason.reason) selected[asked.reason == reason.reason.word()] {
                                (reason.reason.word().replace('-', " ")) " (" (thousands(reason.rows)) ")"
                            }
                        }
                    }
                }
            }
            (row_sort::field(asked.sort()))
            button.plain type="submit" { "Show" }
        }
    }
}

/// The table, and the links to its other pages.
pub fn table(rows: &Rows) -> Markup {
    let last = rows.found.div_ceil(rows.most).max(1);
    let first = (rows.page - 1) * rows.most + 1;
    html! {
        p.found role="status" {
            @if rows.found == 0 { "No row matches." }
            @else if last == 1 { (many(rows.found, "row")) "." }
            @else {
                "Rows " (thousands(first)) " to " (thousands(first + rows.rows.len() as u64 - 1))
                " of " (thousands(rows.found)) "."
            }
            @if !rows.asked.filter().is_empty() || !rows.asked.kind.is_empty() {
                " " a href={ (rows.base) "#rows" } { "Clear filters" }
            }
            (counted(rows))
        }
        @if !rows.rows.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Rows" {
                table.rows.stack {
                    thead { (headings(rows)) }
                    tbody { @for row in &rows.rows { (line(row, rows)) } }
                }
            }
        }
        (pager::pages("Pages of rows", rows.page, last, |page| rows.asked.address(&rows.base, page)))
    }
}

/// The headings; each sorts the rows by its column.
fn headings(rows: &Rows) -> Markup {
    let heading = |label, class, by| {
        let address = |sort| {
            let sort = row_sort::word(sort);
            Asked { sort, ..rows.asked.clone() }.address(&rows.base, 1)
        };
        row_sort::heading(label, class, by, rows.asked.sort(), address)
    };
    html! {
        tr {
            @if rows.can_take { th scope="col" { "Undo" } }
            (heading("Row", "number", SortBy::Row))
            (heading("Outcome", "", SortBy::Outcome))
            (heading(rows.about(), "", SortBy::About))
            (heading(rows.words.doing, "wider", SortBy::Reason))
        }
    }
}

/// One row of the table.
fn line(row: &RowView, rows: &Rows) -> Markup {
    let taken = rows.taken_by(row.row);
    let cells: Vec<_> =
        row.cells.iter().map(String::as_str).filter(|cell| !cell.trim().is_empty()).collect();
    let word = outcome_bar::word(row.outcome);
    html! {
        tr {
            @if rows.can_take { td.take { (undo::tick(row, taken)) } }
            th.number scope="row" { (number(row.row, rows)) }
            td {
                (outcome_badge::named(
                    if taken.is_some() { "o-taken" } else { rows.words.class(word) },
                    rows.words.name(word),
                ))
                @if taken.is_some() { br; span.faint { "undone later" } }
            }
            td.cells data-heading=(rows.about()) {
                @for (at, cell) in cells.iter().take(4).enumerate() {
                    @if at > 0 { span.faint { " · " } }
                    (short(cell, 48))
                }
                @if cells.len() > 4 { span.faint { " …" } }
                @if rows.corrected.contains(row.row) { " " span.tag { "corrected here" } }
            }
            td.why data-heading=(rows.words.doing) { (what(row, rows, taken)) }
        }
    }
}

/// The number of a row; for a collection's row, a link to its requests.
fn number(row: u64, rows: &Rows) -> Markup {
    html! {
        @if rows.opens { a href={ (rows.base) "/rows/" (row) } { span.hidden { "Open row " } (thousands(row)) } }
        @else { (thousands(row)) }
    }
}

/// The row's change: the pending step, or the outcome; and its user.
fn what(row: &RowView, rows: &Rows, taken: Option<&RunId>) -> Markup {
    let change = steps::of_row(row).map(|step| step.payload);
    let step = change.as_ref().filter(|_| !is_harmless(row));
    let name = step.and_then(|change| {
        let target = &change.target;
        target.name.as_ref().filter(|_| target.account.is_some() && target.mail.is_some())
    });
    let is_told = row.outcome.is_some() && !row.detail.is_empty();
    html! {
        @if is_told { (short(&quoted(&row.detail), 220)) }
        @else if step.is_some() { (short(&step_words(row), 120)) }
        @else if rows.opens { "the requests of the collection" }
        @else { span.faint { "nothing is sent" } }
        @if let Some(reason) = row.reason.filter(|_| !is_practiced(row, rows)) {
            " " span.reason.faint { (reason) }
        }
        @if let Some(name) = name { span.person { (short(name, 60)) } }
        @if let Some(change) = &change { (twice(change, row.outcome)) }
        @if let Some(by) = taken {
            p.taken { "Undone later by " a href={ "/runs/" (by) } { "run " (by) } }
        }
    }
}

/// The details and warnings of a change. After the change, only the warning that it may have been another user.
fn twice(change: &Change, outcome: Option<Outcome>) -> Markup {
    let is_left = |note: &&Note| match outcome {
        None => true,
        Some(Outcome::Skipped) => false,
        Some(_) => matches!(note, Note::OtherName | Note::App | Note::Customer),
    };
    html! {
        @if outcome.is_none() && !change.wanted.gives.is_empty() { p { "may take a seat of " (list(&change.wanted.gives)) } }
        @for note in change.wanted.notes.iter().filter(is_left) { p { strong { "Warning: " } (note.words()) } }
    }
}

/// Whether the row was applied only to a copy.
fn is_practiced(row: &RowView, rows: &Rows) -> bool {
    rows.words.is_practice && row.outcome == Some(Outcome::Changed)
}

/// Whether another row makes the same change.
fn is_harmless(row: &RowView) -> bool {
    row.reason.is_some_and(Reason::harmless)
}

/// Explains once that a row's number is not its line, if the user uploaded the spreadsheet.
fn counted(rows: &Rows) -> Markup {
    // The rows of a list are differences, each with its place in the list.
    let is_sheet = rows.kinds.is_empty();
    let first = rows.rows.first().filter(|first| is_sheet && first.line != first.row);
    html! {
        @if let (Some(sheet), Some(first)) = (&rows.sheet, first) {
            " " span.faint {
                "Rows are counted below the headings: row " (thousands(first.row)) " is line "
                (thousands(first.line)) " of " (short(sheet, 40)) "."
            }
        }
    }
}
