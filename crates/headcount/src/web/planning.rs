//! Plans that are being made: each on a thread of its own, whether a page looks or not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use headcount_core::directory::Directory;
use headcount_core::journal::{Journal, Run};
use headcount_core::plan::ReadRows;
use headcount_core::sheet::{Options, Source, open};
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::app::App;
use super::desk::Paper;
use super::door::secret;
use super::send_form::send_args;
use super::sites::{context_of, context_of_run};
use crate::failure::{Failure, USAGE};
use crate::show;
use crate::site::{self, Ceiling, Need, Opened};
use crate::work;
use crate::work::plan::{FromExports, Onlooker, Order, Phase};
use crate::work::send::{check_oneself, open_site_of};

/// Plans that are remembered; the oldest that ended gives way.
const MOST: usize = 50;

/// How far a plan is.
#[derive(Clone, Debug)]
pub enum Stage {
    /// The site is opened: the keys are fetched and tried.
    Opening,
    /// It does this; so many so far.
    Doing(Phase, u64),
    /// There is no plan.
    Failed(Arc<Failure>),
    /// It is the run of this id.
    Done(String),
}

/// A plan that is being made.
pub struct Planning {
    /// What it is called.
    pub title: String,
    /// Where to go back to if it fails.
    pub back: String,
    stage: watch::Sender<Stage>,
}

impl Planning {
    /// Its stage now, and every later one.
    pub fn watch(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }
}

/// All of them, and how long their plans would take.
#[derive(Default)]
pub struct Plans {
    all: Mutex<HashMap<String, Arc<Planning>>>,
    forecasts: Mutex<HashMap<String, Duration>>,
}

impl Plans {
    /// The plan of an id.
    pub fn find(&self, id: &str) -> Option<Arc<Planning>> {
        lock(&self.all).get(id).cloned()
    }

    /// How long a run would take, if it was planned here.
    pub fn forecast(&self, run: &str) -> Option<Duration> {
        lock(&self.forecasts).get(run).copied()
    }

    fn begin(&self, title: String, back: String) -> Result<(String, Arc<Planning>), Failure> {
        let id = secret()?;
        let planning =
            Arc::new(Planning { title, back, stage: watch::Sender::new(Stage::Opening) });
        let mut all = lock(&self.all);
        if all.len() >= MOST {
            all.retain(|_, planning| {
                matches!(*planning.stage.borrow(), Stage::Opening | Stage::Doing(..))
            });
        }
        all.insert(id.clone(), Arc::clone(&planning));
        Ok((id, planning))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the page's form says of a new plan.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which column is what, which sheet of a workbook.
    pub options: Options,
    /// Go on without unreadable rows.
    pub skip_bad: bool,
    /// A message that travels with a deactivation.
    pub message: Option<String>,
    /// Products of new users whose row names none.
    pub products: Option<Vec<headcount_core::values::user::Product>>,
}

/// Begins to plan a sheet; the id to look at it by. The sheet is thrown away once there is a plan.
pub fn plan_sheet(
    app: &Arc<App>,
    paper: Arc<Paper>,
    wanted: Wanted,
    back: String,
) -> Result<String, Failure> {
    let title = super::jobs::title(paper.job).to_owned();
    let (id, planning) = app.plans.begin(title, back)?;
    start(app, planning, move |app, planning| async move {
        let run = sheet_to_run(&app, &planning, &paper, wanted).await?;
        app.desk.throw_away(&paper.id);
        Ok(run)
    });
    Ok(id)
}

/// Begins to plan the undo of a run.
pub fn plan_undo(app: &Arc<App>, run: String, remove_created: bool) -> Result<String, Failure> {
    let (id, planning) = app.plans.begin(format!("Undo of run {run}"), format!("/runs/{run}"))?;
    start(app, planning, move |app, planning| async move {
        undo_to_run(&app, &planning, &run, remove_created).await
    });
    Ok(id)
}

/// On a thread of its own: a journal is used by one thread, and may wait for the disk.
fn start<F>(
    app: &Arc<App>,
    planning: Arc<Planning>,
    make: impl FnOnce(Arc<App>, Arc<Planning>) -> F + Send + 'static,
) where
    F: Future<Output = Result<String, Failure>>,
{
    let (app, handle) = (Arc::clone(app), Handle::current());
    std::thread::spawn(move || {
        let made = Arc::clone(&planning);
        let making = std::panic::AssertUnwindSafe(|| handle.block_on(make(app, planning)));
        made.stage.send_replace(match std::panic::catch_unwind(making) {
            Ok(Ok(run)) => Stage::Done(run),
            Ok(Err(failure)) => Stage::Failed(Arc::new(failure)),
            Err(_) => Stage::Failed(Arc::new(Failure::new(
                USAGE,
                "headcount has a defect; nothing was sent",
            ))),
        });
    });
}

async fn sheet_to_run(
    app: &App,
    planning: &Planning,
    paper: &Paper,
    wanted: Wanted,
) -> Result<String, Failure> {
    let source = Source { name: paper.name.clone(), ..Source::file(&paper.path) };
    let mut sheet = open(source, &wanted.options)?;
    let order = Order {
        job: paper.job,
        input: paper.name.clone(),
        columns: sheet.columns(paper.job.into(), &wanted.options)?,
        message: wanted.message,
        products: wanted.products,
        invite: false,
        users: None,
        groups: None,
    };
    let context = context_of(&app.context, &paper.site);
    let need = Need::of(paper.job);
    let mut journal = work::journal::open(&app.context)?;
    let opened = site::open(&context, &journal, Ceiling::of(&send_args()), need).await?;
    check_oneself(paper.job, &opened)?;
    let mut looking = Looking { planning, phase: Phase::Reading, skip_bad: wanted.skip_bad };
    let clock = app.context.clock;
    let (run, _lock) =
        work::plan::plan(&mut journal, &order, &mut sheet, &opened, clock, &mut looking).await?;
    remember(app, &journal, &run, &opened)?;
    Ok(run.id.to_string())
}

async fn undo_to_run(
    app: &App,
    planning: &Planning,
    run: &str,
    remove_created: bool,
) -> Result<String, Failure> {
    let mut journal = work::journal::open(&app.context)?;
    let undone = journal.run(run)?;
    work::undo::check_still(&journal, &undone)?;
    let context = context_of_run(&app.context);
    let opened = open_site_of(&journal, &undone, &send_args(), &context).await?;
    check_oneself(headcount_core::plan::undo::inverse_job(undone.job), &opened)?;
    let mut looking = Looking { planning, phase: Phase::LookingUp, skip_bad: false };
    let clock = app.context.clock;
    let (run, _lock) =
        work::undo::plan(&mut journal, &undone, remove_created, &opened, clock, &mut looking)
            .await?;
    remember(app, &journal, &run, &opened)?;
    Ok(run.id.to_string())
}

/// What the plan comes to and how long it would take, so that its page is there at once.
fn remember(app: &App, journal: &Journal, run: &Run, opened: &Opened) -> Result<(), Failure> {
    let facts = app.facts.get(journal, run, false)?;
    let steps = facts.plan.as_ref().map_or(0, |plan| plan.steps);
    if let Some(forecast) = opened.forecast(steps, Need::of(run.job)) {
        lock(&app.plans.forecasts).insert(run.id.to_string(), forecast);
    }
    Ok(())
}

/// Tells the page how far it is.
struct Looking<'p> {
    planning: &'p Planning,
    phase: Phase,
    skip_bad: bool,
}

impl Onlooker for Looking<'_> {
    fn begins(&mut self, phase: Phase) {
        self.phase = phase;
        self.counted(0);
    }

    fn counted(&mut self, many: u64) {
        self.planning.stage.send_replace(Stage::Doing(self.phase, many));
    }

    fn ends(&mut self) {}

    fn read(&mut self, name: &str, read: &ReadRows) -> Result<(), Failure> {
        if read.bad == 0 || self.skip_bad {
            return Ok(());
        }
        let rows = show::many(read.bad, "row");
        Err(Failure::new(USAGE, format!("{rows} of {name} cannot be read; nothing was sent"))
            .hint("correct them, or choose to go on without them"))
    }

    fn exports(&mut self, _: &Order, _: &mut Directory) -> Result<FromExports, Failure> {
        Ok(FromExports::default())
    }
}
