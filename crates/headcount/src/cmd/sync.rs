//! `sync`: makes the site match a list, or only compares them.

use std::io::Read as _;

use headcount_app::apply::check_own_account;
use headcount_app::failure::{Failure, OK, ROWS, USAGE};
use headcount_app::options::MaxChanges;
use headcount_app::site::{self, Ceiling, Need};
use headcount_app::sync::{self, SHARE, SyncOrder};
use headcount_app::words;
use headcount_people::jobs;
use headcount_people::rows::{SheetJob, WhichGroup, advised, open};
use headcount_people::sync::{Absent, Drafted, ReadList, Reader, Rules};
use headcount_sheet::{Input, Options, SheetError, Source};

use super::job::products;
use super::limits;
use super::looking::Looking;
use super::send::{self, Sending};
use super::sheet;
use crate::args::{SendArgs, SyncArgs};
use crate::context::Context;
use crate::show::ask::Answers;
use crate::show::{differences, output};

/// Runs the command.
pub async fn run(args: &SyncArgs, context: &Context) -> Result<u8, Failure> {
    check_input(args, context)?;
    let answers = Answers::of(context, sheet::is_input(&args.file));
    if !args.check {
        let most = args.send.max_changes.or(Some(MaxChanges::Share(SHARE)));
        let send = SendArgs { max_changes: most, ..args.send.clone() };
        send::check_options(jobs::SYNC, &send, answers, args.only_plan, context)?;
    }
    let order = order(args, context)?;
    let mut journal = headcount_app::journal::open(&context.app)?;
    let need = Need::of(jobs::SYNC);
    let ceiling = Ceiling::of(&args.send.options());
    let opened = site::open(&context.app, &journal, ceiling, need).await?;
    context.events.at(&opened.site.name);
    let mut looking = Looking::new(context, answers, None, args.send.yes);
    let clock = context.app.clock;
    if args.check {
        let compared = sync::compare(&mut journal, &order, &opened, clock, &mut looking).await?;
        let agrees = differences::write(&compared, args.format, context)?;
        return Ok(if agrees { OK } else { ROWS });
    }
    check_own_account(jobs::SYNC, &opened)?;
    let (run, lock, drafted) =
        sync::plan(&mut journal, &order, &opened, clock, &mut looking).await?;
    let send = limited(args, &drafted, context);
    limits::keep(&mut journal, &run, &send)?;
    let sending = Sending {
        context,
        opened: &opened,
        send: &send,
        answers,
        recheck: false,
        rehearsal: false,
        is_queued: false,
        only_plan: args.only_plan,
    };
    let result = sending.go(&mut journal, &run, &lock).await;
    result.map_err(|failure| failure.of_run(&run))
}

fn check_input(args: &SyncArgs, context: &Context) -> Result<(), Failure> {
    let exports = &args.plan.exports;
    if exports.users.is_some() || exports.groups.is_some() {
        let message = "`sync` reads no ids from an export; nothing was sent";
        return Err(Failure::new(USAGE, message)
            .hint("leave out --users and --groups; headcount reads the site itself"));
    }
    if Absent::from(args.absent).is_for_users() && args.own_domain.is_empty() {
        let message = "--absent needs --own-domain to change users that the list does not name; nothing was sent";
        return Err(Failure::new(USAGE, message)
            .hint("name the mail domains of these users, such as --own-domain example.com"));
    }
    let _ = context;
    output::check_is_not(&args.file, args.send.report.as_deref())
}

/// Reads the list.
fn order(args: &SyncArgs, context: &Context) -> Result<SyncOrder, Failure> {
    let options = sheet::options(&args.plan, &[])?;
    let products = args.products.as_deref().map(products).transpose()?;
    let ReadList { list, rows, bad, problems, reading } = read(args, &options)?;
    if bad > 0 {
        let name = sheet::name(&args.file);
        let message =
            format!("{} of {} cannot be used", words::many(bad, "row"), words::clean(&name));
        context.complain(format!("{} {message}", context.paint.yellow("Unreadable rows:")));
        sheet::tell_problems(&problems, bad, context);
        return Err(Failure::new(USAGE, format!("{message}; nothing was sent")).hint(
            "correct the list; headcount does not continue without these rows, because it would take their users for absent",
        ));
    }
    let _ = rows;
    let groups = args.own_group.iter().map(|name| WhichGroup::in_a_list(name.clone()));
    let rules = Rules {
        own_groups: groups.collect(),
        own_domains: args.own_domain.clone(),
        absent: args.absent.into(),
    };
    let input = sheet::name(&args.file);
    Ok(SyncOrder { input, list, rules, reading, products })
}

fn read(args: &SyncArgs, options: &Options) -> Result<ReadList, Failure> {
    let bytes = match sheet::is_input(&args.file) {
        true => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes)?;
            Some(bytes)
        }
        false => None,
    };
    let again = |options: &Options| match &bytes {
        Some(bytes) => {
            let input = Input::Bytes(bytes.clone());
            open(Source { name: "standard input".into(), input }, options)
        }
        None => open(Source::file(&args.file), options),
    };
    let read = Reader::read_all(options, &again);
    Ok(read.map_err(|error: SheetError| advised(error, SheetJob::List, options, &again))?)
}

/// The options with the limit that applies: a share of the users that the list names or owns.
fn limited(args: &SyncArgs, drafted: &Drafted, context: &Context) -> SendArgs {
    let limit = sync::limit(args.send.max_changes, drafted);
    context.say(format!(
        "The list has {}; with those that it owns and does not name, it concerns {}. At most {} can be made.",
        words::many(drafted.listed, "user"),
        words::thousands(drafted.concerned),
        words::many(limit, "change"),
    ));
    SendArgs { max_changes: Some(MaxChanges::Number(limit)), ..args.send.clone() }
}
