//! A job's command: spreadsheet → draft → lookups → plan → confirmation → sending → report.

use std::path::PathBuf;

use headcount_app::apply::check_own_account;
use headcount_app::failure::{Failure, USAGE};
use headcount_app::members_file;
use headcount_app::plan::Order;
use headcount_app::site::{self, Ceiling, Opened};
use headcount_model::job::Job;
use headcount_model::user::Product;
use headcount_people::jobs;
use headcount_people::rows::{Columns, SheetJob};
use headcount_sheet::{Options, Sheet};

use super::limits;
use super::looking::Looking;
use super::order::{Extra, order};
use super::rehearse;
use super::send::{self, Sending};
use super::sheet;
use crate::args::{By, JobArgs, JobCommand};
use crate::context::Context;
use crate::show::ask::Answers;
use crate::show::output;

/// A job's command.
pub async fn command(command: &JobCommand, context: &Context) -> Result<u8, Failure> {
    let JobCommand { job, args, extra } = command;
    let products =
        extra.products.as_deref().map(|list| products("--products", list)).transpose()?;
    let (message, invite) = (extra.message.clone(), extra.by == By::Invite);
    let revoke_tokens = extra.revoke_tokens;
    if extra.scim && (invite || revoke_tokens || message.is_some()) {
        let message = format!(
            "`{job} --scim` takes neither --by invite nor --message nor --revoke-tokens; nothing was sent"
        );
        return Err(
            Failure::new(USAGE, message).hint("leave them out, or run the job without --scim")
        );
    }
    if message.is_some() && !invite && jobs::of(*job).takes("by") {
        let message = format!("`{job}` sends --message only with --by invite; nothing was sent");
        return Err(Failure::new(USAGE, message)
            .hint("Jira emails its own text; add --by invite, or leave out --message"));
    }
    if message.as_deref().is_some_and(|text| text.trim().is_empty()) {
        return Err(Failure::new(USAGE, "--message has no text").hint("write one, or leave it out"));
    }
    let with_members = extra.with_members.as_deref().map(new_file).transpose()?;
    run(
        *job,
        args,
        Extra { message, revoke_tokens, products, invite, scim: extra.scim, with_members },
        context,
    )
    .await
}

/// The new file for the members of deleted groups.
fn new_file(named: &str) -> Result<PathBuf, Failure> {
    if named == "-" {
        let message =
            "--with-members writes a file that stays, not standard output; nothing was sent";
        let hint = "give a file's name, such as --with-members=members.csv, or no name";
        return Err(Failure::new(USAGE, message).hint(hint));
    }
    let name = if named.is_empty() { members_file::name() } else { named.to_owned() };
    let path = std::path::absolute(name)?;
    members_file::check_is_new(&path)?;
    Ok(path)
}

/// The products that an option names.
pub(super) fn products(option: &str, list: &str) -> Result<Vec<Product>, Failure> {
    if list.trim().eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    let known: Vec<_> = Product::ALL.iter().map(|product| product.key()).collect();
    list.split([',', ';'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| {
            Product::from_key(word).ok_or_else(|| {
                Failure::new(USAGE, format!("{option}: there is no product “{word}”"))
                    .hint(format!("the products are {}, or none", known.join(", ")))
            })
        })
        .collect()
}

/// Refuses an export from which the job reads no ids. Only a rehearsal takes it, for its copy of the site.
fn check_exports(job: Job, args: &JobArgs) -> Result<(), Failure> {
    let (given, read) = (&args.plan.exports, jobs::of(job).exports);
    let unread = [
        ("user", given.users.is_some() && !read.users),
        ("group", given.groups.is_some() && !read.groups),
    ];
    let Some((one, _)) = unread.into_iter().find(|(_, unread)| *unread) else { return Ok(()) };
    let message = format!("`{job}` reads no {one} ids from an export; nothing was sent");
    Err(Failure::new(USAGE, message)
        .hint(format!("leave out --{one}s; it is only for the copy that --rehearse makes")))
}

/// Runs a job on the rows of a spreadsheet.
pub async fn run(job: Job, args: &JobArgs, extra: Extra, context: &Context) -> Result<u8, Failure> {
    let (users, groups) = (&args.plan.exports.users, &args.plan.exports.groups);
    for read in [Some(&args.file), users.as_ref(), groups.as_ref()].into_iter().flatten() {
        output::check_is_not(read, args.send.report.as_deref())?;
    }
    if args.rehearse {
        return rehearse::run(job, args, extra, context).await;
    }
    check_exports(job, args)?;
    let answers = Answers::of(context, sheet::is_input(&args.file));
    send::check_options(job, &args.send, answers, args.only_plan, context)?;
    let options = sheet::options(&args.plan, jobs::of(job).asked)?;
    let sheet = sheet::open_sheet(&args.file, jobs::of(job).sheet, &options)?;
    run_opened(job, args, extra, (sheet, options), context).await
}

/// Runs a job on the rows of a spreadsheet that is open.
pub(super) async fn run_opened(
    job: Job,
    args: &JobArgs,
    extra: Extra,
    (mut sheet, options): (Sheet, Options),
    context: &Context,
) -> Result<u8, Failure> {
    let answers = Answers::of(context, sheet::is_input(&args.file));
    let columns = Columns::of(&sheet, jobs::of(job).sheet, &options)?;
    let mut journal = headcount_app::journal::open(&context.app)?;
    let need = extra.need(job);
    let opened =
        site::open(&context.app, &journal, Ceiling::of(&args.send.options()), need).await?;
    context.events.at(&opened.site.name);
    check_own_account(job, &opened)?;
    // Without an API token, only the organization can invite.
    let invites = jobs::of(job).sheet == SheetJob::Actions && opened.site.jira.is_none();
    let extra = Extra { invite: extra.invite || invites, ..extra };
    let order = order(job, args, extra, columns, options);
    tell_descriptions(&order, &opened, context);
    let mut looking = Looking::new(context, answers, args.bad_rows, args.send.yes);
    let (clock, journal_of) = (context.app.clock, &mut journal);
    let (run, lock) =
        headcount_app::plan::plan(journal_of, &order, &mut sheet, &opened, clock, &mut looking)
            .await?;
    limits::keep(&mut journal, &run, &args.send)?;
    let sending = Sending {
        context,
        opened: &opened,
        send: &args.send,
        answers,
        recheck: false,
        rehearsal: false,
        is_queued: false,
        only_plan: args.only_plan,
    };
    let result = sending.go(&mut journal, &run, &lock).await;
    result.map_err(|failure| failure.of_run(&run))
}

/// Only the directory's call takes a group's description.
fn tell_descriptions(order: &Order, opened: &Opened, context: &Context) {
    if order.leaves_out_descriptions(opened) {
        context.say(format!(
            "{} description: Jira's call does not accept it; with an organization API key headcount sends it",
            context.paint.yellow("Left out:")
        ));
    }
}
