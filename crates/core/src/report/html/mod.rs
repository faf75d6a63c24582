//! The report as one page that can be mailed: nothing in it comes from elsewhere.
//!
//! ```text
//! page    what, where, when; counts; why
//! chart   pictures, as SVG
//! table   every row, streamed
//! text    foreign text made harmless; numbers and times for people
//! ```
//!
//! - **Hostile cells.** Every text passes maud's escaping, and [`text::seen`] before: control
//!   characters and marks that turn the direction of writing are shown as signs, not obeyed. A
//!   content security policy in the page allows this style and this script by their hashes and
//!   nothing else: not an image, not a request.
//! - **Without the script** all is there; it only sorts, filters and hides.
//! - **Streamed.** The rows are written page by page, like every other form of the report.

mod chart;
mod page;
mod table;
mod text;

use std::io::Write;

use super::timeline::Timeline;
use super::{ReportError, page_of_rows};
use crate::journal::{Journal, Run};

/// Writes the page.
pub fn write_html(journal: &Journal, run: &Run, mut out: impl Write) -> Result<(), ReportError> {
    let counts = journal.counts(&run.id)?;
    let reasons = journal.reasons(&run.id)?;
    let timeline = Timeline::of(journal, run)?;
    let times = journal.call_times(&run.id, None)?;
    let taken = journal.taken_back(&run.id)?;
    let mut write = |text: &str| out.write_all(text.as_bytes()).map_err(ReportError::Write);
    write("<!DOCTYPE html>\n<html lang=\"en\">\n")?;
    write(&page::head(run).into_string())?;
    write("\n<body>\n<a class=\"skip\" href=\"#rows\">Skip to the rows</a>\n<main>\n")?;
    write(&page::summary(run, &counts, &reasons, &taken, timeline.as_ref(), &times).into_string())?;
    write("\n<section aria-labelledby=\"rows\">\n")?;
    write(&table::opening(run, &counts).into_string())?;
    write(
        "\n<div class=\"scroll\" role=\"region\" aria-label=\"Every row\" tabindex=\"0\">\n<table id=\"all\">\n",
    )?;
    write(&table::head(run).into_string())?;
    write("\n<tbody>\n")?;
    let mut after = 0;
    loop {
        let rows = page_of_rows(journal, run, after)?;
        let Some(last) = rows.last() else { break };
        after = last.row;
        for row in &rows {
            write(&table::row(run, row).into_string())?;
            write("\n")?;
        }
    }
    write("</tbody>\n</table>\n</div>\n</section>\n</main>\n")?;
    write(&page::foot().into_string())?;
    write("\n</body>\n</html>\n")?;
    out.flush().map_err(ReportError::Write)
}
