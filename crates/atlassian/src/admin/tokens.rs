//! API tokens of managed accounts: listed and revoked. No answer of these calls has a token's secret.

use super::{Admin, Cursors};
use crate::client::Call;
use crate::endpoint::Endpoint;
use crate::error::{CallError, CallErrorKind};
use crate::pace::Permit;
use crate::records::{Change, TokenRecord};
use crate::wire::admin as wire;
use crate::wire::path::Path;
use headcount_model::user::AccountId;

/// The tokens of all managed accounts, page by page.
#[derive(Debug)]
pub struct Tokens {
    admin: Admin,
    cursors: Cursors,
    ended: bool,
}

impl Tokens {
    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<TokenRecord>>, CallError> {
        if self.ended {
            return Ok(None);
        }
        let endpoint = Endpoint::AdminTokens;
        let mut path = Path::filled(endpoint.path(), &[self.admin.org().await?]);
        if let Some(cursor) = self.cursors.current() {
            path = path.with("cursor", cursor);
        }
        let call = Call { endpoint, path: path.into_string(), body: None };
        let answer = self.admin.client.read(&call).await?;
        let page: wire::Page<wire::OrgToken> = self.admin.client.json(endpoint, &answer)?;
        let rows = page.data.map(|rows| rows.into_iter().map(of_organization).collect());
        let Some(Some(rows)) = rows else {
            let words = "its answer has no list of tokens, or a token without an id or an owner";
            return Err(self.admin.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        };
        self.ended = !self.cursors.go_on(endpoint, page.links)?;
        Ok(Some(rows))
    }
}

impl Admin {
    /// `GET /admin/api-access/v1/orgs/{org}/api-tokens`: the API tokens of all managed accounts (API access pages,
    /// `ApiTokenSearchResponse`). Assumptions: `next` is a cursor or an address with one; the ids are those of
    /// [`tokens_of`](Self::tokens_of).
    pub fn all_tokens(&self) -> Tokens {
        Tokens { admin: self.clone(), cursors: Cursors::default(), ended: false }
    }

    /// `GET users/{id}/manage/api-tokens`: the API tokens of a managed account (user management description); `None`
    /// if the organization does not manage or does not know it (403, 404).
    pub async fn tokens_of(&self, id: &AccountId) -> Result<Option<Vec<TokenRecord>>, CallError> {
        let endpoint = Endpoint::AdminTokensOf;
        let path = Path::filled(endpoint.path(), &[id.as_str()]).into_string();
        let call = Call { endpoint, path, body: None };
        let answer = match self.client.read(&call).await {
            Ok(answer) => answer,
            Err(error)
                if matches!(
                    error.kind,
                    CallErrorKind::NotFound | CallErrorKind::Forbidden { .. }
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let rows: Vec<wire::UserToken> = self.client.json(endpoint, &answer)?;
        let of = |row: wire::UserToken| {
            Some(TokenRecord {
                id: row.id?.into(),
                label: row.label.unwrap_or_default().into(),
                owner: Some(id.clone()),
                owner_name: None,
                owner_mail: None,
                status: None,
                created: row.created_at.map(Into::into),
                expires: row.expiry.map(Into::into),
                used: row.last_access.map(Into::into),
            })
        };
        match rows.into_iter().map(of).collect() {
            Some(rows) => Ok(Some(rows)),
            None => {
                let words = "a token in its answer has no id";
                Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words))
            }
        }
    }

    /// `DELETE users/{id}/manage/api-tokens/{tokenId}`, 204 (user management description). 404 may mean that the
    /// token, or the account, is unknown.
    pub async fn revoke_token(
        &self,
        permit: Permit,
        id: &AccountId,
        token: &str,
    ) -> Result<Change, CallError> {
        let endpoint = Endpoint::AdminRevokeToken;
        let path = Path::filled(endpoint.path(), &[id.as_str(), token]).into_string();
        let answer = self.client.change(permit, &Call { endpoint, path, body: None }).await?;
        Ok(Change::Done { status: answer.status.as_u16() })
    }
}

fn of_organization(row: wire::OrgToken) -> Option<TokenRecord> {
    let user = row.user?;
    let text = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Into::into);
    Some(TokenRecord {
        id: row.id?.into(),
        label: row.label.unwrap_or_default().into(),
        owner: Some(AccountId::parse(&user.id?).ok()?),
        owner_name: text(user.name),
        owner_mail: text(user.email),
        status: text(row.status),
        created: text(row.created_at),
        expires: text(row.expires_at),
        used: text(row.last_active_at),
    })
}
