//! Rehearsals: a waiting plan is applied to a copy of its site. The site itself is only read.
//!
//! The copy is made from the exports of the plan, if they still exist, and from the site for the rest; the
//! spreadsheet is made from the plan's rows. The rehearsal's journal is in a folder of its own and is removed with
//! the rehearsal, so that it is never mistaken for a run.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use headcount_app::apply::{check_own_account, open_site_of};
use headcount_app::failure::Failure;
use headcount_app::identity_exports::Exports;
use headcount_app::options::SendOptions;
use headcount_app::plan::Order;
use headcount_app::rehearse::{FromSite, check_plan, fill};
use headcount_app::site::{self, Ceiling, Opened, Purpose};
use headcount_engine::{CanaryReport, Watcher};
use headcount_journal::{Journal, Run};
use headcount_model::event::Event;
use headcount_model::rows::Rows;
use headcount_model::user::Product;
use headcount_people::jobs::{self, REVOKE_TOKENS};
use headcount_people::plan::{Decided, decided, summary};
use headcount_people::rows::Columns;
use headcount_people::rows::open;
use headcount_report::write_sheet;
use headcount_sheet::{Options, Sheet, Source};
use tempfile::TempDir;

use crate::actions::plan_tasks::Looking;
use crate::jobs::run_title;
use crate::state::app::App;
use crate::state::rehearsals::{JOURNAL, Rehearsal};
use crate::state::sites::context_of_run;
use crate::state::summary_cache::read;
use crate::state::tasks::{Doing, Kind, Task};

/// Starts the rehearsal of a plan. Returns the address of the task's page.
pub fn rehearse(app: &Arc<App>, run: &Run) -> Result<String, Failure> {
    let (title, back) = (run_title(run), format!("/runs/{}", run.id));
    let id = run.id.to_string();
    let making = Arc::clone(app);
    app.tasks.begin(Kind::Rehearsal, run.profile.clone(), title, back, move |task| async move {
        let app = making;
        let rehearsal = carry(&app, &task, &id).await?;
        let id = app.rehearsals.put(rehearsal)?;
        Ok(format!("/rehearsals/{id}"))
    })
}

async fn carry(app: &App, task: &Task, id: &str) -> Result<Rehearsal, Failure> {
    let waits = headcount_app::journal::open(&app.context)?;
    let of = waits.run(id)?;
    let plan = summary(&waits, &of.id)?;
    check_plan(&of, &plan)?;
    let real = open_site_of(
        &waits,
        &of,
        Purpose::Send,
        &SendOptions::default(),
        &context_of_run(&app.context),
    )
    .await?;
    check_own_account(of.job, &real)?;
    let folder = TempDir::with_prefix_in("rehearsal-", app.desk.folder()?)?;
    let sheet = folder.path().join("sheet.csv");
    write_sheet(&waits, &of, BufWriter::new(File::create(&sheet)?))?;
    let seed = folder.path().join("seed");
    std::fs::create_dir(&seed)?;
    let exports = exports_of(app, &of);
    let tokens = plan.jobs().into_iter().any(|job| jobs::of(job).copy.tokens);
    let from_site = FromSite::of(of.job, tokens || of.options[REVOKE_TOKENS] == true, &exports)?;
    fill(&seed, &exports, from_site, &real, &mut |far| task.reads(far)).await?;
    task.does(Doing::Double);
    let double =
        site::open_double(&app.context, &real, Ceiling::of(&SendOptions::default()), &seed).await?;
    let (order, mut sheet) = order(&of, sheet, decided(&waits, &of)?)?;
    let mut journal = headcount_app::journal::open_file(&folder.path().join(JOURNAL))?;
    let run = send(app, task, &mut journal, &order, &mut sheet, &double).await;
    let run = run.map_err(|failure| failure.of_site(&double.site.name))?;
    let facts = read(&journal, &run)?;
    let made_from = from_site.words(&exports);
    Ok(Rehearsal { of, run, facts, made_from, at: app.context.clock.now(), folder })
}

/// The exports with which the plan was made, as far as they still exist: uploaded with its spreadsheet, or given
/// to the command line.
fn exports_of(app: &App, run: &Run) -> Exports {
    if let Some(paper) = app.sheet_of(run.id.as_str()) {
        return paper.said().who.files();
    }
    let path = |key: &str| run.options[key].as_str().map(Path::new).filter(|path| path.is_file());
    Exports::of(path("users"), path("groups"))
}

/// The plan's order, reconstructed from the journal.
fn order(of: &Run, sheet: PathBuf, decided: Vec<Decided>) -> Result<(Order, Sheet), Failure> {
    let map = serde_json::from_value(of.options["map"].clone()).unwrap_or_default();
    let options = Options { map, ..Options::default() };
    let sheet = open(Source { name: of.input.clone(), ..Source::file(sheet) }, &options)?;
    let products: Option<Vec<Product>> =
        serde_json::from_value(of.options["products"].clone()).unwrap_or_default();
    let order = Order {
        job: of.job,
        input: of.input.clone(),
        columns: Columns::of(&sheet, jobs::of(of.job).sheet, &options)?,
        map: options.map,
        message: of.options["message"].as_str().map(str::to_owned),
        revoke_tokens: of.options[REVOKE_TOKENS] == true,
        products,
        invite: of.options["by"] == "invite",
        scim: jobs::is_provisioned(of),
        with_members: None,
        exports: Exports::default(),
        decided,
        corrected: Rows::default(),
    };
    Ok((order, sheet))
}

async fn send(
    app: &App,
    task: &Task,
    journal: &mut Journal,
    order: &Order,
    sheet: &mut Sheet,
    double: &Opened,
) -> Result<Run, Failure> {
    let clock = app.context.clock;
    let mut looking = Looking::past_bad_rows(task);
    let (run, _lock) =
        headcount_app::plan::plan(journal, order, sheet, double, clock, &mut looking).await?;
    let rows = journal.counts(&run.id)?.pending;
    task.does(Doing::Rows(0, rows));
    let how =
        headcount_app::apply::how(&SendOptions::default(), double, run.job, None, false).await?;
    let mut watching = Watching { task, done: 0, rows };
    headcount_app::apply::carry_out(journal, &run, double, &how, clock, &mut watching).await?;
    Ok(journal.run(run.id.as_str())?)
}

/// Reports the progress to the task's page, and continues after a good first row.
struct Watching<'t> {
    task: &'t Task,
    done: u64,
    rows: u64,
}

impl Watcher for Watching<'_> {
    fn event(&mut self, event: &Event) {
        if matches!(event, Event::Settled { .. }) {
            self.done += 1;
            self.task.does(Doing::Rows(self.done, self.rows));
        }
    }

    async fn go_on(&mut self, _: &[CanaryReport], _: u64) -> bool {
        true
    }
}
