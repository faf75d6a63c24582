//! `profile`: the sites, their credentials, and whether these are accepted.

mod add;
mod check;
mod given;
mod import;
mod list;
mod questions;
mod remove;

use headcount_app::failure::Failure;

use crate::args::ProfileCommand;
use crate::context::Context;

/// Runs the command.
pub async fn run(command: &ProfileCommand, context: &Context) -> Result<u8, Failure> {
    match command {
        ProfileCommand::Add(args) => add::run(args, context).await,
        ProfileCommand::Import(args) => import::run(args, context).await,
        ProfileCommand::List => list::list(context),
        ProfileCommand::Show { name } => list::show(name.as_deref(), context),
        ProfileCommand::Check { name } => check::run(name.as_deref(), context).await,
        ProfileCommand::Remove { name, yes } => remove::run(name, *yes, context),
    }
}
