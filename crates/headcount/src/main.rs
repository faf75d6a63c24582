//! The command line: a table of contents. Everything is decided and done in `headcount-core`;
//! here the environment is read, words are printed and questions asked.

mod args;
mod cmd;
mod context;
mod interrupt;
mod show;

use std::process::ExitCode;

use clap::Parser;

use crate::show::failure;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return failure::of_usage(&error),
    };
    let context = match context::Context::read(&args) {
        Ok(context) => context,
        Err(failure) => return failure::tell(&failure, None),
    };
    show::quiet_panics();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::tell(&error.into(), Some(&context)),
    };
    let exit = match runtime.block_on(cmd::run(args.command, &context)) {
        Ok(exit) => ExitCode::from(exit),
        Err(failure) => failure::tell(&failure, Some(&context)),
    };
    // A question that nobody answered any more must not hold the program.
    runtime.shutdown_background();
    exit
}
