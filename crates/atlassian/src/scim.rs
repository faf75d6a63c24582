//! The calls of the user provisioning API (SCIM), with the key of the identity provider's directory.
//!
//! The directory has records of its own: the id of a user's or group's record is neither the account's nor the
//! group's id. A record names its account in Atlassian's extension (`atlassianAccountId`).
//!
//! Errors of all calls: 400, 401 (no key), 403 (not authorized), 404 (no such directory, user or group), 409 for a
//! creation (the name exists), 500 and 503 ("you can retry calls") (user provisioning description); 429, although the
//! description does not list it.

use std::collections::HashSet;

use serde::Serialize;

use super::client::{Call, Client};
use super::endpoint::Endpoint;
use super::error::{CallError, CallErrorKind, Effect};
use super::pace::Permit;
use super::records::{Change, ProvisionedGroup, ProvisionedUser};
use super::wire::path::Path;
use super::wire::scim as wire;
use headcount_model::user::AccountId;

/// The most records on a page. The description gives no number; 100 is small enough for every server that we know of.
const RECORDS_A_PAGE: u64 = 100;
/// The most pages of a list: ten times the published limit of 70,000 users.
const MOST_PAGES: u64 = 7_000;

/// The calls of one identity provider's directory, one method for each.
#[derive(Clone, Debug)]
pub struct Scim {
    client: Client,
    directory: String,
}

/// What is done to a group's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// The user is added.
    Add,
    /// The user is removed.
    Remove,
}

impl Scim {
    pub(super) fn new(client: Client, directory: String) -> Self {
        client.proofs.know_provisioning(&directory);
        Self { client, directory }
    }

    /// The id of the directory.
    pub fn directory(&self) -> &str {
        &self.directory
    }

    fn path(&self, endpoint: Endpoint, id: Option<&str>) -> Path {
        let values = std::iter::once(self.directory.as_str()).chain(id).collect::<Vec<_>>();
        Path::filled(endpoint.path(), &values)
    }

    /// `GET ServiceProviderConfig`: whether the key opens the directory.
    pub async fn check(&self) -> Result<(), CallError> {
        let endpoint = Endpoint::ScimConfig;
        let call = Call { endpoint, path: self.path(endpoint, None).into_string(), body: None };
        self.client.read(&call).await.map(drop)
    }

    /// `GET Users?filter=userName eq "…"`: the users with this name: none or one. Identity providers
    /// use the email as the name, but need not.
    pub async fn users_named(&self, name: &str) -> Result<Vec<ProvisionedUser>, CallError> {
        let filter = format!("userName eq {}", serde_json::Value::from(name));
        self.users(Some(&filter)).await
    }

    /// `GET Users`: all users of the directory, page by page.
    pub async fn all_users(&self) -> Result<Vec<ProvisionedUser>, CallError> {
        self.users(None).await
    }

    async fn users(&self, filter: Option<&str>) -> Result<Vec<ProvisionedUser>, CallError> {
        let rows: Vec<wire::User> = self.list(Endpoint::ScimUsers, filter).await?;
        Ok(rows.into_iter().filter_map(user).collect())
    }

    /// `GET Groups?filter=displayName eq "…"`: the groups with this name, none or one.
    pub async fn groups_named(&self, name: &str) -> Result<Vec<ProvisionedGroup>, CallError> {
        let filter = format!("displayName eq {}", serde_json::Value::from(name));
        let rows: Vec<wire::Group> = self.list(Endpoint::ScimGroups, Some(&filter)).await?;
        Ok(rows.into_iter().filter_map(group).collect())
    }

    /// All pages of a list. A page may be shorter than asked for, so the next one starts after what was read, until
    /// `totalResults` are read.
    async fn list<T: serde::de::DeserializeOwned + Identified>(
        &self,
        endpoint: Endpoint,
        filter: Option<&str>,
    ) -> Result<Vec<T>, CallError> {
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        for _ in 0..MOST_PAGES {
            let mut path = self
                .path(endpoint, None)
                .with("startIndex", (found.len() + 1).to_string())
                .with("count", RECORDS_A_PAGE.to_string());
            if let Some(filter) = filter {
                path = path.with("filter", filter);
            }
            let call = Call { endpoint, path: path.into_string(), body: None };
            let answer = self.client.read(&call).await?;
            let page: wire::List<T> = self.client.json(endpoint, &answer)?;
            let odd = |words| self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words);
            let Some(total) = page.total_results else {
                return Err(odd("its answer does not say how many records there are"));
            };
            let rows = page.resources.unwrap_or_default();
            let count = rows.len();
            for row in rows {
                let is_new = row.id().is_some_and(|id| seen.insert(id.to_owned()));
                if !is_new {
                    return Err(odd("its pages have a record twice, or one without an id"));
                }
                found.push(row);
            }
            match (found.len() as u64).cmp(&total) {
                std::cmp::Ordering::Less if count > 0 => {}
                std::cmp::Ordering::Equal => return Ok(found),
                // A record that is missing would count as a user outside the identity provider's directory.
                _ => return Err(odd("its pages have another number of records than it counts")),
            }
        }
        let error = CallError::unsendable(endpoint, &"its list does not end");
        Err(CallError { kind: CallErrorKind::Odd, ..error })
    }

    /// `GET Users/{id}`: the user; `None` for a 404: the record was deleted.
    pub async fn user(&self, id: &str) -> Result<Option<ProvisionedUser>, CallError> {
        let endpoint = Endpoint::ScimUser;
        let call = Call { endpoint, path: self.path(endpoint, Some(id)).into_string(), body: None };
        let answer = match self.client.read(&call).await {
            Ok(answer) => answer,
            Err(error) if error.kind == CallErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match user(self.client.json(endpoint, &answer)?).filter(|user| user.id == id) {
            Some(user) => Ok(Some(user)),
            None => {
                let words = "its answer is about a different user";
                Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words))
            }
        }
    }

    /// `GET Groups/{id}`: the group with its members; `None` for a 404.
    pub async fn group(&self, id: &str) -> Result<Option<ProvisionedGroup>, CallError> {
        let endpoint = Endpoint::ScimGroup;
        let call = Call { endpoint, path: self.path(endpoint, Some(id)).into_string(), body: None };
        let answer = match self.client.read(&call).await {
            Ok(answer) => answer,
            Err(error) if error.kind == CallErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match group(self.client.json(endpoint, &answer)?).filter(|group| group.id == id) {
            Some(group) => Ok(Some(group)),
            None => {
                let words = "its answer is about a different group";
                Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words))
            }
        }
    }

    /// `POST Users`, 201. The email's domain must be verified. If a managed account with this email exists, the
    /// identity provider takes it over (description); 409 if it has a record already.
    pub async fn create_user(
        &self,
        permit: Permit,
        mail: &str,
        name: Option<&str>,
    ) -> Result<ProvisionedUser, CallError> {
        let endpoint = Endpoint::ScimCreateUser;
        let body = wire::NewUser {
            schemas: [wire::USER],
            user_name: mail,
            emails: [wire::NewEmail { value: mail, kind: "work", primary: true }],
            display_name: name,
            active: true,
        };
        let answer = self.send(permit, endpoint, None, Some(&body)).await?;
        user(self.client.json(endpoint, &answer)?).ok_or_else(|| {
            let words = "its answer names no record";
            self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words)
        })
    }

    /// `PATCH Users/{id}` with `active`, 200: `false` deactivates the account, the same as `DELETE Users/{id}` except
    /// that the record stays (description: DELETE "is the same as setting the `active` flag to `false`"; the operation
    /// is that of RFC 7644, an assumption).
    pub async fn set_active(
        &self,
        permit: Permit,
        id: &str,
        active: bool,
    ) -> Result<Change, CallError> {
        let endpoint = Endpoint::ScimPatchUser;
        let operation = wire::Operation { op: "replace", path: "active", value: active };
        let body = wire::Patch { schemas: [wire::PATCH], operations: [operation] };
        let answer = self.send(permit, endpoint, Some(id), Some(&body)).await?;
        let shown = user(self.client.json(endpoint, &answer)?).filter(|user| user.id == id);
        match shown.and_then(|user| user.active) {
            Some(shown) if shown == active => Ok(Change::Done { status: answer.status.as_u16() }),
            // The directory shows the user, and that nothing was changed.
            Some(_) => {
                let words = "its answer shows that it did not change the user's state";
                let error = self.client.unfit(endpoint, &answer, CallErrorKind::Conflict, words);
                Err(CallError { effect: Effect::None, ..error })
            }
            None => {
                let words = "its answer does not show the user in the wanted state";
                Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words))
            }
        }
    }

    /// `POST Groups`, 201. 409 for a name that any group of the organization has (description).
    pub async fn create_group(
        &self,
        permit: Permit,
        name: &str,
    ) -> Result<(ProvisionedGroup, u16), CallError> {
        let endpoint = Endpoint::ScimCreateGroup;
        let body = wire::NewGroup { schemas: [wire::GROUP], display_name: name };
        let answer = self.send(permit, endpoint, None, Some(&body)).await?;
        match group(self.client.json(endpoint, &answer)?) {
            Some(group) => Ok((group, answer.status.as_u16())),
            None => {
                let words = "its answer names no group";
                Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words))
            }
        }
    }

    /// `PATCH Groups/{id}`, 200: adds a user to a group or removes the user, by the ids of both records (description).
    /// The description does not say what happens if nothing has to change.
    pub async fn set_member(
        &self,
        permit: Permit,
        group: &str,
        user: &str,
        membership: Membership,
    ) -> Result<Change, CallError> {
        let endpoint = Endpoint::ScimPatchGroup;
        let op = match membership {
            Membership::Add => "add",
            Membership::Remove => "remove",
        };
        let value = [wire::Member { value: user }];
        let operation = wire::Operation { op, path: "members", value };
        let body = wire::Patch { schemas: [wire::PATCH], operations: [operation] };
        let answer = self.send(permit, endpoint, Some(group), Some(&body)).await?;
        let shown: wire::Group = self.client.json(endpoint, &answer)?;
        if shown.id.as_deref() != Some(group) {
            let words = "its answer is about a different group";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        }
        // An answer without members does not say that the group has none.
        let members = shown.members.unwrap_or_default();
        let is_member = members.iter().any(|member| member.value.as_deref() == Some(user));
        if !members.is_empty() && is_member != (membership == Membership::Add) {
            let words = "its answer does not show the wanted membership";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        }
        Ok(Change::Done { status: answer.status.as_u16() })
    }

    /// `DELETE Groups/{id}`, 204.
    pub async fn remove_group(&self, permit: Permit, id: &str) -> Result<Change, CallError> {
        let endpoint = Endpoint::ScimRemoveGroup;
        let answer = self.send(permit, endpoint, Some(id), None::<&()>).await?;
        Ok(Change::Done { status: answer.status.as_u16() })
    }

    async fn send(
        &self,
        permit: Permit,
        endpoint: Endpoint,
        id: Option<&str>,
        body: Option<&impl Serialize>,
    ) -> Result<super::answer::Answer, CallError> {
        let body = body.map(serde_json::to_vec).transpose();
        let body = body.map_err(|error| CallError::unsendable(endpoint, &error))?;
        let path = self.path(endpoint, id).into_string();
        self.client.change(permit, &Call { endpoint, path, body: body.map(Into::into) }).await
    }
}

/// A record with an id.
trait Identified {
    fn id(&self) -> Option<&str>;
}

impl Identified for wire::User {
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl Identified for wire::Group {
    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

fn user(shown: wire::User) -> Option<ProvisionedUser> {
    let emails = shown.emails.unwrap_or_default();
    let primary = emails.iter().find(|email| email.primary == Some(true)).or(emails.first());
    let mail = primary.and_then(|email| email.value.clone());
    let account = shown.atlassian.and_then(|part| part.atlassian_account_id);
    let groups = shown.groups.unwrap_or_default();
    Some(ProvisionedUser {
        id: shown.id.filter(|id| !id.is_empty())?,
        account: account.and_then(|id| AccountId::parse(&id).ok()),
        name: shown.user_name,
        mail,
        active: shown.active,
        groups: groups.into_iter().filter_map(|group| group.value).collect(),
    })
}

fn group(shown: wire::Group) -> Option<ProvisionedGroup> {
    let members = shown.members.unwrap_or_default();
    Some(ProvisionedGroup {
        id: shown.id.filter(|id| !id.is_empty())?,
        name: shown.display_name.unwrap_or_default(),
        members: members.into_iter().filter_map(|member| member.value).collect(),
    })
}
