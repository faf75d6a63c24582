//! Headings that are not on the first line: titles, versions, empty tables above them. Every line
//! that is suggested was tried: with it, the job finds its columns.

use super::address::looks_like_mail;
use super::cell::{text, trim};
use super::column_name::lettered;
use super::error::SheetError;
use super::heading::Columns;
use super::options::Options;
use super::wanted::{Field, Job};

/// A better word than that a column is missing, where one of the lines below has the headings, or
/// where the first line is a row already. `first` has the lines below the one that was tried.
pub(super) fn better(
    error: SheetError,
    job: Job,
    headings: &[String],
    first: &[(u64, Vec<String>)],
    options: &Options,
) -> SheetError {
    let SheetError::MissingColumn { name, need, .. } = &error else { return error };
    if let Some((below, heading, map)) = below(job, first, options) {
        let (name, need) = (name.clone(), need.clone());
        return SheetError::HeadingBelow { name, need, below, heading, map };
    }
    let holds_mail = headings.iter().position(|heading| looks_like_mail(text(heading)));
    if let Some(at) = holds_mail
        && let Some(column) = lettered(headings.len()).into_iter().nth(at)
        && finds(job, &lettered(headings.len()), options, Some(&column))
    {
        let (name, need, field) = (name.clone(), need.clone(), Field::Email.name());
        return SheetError::NoHeadings { name, need, field, column };
    }
    error
}

/// A line that has the headings: its number, one of them, and the field and heading to map, where it has
/// to be said.
type Below = (u64, String, Option<(&'static str, String)>);

/// The first line that has the headings: its number, one of them, and what else has to be said.
fn below(job: Job, lines: &[(u64, Vec<String>)], options: &Options) -> Option<Below> {
    for (at, (line, cells)) in lines.iter().enumerate() {
        let mut cells = cells.clone();
        while cells.last().is_some_and(|cell| trim(cell).is_empty()) {
            cells.pop();
        }
        if let Ok(columns) = Columns::find(job, &cells, options) {
            let heading =
                (0..cells.len()).find(|at| columns.uses(*at)).map(|at| columns.heading(at));
            return Some((*line, heading.unwrap_or_default(), None));
        }
        // No heading that is known, but addresses below it.
        let is_mail = |cell: &String| looks_like_mail(text(cell));
        let mails = |column: usize| {
            let below = lines[at + 1..].iter().filter_map(|(_, cells)| cells.get(column));
            let mut below = below.filter(|cell| !trim(cell).is_empty()).peekable();
            below.peek().is_some() && below.all(is_mail)
        };
        if cells.iter().any(is_mail) {
            return None;
        }
        let found = (0..cells.len()).find(|&column| {
            let heading = &cells[column];
            !trim(heading).is_empty() && mails(column) && finds(job, &cells, options, Some(heading))
        });
        if let Some(column) = found {
            let heading = trim(&cells[column]).to_owned();
            return Some((*line, heading.clone(), Some((Field::Email.name(), heading))));
        }
    }
    None
}

/// Whether the job finds its columns under these headings, with one of them mapped to the address.
fn finds(job: Job, headings: &[String], options: &Options, mail: Option<&str>) -> bool {
    let mut options = options.clone();
    options.map.extend(mail.map(|mail| (Field::Email.name().to_owned(), mail.to_owned())));
    Columns::find(job, headings, &options).is_ok()
}
