//! `man`: the manual page, or a page for each command.

use std::path::Path;

use clap::CommandFactory;
use headcount_app::failure::{Failure, OK, USAGE};

use crate::args::Args;
use crate::context::Context;
use crate::terminal::stdout;

/// Runs the command.
pub fn run(pages: Option<&Path>, context: &Context) -> Result<u8, Failure> {
    let Some(folder) = pages else {
        clap_mangen::Man::new(Args::command()).render(&mut stdout::data())?;
        return Ok(OK);
    };
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Args::command(), folder));
    written.map_err(|error| {
        let shown = folder.display();
        Failure::new(USAGE, format!("the manual pages cannot be written into {shown}"))
            .because(&error)
    })?;
    context.say(format!("The manual pages are in {}", folder.display()));
    Ok(OK)
}
