//! Invitations: at most 25 users in one request, with apps and groups.

use std::collections::BTreeMap;

use super::{Admin, Pages};
use crate::client::Call;
use crate::endpoint::Endpoint;
use crate::error::{CallError, CallErrorKind};
use crate::pace::Permit;
use crate::records::{AppRecord, Invited};
use crate::wire::admin as wire;
use crate::wire::path::Path;
use crate::wire::refusal::{Seats, seats};
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Product};

/// The most users in one invitation (organizations description, `emails`).
pub const INVITED_A_CALL: usize = 25;

/// Apps on a page (organizations description, `maximum`).
const APPS_A_PAGE: u32 = 1_000;

/// The organization's resource names for the apps of one site (`ari:cloud:jira-software::site/…`).
pub type Resources = BTreeMap<Product, String>;

impl Admin {
    /// `POST v2/…/workspaces`: the organization's resource names for Jira's apps on this site. An app that several
    /// sites of the organization have is left out if no site is named. `host` is the site's address. (Assumption:
    /// `typeKey` holds Jira's keys.) Errors: 400, 401, 404.
    pub async fn resources(&self, host: Option<&str>) -> Result<Resources, CallError> {
        let mut found: BTreeMap<Product, Vec<String>> = BTreeMap::new();
        let plain = |address: &str| address.trim_end_matches('/').to_lowercase();
        for app in self.apps().await? {
            let here = match (host, app.host.as_deref()) {
                (Some(host), Some(of)) => plain(host) == plain(of),
                _ => true,
            };
            if let (true, Some(product)) = (here, Product::from_key(&app.key)) {
                found.entry(product).or_default().push(app.id);
            }
        }
        let one = |(product, mut ids): (Product, Vec<String>)| match ids.len() {
            1 => ids.pop().map(|id| (product, id)),
            _ => None,
        };
        Ok(found.into_iter().filter_map(one).collect())
    }

    /// `POST v2/…/workspaces`: all apps of the organization, each once for each site. Errors: 400, 401,
    /// 404.
    pub async fn apps(&self) -> Result<Vec<AppRecord>, CallError> {
        let endpoint = Endpoint::AdminWorkspaces;
        let path = Path::filled(endpoint.path(), &[self.org().await?]).into_string();
        let search = wire::WorkspaceSearch { limit: APPS_A_PAGE, cursor: None };
        let (client, cursors, ended) = (self.client.clone(), super::Cursors::default(), false);
        let mut pages = Pages { client, endpoint, path, search, cursors, ended };
        let mut found = Vec::new();
        while let Some(page) = pages.next::<wire::Workspace>().await? {
            found.extend(page.into_iter().filter_map(app));
        }
        Ok(found)
    }

    /// `POST v2/…/users/invite`: invites at most [`INVITED_A_CALL`] users. They get an email only if there
    /// is a `text` for it. 200 if everything succeeded, 206 if a user did not get everything: the answer lists what each user got.
    ///
    /// Errors: 400, 401, 402 (no paid subscription), 403, 404 (unknown resource, role or group), 409 (no seat
    /// left), 429, 500. Then the answer lists no users, and (an assumption) nothing was changed.
    pub async fn invite(
        &self,
        permit: Permit,
        mails: &[&str],
        resources: &[String],
        groups: &[GroupId],
        text: Option<&str>,
    ) -> Result<(u16, Vec<Invited>), CallError> {
        let endpoint = Endpoint::AdminInvite;
        let rule = |resource| wire::PermissionRule { resource, role: "atlassian/user" };
        let body = serde_json::to_vec(&wire::Invitation {
            emails: mails,
            permission_rules: resources.iter().map(String::as_str).map(rule).collect(),
            additional_groups: groups,
            send_notification: text.map(|_| true),
            notification_text: text,
        })
        .map_err(|error| CallError::unsendable(endpoint, &error))?;
        let path = Path::filled(endpoint.path(), &[self.org().await?]).into_string();
        let call = Call { endpoint, path, body: Some(body.into()) };
        let answer = self.client.change(permit, &call).await?;
        let page: wire::Page<wire::Invited> = self.client.json(endpoint, &answer)?;
        let Some(data) = page.data else {
            let words = "its answer has no list of users";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        };
        let invited = data.into_iter().filter_map(|row| self.invited(row)).collect();
        Ok((answer.status.as_u16(), invited))
    }

    fn invited(&self, row: wire::Invited) -> Option<Invited> {
        let results = row.results.into_iter();
        let all = results.flat_map(|one| {
            one.role_assignment_result.into_iter().chain(one.group_assignment_result)
        });
        // Everything except a clear yes is a no.
        let mut full = false;
        let mut refused = Vec::new();
        for one in all.filter(|one| one.status.as_deref() != Some("INVITED")) {
            let what = one.resource.or(one.group).unwrap_or_default();
            let why = one.status_reason.unwrap_or_else(|| "no reason is given".to_owned());
            full |= seats(None, &why) != Seats::Unsaid;
            refused.push(self.client.one_line(&format!("{what}: {why}"), 200));
        }
        Some(Invited {
            refused,
            full,
            account: row.id.and_then(|id| AccountId::parse(&id).ok()),
            mail: row.email?,
        })
    }
}

fn app(workspace: wire::Workspace) -> Option<AppRecord> {
    let (id, attributes) = workspace.id.zip(workspace.attributes)?;
    let key = attributes.type_key.unwrap_or_default();
    let title = attributes.title.filter(|title| !title.is_empty()).unwrap_or_else(|| key.clone());
    let (name, host) = (attributes.name.unwrap_or_default(), attributes.host_url);
    let capacity = attributes.capacity.and_then(|seats| u64::try_from(seats).ok());
    Some(AppRecord { id, key, title, name, host, capacity })
}
