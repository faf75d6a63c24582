//! The command line: a table of contents. Everything is decided and done in the libraries;
//! here the environment is read, words are printed and questions asked.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod cmd;
mod context;
mod folders;
mod interrupt;
mod show;
mod terminal;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use headcount_app::failure::{Failure, ROWS};

use crate::context::Context;
use crate::interrupt::INTERRUPTED;
use crate::show::failure;

/// So long a command that is to end may take to remove its temporary files.
const TIDYING: Duration = Duration::from_millis(500);

/// Runs the command. A request to end that no command ends in order for ends it here: nothing has
/// been sent then.
async fn run(command: args::Command, context: &Context) -> Result<u8, Failure> {
    context.interrupts.listen()?;
    let watched = context.clone();
    tokio::spawn(async move {
        watched.interrupts.unowned().await;
        // What waits for a disk or for standard input can't be stopped.
        tokio::time::sleep(TIDYING).await;
        failure::tell(&interrupted(), Some(&watched));
        std::process::exit(INTERRUPTED.into());
    });
    tokio::select! {
        biased;
        exit = cmd::run(command, context) => exit,
        () = context.interrupts.unowned() => Err(interrupted()),
    }
}

fn interrupted() -> Failure {
    Failure::new(INTERRUPTED, "interrupted; no change was sent")
}

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return failure::of_usage(&error),
    };
    let context = match Context::read(&args) {
        Ok(context) => context,
        Err(failure) => return failure::tell(&failure, None),
    };
    show::quiet_panics();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::tell(&error.into(), Some(&context)),
    };
    let exit = match runtime.block_on(run(args.command, &context)) {
        // What was sent was sent: events that could not be written are no usage error.
        Ok(exit) if context.events.is_broken() => ExitCode::from(exit.max(ROWS)),
        Ok(exit) => ExitCode::from(exit),
        Err(failure) => failure::tell(&failure, Some(&context)),
    };
    // A question without an answer must not hold the program.
    runtime.shutdown_background();
    exit
}
