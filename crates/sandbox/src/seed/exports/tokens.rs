//! Reads the API tokens of users: `tokens.csv`, as `headcount token list` writes it. Atlassian has no such export.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::{bytes_of, cell, day, text};
use crate::config::TOKENS;
use crate::error::SandboxError;
use crate::org::{ApiToken, Org};

/// The file's name.
const FILE: &str = "tokens.csv";

/// The headings that a token needs; the dates may be missing.
const NEEDED: [&str; 2] = ["Token id", "User id"];

/// Adds each token to its owner. A token of a user who is not in the organization is left out.
pub(super) fn fill(org: &mut Org, folder: &Path) -> Result<(), SandboxError> {
    let path = folder.join(FILE);
    let Some(bytes) = bytes_of(&path)? else { return Ok(()) };
    let text = text(&bytes);
    let mut rows = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let wrong = |line: u64, why: String| SandboxError::Seed { path: path.clone(), line, why };
    let headings = rows.headers().map_err(|error| wrong(1, error.to_string()))?.clone();
    let column = |name: &str| headings.iter().position(|heading| heading == name);
    if let Some(missing) = NEEDED.iter().find(|name| column(name).is_none()) {
        return Err(wrong(1, format!("the heading {missing} is missing")));
    }
    let mut row = StringRecord::new();
    loop {
        let line = rows.position().line();
        if !rows.read_record(&mut row).map_err(|error| wrong(line, error.to_string()))? {
            return Ok(());
        }
        let of = |name: &str| cell(&row, column(name));
        // A date that is missing or cannot be read, such as “Never used”.
        let date = |name: &str| Some(day(of(name))).filter(|ms| *ms > 0);
        let token = ApiToken {
            id: of("Token id").into(),
            label: of("Label").into(),
            made_ms: date("Created").unwrap_or_default(),
            expires_ms: date("Expires"),
            used_ms: date("Last used"),
        };
        let account = of("User id");
        if !token.id.is_empty() && !is_own(org, account, &token) {
            org.add_token(account, token);
        }
    }
}

/// Whether it is one of the tokens with which the sandbox itself signs in: its owner has it anyway.
fn is_own(org: &Org, account: &str, token: &ApiToken) -> bool {
    let owner = org.find(account).map(|at| &org.person(at).record.email);
    TOKENS.iter().any(|own| *own.id == *token.id && owner.is_some_and(|mail| **mail == *own.owner))
}
