//! `journal`: creates, upgrades and shows the journal itself.

use std::io::Write;

use headcount_app::failure::{Failure, OK};
use headcount_app::journal::{Status, migrate, status};

use crate::args::JournalCommand;
use crate::context::Context;
use crate::terminal::stdout;

/// Runs the command.
pub fn run(command: JournalCommand, context: &Context) -> Result<u8, Failure> {
    match command {
        JournalCommand::Init => {
            let before = status(&context.app)?;
            drop(headcount_app::journal::open(&context.app)?);
            context.say(match before.version.found {
                Some(_) => format!("The journal {} exists already", before.place),
                None => format!("Created the journal {}", before.place),
            });
        }
        JournalCommand::Migrate => {
            let before = status(&context.app)?;
            migrate(&context.app)?;
            let (place, known) = (before.place, before.version.known);
            context.say(match before.version.found {
                Some(found) if found == known => {
                    format!("The journal {place} has version {known} already")
                }
                Some(_) => format!("Upgraded the journal {place} to version {known}"),
                None => format!("Created the journal {place}"),
            });
        }
        JournalCommand::Status => print(&status(&context.app)?)?,
    }
    Ok(OK)
}

fn print(status: &Status) -> Result<(), Failure> {
    let Status { place, version, runs, held } = status;
    let known = version.known;
    let version = match version.found {
        Some(found) if found == known => found.to_string(),
        Some(found) => format!("{found}; this program needs {known}: headcount journal migrate"),
        None => "none; the first command that uses the journal creates it".to_owned(),
    };
    let mut out = stdout::data();
    writeln!(out, "journal  {place}\nversion  {version}\nruns     {runs}\nactive   {held}")?;
    Ok(out.flush()?)
}
