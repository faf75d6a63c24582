//! Makes the plan of a list: compares it with the site.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_app::apply::check_own_account;
use headcount_app::failure::{Failure, GUARD, USAGE};
use headcount_app::options::SendOptions;
use headcount_app::site::{self, Ceiling, Need};
use headcount_app::sync::{self, SyncOrder, limit};
use headcount_app::words::many;
use headcount_engine::max_changes::more_than;
use headcount_people::sync::ReadList;

use crate::actions::plan_tasks::{Looking, remember, throw_away};
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::fields::{Fields, Pairs};
use crate::state::plans::Aside;
use crate::state::roster_form::{Chosen, chosen, read, read_apart};
use crate::state::sites::context_of;
use crate::state::tasks::{Kind, Task};
use crate::state::uploads::Paper;

/// `POST /sheets/{id}/sync`: keeps the form's fields, and makes the plan if the list can be used.
pub async fn plan(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let paper = app.sheet(&id)?;
    let fields = Fields(pairs);
    paper.say(|said| said.fields = fields.clone());
    let is_ready = read_apart(&paper).await?.is_ok_and(|list| list.bad == 0);
    let Ok(chosen) = chosen(&fields) else {
        return Ok(go(&format!("/sheets/{}?asked=plan#plan", paper.id)));
    };
    if !is_ready {
        return Ok(go(&format!("/sheets/{}", paper.id)));
    }
    let title = crate::jobs::title(paper.job).to_owned();
    let back = format!("/sheets/{}", paper.id);
    let making = Arc::clone(&app);
    let address =
        app.tasks.begin(Kind::Plan, paper.site.clone(), title, back, move |task| async move {
            let app = making;
            let run = list_to_run(&app, &task, &paper, chosen).await?;
            if let Some(before) = paper.say(|said| said.plan.replace(run.clone())) {
                throw_away(&app, &before)?;
            }
            Ok(format!("/runs/{run}"))
        })?;
    Ok(go(&address))
}

async fn list_to_run(
    app: &App,
    task: &Task,
    paper: &Arc<Paper>,
    chosen: Chosen,
) -> Result<String, Failure> {
    let reading = Arc::clone(paper);
    let read = tokio::task::spawn_blocking(move || read(&reading)).await;
    let read = read.map_err(|_| Failure::new(USAGE, "the list could not be read"))?;
    let ReadList { list, reading, .. } = read?;
    let (input, products) = (paper.name.clone(), None);
    let order = SyncOrder { input, list, rules: chosen.rules, reading, products };
    let context = context_of(&app.context, &paper.site);
    let mut journal = headcount_app::journal::open(&app.context)?;
    let (ceiling, need) = (Ceiling::of(&SendOptions::default()), Need::of(paper.job));
    let opened = site::open(&context, &journal, ceiling, need).await?;
    check_own_account(paper.job, &opened)?;
    let mut looking = Looking::new(task, false);
    let clock = app.context.clock;
    let (run, lock, drafted) =
        sync::plan(&mut journal, &order, &opened, clock, &mut looking).await?;
    drop(lock);
    let most = limit(chosen.most, &drafted);
    if let Some(changes) = more_than(&journal, &run.id, most)? {
        throw_away(app, run.id.as_str())?;
        let message = format!(
            "the plan has {}, and the maximum is {most}; nothing was sent",
            many(changes, "change")
        );
        return Err(Failure::new(GUARD, message).hint(
            "check whether the list is complete; if all changes are meant, set the maximum number of changes",
        ));
    }
    remember(
        app,
        &journal,
        &run,
        &opened,
        Aside { sheet: Some(paper.id.clone()), ..Aside::default() },
    )?;
    Ok(run.id.to_string())
}
