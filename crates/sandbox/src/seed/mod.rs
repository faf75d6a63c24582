//! The organizations with which a sandbox can start: the built-in one, a generated one, and a copy of a real one,
//! made from Atlassian's exports.
//!
//! In every seed, the administrator whose credentials the card names exists, the claimed domains are known, and
//! each app has a group, because no job works without them.

mod base;
mod builtin;
mod exports;
mod generate;

use crate::config::Config;
use crate::error::SandboxError;
use crate::org::Org;

/// Creates the organization that the configuration describes. No date in it is later than `now_ms`, in
/// milliseconds since 1970.
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
