//! `user export` and `group export`: the site's people and groups, in the columns of Atlassian's own
//! exports. Only reads.

use std::path::Path;

use headcount_core::export::{Exported, Far};

use crate::args::{ExportArgs, GroupExportArgs};
use crate::context::Context;
use crate::failure::{Failure, OK};
use crate::show;
use crate::show::export::What;
use crate::show::progress::Progress;
use crate::site::{self, Ceiling, Need, Opened};
use crate::whole::Whole;
use crate::work;

/// `user export`.
pub async fn users(args: &ExportArgs, context: &Context) -> Result<u8, Failure> {
    run(What::People, args, context).await
}

/// `group export`.
pub async fn groups(args: &GroupExportArgs, context: &Context) -> Result<u8, Failure> {
    run(What::Groups { members: args.members }, &args.export, context).await
}

async fn run(what: What, args: &ExportArgs, context: &Context) -> Result<u8, Failure> {
    let mut out = Whole::begin(args.output.as_deref(), context)?;
    let ceiling = Ceiling { concurrency: args.concurrency, rate: args.rate };
    let journal = work::journal::open(context)?;
    let opened = site::open(context, &journal, ceiling, Need::Any).await?;
    let site = opened.site.name.clone();
    let exported = write(what, &opened, &mut out, context).await;
    let exported = exported.map_err(|failure| failure.of_site(&site))?;
    out.end()?;
    tell(what, &exported, args.output.as_deref(), &site, context);
    Ok(OK)
}

async fn write(
    what: What,
    opened: &Opened,
    out: &mut Whole,
    context: &Context,
) -> Result<Exported, Failure> {
    let progress = Progress::reading(context, show::export::counted(what));
    let mut far = |far| match far {
        Far::Total(many) => progress.total(many),
        Far::More(more) => progress.add(more),
    };
    let exported = work::export::write(what, opened, out, &mut far).await;
    progress.end();
    exported
}

fn tell(what: What, exported: &Exported, to: Option<&Path>, site: &str, context: &Context) {
    for note in show::export::notes(what, exported) {
        context.say(format!("{} {}", context.paint.yellow("Note:"), show::clean(&note)));
    }
    context.say(show::export::end(what, exported, site, to));
    if context.json {
        show::events::last_of_export(context, site, exported.rows);
    }
}
