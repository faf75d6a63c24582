//! `--rehearse`: a job on a copy of the site. The site itself is only read.
//!
//! The copy is an embedded sandbox, made from the named exports, and for what they do not contain, from the site
//! (the same lists as `user export` and `group export`). Its journal is in a temporary folder and is removed with
//! it, so that a rehearsal is never a run: it cannot be applied, resumed or undone. Only its report stays.

use std::path::PathBuf;

use headcount_app::apply::check_own_account;
use headcount_app::failure::Failure;
use headcount_app::identity_exports::Exports;
use headcount_app::plan::Order;
use headcount_app::rehearse::{FromSite, check_list, check_rehearsable};
use headcount_app::site::{self, Ceiling, Need, Opened};
use headcount_app::sync::{self, SyncOrder};
use headcount_journal::{Journal, Run, RunLock};
use headcount_model::job::Job;
use headcount_people::export::Far;
use headcount_people::jobs;
use headcount_people::rows::{Columns, Field, SheetJob};
use headcount_people::sync::Drafted;
use headcount_sheet::{Options, Sheet};
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
    let options = sheet::options(&args.plan, jobs::of(job).asked)?;
    let sheet = sheet::open_sheet(&args.file, jobs::of(job).sheet, &options)?;
    run_opened(job, args, extra, (sheet, options), context).await
}

/// Runs a job on a copy, on the rows of a spreadsheet that is open.
pub(super) async fn run_opened(
    job: Job,
    args: &JobArgs,
    extra: Extra,
    (mut sheet, options): (Sheet, Options),
    context: &Context,
) -> Result<u8, Failure> {
    check_report(&args.send, context)?;
    let columns = Columns::of(&sheet, jobs::of(job).sheet, &options)?;
    let exports = sheet::exports(&args.plan);
    let tokens = extra.revoke_tokens || columns.index(Field::Token).is_some();
    let from_site = FromSite::of(job, tokens, &exports)?;
    let making = Making { job, need: extra.need(job), exports, from_site };
    let copy = Copy::make(making, &args.send, context).await?;
    // A rehearsal leaves no file.
    let with_members = extra.with_members.as_ref().map(|_| copy.folder.path().join("members.csv"));
    // Without an API token, only the organization can invite.
    let invites = jobs::of(job).sheet == SheetJob::Actions && copy.opened.site.jira.is_none();
    let extra = Extra { with_members, invite: extra.invite || invites, ..extra };
    let order = order(job, args, extra, columns, options);
    let ended = copy.rehearse(&order, args, &mut sheet, context).await;
    copy.tell_end(context);
    ended
}

/// Makes a copy match a list. `limited` adds the most changes that its plan may have.
pub(super) async fn list(
    order: &SyncOrder,
    send: &SendArgs,
    limited: impl Fn(&Drafted) -> SendArgs,
    context: &Context,
) -> Result<u8, Failure> {
    check_list(&order.list)?;
    check_report(send, context)?;
    let (job, exports) = (jobs::SYNC, Exports::default());
    let from_site = FromSite::of(job, false, &exports)?;
    let making = Making { job, need: Need::of(job), exports, from_site };
    let copy = Copy::make(making, send, context).await?;
    let ended = copy.rehearse_list(order, limited, context).await;
    copy.tell_end(context);
    ended
}

fn check_report(send: &SendArgs, context: &Context) -> Result<(), Failure> {
    send.report.as_ref().map_or(Ok(()), |path| output::check_report(path, context))
}

/// What a copy is made from.
struct Making {
    job: Job,
    need: Need,
    exports: Exports,
    from_site: FromSite,
}

/// A copy of a site, with the folder for its data and its journal.
struct Copy {
    opened: Opened,
    folder: TempDir,
    /// The name of the site.
    name: String,
}

impl Copy {
    async fn make(making: Making, send: &SendArgs, context: &Context) -> Result<Self, Failure> {
        let Making { job, need, exports, from_site } = making;
        let ceiling = Ceiling::of(&send.options());
        let waits = headcount_app::journal::open(&context.app)?;
        let real = site::open_to_rehearse(&context.app, &waits, ceiling, need).await?;
        check_own_account(job, &real)?;
        let folder = TempDir::with_prefix("headcount-rehearsal-")?;
        let name = real.site.name.clone();
        context.say(format!(
            "{} on a copy of {name}, made from {}. headcount only reads the site itself.",
            context.paint.bold("Rehearsal"),
            from_site.words(&exports)
        ));
        fill(&folder, &exports, from_site, &real, context).await?;
        let opened = site::open_double(&context.app, &real, ceiling, folder.path()).await?;
        Ok(Self { opened, folder, name })
    }

    fn journal(&self) -> Result<Journal, Failure> {
        Ok(headcount_app::journal::open_file(&self.folder.path().join("journal.db"))?)
    }

    async fn rehearse(
        &self,
        order: &Order,
        args: &JobArgs,
        sheet: &mut Sheet,
        context: &Context,
    ) -> Result<u8, Failure> {
        let mut journal = self.journal()?;
        let mut looking = Looking::at_rehearsal(context, args.bad_rows);
        let (clock, of) = (context.app.clock, &mut journal);
        let (run, lock) =
            headcount_app::plan::plan(of, order, sheet, &self.opened, clock, &mut looking).await?;
        self.send(&mut journal, (&run, &lock), &args.send, context).await
    }

    async fn rehearse_list(
        &self,
        order: &SyncOrder,
        limited: impl Fn(&Drafted) -> SendArgs,
        context: &Context,
    ) -> Result<u8, Failure> {
        let mut journal = self.journal()?;
        let mut looking = Looking::at_rehearsal(context, None);
        let (clock, of) = (context.app.clock, &mut journal);
        let (run, lock, drafted) = sync::plan(of, order, &self.opened, clock, &mut looking).await?;
        self.send(&mut journal, (&run, &lock), &limited(&drafted), context).await
    }

    async fn send(
        &self,
        journal: &mut Journal,
        (run, lock): (&Run, &RunLock),
        send: &SendArgs,
        context: &Context,
    ) -> Result<u8, Failure> {
        // Without a report file, the rehearsal writes its report to standard output.
        let to = send.report.clone().or((!context.json).then(|| PathBuf::from("-")));
        let send = SendArgs { yes: true, report: to, ..send.clone() };
        let sending = Sending {
            context,
            opened: &self.opened,
            send: &send,
            answers: Answers::Nowhere,
            recheck: false,
            only_plan: false,
            rehearsal: true,
            is_queued: false,
        };
        let result = sending.go(journal, run, lock).await;
        result.map_err(|failure| failure.of_site(&run.site))
    }

    fn tell_end(&self, context: &Context) {
        context.say(format!(
            "{} Nothing was changed on {}.",
            context.paint.bold("This was a rehearsal."),
            self.name
        ));
    }
}

/// Writes the data for the copy into the folder.
async fn fill(
    folder: &TempDir,
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
    let filled =
        headcount_app::rehearse::fill(folder.path(), exports, from_site, real, &mut far).await;
    progress.end();
    filled
}
