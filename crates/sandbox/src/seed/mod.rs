//! The organizations a sandbox can start with: the built-in one, one that is made up, and a
//! copy of a real one, made from Atlassian's exports.
//!
//! Every seed ends with the administrator whose keys the card names being there, with the claimed
//! domains known and with a group for each product, because without them nothing can be done.

mod base;
mod builtin;
mod exports;
mod generate;

use crate::config::Config;
use crate::error::SandboxError;
use crate::org::Org;

/// Makes the organization that the configuration asks for. Milliseconds since 1970 in `now_ms`
/// are the latest date anything in it bears.
pub(crate) fn load(config: &Config, now_ms: i64) -> Result<Org, SandboxError> {
    let mut org = Org::default();
    match (&config.seed, config.people) {
        (Some(folder), _) => {
            exports::fill(&mut org, folder)?;
            base::base(&mut org, now_ms);
        }
        (None, Some(people)) => generate::fill(&mut org, people, now_ms),
        (None, None) => builtin::fill(&mut org, now_ms),
    }
    org.finish_loading();
    Ok(org)
}
