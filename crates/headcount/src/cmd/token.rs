//! `token list`: the API tokens of managed accounts. Only reads.

use headcount_app::atomic_file::AtomicFile;
use headcount_app::failure::{Failure, OK};
use headcount_app::words::many;
use headcount_people::export::{Far, TokenFilters};

use super::export::{open, say_notes};
use crate::args::TokenListArgs;
use crate::context::Context;
use crate::show;
use crate::show::output;
use crate::show::progress::Progress;

/// Runs it.
pub async fn list(args: &TokenListArgs, context: &Context) -> Result<u8, Failure> {
    let to = args.export.output.as_deref();
    output::check_export(to, context)?;
    let mut out = AtomicFile::begin(to)?;
    let opened = open(&args.export.reading, context).await?;
    let site = opened.site.name.clone();
    let filters = TokenFilters {
        age_days: args.age_days,
        unused_days: args.unused_days,
        owner: args.owner.clone(),
    };
    let progress = Progress::reading(context, "tokens read");
    let mut far = |far| match far {
        Far::Total(many) => progress.total(many),
        Far::More(more) => progress.add(more),
    };
    let listed = headcount_app::export::tokens(&filters, &opened, &mut out, &mut far).await;
    progress.end();
    let listed = listed.map_err(|failure| failure.of_site(&site))?;
    out.end(output::standard)?;
    if listed.undated > 0 {
        let of = many(listed.undated, "API token");
        say_notes(
            &[format!("{of} left out: the site does not show a date that a filter needs")],
            context,
        );
    }
    let of = many(listed.looked_at, "API token");
    context
        .say(format!("{} listed, of {of} of managed accounts", many(listed.listed, "API token")));
    if context.json {
        show::events::last_of_export(context, &site, listed.listed);
    }
    Ok(OK)
}
