//! `user access`: the access review, as CSV, as a workbook, or as a page that can be mailed. Only reads.

use std::io::{BufReader, Seek};
use std::path::Path;

use headcount_app::atomic_file::AtomicFile;
use headcount_app::export::{What, write_review};
use headcount_app::failure::{Failure, OK};
use headcount_app::words::exports::{end, notes, notes_of_review};
use headcount_people::export::Far;

use super::export::{open, say_head, say_notes};
use crate::args::AccessReviewArgs;
use crate::context::Context;
use crate::show;
use crate::show::output;
use crate::show::progress::Progress;

/// Runs it.
pub async fn run(args: &AccessReviewArgs, context: &Context) -> Result<u8, Failure> {
    let to = args.export.output.as_deref();
    output::check_export(to, context)?;
    let mut out = AtomicFile::begin(to)?;
    let opened = open(&args.export.reading, context).await?;
    let site = opened.site.name.clone();
    let filters = args.filters.filters();
    let progress = Progress::reading(context, "users read");
    let mut far = |far| match far {
        Far::Total(many) => progress.total(many),
        Far::More(more) => progress.add(more),
    };
    let mut table = tempfile::tempfile()?;
    let reviewed =
        headcount_app::export::access_review(&filters, &opened, &mut table, &mut far).await;
    progress.end();
    let reviewed = reviewed.map_err(|failure| failure.of_site(&site))?;
    table.rewind()?;
    let day = context.app.clock.now().strftime("%-d %b %Y").to_string();
    write_review(BufReader::new(table), form(to), &site, &day, &mut out)?;
    if let Some(tally) = reviewed.listing.tally.as_ref().filter(|_| args.filters.is_given()) {
        say_head(tally, &filters, context);
    }
    out.end(output::standard)?;
    say_notes(&notes(What::Groups { members: false }, &reviewed.listing), context);
    say_notes(&notes_of_review(&reviewed), context);
    context.say(end(What::People, &reviewed.listing, &site, to));
    if context.json {
        show::events::last_of_export(context, &site, reviewed.listing.rows);
    }
    Ok(OK)
}

/// The end of a file's name says its form.
fn form(to: Option<&Path>) -> &str {
    to.and_then(Path::extension).and_then(|end| end.to_str()).unwrap_or_default()
}
