//! `postman`: runs collections with Newman's options, and exports plans as collections. Each row is a step of a
//! run in the journal; with `--as-newman` there is no journal, because Newman has none.

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

/// Runs the command.
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
