//! Applies and resumes a collection's run from the page.

use std::sync::Arc;

use headcount_app::collections::{options, send};
use headcount_app::failure::{Failure, USAGE};
use headcount_app::options::SendOptions;
use headcount_collections::{
    CONCURRENCY, CollectionExecutor, Executing, Given, Loaded, ProxyMatcher, Source, Totals,
    check_resumable, check_resumable_with,
};
use headcount_engine::{CanaryReport, Ending, Watcher};
use headcount_journal::{Journal, Run};
use headcount_model::event::Event;

use crate::state::active_runs::Live;
use crate::state::app::App;

/// Sends the remaining rows. The caller holds the run's lock.
pub async fn carry<W: Watcher>(
    app: &App,
    journal: &mut Journal,
    run: &Run,
    limits: &SendOptions,
    live: &Arc<Live>,
    watcher: &mut W,
) -> Result<Ending, Failure> {
    let (source, loaded) = loaded(app, journal, run)?;
    let clock = app.context.clock;
    let named = app.context.proxies()?;
    let with = Executing {
        journal,
        run,
        source: &source,
        concurrency: limits.concurrency.map_or(CONCURRENCY, |rows| rows as usize),
        rate: limits.rate,
        proxies: ProxyMatcher::new(named.matcher(), named.http_matcher()?),
        halt: live.halt(),
        clock,
        finished: None,
    };
    let executor = Arc::new(CollectionExecutor::new(loaded, &with)?);
    let before = Totals::of_run(journal, run)?;
    live.change(|standing| standing.totals = Some(before));
    let mut counting = Counting { watcher, live, executor: Arc::clone(&executor), before };
    Ok(send(journal, run, executor, &options(limits), clock, &mut counting).await?)
}

/// The run's files: those that were uploaded for it, else those that it names.
fn loaded(app: &App, journal: &Journal, run: &Run) -> Result<(Source, Loaded), Failure> {
    let Some(bundle) = app.bundles.of_run(run.id.as_str()) else {
        return Ok(check_resumable(journal, run, &Given::default())?);
    };
    let said = bundle.said();
    let files = said.files().ok_or_else(|| {
        Failure::new(USAGE, "a file of the collection is missing or cannot be used")
            .hint("nothing was sent; correct it under “Change the files”")
    })?;
    Ok(check_resumable_with(journal, run, files, &said.given())?)
}

/// Adds Postman's counts to the events for the page.
struct Counting<'w, W> {
    watcher: &'w mut W,
    live: &'w Arc<Live>,
    executor: Arc<CollectionExecutor>,
    before: Totals,
}

impl<W> Counting<'_, W> {
    fn count(&self) {
        let mut totals = self.before;
        totals.add(self.executor.totals());
        self.live.change(|standing| standing.totals = Some(totals));
    }
}

impl<W: Watcher> Watcher for Counting<'_, W> {
    fn event(&mut self, event: &Event) {
        self.count();
        self.watcher.event(event);
    }

    async fn go_on(&mut self, canaries: &[CanaryReport], left: u64) -> bool {
        self.count();
        self.watcher.go_on(canaries, left).await
    }
}
