//! The command line: a table of contents. Everything is decided and done in `headcount-core`;
//! here the environment is read, words are printed and questions asked.

mod args;
mod cmd;
mod config;
mod context;
mod failure;
mod interrupt;
mod keys;
mod report;
mod show;
mod site;
mod web;
mod whole;
mod work;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return failure::of_usage(&error),
    };
    let context = match context::Context::read(&args) {
        Ok(context) => context,
        Err(failure) => return failure.tell(None),
    };
    show::quiet_panics();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::Failure::from(error).tell(Some(&context)),
    };
    let exit = match runtime.block_on(cmd::run(args.command, &context)) {
        Ok(exit) => ExitCode::from(exit),
        Err(failure) => failure.tell(Some(&context)),
    };
    // A question that nobody answered any more must not hold the program.
    runtime.shutdown_background();
    exit
}
