//! `journal`: creates, upgrades and shows the journal itself.

use std::io::{BufRead, Write};

use headcount_app::credentials::journal_password;
use headcount_app::failure::{Failure, OK, USAGE};
use headcount_app::journal::{Status, migrate, status};

use headcount_journal::Copied;

use crate::args::JournalCommand;
use crate::context::{Context, journal_place};
use crate::show::form;
use crate::terminal::stdout;

/// Runs the command.
pub async fn run(command: JournalCommand, context: &Context) -> Result<u8, Failure> {
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
        JournalCommand::Password { stdin } => password(stdin, context).await?,
        JournalCommand::Copy { from, to } => copy(&from, &to, context)?,
    }
    Ok(OK)
}

async fn password(from_input: bool, context: &Context) -> Result<(), Failure> {
    let Some(address) = &context.app.journal_server else {
        return Err(Failure::new(USAGE, "the journal is a file, which has no password")
            .hint("name the address of its database: HEADCOUNT_JOURNAL, or `journal` in the profiles file"));
    };
    let password = match from_input {
        true => std::io::stdin().lock().lines().next().transpose()?.unwrap_or_default(),
        false if context.can_ask => form::key(&format!("Password for {address}")).await?,
        false => {
            return Err(Failure::new(USAGE, "there is no terminal to ask on")
                .hint("give the password on standard input: --stdin"));
        }
    };
    if password.is_empty() {
        return Err(Failure::new(USAGE, "the password is empty; nothing was saved"));
    }
    journal_password::keep(address, &password.into()).map_err(|error| {
        Failure::new(USAGE, "the password was not saved").because(&error).hint(
            "without a keyring, use journal_password_command in the profiles file, PGPASSWORD, or ~/.pgpass",
        )
    })?;
    context.say(format!("Saved the password for {address} in the keyring"));
    Ok(())
}

fn copy(from: &str, to: &str, context: &Context) -> Result<(), Failure> {
    let config = &context.app.config;
    let (from, to) = (journal_place(from, config)?, journal_place(to, config)?);
    let copied = headcount_app::journal::copy(&from, &to)?;
    let mut out = stdout::data();
    for Copied { table, lines } in &copied {
        writeln!(out, "{table:<13} {lines}")?;
    }
    out.flush()?;
    context.say(format!("Copied the journal {from} to {to} and verified its counts"));
    Ok(())
}

fn print(status: &Status) -> Result<(), Failure> {
    let Status { place, version, runs, held } = status;
    let (known, held) = (version.known, held.len());
    let version = match version.found {
        Some(found) if found == known => found.to_string(),
        Some(found) => format!("{found}; this program needs {known}: headcount journal migrate"),
        None => "none; the first command that uses the journal creates it".to_owned(),
    };
    let mut out = stdout::data();
    writeln!(out, "journal  {place}\nversion  {version}\nruns     {runs}\nactive   {held}")?;
    Ok(out.flush()?)
}
