//! Makes plans: from a spreadsheet, or of an undo.

use std::sync::Arc;
use std::time::Duration;

use headcount_app::apply::check_own_account;
use headcount_app::failure::{Failure, USAGE};
use headcount_app::members_file;
use headcount_app::options::SendOptions;
use headcount_app::plan::{Onlooker, Order, Phase};
use headcount_app::site::{self, Ceiling, Need, Opened};
use headcount_app::undo::Take;
use headcount_app::words;
use headcount_journal::{Journal, Run, RunState};
use headcount_model::rows::Rows;
use headcount_people::directory::Directory;
use headcount_people::jobs;
use headcount_people::plan::{Missing, ReadRows, missing_names};
use headcount_people::rows::{Columns, open};

use crate::state::app::App;
use crate::state::plans::Aside;
use crate::state::sheet_form::Wanted;
use crate::state::sites::{context_of, context_of_run};
use crate::state::tasks::{Doing, Kind, Task};
use crate::state::uploads::{Paper, Said};

/// The most groups that can be chosen from.
const GROUPS: usize = 2_000;

/// How long to wait for the list of groups.
const PATIENCE: Duration = Duration::from_secs(5);

/// Starts to plan a spreadsheet. Returns the address of the task's page. The spreadsheet is kept until its plan is
/// sent. An unsent earlier plan of it is discarded when the new one is ready.
pub fn plan_sheet(app: &Arc<App>, paper: Arc<Paper>, wanted: Wanted) -> Result<String, Failure> {
    let title = crate::jobs::title(paper.job).to_owned();
    let back = format!("/sheets/{}", paper.id);
    let making = Arc::clone(app);
    app.tasks.begin(Kind::Plan, paper.site.clone(), title, back, move |task| async move {
        let app = making;
        let run = sheet_to_run(&app, &task, &paper, wanted).await?;
        if let Some(before) = paper.say(|said| said.plan.replace(run.clone())) {
            throw_away(&app, &before)?;
        }
        Ok(format!("/runs/{run}"))
    })
}

/// Discards the plan of a spreadsheet, if the plan still waits.
pub fn throw_away(app: &App, plan: &str) -> Result<(), Failure> {
    app.with_journal(|journal| {
        let run = journal.run(plan)?;
        if matches!(run.state, RunState::Sealed | RunState::Unapproved) {
            // If another process starts the run at this moment, the run stays.
            let _ = headcount_app::apply::cancel(journal, &run, app.context.clock);
        }
        Ok(())
    })
}

/// Starts to plan the undo of a run.
pub fn plan_undo(
    app: &Arc<App>,
    run: String,
    profile: String,
    take: Take,
) -> Result<String, Failure> {
    let (title, back) = (format!("Undo of run {run}"), format!("/runs/{run}"));
    let making = Arc::clone(app);
    app.tasks.begin(Kind::Plan, profile, title, back, move |task| async move {
        let app = making;
        let run = undo_to_run(&app, &task, &run, &take).await?;
        Ok(format!("/runs/{run}"))
    })
}

async fn sheet_to_run(
    app: &App,
    task: &Task,
    paper: &Paper,
    wanted: Wanted,
) -> Result<String, Failure> {
    if let Some(reading) = paper.reading {
        reading.check(app.context.clock.now())?;
    }
    if wanted.scim && (wanted.revoke_tokens || wanted.message.is_some()) {
        let message = "through the identity provider's directory, headcount sends no message and revokes no API \
                       tokens; nothing was sent";
        return Err(Failure::new(USAGE, message).hint(
            "leave out the message and the API tokens, or do not use the identity provider's directory",
        ));
    }
    let Said { corrected, who, .. } = paper.said();
    let mut sheet = open(paper.source(), &wanted.options)?.corrected(corrected.clone());
    let order = Order {
        job: paper.job,
        input: paper.name.clone(),
        columns: Columns::of(&sheet, jobs::of(paper.job).sheet, &wanted.options)?,
        map: wanted.options.map,
        message: wanted.message,
        revoke_tokens: wanted.revoke_tokens,
        products: wanted.products,
        invite: wanted.invite,
        scim: wanted.scim,
        with_members: wanted.with_members.then(|| members_file::next_to(&app.context.journal)),
        exports: who.files(),
        decided: Vec::new(),
        corrected: Rows::of(corrected.keys().map(|(row, _)| *row)),
    };
    let context = context_of(&app.context, &paper.site);
    let need = match order.scim {
        true => Need::Provisioning,
        false => Need::of_new(paper.job, order.invite),
    };
    let mut journal = headcount_app::journal::open(&app.context)?;
    let opened = site::open(&context, &journal, Ceiling::of(&SendOptions::default()), need).await?;
    check_own_account(paper.job, &opened)?;
    let mut looking = Looking::new(task, wanted.skip_bad);
    let clock = app.context.clock;
    let (run, _lock) =
        headcount_app::plan::plan(&mut journal, &order, &mut sheet, &opened, clock, &mut looking)
            .await?;
    let groups = match looking.missing.iter().any(|name| name.is_group) {
        true => groups_to_choose_from(&opened).await,
        false => Vec::new(),
    };
    let aside = Aside {
        groups,
        no_descriptions: order.leaves_out_descriptions(&opened),
        missing: looking.missing,
        sheet: Some(paper.id.clone()),
        ..Aside::default()
    };
    remember(app, &journal, &run, &opened, aside)?;
    Ok(run.id.to_string())
}

/// The groups to choose from. If the site is slow to list them, or refuses, the plan does not wait.
async fn groups_to_choose_from(opened: &Opened) -> Vec<String> {
    let names = headcount_app::export::group_names(opened, GROUPS);
    match tokio::time::timeout(PATIENCE, names).await {
        Ok(Ok(names)) => names,
        Ok(Err(_)) | Err(_) => Vec::new(),
    }
}

async fn undo_to_run(app: &App, task: &Task, run: &str, take: &Take) -> Result<String, Failure> {
    let mut journal = headcount_app::journal::open(&app.context)?;
    let undone = journal.run(run)?;
    headcount_app::undo::check_still(&journal, &undone)?;
    let context = context_of_run(&app.context);
    let opened =
        headcount_app::undo::open(&journal, &undone, &SendOptions::default(), &context).await?;
    check_own_account(jobs::of(undone.job).inverse, &opened)?;
    let mut looking = Looking::new(task, false);
    let clock = app.context.clock;
    let (run, _lock) =
        headcount_app::undo::plan(&mut journal, &undone, take, &opened, clock, &mut looking)
            .await?;
    remember(app, &journal, &run, &opened, Aside::default())?;
    Ok(run.id.to_string())
}

/// Remembers the plan's summary and estimate, so that its page opens at once.
pub(super) fn remember(
    app: &App,
    journal: &Journal,
    run: &Run,
    opened: &Opened,
    aside: Aside,
) -> Result<(), Failure> {
    let facts = app.facts.get(journal, run, false)?;
    let steps = facts.plan.as_ref().map_or(0, |plan| plan.steps);
    let forecast = opened.forecast(steps, Need::of_run(run));
    app.plans.remember(run.id.to_string(), Aside { forecast, ..aside });
    Ok(())
}

/// Reports the progress to the task's page.
pub struct Looking<'t> {
    task: &'t Task,
    phase: Phase,
    skip_bad: bool,
    missing: Vec<Missing>,
}

impl<'t> Looking<'t> {
    pub(super) fn new(task: &'t Task, skip_bad: bool) -> Self {
        Self { task, phase: Phase::Reading, skip_bad, missing: Vec::new() }
    }

    /// For a plan that continues without unreadable rows.
    pub fn past_bad_rows(task: &'t Task) -> Self {
        Self::new(task, true)
    }
}

impl Onlooker for Looking<'_> {
    fn begins(&mut self, phase: Phase) {
        self.phase = phase;
        self.counted(0);
    }

    fn counted(&mut self, many: u64) {
        self.task.does(Doing::Planning(self.phase, many));
    }

    fn ends(&mut self) {}

    fn read(&mut self, name: &str, read: &ReadRows) -> Result<(), Failure> {
        if read.bad == 0 || self.skip_bad {
            return Ok(());
        }
        let rows = words::many(read.bad, "row");
        Err(Failure::new(USAGE, format!("{rows} of {name} cannot be read; nothing was sent"))
            .hint("correct them, or choose to continue without them"))
    }

    fn planned(
        &mut self,
        journal: &Journal,
        run: &Run,
        columns: &Columns,
        directory: &Directory,
    ) -> Result<(), Failure> {
        self.missing = missing_names(journal, run, columns, directory)?;
        Ok(())
    }
}
