//! `--rehearse`: a job on a copy of the site. The site itself is only read.
//!
//! The copy is an embedded sandbox, made from the named exports, and for what they do not contain, from the site
//! (the same lists as `user export` and `group export`). Its journal is in a temporary folder and is removed with
//! it, so that a rehearsal is never a run: it cannot be applied, resumed or undone. Only its report stays.

use std::path::{Path, PathBuf};

use headcount_app::apply::check_own_account;
use headcount_app::failure::Failure;
use headcount_app::identity_exports::Exports;
use headcount_app::plan::Order;
use headcount_app::rehearse::{FromSite, check_rehearsable};
use headcount_app::site::{self, Ceiling, Opened};
use headcount_model::job::Job;
use headcount_people::export::Far;
use headcount_people::jobs;
use headcount_people::rows::Columns;
use headcount_sheet::Sheet;
use tempfile::TempDir;

use super::looking::Looking;
use super::order::{Extra, order};
use super::send::Sending;
use super::sheet;
use crate::args::{JobArgs, SendArgs};
use crate::context::Context;
use crate::show::ask::Answers;
use crate::show::output;
use crate::show::progress::Progress;

/// Runs a job on a copy.
pub async fn run(job: Job, args: &JobArgs, extra: Extra, context: &Context) -> Result<u8, Failure> {
    check_rehearsable(job)?;
    if let Some(path) = &args.send.report {
        output::check_report(path, context)?;
    }
    let options = sheet::options(&args.plan, jobs::of(job).asked)?;
    let mut sheet = sheet::open_sheet(&args.file, jobs::of(job).sheet, &options)?;
    let columns = Columns::of(&sheet, jobs::of(job).sheet, &options)?;
    let ceiling = Ceiling::of(&args.send.options());
    let waits = headcount_app::journal::open(&context.app)?;
    let real = site::open_to_rehearse(&context.app, &waits, ceiling, extra.need(job)).await?;
    check_own_account(job, &real)?;
    let exports = sheet::exports(&args.plan);
    let from_site = FromSite::of(job, extra.revoke_tokens, &exports)?;
    let folder = TempDir::with_prefix("headcount-rehearsal-")?;
    let name = real.site.name.clone();
    context.say(format!(
        "{} on a copy of {name}, made from {}. headcount only reads the site itself.",
        context.paint.bold("Rehearsal"),
        from_site.words(&exports)
    ));
    fill(folder.path(), &exports, from_site, &real, context).await?;
    let double = site::open_double(&context.app, &real, ceiling, folder.path()).await?;
    // A rehearsal leaves no file.
    let with_members = extra.with_members.as_ref().map(|_| folder.path().join("members.csv"));
    let order = order(job, args, Extra { with_members, ..extra }, columns, options);
    let ended = rehearse(&order, args, &mut sheet, &double, &folder, context).await;
    context.say(format!(
        "{} Nothing was changed on {name}.",
        context.paint.bold("This was a rehearsal.")
    ));
    ended
}

/// Writes the data for the copy into the folder.
async fn fill(
    folder: &Path,
    exports: &Exports,
    from_site: FromSite,
    real: &Opened,
    context: &Context,
) -> Result<(), Failure> {
    let progress = Progress::reading(context, "read for the copy");
    let mut far = |far| match far {
        Far::Total(_) => {}
        Far::More(more) => progress.add(more),
    };
    let filled = headcount_app::rehearse::fill(folder, exports, from_site, real, &mut far).await;
    progress.end();
    filled
}

async fn rehearse(
    order: &Order,
    args: &JobArgs,
    sheet: &mut Sheet,
    double: &Opened,
    folder: &TempDir,
    context: &Context,
) -> Result<u8, Failure> {
    let mut journal = headcount_app::journal::open_file(&folder.path().join("journal.db"))?;
    let mut looking = Looking::new(context, Answers::Nowhere, args.bad_rows, true);
    let (clock, of) = (context.app.clock, &mut journal);
    let (run, lock) =
        headcount_app::plan::plan(of, order, sheet, double, clock, &mut looking).await?;
    // Without a report file, the rehearsal writes its report to standard output.
    let to = args.send.report.clone().or((!context.json).then(|| PathBuf::from("-")));
    let send = SendArgs { yes: true, report: to, ..args.send.clone() };
    let answers = Answers::Nowhere;
    let (recheck, only_plan, rehearsal) = (false, false, true);
    let sending = Sending {
        context,
        opened: double,
        send: &send,
        answers,
        recheck,
        only_plan,
        rehearsal,
        is_queued: false,
    };
    let result = sending.go(&mut journal, &run, &lock).await;
    result.map_err(|failure| failure.of_site(&run.site))
}
