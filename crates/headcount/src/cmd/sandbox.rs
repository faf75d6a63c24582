//! `sandbox`: an emulated Atlassian on loopback, until Ctrl-C or another request to end.

use std::io::Write;
use std::time::Duration;

use headcount_app::failure::{Failure, OK, USAGE};
use headcount_sandbox::Config;

use crate::args::SandboxArgs;
use crate::context::Context;
use crate::terminal::stdout;

/// Runs the command.
pub async fn run(args: &SandboxArgs, context: &Context) -> Result<u8, Failure> {
    let config = Config {
        port: args.port,
        seed: args.seed.clone(),
        people: args.people,
        state: args.state.clone(),
        rate: args.rate,
        latency: Duration::from_millis(args.latency),
        index_lag: Duration::from_millis(args.index_lag),
        faults: args.faults.clone(),
        reset: args.reset,
        record: args.record.clone().or_else(|| context.app.record.clone()),
    };
    let sandbox = headcount_sandbox::start(config)
        .await
        .map_err(|error| Failure::new(USAGE, "the sandbox cannot be started").because(&error))?;
    // Before the card is printed, because its reader may press Ctrl-C at once.
    let mut interrupts = context.interrupts.own();
    let card = serde_json::to_string(sandbox.card()).unwrap_or_default();
    {
        let mut out = stdout::data();
        writeln!(out, "{card}")?;
        out.flush()?;
    }
    interrupts.next().await;
    sandbox.stop().await;
    Ok(OK)
}
