//! Applying and resuming a collection's run from the page.

use std::sync::Arc;

use headcount_app::collections::{options, send};
use headcount_app::failure::Failure;
use headcount_app::options::SendOptions;
use headcount_collections::{CollectionExecutor, Executing, Given, ProxyMatcher, check_resumable};
use headcount_engine::{Ending, Halt, Watcher};
use headcount_journal::{Journal, Run};

use crate::state::app::App;

/// Rows at once, where the run does not say how many.
const CONCURRENCY: u32 = 10;

/// Sends the rows that are left; the caller holds the run's lock.
pub async fn carry<W: Watcher>(
    app: &App,
    journal: &mut Journal,
    run: &Run,
    limits: &SendOptions,
    halt: Halt,
    watcher: &mut W,
) -> Result<Ending, Failure> {
    let (source, loaded) = check_resumable(journal, run, &Given::default())?;
    let clock = app.context.clock;
    let with = Executing {
        journal,
        run,
        source: &source,
        concurrency: limits.concurrency.unwrap_or(CONCURRENCY) as usize,
        rate: limits.rate,
        proxies: ProxyMatcher::new(app.context.proxies()?.matcher()),
        halt: halt.clone(),
        clock,
        finished: None,
    };
    let executor = Arc::new(CollectionExecutor::new(loaded, &with)?);
    Ok(send(journal, run, executor, &options(limits), halt, clock, watcher).await?)
}
