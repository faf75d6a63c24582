//! Managed accounts: whether they may be changed, their state, deactivating, reactivating and deleting them (user
//! management description). All calls are only for accounts whose domain the organization has claimed.

use bytes::Bytes;

use super::Admin;
use crate::client::Call;
use crate::endpoint::Endpoint;
use crate::error::{CallError, CallErrorKind};
use crate::pace::Permit;
use crate::records::{Change, PersonRecord};
use crate::wire::admin as wire;
use crate::wire::path::Path;
use headcount_model::user::{AccountId, AccountStatus, AccountType, Lifecycle, Privilege};

impl Admin {
    /// `GET users/{id}/manage?privileges=…`: whether this key has the privilege for the account. Changes nothing. A
    /// 403 or 404 means that the organization does not manage or does not know the account; it is a result, not an
    /// error.
    pub async fn manage(
        &self,
        id: &AccountId,
        privilege: Privilege,
    ) -> Result<Lifecycle, CallError> {
        let endpoint = Endpoint::AdminManage;
        let path =
            Path::filled(endpoint.path(), &[id.as_str()]).with("privileges", privilege.word());
        let call = Call { endpoint, path: path.into_string(), body: None };
        let answer = match self.client.read(&call).await {
            Ok(answer) => answer,
            Err(error) => return not_managed(error),
        };
        let rule = self.client.json::<wire::Manageability>(endpoint, &answer)?.rule(privilege);
        match rule.as_ref().and_then(|rule| rule.allowed) {
            Some(true) => Ok(Lifecycle::Allowed),
            Some(false) => {
                let key = rule.and_then(|rule| rule.reason).and_then(|reason| reason.key);
                Ok(Lifecycle::Refused(key.unwrap_or_default().into()))
            }
            None => {
                let words =
                    format!("its answer does not say whether {} is allowed", privilege.word());
                Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, &words))
            }
        }
    }

    /// `GET users/{id}/manage/profile`: the account; `None` if the organization does not manage or does not know
    /// it (403, 404).
    pub async fn profile(&self, id: &AccountId) -> Result<Option<PersonRecord>, CallError> {
        let endpoint = Endpoint::AdminProfile;
        let path = Path::filled(endpoint.path(), &[id.as_str()]);
        let call = Call { endpoint, path: path.into_string(), body: None };
        let answer = match self.client.read(&call).await {
            Ok(answer) => answer,
            Err(error) => return not_managed(error).map(|_| None),
        };
        let account = self.client.json::<wire::Profile>(endpoint, &answer)?.account;
        if account.account_id.as_deref() != Some(id.as_str()) {
            let words = "its answer is about a different account";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        }
        Ok(Some(PersonRecord {
            id: id.clone(),
            mail: account.email.filter(|mail| !mail.is_empty()).map(Into::into),
            name: account.name.filter(|name| !name.is_empty()).map(Into::into),
            status: account.account_status.as_deref().and_then(AccountStatus::read),
            managed: Some(true),
            synced: None,
            org_admin: None,
            standing: None,
            account_type: account.account_type.as_deref().and_then(AccountType::read),
        }))
    }

    /// `POST users/{id}/manage/lifecycle/disable`. The description requires a body but not its message, so a body
    /// is always sent.
    ///
    /// Errors: 401; 403 with the reason's key (`externalDirectory.scim`, …); 404; 409 `conflict.lifecycleErrors`.
    /// The description does not give the answer for an account that is already deactivated (see
    /// [`CallError::says_already_so`]), so read the account with [`profile`](Self::profile) first.
    pub async fn deactivate(
        &self,
        permit: Permit,
        id: &AccountId,
        message: Option<&str>,
    ) -> Result<Change, CallError> {
        let endpoint = Endpoint::AdminDeactivate;
        let body = serde_json::to_vec(&wire::Deactivation { message })
            .map_err(|error| CallError::unsendable(endpoint, &error))?;
        self.lifecycle(permit, endpoint, id, Some(body.into())).await
    }

    /// `POST users/{id}/manage/lifecycle/enable`, without a body. Errors as for [`deactivate`](Self::deactivate).
    pub async fn activate(&self, permit: Permit, id: &AccountId) -> Result<Change, CallError> {
        self.lifecycle(permit, Endpoint::AdminActivate, id, None).await
    }

    /// `POST users/{id}/manage/lifecycle/delete`, without a body. For 14 days the account is only deactivated, and
    /// [`cancel_delete`](Self::cancel_delete) brings it back. 200 with a message in the description; clients also
    /// meet 204. Errors as for [`deactivate`](Self::deactivate); the description gives no answer for an account that
    /// is already scheduled for deletion.
    pub async fn delete(&self, permit: Permit, id: &AccountId) -> Result<Change, CallError> {
        self.lifecycle(permit, Endpoint::AdminDelete, id, None).await
    }

    /// `POST users/{id}/manage/lifecycle/cancel-delete`, without a body: “restore and activate the user's account”,
    /// within the 14 days. Success as for [`delete`](Self::delete); 401, 403, 404. The description gives no answer for
    /// an account that is not scheduled for deletion.
    pub async fn cancel_delete(&self, permit: Permit, id: &AccountId) -> Result<Change, CallError> {
        self.lifecycle(permit, Endpoint::AdminCancelDelete, id, None).await
    }

    /// `PUT users/{id}/manage/email`, 204. The domain must be verified; all sessions of the user end. Errors: 400
    /// `fieldConstraintsViolated` (assumption: also for an address that is in use), 401, 403
    /// `forbidden.unclaimedDomain` or as for [`deactivate`](Self::deactivate), 404.
    pub async fn set_email(
        &self,
        permit: Permit,
        id: &AccountId,
        email: &str,
    ) -> Result<Change, CallError> {
        let endpoint = Endpoint::AdminSetEmail;
        let body = serde_json::to_vec(&wire::NewEmail { email })
            .map_err(|error| CallError::unsendable(endpoint, &error))?;
        let path = Path::filled(endpoint.path(), &[id.as_str()]).into_string();
        let call = Call { endpoint, path, body: Some(body.into()) };
        let answer = self.client.change(permit, &call).await?;
        Ok(Change::Done { status: answer.status.as_u16() })
    }

    /// `DELETE admin/user-provisioning/v1/org/{org}/user/{account}/onlyDeleteUserInDB`: deletes the user's record in the
    /// identity provider's directories, all of the organization; for managed accounts only. The account stays as it is,
    /// and "you will have to completely reprovision the user to their respective groups" (user provisioning reference,
    /// *Delete user in SCIM DB*). The reference names no status; 200, 202 and 204 are a guess.
    pub async fn unlink(&self, permit: Permit, id: &AccountId) -> Result<Change, CallError> {
        let endpoint = Endpoint::AdminUnlink;
        let path = Path::filled(endpoint.path(), &[self.org().await?, id.as_str()]).into_string();
        let call = Call { endpoint, path, body: None };
        let answer = self.client.change(permit, &call).await?;
        Ok(Change::Done { status: answer.status.as_u16() })
    }

    async fn lifecycle(
        &self,
        permit: Permit,
        endpoint: Endpoint,
        id: &AccountId,
        body: Option<Bytes>,
    ) -> Result<Change, CallError> {
        let path = Path::filled(endpoint.path(), &[id.as_str()]).into_string();
        match self.client.change(permit, &Call { endpoint, path, body }).await {
            Ok(answer) => Ok(Change::Done { status: answer.status.as_u16() }),
            Err(error) if error.says_already_so() => {
                Ok(Change::AlreadySo { status: error.status.unwrap_or_default() })
            }
            Err(error) => Err(error),
        }
    }
}

fn not_managed(error: CallError) -> Result<Lifecycle, CallError> {
    match &error.kind {
        CallErrorKind::NotFound | CallErrorKind::Forbidden { .. } => {
            Ok(Lifecycle::NotManaged(error.words.into()))
        }
        _ => Err(error),
    }
}
