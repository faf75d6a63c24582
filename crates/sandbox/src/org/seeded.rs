//! What only a seed adds to an organization.

use super::roles::ApiToken;
use super::world::Org;

impl Org {
    /// Adds a token to a user of a seed. Does nothing if the user is unknown or has it already.
    pub(crate) fn add_token(&mut self, account: &str, token: ApiToken) {
        if let Some(record) = self.record(account)
            && record.tokens.iter().all(|own| own.id != token.id)
        {
            record.tokens.push(token);
        }
    }
}
