//! `user export` and `group export`: the site's users and groups with the columns of Atlassian's own exports. Only
//! reads.

use std::path::Path;

use headcount_app::atomic_file::AtomicFile;
use headcount_app::export::What;
use headcount_app::failure::{Failure, OK};
use headcount_app::site::{self, Ceiling, Need, Opened};
use headcount_app::words;
use headcount_app::words::exports::{end, notes};
use headcount_people::export::{Exported, Far};

use crate::args::{ExportArgs, GroupExportArgs};
use crate::context::Context;
use crate::show;
use crate::show::output;
use crate::show::progress::Progress;

/// `user export`.
pub async fn users(args: &ExportArgs, context: &Context) -> Result<u8, Failure> {
    run(What::People, args, context).await
}

/// `group export`.
pub async fn groups(args: &GroupExportArgs, context: &Context) -> Result<u8, Failure> {
    run(What::Groups { members: args.members }, &args.export, context).await
}

async fn run(what: What, args: &ExportArgs, context: &Context) -> Result<u8, Failure> {
    output::check_export(args.output.as_deref(), context)?;
    let mut out = AtomicFile::begin(args.output.as_deref())?;
    let ceiling =
        Ceiling { concurrency: args.concurrency, rate: args.rate, max_wait: args.max_wait };
    let journal = headcount_app::journal::open(&context.app)?;
    let opened = site::open(&context.app, &journal, ceiling, Need::Any).await?;
    let site = opened.site.name.clone();
    let exported = write(what, &opened, &mut out, context).await;
    let exported = exported.map_err(|failure| failure.of_site(&site))?;
    out.end(output::standard)?;
    tell(what, &exported, args.output.as_deref(), &site, context);
    Ok(OK)
}

async fn write(
    what: What,
    opened: &Opened,
    out: &mut AtomicFile,
    context: &Context,
) -> Result<Exported, Failure> {
    let progress = Progress::reading(context, show::export::counted(what));
    let mut far = |far| match far {
        Far::Total(many) => progress.total(many),
        Far::More(more) => progress.add(more),
    };
    let exported = headcount_app::export::write(what, opened, out, &mut far).await;
    progress.end();
    exported
}

fn tell(what: What, exported: &Exported, to: Option<&Path>, site: &str, context: &Context) {
    for note in notes(what, exported) {
        context.say(format!("{} {}", context.paint.yellow("Note:"), words::clean(&note)));
    }
    context.say(end(what, exported, site, to));
    if context.json {
        show::events::last_of_export(context, site, exported.rows);
    }
}
