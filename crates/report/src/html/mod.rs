//! The report as one HTML page that can be mailed: it loads nothing.
//!
//! ```text
//! page    job, site, time; counts; reasons
//! people  the users and groups by name
//! table   every row, streamed
//! text    foreign text made harmless; numbers and times for people
//! ```
//!
//! - **Hostile cells.** maud escapes every text, and [`text::seen`] before shows control characters and marks that turn
//!   the direction of writing as signs. A content security policy in the page allows this style and this script by their
//!   hashes and nothing else: no image, no request.
//! - **Without the script** the page is complete; the script only sorts, filters and hides.
//! - **Streamed.** The rows are written in pages, as in every other form of the report.

mod page;
mod people;
mod review;
mod table;
mod text;

pub use page::html_policy;
pub use review::write_review;

use std::io::Write;

use headcount_journal::{Filter, Journal, Page, ReasonCount, RowView, Run};
use headcount_model::outcome::Outcome;
use jiff::tz::TimeZone;

use super::columns::page_of_rows;
use super::failed::worth_another_try;
use super::{ReportError, Subject, corrected};

/// The most rows in the list of rows that need attention; the table has all rows.
const PROBLEMS: u64 = 500;

/// The reasons why rows did not end as wanted, the worst first: unknown, failed, wrong in the spreadsheet. Rows that were
/// left out on purpose are not among them.
fn problem_reasons(reasons: &[ReasonCount]) -> Vec<&ReasonCount> {
    let worst = [Outcome::Unknown, Outcome::Failed, Outcome::Skipped];
    let is_problem = |reason: &&ReasonCount| worth_another_try(reason.outcome, Some(reason.reason));
    let of = |outcome| reasons.iter().filter(move |reason| reason.outcome == outcome);
    worst.into_iter().flat_map(of).filter(is_problem).collect()
}

fn problems(
    journal: &Journal,
    run: &Run,
    reasons: &[&ReasonCount],
) -> Result<Vec<RowView>, ReportError> {
    let mut rows = Vec::new();
    for why in reasons {
        let (outcome, reason) = (Some(Some(why.outcome)), Some(why.reason));
        let filter = Filter { outcome, reason, ..Filter::default() };
        let room = PROBLEMS - rows.len() as u64;
        rows.extend(journal.find_rows(&run.id, &filter, Page::skip(0, room))?);
    }
    Ok(rows)
}

/// Writes the page; times are in this zone, with their offset.
pub fn write_html(
    journal: &Journal,
    run: &Run,
    subject: &Subject,
    zone: &TimeZone,
    mut out: impl Write,
) -> Result<(), ReportError> {
    let (counts, reasons) = journal.tally(&run.id)?;
    let course = journal.course(&run.id)?;
    let taken = journal.taken_back(&run.id)?;
    let people = people::read(journal, run, subject, &counts, &reasons)?;
    let told = page::Told { run, subject, zone, counts: &counts };
    let mut write = |text: &str| out.write_all(text.as_bytes()).map_err(ReportError::Write);
    write("<!DOCTYPE html>\n<html lang=\"en\">\n")?;
    write(&page::head(run).into_string())?;
    write("\n<body>\n<a class=\"skip\" href=\"#rows\">Skip to the rows</a>\n<main>\n")?;
    write(&page::summary(&told, &reasons, &taken, &people).into_string())?;
    let wrong = problem_reasons(&reasons);
    if !wrong.is_empty() {
        let all = wrong.iter().map(|reason| reason.rows).sum();
        let rows = problems(journal, run, &wrong)?;
        write("\n")?;
        write(&table::problems(run, all, &rows).into_string())?;
    }
    if !course.calls.is_empty() {
        write("\n")?;
        write(&page::in_time(run, &course).into_string())?;
    }
    write("\n<section aria-labelledby=\"rows\">\n")?;
    write(&table::opening(run, &counts).into_string())?;
    write(
        "\n<div class=\"scroll\" role=\"region\" aria-label=\"Every row\" tabindex=\"0\">\n<table id=\"all\">\n",
    )?;
    write(&table::head(run).into_string())?;
    write("\n<tbody>\n")?;
    let corrected = corrected(run);
    let (mut after, mut room) = (0, table::SHOWN);
    while room > 0 {
        let rows = page_of_rows(journal, run, after)?;
        let Some(last) = rows.last() else { break };
        after = last.row;
        let shown = rows.len().min(room);
        room -= shown;
        for row in &rows[..shown] {
            write(&table::row(run, subject, zone, &corrected, row).into_string())?;
            write("\n")?;
        }
    }
    write("</tbody>\n</table>\n</div>\n</section>\n</main>\n")?;
    write(&page::foot().into_string())?;
    write("\n</body>\n</html>\n")?;
    out.flush().map_err(ReportError::Write)
}
