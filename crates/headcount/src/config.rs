//! The profiles' file, read from disk.

use std::io::ErrorKind;

use headcount_core::profile::config::Config;

use crate::context::Context;
use crate::failure::{Failure, USAGE};

/// Reads the profiles; no file is no profiles, unless somebody named it.
pub fn read(context: &Context) -> Result<Config, Failure> {
    let file = context.config.display().to_string();
    match std::fs::read_to_string(&context.config) {
        Ok(text) => Ok(Config::parse(&file, &text)?),
        Err(error) if error.kind() == ErrorKind::NotFound && !context.config_named => {
            Ok(Config::default())
        }
        Err(error) => {
            Err(Failure::new(USAGE, format!("the profiles file {file} cannot be read"))
                .because(&error))
        }
    }
}
