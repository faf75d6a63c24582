//! The command line. The libraries decide and act; this crate reads the environment, prints texts and asks
//! questions.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod cmd;
mod context;
mod folders;
mod interrupt;
mod show;
mod terminal;
mod version;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use headcount_app::failure::{Failure, ROWS};

use crate::context::Context;
use crate::interrupt::INTERRUPTED;
use crate::show::failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long a command that is asked to end may take to remove its temporary files.
const TIDYING: Duration = Duration::from_millis(500);

/// Runs the command. If a request to end arrives that no command handles, it ends here: nothing has been sent
/// then.
async fn run(command: args::Command, context: &Context) -> Result<u8, Failure> {
    context.interrupts.listen()?;
    let watched = context.clone();
    tokio::spawn(async move {
        watched.interrupts.unowned().await;
        // A thread that waits for a disk or for standard input cannot be stopped.
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
        // The changes were sent, so events that could not be written are not a usage error.
        Ok(exit) if context.events.is_broken() => ExitCode::from(exit.max(ROWS)),
        Ok(exit) => ExitCode::from(exit),
        Err(failure) => failure::tell(&failure, Some(&context)),
    };
    // An unanswered question must not block the end of the program.
    runtime.shutdown_background();
    exit
}
