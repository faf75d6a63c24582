//! `sync`: makes the site match a list, or only compares them.

use std::io::Read as _;
use std::path::PathBuf;

use headcount_app::apply::check_own_account;
use headcount_app::failure::{Failure, OK, ROWS, USAGE};
use headcount_app::options::MaxChanges;
use headcount_app::site::{self, Ceiling, Need};
use headcount_app::sync::{self, SHARE, SyncOrder};
use headcount_app::words;
use headcount_model::user::Product;
use headcount_people::jobs;
use headcount_people::rows::{SheetJob, WhichGroup, advised, has_actions, open};
use headcount_people::sync::{Absent, Drafted, ReadList, Reader, Rules};
use headcount_sheet::{Options, Sheet, SheetError, Source};

use super::job::{products, run_opened};
use super::limits;
use super::looking::Looking;
use super::order::Extra;
use super::rehearse;
use super::send::{self, Sending};
use super::sheet;
use crate::args::{JobArgs, SendArgs, SyncArgs};
use crate::context::Context;
use crate::show::ask::Answers;
use crate::show::{differences, output};

/// Runs the command.
pub async fn run(args: &SyncArgs, context: &Context) -> Result<u8, Failure> {
    check_input(args)?;
    let input = Input::of(args)?;
    let options = sheet::options(&args.plan, &[])?;
    let answers = Answers::of(context, sheet::is_input(&args.file));
    // An error is reported when the file is read as a list.
    if let Ok(sheet) = input.open(&options)
        && has_actions(&sheet, &options)
    {
        return actions(args, (sheet, options), context).await;
    }
    if args.bad_rows.is_some() {
        let message = "--bad-rows is for a file with a column that says what to do with each row; nothing was sent";
        return Err(Failure::new(USAGE, message)
            .hint("leave it out: in a list every row counts, because headcount takes users without a row for absent"));
    }
    if args.rehearse {
        let order = order(args, &input, &options, context)?;
        let limited = |drafted: &Drafted| limited(args, drafted, context);
        return rehearse::list(&order, &args.send, limited, context).await;
    }
    if !args.check {
        let most = args.send.max_changes.or(Some(MaxChanges::Share(SHARE)));
        let send = SendArgs { max_changes: most, ..args.send.clone() };
        send::check_options(jobs::SYNC, &send, answers, args.only_plan, context)?;
    }
    let order = order(args, &input, &options, context)?;
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

/// Runs a file whose rows say what to do with each user: a plan of several jobs.
async fn actions(
    args: &SyncArgs,
    opened: (Sheet, Options),
    context: &Context,
) -> Result<u8, Failure> {
    let of_lists = [
        ("--check", args.check),
        ("--own-group", !args.own_group.is_empty()),
        ("--own-domain", !args.own_domain.is_empty()),
        ("--own-product", !args.own_product.is_empty()),
        ("--absent", Absent::from(args.absent) != Absent::Keep),
    ];
    if let Some((option, _)) = of_lists.into_iter().find(|(_, given)| *given) {
        let message = format!(
            "{option} is for a list of users, and this file says in a column what to do with each row; nothing was sent"
        );
        let hint = format!(
            "leave {option} out; or, to read the file as a list, leave out its column, such as --map -=Action"
        );
        return Err(Failure::new(USAGE, message).hint(hint));
    }
    let job = JobArgs {
        file: args.file.clone(),
        plan: args.plan.clone(),
        send: args.send.clone(),
        only_plan: args.only_plan,
        rehearse: args.rehearse,
        bad_rows: args.bad_rows,
    };
    let given = args.products.as_deref().map(|list| products("--products", list)).transpose()?;
    let extra = Extra { products: given, ..Extra::default() };
    if job.rehearse {
        return rehearse::run_opened(jobs::SYNC, &job, extra, opened, context).await;
    }
    let answers = Answers::of(context, sheet::is_input(&args.file));
    send::check_options(jobs::SYNC, &job.send, answers, job.only_plan, context)?;
    run_opened(jobs::SYNC, &job, extra, opened, context).await
}

fn check_input(args: &SyncArgs) -> Result<(), Failure> {
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
    output::check_is_not(&args.file, args.send.report.as_deref())
}

/// Reads the list.
fn order(
    args: &SyncArgs,
    input: &Input,
    options: &Options,
    context: &Context,
) -> Result<SyncOrder, Failure> {
    let given = args.products.as_deref().map(|list| products("--products", list)).transpose()?;
    let ReadList { list, rows, bad, problems, reading } = input.read(options)?;
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
        own_products: own_products(args)?,
        absent: args.absent.into(),
    };
    let input = sheet::name(&args.file);
    Ok(SyncOrder { input, list, rules, reading, products: given })
}

/// The products that the list owns.
fn own_products(args: &SyncArgs) -> Result<Vec<Product>, Failure> {
    let named = args.own_product.iter().map(|list| products("--own-product", list));
    Ok(named.collect::<Result<Vec<_>, _>>()?.concat())
}

/// The file; it may be opened several times.
struct Input {
    file: PathBuf,
    /// What standard input had.
    bytes: Option<Vec<u8>>,
}

impl Input {
    fn of(args: &SyncArgs) -> Result<Self, Failure> {
        let bytes = match sheet::is_input(&args.file) {
            true => {
                let mut bytes = Vec::new();
                std::io::stdin().lock().read_to_end(&mut bytes)?;
                Some(bytes)
            }
            false => None,
        };
        Ok(Self { file: args.file.clone(), bytes })
    }

    fn open(&self, options: &Options) -> Result<Sheet, SheetError> {
        match &self.bytes {
            Some(bytes) => {
                let input = headcount_sheet::Input::Bytes(bytes.clone());
                open(Source { name: "standard input".into(), input }, options)
            }
            None => open(Source::file(&self.file), options),
        }
    }

    /// Reads a list.
    fn read(&self, options: &Options) -> Result<ReadList, Failure> {
        let again = |options: &Options| self.open(options);
        let read = Reader::read_all(options, &again);
        Ok(read.map_err(|error: SheetError| advised(error, SheetJob::List, options, &again))?)
    }
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
