//! Identifies the sender of a request.
//!
//! Jira takes `Basic base64(email:token)`, the organization's APIs take `Bearer key`; neither accepts the other's.
//! An API key without the word `Bearer` is refused, as administrators report it. A token works only while its
//! owner may sign in, so users who deactivate their own account lock themselves out here too.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::config::{Card, TOKENS, Token};
use crate::org::{Org, PersonIx};

/// The sender of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// The request has no credentials.
    Nobody,
    /// The credentials are wrong.
    Refused,
    /// The owner of an API token.
    Person(PersonIx),
    /// The holder of the organization's API key.
    OrgKey,
    /// The holder of the key of the identity provider's directory.
    ScimKey,
}

impl Caller {
    pub(crate) fn person(self) -> Option<PersonIx> {
        match self {
            Self::Person(at) => Some(at),
            _ => None,
        }
    }
}

/// The valid credentials.
pub(crate) struct Keys {
    /// By `email:token`.
    tokens: HashMap<String, &'static Token>,
    bearer: String,
    scim: String,
}

impl Keys {
    pub(crate) fn new(card: &Card) -> Self {
        let pair = |token: &'static Token| (format!("{}:{}", token.owner, token.secret), token);
        Self {
            tokens: TOKENS.iter().map(pair).collect(),
            bearer: card.org_api_key.clone(),
            scim: card.scim_api_key.clone(),
        }
    }

    /// Reads an `Authorization` header as Jira does. Tokens with scopes work only at the gateway
    /// (`/ex/jira/{cloudId}`); tokens without scopes work there too.
    pub(crate) fn jira(&self, header: Option<&str>, org: &Org, at_gateway: bool) -> Caller {
        let Some(header) = header else {
            return Caller::Nobody;
        };
        let token = scheme(header, "basic")
            .and_then(|encoded| STANDARD.decode(encoded).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|pair| self.token(&pair))
            .filter(|token| (at_gateway || !token.scoped) && !org.is_revoked(token.id));
        match token.and_then(|token| org.find_email(token.owner)) {
            Some(at) if org.person(at).record.is_active() => Caller::Person(at),
            _ => Caller::Refused,
        }
    }

    /// Reads an `Authorization` header as the organization's APIs do.
    pub(crate) fn admin(&self, header: Option<&str>) -> Caller {
        match header {
            None => Caller::Nobody,
            Some(header) if scheme(header, "bearer") == Some(self.bearer.as_str()) => {
                Caller::OrgKey
            }
            Some(_) => Caller::Refused,
        }
    }

    /// Reads an `Authorization` header as the user provisioning API does.
    pub(crate) fn scim(&self, header: Option<&str>) -> Caller {
        match header {
            None => Caller::Nobody,
            Some(header) if scheme(header, "bearer") == Some(self.scim.as_str()) => Caller::ScimKey,
            Some(_) => Caller::Refused,
        }
    }

    /// The token for `email:token`; the email's case is ignored.
    fn token(&self, pair: &str) -> Option<&'static Token> {
        if let Some(token) = self.tokens.get(pair) {
            return Some(token);
        }
        let (email, secret) = pair.split_once(':')?;
        let pair = format!("{}:{secret}", email.to_lowercase());
        self.tokens.get(&pair).copied()
    }
}

/// The credentials of a header with this scheme.
fn scheme<'a>(header: &'a str, wanted: &str) -> Option<&'a str> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case(wanted).then(|| rest.trim())
}
