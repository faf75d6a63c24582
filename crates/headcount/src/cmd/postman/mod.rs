//! `postman`: collections, with Newman's options. Rows are steps of a run, with a journal; with
//! `--as-newman` they are not, because Newman has none. And the other way round: a plan as a collection.

mod as_newman;
mod export;
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
    match command {
        PostmanCommand::Export(args) => export::run(&args, context).await,
        PostmanCommand::Run(args) => {
            output::check_are_not(&args)?;
            match args.as_newman {
                true => as_newman::run(*args, context).await,
                false => journaled::run(*args, context).await,
            }
        }
    }
}
