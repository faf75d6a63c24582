//! One file a command; each reads like its help.

mod demo;
mod export;
mod job;
mod map;
mod profile;
mod run;
mod sandbox;
mod send;
mod sheet;
mod undo;

use std::path::Path;

use clap::CommandFactory;
use headcount_core::journal::Journal;
use headcount_core::values::job::Job;

use crate::args::{Args, Command, GroupCommand, MemberCommand, UserCommand};
use crate::context::Context;
use crate::failure::{Failure, OK, USAGE};

/// Runs a command; its exit code.
pub async fn run(command: Command, context: &Context) -> Result<u8, Failure> {
    match command {
        Command::User(UserCommand::Create(args)) => job::create(&args, context).await,
        Command::User(UserCommand::Deactivate(args)) => {
            let extra = job::Extra { message: args.message, products: None };
            job::run(Job::DeactivateUsers, &args.job, extra, context).await
        }
        Command::User(UserCommand::Activate(args)) => {
            job::run(Job::ActivateUsers, &args, job::Extra::default(), context).await
        }
        Command::User(UserCommand::Suspend(args)) => {
            job::run(Job::SuspendUsers, &args, job::Extra::default(), context).await
        }
        Command::User(UserCommand::Restore(args)) => {
            job::run(Job::RestoreUsers, &args, job::Extra::default(), context).await
        }
        Command::User(UserCommand::Remove(args)) => {
            job::run(Job::RemoveUsers, &args, job::Extra::default(), context).await
        }
        Command::Group(GroupCommand::Create(args)) => {
            job::run(Job::CreateGroups, &args, job::Extra::default(), context).await
        }
        Command::User(UserCommand::Export(args)) => export::users(&args, context).await,
        Command::Group(GroupCommand::Export(args)) => export::groups(&args, context).await,
        Command::Member(MemberCommand::Add(args)) => {
            job::run(Job::AddMembers, &args, job::Extra::default(), context).await
        }
        Command::Member(MemberCommand::Remove(args)) => {
            job::run(Job::RemoveMembers, &args, job::Extra::default(), context).await
        }
        Command::Member(MemberCommand::Map(args)) => map::run(&args, context),
        Command::Run(command) => run::run(command, context).await,
        Command::Profile(command) => profile::run(&command, context),
        Command::Sandbox(args) => sandbox::run(&args).await,
        Command::Demo => demo::run(context).await,
        Command::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Args::command(),
                "headcount",
                &mut std::io::stdout(),
            );
            Ok(OK)
        }
        Command::Man => {
            clap_mangen::Man::new(Args::command()).render(&mut std::io::stdout())?;
            Ok(OK)
        }
    }
}

/// Opens the journal, in a folder only its owner can read: it holds people's names.
pub fn open_journal(context: &Context) -> Result<Journal, Failure> {
    if let Some(folder) = context.journal.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_private_folder(folder)?;
    }
    make_private_file(&context.journal);
    let mut journal = Journal::open(&context.journal)?;
    journal.sweep_drafts()?;
    Ok(journal)
}

/// Makes a folder that only its owner can enter, if it is not there.
pub fn make_private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Failure::new(USAGE, format!("the folder {} cannot be made", folder.display()))
            .because(&error)
            .hint("name another file with --journal")
    })
}

/// Makes the file with its owner's rights alone before SQLite makes it with everybody's. If that
/// fails, opening it tells why.
fn make_private_file(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}
