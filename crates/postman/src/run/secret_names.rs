//! Recognizes the names of credentials.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use headcount_sheet::heading::secret::is_secret;

/// Headers and members with credentials.
const HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-amz-security-token", "jwt"];

/// Names that only describe the authentication and contain no secret.
const HARMLESS: [&str; 8] = [
    "tokentype",
    "addtokento",
    "headerprefix",
    "token_type",
    "accesstokenurl",
    "authurl",
    // As whole headings, these mean an initial password; as names of values, they mean anything.
    "default",
    "initial",
];

/// Recognizes names of credentials. Each name is checked once.
#[derive(Debug, Default)]
pub struct SecretNames {
    known: Mutex<HashMap<String, bool>>,
    columns: Mutex<HashMap<String, bool>>,
}

impl SecretNames {
    /// Whether a header, a parameter or a variable with this name contains credentials.
    pub fn has(&self, name: &str) -> bool {
        once(&self.known, name, |name| {
            let small = name.to_lowercase();
            !HARMLESS.contains(&small.as_str())
                && (HEADERS.contains(&small.as_str()) || is_secret(name))
        })
    }

    /// Whether no report shows a column or a variable with this name.
    pub fn has_column(&self, name: &str) -> bool {
        once(&self.columns, name, is_secret)
    }
}

fn once(
    known: &Mutex<HashMap<String, bool>>,
    name: &str,
    is_secret: impl FnOnce(&str) -> bool,
) -> bool {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(name) {
        return *found;
    }
    let found = is_secret(name);
    if known.len() < 10_000 {
        known.insert(name.to_owned(), found);
    }
    found
}
