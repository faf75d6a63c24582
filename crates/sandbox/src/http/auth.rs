//! Who sends a request.
//!
//! Jira takes `Basic base64(email:token)`, the organisation's API `Bearer key`; neither takes the
//! other's. An API key without the word `Bearer` is refused, as administrators report it. A token
//! works only while its owner may sign in, so somebody who deactivates themselves locks
//! themselves out here too.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::config::{Card, PLAIN_API_TOKEN, PLAIN_EMAIL};
use crate::org::{Org, PersonIx};

/// The sender of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// No credentials were sent.
    Nobody,
    /// Credentials were sent and are wrong.
    Refused,
    /// The owner of an API token.
    Person(PersonIx),
    /// The holder of the organisation's API key.
    OrgKey,
}

impl Caller {
    pub(crate) fn person(self) -> Option<PersonIx> {
        match self {
            Self::Person(at) => Some(at),
            _ => None,
        }
    }
}

/// The credentials that are valid.
#[derive(Debug)]
pub(crate) struct Keys {
    /// `email:token` to the owner's mail.
    tokens: HashMap<String, String>,
    bearer: String,
}

impl Keys {
    pub(crate) fn new(card: &Card) -> Self {
        let pair = |email: &str, token: &str| (format!("{email}:{token}"), email.to_owned());
        Self {
            tokens: HashMap::from([
                pair(&card.email, &card.api_token),
                pair(PLAIN_EMAIL, PLAIN_API_TOKEN),
            ]),
            bearer: card.org_api_key.clone(),
        }
    }

    /// Reads an `Authorization` header as Jira does.
    pub(crate) fn jira(&self, header: Option<&str>, org: &Org) -> Caller {
        let Some(header) = header else {
            return Caller::Nobody;
        };
        let owner = scheme(header, "basic")
            .and_then(|encoded| STANDARD.decode(encoded).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|pair| self.owner(&pair));
        match owner.and_then(|email| org.find_email(email)) {
            Some(at) if org.person(at).record.is_active() => Caller::Person(at),
            _ => Caller::Refused,
        }
    }

    /// Reads an `Authorization` header as the organisation's API does.
    pub(crate) fn admin(&self, header: Option<&str>) -> Caller {
        match header {
            None => Caller::Nobody,
            Some(header) if scheme(header, "bearer") == Some(self.bearer.as_str()) => {
                Caller::OrgKey
            }
            Some(_) => Caller::Refused,
        }
    }

    /// The owner of `email:token`; a mail's case does not matter.
    fn owner(&self, pair: &str) -> Option<&str> {
        if let Some(owner) = self.tokens.get(pair) {
            return Some(owner);
        }
        let (email, token) = pair.split_once(':')?;
        let pair = format!("{}:{token}", email.to_lowercase());
        self.tokens.get(&pair).map(String::as_str)
    }
}

/// The credentials of a header, if its scheme is this one.
fn scheme<'a>(header: &'a str, wanted: &str) -> Option<&'a str> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case(wanted).then(|| rest.trim())
}
