//! The main job: sheet → draft → look-ups → plan → agreed → sent → report.

use headcount_core::directory::Directory;
use headcount_core::journal::{Journal, NewRun, Run, RunLock};
use headcount_core::plan::look_up::{Asking, look_up};
use headcount_core::plan::resolve::Spec;
use headcount_core::plan::{plan_rows, read_rows};
use headcount_core::sheet::{Columns, Field, Sheet};
use headcount_core::site::Endpoint;
use headcount_core::values::job::Job;
use headcount_core::values::step::StepKind;
use headcount_core::values::user::Product;
use serde_json::json;

use super::send::{self, Sending};
use super::sheet::{self, FromExports};
use crate::args::{BadRows, By, CreateArgs, JobArgs};
use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::show;
use crate::show::ask::Answers;
use crate::show::progress::Progress;
use crate::site::{self, Ceiling, Need, Opened};

/// What only some jobs take.
#[derive(Debug, Default)]
pub struct Extra {
    /// A message that travels with a deactivation.
    pub message: Option<String>,
    /// Products of new users whose row names none.
    pub products: Option<Vec<Product>>,
}

/// `user create`.
pub async fn create(args: &CreateArgs, context: &Context) -> Result<u8, Failure> {
    if args.by == By::Invite {
        return Err(Failure::new(USAGE, "--by invite is not built yet")
            .hint("leave it out: users are created by Jira's own call"));
    }
    let products = args.products.as_deref().map(products).transpose()?;
    run(Job::CreateUsers, &args.job, Extra { message: None, products }, context).await
}

fn products(list: &str) -> Result<Vec<Product>, Failure> {
    if list.trim().eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    let known: Vec<_> = Product::ALL.iter().map(|product| product.key()).collect();
    list.split([',', ';'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| {
            Product::from_key(word).ok_or_else(|| {
                Failure::new(USAGE, format!("--products: there is no product “{word}”"))
                    .hint(format!("the products are {}, or none", known.join(", ")))
            })
        })
        .collect()
}

/// Any job on the rows of a sheet.
pub async fn run(job: Job, args: &JobArgs, extra: Extra, context: &Context) -> Result<u8, Failure> {
    let answers = Answers::of(context, sheet::is_input(&args.file));
    send::check_options(job, &args.send, answers, args.only_plan, context)?;
    let options = sheet::options(&args.plan)?;
    let mut sheet = sheet::open_sheet(&args.file, &options)?;
    let columns = sheet.columns(job.into(), &options)?;
    let opened = site::open(context, Ceiling::of(&args.send), Need::of(job)).await?;
    send::check_oneself(job, &opened)?;
    let mut journal = super::open_journal(context)?;
    let (run, lock) = journal.begin(&new_run(job, args, &extra, &sheet, &opened, context))?;
    let planning = Planning { args, extra, columns, opened: &opened, context, answers };
    planning.tell_descriptions(job);
    let planned = planning.plan(&mut journal, &run, &mut sheet).await;
    if let Err(failure) = planned {
        journal.discard(&run.id)?;
        return Err(failure.of_site(&run.site));
    }
    journal.seal(&run.id, context.clock.now())?;
    let run = journal.run(run.id.as_str())?;
    let sending = Sending {
        context,
        opened: &opened,
        send: &args.send,
        answers,
        recheck: false,
        only_plan: args.only_plan,
    };
    finish(sending, journal, run, lock).await
}

async fn finish(
    sending: Sending<'_>,
    mut journal: Journal,
    run: Run,
    lock: RunLock,
) -> Result<u8, Failure> {
    let result = sending.go(&mut journal, &run, &lock).await;
    result.map_err(|failure| failure.of_run(&run))
}

fn new_run(
    job: Job,
    args: &JobArgs,
    extra: &Extra,
    sheet: &Sheet,
    opened: &Opened,
    context: &Context,
) -> NewRun {
    NewRun {
        job,
        site: opened.site.name.clone(),
        organisation: opened.organisation.clone(),
        profile: opened.profile.clone(),
        input: sheet::name(&args.file),
        headings: sheet.headings().to_vec(),
        options: json!({
            "message": extra.message,
            "products": extra.products,
            "users": args.plan.exports.users,
            "groups": args.plan.exports.groups,
        }),
        undoes: None,
        at: context.clock.now(),
    }
}

struct Planning<'a> {
    args: &'a JobArgs,
    extra: Extra,
    columns: Columns,
    opened: &'a Opened,
    context: &'a Context,
    answers: Answers,
}

impl Planning<'_> {
    async fn plan(
        &self,
        journal: &mut Journal,
        run: &Run,
        sheet: &mut Sheet,
    ) -> Result<(), Failure> {
        self.read(journal, run, sheet)?;
        let mut directory = Directory::default();
        let from_exports =
            sheet::read_exports(&self.args.plan.exports, &mut directory, self.context)?;
        self.look_up(journal, run, &mut directory, from_exports).await?;
        let spec = self.spec(run.job);
        Ok(plan_rows(journal, run, &self.columns, &directory, &spec)?)
    }

    fn read(&self, journal: &mut Journal, run: &Run, sheet: &mut Sheet) -> Result<(), Failure> {
        let progress = Progress::counting(self.context, "rows read");
        let read = read_rows(journal, run, sheet, &self.columns, &mut |rows| progress.set(rows));
        progress.end();
        let read = read?;
        if !read.dropped.is_empty() {
            let fields: Vec<_> = read.dropped.iter().copied().collect();
            self.context.say(format!(
                "{} {}: the API takes these no longer; they are not sent",
                self.context.paint.yellow("Left out:"),
                fields.join(", ")
            ));
        }
        if read.bad == 0 {
            return Ok(());
        }
        let rows = show::many(read.bad, "row");
        let message = format!("{rows} of {} cannot be read", show::clean(sheet.name()));
        eprintln!("{} {message}", self.context.paint.yellow("Bad rows:"));
        sheet::tell_problems(&read.problems, read.bad, self.context);
        let ask =
            self.args.bad_rows.is_none() && !self.args.send.yes && self.answers != Answers::Nowhere;
        let skip = match self.args.bad_rows {
            Some(choice) => choice == BadRows::Skip,
            None => {
                ask && self.answers.yes(if read.bad == 1 {
                    "Go on without this row?"
                } else {
                    "Go on without these rows?"
                })
            }
        };
        if skip {
            return Ok(());
        }
        Err(Failure::new(USAGE, format!("{message}; nothing was sent")).hint(if read.bad == 1 {
            "correct it, or go on without it: --bad-rows skip"
        } else {
            "correct them, or go on without them: --bad-rows skip"
        }))
    }

    async fn look_up(
        &self,
        journal: &mut Journal,
        run: &Run,
        directory: &mut Directory,
        from_exports: FromExports,
    ) -> Result<(), Failure> {
        let progress = Progress::counting(self.context, "looked up on the site");
        let asking = Asking {
            run,
            columns: &self.columns,
            oneself: &self.opened.guards.oneself,
            people_from_exports: from_exports.people,
            groups_from_exports: from_exports.groups,
        };
        let looked =
            look_up(journal, asking, &self.opened.site, directory, &mut |more| progress.add(more))
                .await;
        progress.end();
        Ok(looked?)
    }

    /// Only the directory's call takes a group's description.
    fn tell_descriptions(&self, job: Job) {
        let by_jira = self.opened.site.endpoint(StepKind::CreateGroup) == Endpoint::JiraCreateGroup;
        if job == Job::CreateGroups && by_jira && self.columns.index(Field::Description).is_some() {
            self.context.say(format!(
                "{} description: Jira's call takes none; with an organisation API key it is sent",
                self.context.paint.yellow("Left out:")
            ));
        }
    }

    fn spec(&self, job: Job) -> Spec {
        let default = || vec![Product::JiraSoftware];
        let products = self.extra.products.clone().or_else(|| self.opened.default_products.clone());
        Spec {
            job,
            products: products.unwrap_or_else(default),
            message: self.extra.message.clone(),
            guards: self.opened.guards.clone(),
        }
    }
}
