//! `user export` and `group export`: the site's users and groups with the columns of Atlassian's own exports. Only
//! reads.

use std::path::Path;

use headcount_app::atomic_file::AtomicFile;
use headcount_app::export::What;
use headcount_app::failure::{Failure, OK, USAGE};
use headcount_app::site::{self, Ceiling, Need, Opened};
use headcount_app::words;
use headcount_app::words::chosen;
use headcount_app::words::exports::{end, notes};
use headcount_people::choose::{Filters, Tally};
use headcount_people::export::{Exported, Far};

use super::sheet::is_input;
use crate::args::{ExportArgs, FilterArgs, GroupExportArgs, ReadingArgs, UserExportArgs};
use crate::context::Context;
use crate::show;
use crate::show::output;
use crate::show::progress::Progress;

/// `user export`.
pub async fn users(args: &UserExportArgs, context: &Context) -> Result<u8, Failure> {
    match &args.users {
        Some(file) => of_file(file, args, context),
        None => run(What::People, &args.export, Some(&args.filters), context).await,
    }
}

/// `group export`.
pub async fn groups(args: &GroupExportArgs, context: &Context) -> Result<u8, Failure> {
    run(What::Groups { members: args.members }, &args.export, None, context).await
}

/// Opens the site for reading alone.
pub(super) async fn open(args: &ReadingArgs, context: &Context) -> Result<Opened, Failure> {
    let ceiling =
        Ceiling { concurrency: args.concurrency, rate: args.rate, max_wait: args.max_wait };
    let journal = headcount_app::journal::open(&context.app)?;
    site::open(&context.app, &journal, ceiling, Need::Any).await
}

async fn run(
    what: What,
    args: &ExportArgs,
    filters: Option<&FilterArgs>,
    context: &Context,
) -> Result<u8, Failure> {
    output::check_export(args.output.as_deref(), context)?;
    let mut out = AtomicFile::begin(args.output.as_deref())?;
    let opened = open(&args.reading, context).await?;
    let site = opened.site.name.clone();
    let given = filters.filter(|filters| filters.is_given()).map(FilterArgs::filters);
    let filters = given.clone().unwrap_or_default();
    let exported = write(what, &filters, &opened, &mut out, context).await;
    let exported = exported.map_err(|failure| failure.of_site(&site))?;
    // The head of a list comes before the list, where both are on a terminal.
    if let (Some(filters), Some(tally)) = (&given, &exported.tally) {
        say_head(tally, filters, context);
    }
    out.end(output::standard)?;
    tell(what, &exported, args.output.as_deref(), &site, context);
    Ok(OK)
}

/// How many users were looked at, and why the others are left out.
pub(super) fn say_head(tally: &Tally, filters: &Filters, context: &Context) {
    for line in chosen::head(tally, filters) {
        context.say(words::clean(&line));
    }
}

fn of_file(file: &Path, args: &UserExportArgs, context: &Context) -> Result<u8, Failure> {
    let to = args.export.output.as_deref();
    output::check_export(to, context)?;
    output::check_is_not(file, to)?;
    if is_input(file) {
        return Err(Failure::new(USAGE, "--users - is not possible: the file may be read twice")
            .hint("name a file"));
    }
    let filters = args.filters.filters();
    let mut out = AtomicFile::begin(to)?;
    let now = context.app.clock.now();
    let filtered = headcount_app::export::users_of_file(file, &filters, now, &mut out)?;
    say_head(&filtered.tally, &filters, context);
    say_notes(&chosen::notes_of_file(&filtered, &filters), context);
    out.end(output::standard)?;
    if context.json {
        show::events::last_of_export(context, "", filtered.rows);
    }
    Ok(OK)
}

async fn write(
    what: What,
    filters: &Filters,
    opened: &Opened,
    out: &mut AtomicFile,
    context: &Context,
) -> Result<Exported, Failure> {
    let progress = Progress::reading(context, show::export::counted(what));
    let mut far = |far| match far {
        Far::Total(many) => progress.total(many),
        Far::More(more) => progress.add(more),
    };
    let exported = match what {
        What::People => headcount_app::export::users(filters, opened, out, &mut far).await,
        What::Groups { .. } => headcount_app::export::write(what, opened, out, &mut far).await,
    };
    progress.end();
    exported
}

pub(super) fn say_notes(notes: &[String], context: &Context) {
    for note in notes {
        context.say(format!("{} {}", context.paint.yellow("Note:"), words::clean(note)));
    }
}

fn tell(what: What, exported: &Exported, to: Option<&Path>, site: &str, context: &Context) {
    say_notes(&notes(what, exported), context);
    context.say(end(what, exported, site, to));
    if context.json {
        show::events::last_of_export(context, site, exported.rows);
    }
}
