//! Applies a run on a thread of its own, whether a page shows it or not.

use std::sync::Arc;
use std::time::Duration;

use headcount_app::apply::{
    cancel_held, check_own_account, check_resumable, open_site_of, wrong_state,
};
use headcount_app::collections::is_collection;
use headcount_app::failure::{Failure, GUARD, USAGE};
use headcount_app::max_changes;
use headcount_app::options::SendOptions;
use headcount_app::site::Purpose;
use headcount_engine::{CanaryReport, Ending, Watcher};
use headcount_journal::{Journal, Run, RunState};
use headcount_model::event::Event;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::actions::collection_rows;
use crate::state::active_runs::{Canary, Doing, LastRow, Live};
use crate::state::app::App;
use crate::state::send_form::SendForm;
use crate::state::sites::context_of_run;

/// Rows of a plan that is older than this are read on the site again before they are sent.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// Starts a plan or continues a run. `agreed` says why this is allowed. `Err` is a failure that is known at once;
/// a later one appears on the run's page.
pub fn start(app: &Arc<App>, journal: &Journal, run: &Run, form: &SendForm) -> Result<(), Failure> {
    let (send, limits) = (form.args()?, form.limits());
    if run.state != RunState::Sealed {
        check_resumable(journal, run)?;
    }
    let counts = journal.counts(&run.id)?;
    let course = journal.course(&run.id)?;
    let Some(live) = app.runs.begin(run.id.as_str(), counts, course) else { return Ok(()) };
    let (app, id, handle) = (Arc::clone(app), run.id.to_string(), Handle::current());
    std::thread::spawn(move || {
        let sent = std::panic::AssertUnwindSafe(|| {
            handle.block_on(carry(&app, &live, &id, &send, &limits))
        });
        let ended = match std::panic::catch_unwind(sent) {
            Ok(Ok(())) => None,
            Ok(Err(failure)) => Some(Arc::new(failure)),
            Err(_) => {
                Some(Arc::new(Failure::new(GUARD, "headcount has a bug; the journal is safe")))
            }
        };
        live.change(|standing| standing.doing = Doing::Ended(ended));
    });
    Ok(())
}

async fn carry(
    app: &App,
    live: &Arc<Live>,
    id: &str,
    send: &SendOptions,
    limits: &Value,
) -> Result<(), Failure> {
    let mut journal = headcount_app::journal::open(&app.context)?;
    let run = journal.run(id)?;
    let held = journal.lock(&run.id)?;
    // Read again under the lock: another process may have applied it meanwhile.
    let run = journal.run(run.id.as_str())?;
    if run.state != RunState::Sealed {
        check_resumable(&journal, &run)?;
    }
    journal.add_options(&run.id, limits)?;
    if is_collection(&run) {
        return collection(app, live, &mut journal, &run, send).await;
    }
    let opened =
        open_site_of(&journal, &run, Purpose::Send, send, &context_of_run(&app.context)).await?;
    check_own_account(run.job, &opened)?;
    let mut bound = None;
    if let Some(most) = send.max_changes {
        let hint = |_| "if the plan is right, raise the maximum and apply the plan again".into();
        bound = Some(max_changes::check(most, &journal, &run, &opened, hint).await?);
    }
    let recheck = run.state != RunState::Sealed || is_old(app, &run);
    let how = headcount_app::apply::how(send, &opened, run.job, bound, recheck).await?;
    app.take_sheet_of(id);
    let clock = app.context.clock;
    live.change(|standing| {
        standing.doing = Doing::Sending;
        standing.begun = Some(clock.now());
        // Steps with an unknown outcome are read on the site first.
        standing.counts.pending += std::mem::take(&mut standing.counts.unknown);
    });
    let mut watching = Watching { live: Arc::clone(live), clock };
    let ending = headcount_app::apply::carry_out(
        &mut journal,
        &run,
        &opened,
        &how.until(live.halt()),
        clock,
        &mut watching,
    )
    .await?;
    // Before another process can take the run.
    if live.is_given_up() && matches!(ending, Ending::Stopped(_)) {
        give_up_held(&mut journal, id, app)?;
    }
    drop(held);
    Ok(())
}

/// Applies the rows of a collection.
async fn collection(
    app: &App,
    live: &Arc<Live>,
    journal: &mut Journal,
    run: &Run,
    send: &SendOptions,
) -> Result<(), Failure> {
    let clock = app.context.clock;
    live.change(|standing| {
        standing.doing = Doing::Sending;
        standing.begun = Some(clock.now());
    });
    let mut watching = Watching { live: Arc::clone(live), clock };
    let ending = collection_rows::carry(app, journal, run, send, live, &mut watching).await?;
    if ending == Ending::Finished {
        app.take_sheet_of(run.id.as_str());
    }
    if live.is_given_up() && matches!(ending, Ending::Stopped(_)) {
        give_up_held(journal, run.id.as_str(), app)?;
    }
    Ok(())
}

fn is_old(app: &App, run: &Run) -> bool {
    let age = run.sealed_at.map(|sealed| app.context.clock.now().duration_since(sealed));
    age.and_then(|age| Duration::try_from(age).ok()).is_none_or(|age| age > FRESH)
}

/// Cancels a run: its pending steps are never sent.
pub fn give_up(journal: &mut Journal, id: &str, app: &App) -> Result<(), Failure> {
    let run = journal.run(id)?;
    let _held = journal.lock(&run.id)?;
    give_up_held(journal, id, app)
}

/// Cancels a run whose lock the caller holds.
fn give_up_held(journal: &mut Journal, id: &str, app: &App) -> Result<(), Failure> {
    // Read under the lock: another process may have moved the run meanwhile.
    let run = journal.run(id)?;
    cancel_held(journal, &run, app.context.clock).map_err(|why| match why {
        headcount_app::apply::Cancelled::Failed(failure) => failure,
        headcount_app::apply::Cancelled::Unread => Failure::new(
            USAGE,
            "the run has requests without a recorded response and cannot be canceled yet",
        )
        .hint("continue or undo the run: both first check those requests on the site"),
    })?;
    app.take_sheet_of(run.id.as_str());
    Ok(())
}

/// The failure of an action that does not match the run's state.
pub fn not_there(journal: &Journal, run: &Run) -> Failure {
    wrong_state(journal, run, "load its page again")
}

/// Writes the events into the state that pages show.
struct Watching {
    live: Arc<Live>,
    clock: headcount_model::clock::Clock,
}

impl Watcher for Watching {
    fn event(&mut self, event: &Event) {
        let now = self.clock.now();
        self.live.change(|standing| match event {
            Event::Settled { row, outcome, reason, detail } => {
                standing.counts.settle(*outcome);
                standing.done += 1;
                standing.course.settle(now.as_second(), *outcome);
                let (row, outcome, reason) = (*row, *outcome, *reason);
                standing.add(LastRow { row, outcome, reason, detail: detail.clone() });
            }
            Event::Canary { row, ok, wanted, found } => standing.canaries.push(Canary {
                row: *row,
                ok: *ok,
                wanted: wanted.clone(),
                found: found.clone(),
            }),
            Event::Waiting { until, why } => {
                standing.waits.push((now.as_second(), until.as_second().max(now.as_second())));
                standing.waiting = Some((*until, why.clone()));
            }
            Event::Stopped { .. }
            | Event::Planned { .. }
            | Event::Seats { .. }
            | Event::Finished { .. } => {}
        });
    }

    async fn go_on(&mut self, _: &[CanaryReport], left: u64) -> bool {
        let (answer, answered) = oneshot::channel();
        self.live.ask(answer);
        self.live.change(|standing| standing.doing = Doing::Asking(left));
        // If the sender is gone, no answer can come; that counts as no.
        let yes = answered.await.unwrap_or(false);
        let now = self.clock.now();
        self.live.change(|standing| {
            standing.doing = Doing::Sending;
            // The time that the user needed for the answer does not count for the estimate.
            (standing.begun, standing.done) = (Some(now), 0);
        });
        yes
    }
}
