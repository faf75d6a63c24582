//! Users: the credential's own account, creating, removing, reading.

use super::{Jira, get, start, with_body};
use crate::client::Call;
use crate::endpoint::Endpoint;
use crate::error::{CallError, CallErrorKind};
use crate::pace::Permit;
use crate::records::{Change, Created, PersonRecord, UserRecord};
use crate::wire::jira as wire;
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Product, mail_key};

/// The most accounts for one call of [`Jira::users_by_id`]. The description names no limit; 80 ids of the longest
/// common form keep the address well below 8 KB.
pub const IDS_A_CALL: usize = 80;

/// The key of the permission Administer Jira.
const ADMINISTER: &str = "ADMINISTER";

impl Jira {
    /// `GET myself`: checks the credential and returns its account (Jira platform description). Permission: none
    /// besides signing in. Errors: 401.
    pub async fn myself(&self) -> Result<PersonRecord, CallError> {
        let call = get(Endpoint::JiraMyself, start(Endpoint::JiraMyself));
        let person = self.one_person(&call).await?;
        self.client.proofs.know_account(person.id.as_str());
        Ok(person)
    }

    /// `GET mypermissions`: whether the credential's account has the global permission Administer Jira, which every
    /// change needs (Jira platform description). `None`: the answer does not say it. Permission: none besides signing
    /// in. Errors: 400, 401.
    pub async fn administers(&self) -> Result<Option<bool>, CallError> {
        let endpoint = Endpoint::JiraPermissions;
        let path = start(endpoint).with("permissions", ADMINISTER);
        let found: wire::Permissions = self.client.read_json(&get(endpoint, path)).await?;
        let found = found.permissions.unwrap_or_default();
        Ok(found.get(ADMINISTER).and_then(|permission| permission.have_permission))
    }

    /// `POST user`: creates a user, who gets an email. Also succeeds for a user who exists and has access.
    ///
    /// Permission: Administer Jira, and according to the description of 2026, organization administrator. Errors:
    /// 400 for an invalid email, if no seat is left, or for a user who exists without access if no new app is
    /// requested (Jira platform description, `createUser`); 401, 403.
    pub async fn create_user(
        &self,
        permit: Permit,
        mail: &str,
        products: &[Product],
    ) -> Result<Created, CallError> {
        let endpoint = Endpoint::JiraCreateUser;
        let body = wire::NewUser {
            email_address: mail,
            products: products.iter().map(|product| product.key()).collect(),
        };
        let call = with_body(endpoint, start(endpoint), &body)?;
        let answer = self.client.change(permit, &call).await?;
        // The id is needed to verify the user; if the answer is cut off, the user is read.
        let user: wire::User = self.client.json(endpoint, &answer)?;
        let other = |theirs: &String| !theirs.is_empty() && mail_key(theirs) != mail_key(mail);
        if user.email_address.as_ref().is_some_and(other) {
            let words = "its answer is about a different address";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        }
        if user.account_id.is_none() {
            let words = "its answer names no account";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        }
        let account = user.account_id.as_deref().and_then(|id| AccountId::parse(id).ok());
        Ok(Created { account, status: answer.status.as_u16() })
    }

    /// `DELETE user`: removes a user from the site; the Atlassian account stays.
    ///
    /// Permission: site administration. Errors: 400 if the user cannot be removed, 401, 403, 404.
    pub async fn remove_user(&self, permit: Permit, id: &AccountId) -> Result<Change, CallError> {
        let endpoint = Endpoint::JiraRemoveUser;
        let call = get(endpoint, start(endpoint).with("accountId", id.as_str()));
        let answer = self.client.change(permit, &call).await?;
        Ok(Change::Done { status: answer.status.as_u16() })
    }

    /// `GET user` with groups and apps; `None` if the site does not know the account or the credential may not see
    /// it (404). Permission: Browse users and groups. Errors: 401, 403.
    pub async fn user(&self, id: &AccountId) -> Result<Option<UserRecord>, CallError> {
        let endpoint = Endpoint::JiraUser;
        let path = start(endpoint)
            .with("accountId", id.as_str())
            .with("expand", "groups,applicationRoles");
        let answer = match self.client.read(&get(endpoint, path)).await {
            Ok(answer) => answer,
            Err(error) if error.kind == CallErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut user: wire::User = self.client.json(endpoint, &answer)?;
        let groups = user.groups.take();
        let size = groups.as_ref().and_then(|groups| groups.size);
        let groups: Option<Vec<_>> = groups.and_then(|groups| groups.items).map(|items| {
            items
                .into_iter()
                .filter_map(|group| Some((GroupId::new(&group.group_id?), group.name?)))
                .collect()
        });
        let products = user.application_roles.take().and_then(products);
        let person = self.person(endpoint, &answer, user)?;
        if person.id != *id {
            let words = "its answer is about a different account";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        }
        let groups_complete = (groups.as_ref())
            .is_some_and(|groups| size.is_none_or(|size| size == groups.len() as u64));
        Ok(Some(UserRecord {
            person,
            groups: groups.unwrap_or_default(),
            groups_complete,
            products,
        }))
    }

    /// `GET user/search`: active users whose name or email begins with the text, at most 50.
    ///
    /// The caller has to compare exactly. A hidden email is not found; without the permission Browse users and
    /// groups, the list is empty instead of a 403 (Jira platform description).
    pub async fn search_users(&self, query: &str) -> Result<Vec<PersonRecord>, CallError> {
        let endpoint = Endpoint::JiraSearchUsers;
        let path = start(endpoint).with("query", query).with("maxResults", "50");
        self.several_people(&get(endpoint, path)).await
    }

    /// `GET users/search`: all users, active or not, in pages of up to 1,000.
    ///
    /// A page with fewer users than requested is not the last page; an empty page is. Permission: Browse users and
    /// groups. Errors: 403, 409 if it takes too long.
    pub async fn list_users(
        &self,
        start_at: u64,
        most: u32,
    ) -> Result<Vec<PersonRecord>, CallError> {
        let endpoint = Endpoint::JiraListUsers;
        let path = start(endpoint)
            .with("startAt", start_at.to_string())
            .with("maxResults", most.clamp(1, 1000).to_string());
        self.several_people(&get(endpoint, path)).await
    }

    /// `GET user/bulk`: the users with these ids that the site knows, at most [`IDS_A_CALL`]. `maxResults` is set,
    /// because its default is 10. Errors: 400, 401.
    pub async fn users_by_id(&self, ids: &[&AccountId]) -> Result<Vec<PersonRecord>, CallError> {
        let endpoint = Endpoint::JiraUsersById;
        let mut found = Vec::new();
        for ids in ids.chunks(IDS_A_CALL) {
            let mut path = start(endpoint).with("maxResults", ids.len().to_string());
            for id in ids {
                path = path.with("accountId", id.as_str());
            }
            let answer = self.client.read(&get(endpoint, path)).await?;
            let page: wire::Page<wire::User> = self.client.json(endpoint, &answer)?;
            let users = page.values.unwrap_or_default();
            if page.total.is_some_and(|total| total != users.len() as u64) {
                let words = "its answer has fewer users than it counts";
                return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
            }
            found.extend(self.people(endpoint, &answer, users)?);
        }
        Ok(found)
    }

    async fn one_person(&self, call: &Call) -> Result<PersonRecord, CallError> {
        let answer = self.client.read(call).await?;
        let user: wire::User = self.client.json(call.endpoint, &answer)?;
        self.person(call.endpoint, &answer, user)
    }

    async fn several_people(&self, call: &Call) -> Result<Vec<PersonRecord>, CallError> {
        let answer = self.client.read(call).await?;
        let users: Vec<wire::User> = self.client.json(call.endpoint, &answer)?;
        self.people(call.endpoint, &answer, users)
    }
}

/// The apps of a user; `None` if the answer does not show them all. A size without items ("size 1, no items")
/// means *not known*, never *no app*.
fn products(roles: wire::RoleList) -> Option<Vec<Product>> {
    let items = match (roles.items, roles.size) {
        (Some(items), size) if size.is_none_or(|size| size == items.len() as u64) => items,
        (None, Some(0)) => Vec::new(),
        _ => return None,
    };
    Some(items.into_iter().filter_map(|role| Product::from_key(&role.key?)).collect())
}
