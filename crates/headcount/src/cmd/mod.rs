//! The commands, one file each.

mod approval;
mod demo;
mod doctor;
mod export;
mod job;
mod journal;
mod limits;
mod looking;
mod man;
mod map;
mod order;
mod postman;
mod profile;
mod prune;
mod question;
mod rehearse;
mod review;
mod run;
mod sandbox;
mod seats;
mod send;
mod sheet;
mod sync;
mod token;
mod ui;
mod undo;
mod worker;

use clap::CommandFactory;
use headcount_app::failure::{Failure, OK};

use crate::args::{
    AccessCommand, Args, Command, GroupCommand, MemberCommand, TokenCommand, UserCommand,
};
use crate::context::Context;
use crate::terminal::stdout;

/// Runs a command. Returns its exit code.
pub async fn run(command: Command, context: &Context) -> Result<u8, Failure> {
    match command {
        Command::User(UserCommand::Job(job)) => job::command(&job.0, context).await,
        Command::Group(GroupCommand::Job(job)) => job::command(&job.0, context).await,
        Command::Member(MemberCommand::Job(job)) => job::command(&job.0, context).await,
        Command::Access(AccessCommand::Job(job)) => job::command(&job.0, context).await,
        Command::Token(TokenCommand::List(args)) => token::list(&args, context).await,
        Command::Token(TokenCommand::Job(job)) => job::command(&job.0, context).await,
        Command::User(UserCommand::Export(args)) => export::users(&args, context).await,
        Command::User(UserCommand::Access(args)) => review::run(&args, context).await,
        Command::User(UserCommand::Seats(args)) => seats::run(&args, context).await,
        Command::Group(GroupCommand::Export(args)) => export::groups(&args, context).await,
        Command::Member(MemberCommand::Map(args)) => map::run(&args, context),
        Command::Sync(args) => sync::run(&args, context).await,
        Command::Run(command) => run::run(command, context).await,
        Command::Profile(command) => profile::run(&command, context).await,
        Command::Postman(command) => postman::run(command, context).await,
        Command::Journal(command) => journal::run(command, context).await,
        Command::Worker(args) => worker::run(&args, context).await,
        Command::Sandbox(args) => sandbox::run(&args, context).await,
        Command::Ui(args) => ui::run(&args, context).await,
        Command::Demo => demo::run(context).await,
        Command::Doctor { offline } => doctor::run(offline, context).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "headcount", &mut stdout::data());
            Ok(OK)
        }
        Command::Man { pages } => man::run(pages.as_deref(), context),
    }
}
