//! `postman`: collections, with Newman's options. Rows are steps of a run, with a journal; with
//! `--as-newman` they are not, because Newman has none.

mod as_newman;
mod journaled;
mod reporting;
mod reports;
mod resumed;
mod source;

use headcount_app::failure::Failure;

pub use self::resumed::go_on;
use crate::args::PostmanCommand;
use crate::context::Context;
use crate::show::output;

/// Runs it.
pub async fn run(command: PostmanCommand, context: &Context) -> Result<u8, Failure> {
    let PostmanCommand::Run(args) = &command;
    output::check_are_not(args)?;
    match command {
        PostmanCommand::Run(args) if args.as_newman => as_newman::run(*args, context).await,
        PostmanCommand::Run(args) => journaled::run(*args, context).await,
    }
}
