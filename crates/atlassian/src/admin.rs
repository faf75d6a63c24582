//! The admin APIs' calls with the organization API key: the organization, its directories and its managed
//! accounts.
//!
//! Errors of all calls: 401 is [`Credential`](CallErrorKind::Credential) (wrong kind of key, the word `Bearer`
//! missing, expired); 403 if the key lacks the permission; 429, although not every description lists it.

mod accounts;
mod directory;
mod invite;
mod listing;
mod roles;
mod tokens;

pub use directory::{ACCESS, GROUPS, STANDING, USE};
pub use invite::{INVITED_A_CALL, Resources};
pub use listing::{Groups, ManagedAccounts, People};
pub use tokens::Tokens;

use std::collections::HashSet;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use super::client::{Call, Client};
use super::endpoint::Endpoint;
use super::error::{CallError, CallErrorKind, Effect};
use super::records::{GroupRecord, PersonRecord};
use super::wire::admin as wire;
use super::wire::path::Path;
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, AccountStatus, AccountType, Standing};

/// The most emails or names in one search (organizations description, `maxItems`).
pub const NAMES_A_CALL: usize = 100;
/// The most ids in one search (organizations description, `maxItems`).
pub const IDS_A_CALL: usize = 10;
/// The most rows on a page (organizations description, `maximum`).
const ROWS_A_PAGE: u32 = 100;
/// The most pages that a search may have; an answer with more is an error.
const MOST_PAGES: usize = 10_000;
/// How many characters of a name with its id a message shows.
const SHOWN: usize = 160;
/// The id for “All directories of the organization” (organizations description).
const ALL_DIRECTORIES: &str = "-";

/// The admin APIs' calls, one method for each.
#[derive(Clone, Debug)]
pub struct Admin {
    client: Client,
    org: Arc<OnceCell<String>>,
    directory: Option<String>,
    /// The id of the directory that changes go to, once it is known.
    home: Arc<OnceCell<String>>,
}

/// An organization that a key shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgFacts {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Admin {
    pub(super) fn new(client: Client, org: Option<String>, directory: Option<String>) -> Self {
        let home = Arc::new(OnceCell::new_with(directory.clone()));
        if let Some(org) = &org {
            client.proofs.know_org(org);
        }
        Self { client, org: Arc::new(OnceCell::new_with(org)), directory, home }
    }

    /// `GET v1/orgs`: the organizations of the key (organizations description). Errors: 401.
    pub async fn orgs(&self) -> Result<Vec<OrgFacts>, CallError> {
        let endpoint = Endpoint::AdminOrgs;
        let mut found = Vec::new();
        let mut cursors = Cursors::default();
        loop {
            let mut path = Path::new(endpoint.path());
            if let Some(cursor) = cursors.current() {
                path = path.with("cursor", cursor);
            }
            let call = Call { endpoint, path: path.into_string(), body: None };
            let answer = self.client.read(&call).await?;
            let page: wire::Page<wire::Org> = self.client.json(endpoint, &answer)?;
            let Some(data) = page.data else {
                let words = "its answer has no list of organizations";
                return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
            };
            found.extend(data.into_iter().map(|org| OrgFacts {
                id: org.id,
                name: org.attributes.and_then(|attributes| attributes.name).unwrap_or_default(),
            }));
            if !cursors.go_on(endpoint, page.links)? {
                return Ok(found);
            }
        }
    }

    /// The id of the organization: the configured one, else the only one that the key shows.
    pub async fn org(&self) -> Result<&str, CallError> {
        let org = self.org.get_or_try_init(|| async {
            let mut orgs = self.orgs().await?;
            match (orgs.pop(), orgs.len()) {
                (Some(only), 0) => Ok(only.id),
                (None, _) => {
                    Err(unclear(Endpoint::AdminOrgs, "Atlassian lists no organization for this organization API key; set org_id"))
                }
                (Some(last), _) => {
                    orgs.push(last);
                    let shown: Vec<_> =
                        orgs.iter().map(|org| self.named(&org.name, &org.id)).collect();
                    let words = format!(
                        "the organization API key is for {} organizations: {}; set org_id to the right one",
                        orgs.len(),
                        shown.join(", ")
                    );
                    Err(unclear(Endpoint::AdminOrgs, &words))
                }
            }
        });
        let org = org.await.map(String::as_str)?;
        self.client.proofs.know_org(org);
        Ok(org)
    }

    /// The id of the organization, if it is known without a request.
    pub fn known_org(&self) -> Option<&str> {
        self.org.get().map(String::as_str)
    }

    /// Confirms that the key belongs to the configured organization. If its id is wrong, every call is answered
    /// with 404, and the guards that read the organization would find nothing to guard.
    pub async fn confirm_org(&self) -> Result<(), CallError> {
        let org = self.org().await?;
        let orgs = self.orgs().await?;
        if orgs.iter().any(|shown| shown.id == org) {
            return Ok(());
        }
        let shown: Vec<_> = orgs.iter().map(|shown| self.named(&shown.name, &shown.id)).collect();
        let words = match shown.as_slice() {
            [] => format!(
                "Atlassian lists no organization for this organization API key, but org_id is {}",
                self.shown(org)
            ),
            shown => {
                format!(
                    "the organization API key is for {}, not for {}",
                    shown.join(", "),
                    self.shown(org)
                )
            }
        };
        Err(unclear(Endpoint::AdminOrgs, &format!("{words}; correct org_id")))
    }

    /// A name from the site together with its id, safe to show.
    fn named(&self, name: &str, id: &str) -> String {
        match name {
            "" => self.shown(id),
            name => self.client.one_line(&format!("{name} ({id})"), SHOWN),
        }
    }

    fn shown(&self, id: &str) -> String {
        self.client.one_line(id, SHOWN)
    }

    /// `POST v2/…/users/search` by exact emails, at most [`NAMES_A_CALL`], in all directories, for accounts in any
    /// state; all pages. An account whose email is hidden is returned without it; so if one email is searched and
    /// one account is returned, the account belongs to this email.
    ///
    /// Errors: 400, 401, 403, 404 (unknown organization or directory; also reported for a site on the older user
    /// management experience), 429, 500.
    pub async fn users_by_mail(&self, mails: &[&str]) -> Result<Vec<PersonRecord>, CallError> {
        let search = wire::UserSearch {
            emails: mails,
            expand: &["platformRoles"],
            limit: ROWS_A_PAGE,
            ..wire::UserSearch::default()
        };
        let mut found = self.users(search).await?;
        if let ([mail], [person]) = (mails, found.as_mut_slice())
            && person.mail.is_none()
        {
            person.mail = Some((*mail).into());
        }
        Ok(found)
    }

    /// The same search by ids, at most [`IDS_A_CALL`].
    pub async fn users_by_id(&self, ids: &[&AccountId]) -> Result<Vec<PersonRecord>, CallError> {
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        self.users(wire::UserSearch {
            account_ids: &ids,
            expand: &["platformRoles"],
            limit: ROWS_A_PAGE,
            ..wire::UserSearch::default()
        })
        .await
    }

    /// The same search by mail domains, at most [`IDS_A_CALL`], for accounts in any state; all pages, with
    /// administrators.
    pub async fn users_of_domains(&self, domains: &[&str]) -> Result<Vec<PersonRecord>, CallError> {
        self.users(wire::UserSearch {
            email_domains: domains,
            expand: &["platformRoles"],
            limit: ROWS_A_PAGE,
            ..wire::UserSearch::default()
        })
        .await
    }

    async fn users(&self, search: wire::UserSearch<'_>) -> Result<Vec<PersonRecord>, CallError> {
        let rows: Vec<wire::DirectoryUser> =
            self.search(Endpoint::AdminSearchUsers, ALL_DIRECTORIES, search).await?;
        Ok(rows.into_iter().filter_map(person).collect())
    }

    /// `POST v2/…/groups/search` by exact names (case-insensitive), at most [`NAMES_A_CALL`]. The answer shows
    /// which groups an identity provider owns. Errors as for [`users_by_mail`](Self::users_by_mail).
    pub async fn groups_by_name(&self, names: &[&str]) -> Result<Vec<GroupRecord>, CallError> {
        self.groups(wire::GroupSearch {
            group_names: names,
            limit: ROWS_A_PAGE,
            ..wire::GroupSearch::default()
        })
        .await
    }

    /// The same search by ids, at most [`IDS_A_CALL`].
    pub async fn groups_by_id(&self, ids: &[&GroupId]) -> Result<Vec<GroupRecord>, CallError> {
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        self.groups(wire::GroupSearch {
            group_ids: &ids,
            limit: ROWS_A_PAGE,
            ..wire::GroupSearch::default()
        })
        .await
    }

    async fn groups(&self, search: wire::GroupSearch<'_>) -> Result<Vec<GroupRecord>, CallError> {
        let directory = self.directory.as_deref().unwrap_or(ALL_DIRECTORIES);
        let rows: Vec<wire::DirectoryGroup> =
            self.search(Endpoint::AdminSearchGroups, directory, search).await?;
        Ok(rows.into_iter().filter_map(group).collect())
    }

    /// Reads all pages of a search.
    async fn search<T: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        directory: &str,
        search: impl wire::Paged,
    ) -> Result<Vec<T>, CallError> {
        let mut pages = self.pages(endpoint, directory, search).await?;
        let mut found = Vec::new();
        while let Some(page) = pages.next().await? {
            found.extend(page);
        }
        Ok(found)
    }

    async fn pages<S: wire::Paged>(
        &self,
        endpoint: Endpoint,
        directory: &str,
        search: S,
    ) -> Result<Pages<S>, CallError> {
        let path = Path::filled(endpoint.path(), &[self.org().await?, directory]).into_string();
        let (cursors, ended) = (Cursors::default(), false);
        Ok(Pages { client: self.client.clone(), endpoint, path, search, cursors, ended })
    }

    /// `GET v2/…/users/count?claimStatus=managed&accountStatus=active`: the number of active accounts that the
    /// organization manages, in a directory or not (organizations description). Errors as for
    /// [`users_by_mail`](Self::users_by_mail).
    pub async fn count_managed_active(&self) -> Result<Option<u64>, CallError> {
        let endpoint = Endpoint::AdminCountUsers;
        let org = self.org().await?;
        let path = Path::filled(endpoint.path(), &[org, ALL_DIRECTORIES])
            .with("claimStatus", "managed")
            .with("accountStatus", "active");
        let call = Call { endpoint, path: path.into_string(), body: None };
        Ok(self.client.read_json::<wire::UserCount>(&call).await?.count)
    }

    /// The same number, counted from the pages of `GET v1/orgs/{org}/users`, up to a limit of pages. `meta.total`
    /// includes deactivated accounts; it is used to check that the pages are complete. `None` if there are more
    /// pages, or if they are not complete. Errors: 400, 401, 404, 429, 500.
    pub async fn list_managed_active(&self, most_pages: u32) -> Result<Option<u64>, CallError> {
        let endpoint = Endpoint::AdminManagedAccounts;
        let org = self.org().await?;
        // Counted by id: an account that is listed twice would allow one change too many.
        let (mut all, mut active) = (HashSet::new(), 0);
        let mut cursors = Cursors::default();
        for _ in 0..most_pages {
            let mut path = Path::filled(endpoint.path(), &[org]);
            if let Some(cursor) = cursors.current() {
                path = path.with("cursor", cursor);
            }
            let call = Call { endpoint, path: path.into_string(), body: None };
            let page: wire::Page<wire::Account> = self.client.read_json(&call).await?;
            for account in page.data.into_iter().flatten() {
                let is_active = account.account_status.as_deref() == Some("active");
                let is_new = account.account_id.is_some_and(|id| all.insert(id));
                active += u64::from(is_new && is_active);
            }
            let total = page.meta.and_then(|meta| meta.total);
            if !cursors.go_on(endpoint, page.links)? {
                // If accounts are missing, the total that a share refers to is unknown.
                let complete = total.is_none_or(|total| total == all.len() as u64);
                return Ok(complete.then_some(active));
            }
        }
        Ok(None)
    }

    /// `GET /v1/orgs/{org}/domains`: the organization's verified domains, in lower case (organizations description;
    /// a claim's status is `verified`, or another word if the domain is not).
    pub async fn verified_domains(&self) -> Result<HashSet<String>, CallError> {
        let endpoint = Endpoint::AdminDomains;
        let org = self.org().await?;
        let (mut domains, mut cursors) = (HashSet::new(), Cursors::default());
        loop {
            let mut path = Path::filled(endpoint.path(), &[org]);
            if let Some(cursor) = cursors.current() {
                path = path.with("cursor", cursor);
            }
            let call = Call { endpoint, path: path.into_string(), body: None };
            let page: wire::Page<wire::Domain> = self.client.read_json(&call).await?;
            for attributes in page.data.into_iter().flatten().filter_map(|one| one.attributes) {
                let status = attributes.claim.and_then(|claim| claim.status);
                let name = attributes.name.filter(|_| status.as_deref() == Some("verified"));
                domains.extend(name.map(|name| name.to_lowercase()));
            }
            if !cursors.go_on(endpoint, page.links)? {
                return Ok(domains);
            }
        }
    }
}

/// The pages of a search. A cursor leads from one page to the next.
#[derive(Debug)]
struct Pages<S> {
    client: Client,
    endpoint: Endpoint,
    path: String,
    search: S,
    cursors: Cursors,
    ended: bool,
}

impl<S: wire::Paged> Pages<S> {
    /// The next page; `None` after the last.
    async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<Vec<T>>, CallError> {
        if self.ended {
            return Ok(None);
        }
        if let Some(cursor) = self.cursors.current() {
            self.search.at(cursor.to_owned());
        }
        let endpoint = self.endpoint;
        let body = serde_json::to_vec(&self.search)
            .map_err(|error| CallError::unsendable(endpoint, &error))?;
        let call = Call { endpoint, path: self.path.clone(), body: Some(body.into()) };
        let answer = self.client.read(&call).await?;
        let page: wire::Page<T> = self.client.json(endpoint, &answer)?;
        // The description requires the field. Without it, "no user" would be a guess.
        let Some(data) = page.data else {
            let words = "its answer has no list";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        };
        self.ended = !self.cursors.go_on(endpoint, page.links)?;
        Ok(Some(data))
    }
}

fn person(row: wire::DirectoryUser) -> Option<PersonRecord> {
    let account = row.account_status.as_deref().and_then(AccountStatus::read);
    let standing = (row.status.as_deref().and_then(Standing::read))
        .or_else(|| Standing::of(account, row.membership_status.as_deref()));
    Some(PersonRecord {
        id: AccountId::parse(&row.account_id?).ok()?,
        mail: row.email.filter(|mail| !mail.is_empty()).map(Into::into),
        name: row.name.filter(|name| !name.is_empty()).map(Into::into),
        status: account,
        standing,
        managed: match row.claim_status.as_deref() {
            Some("managed") => Some(true),
            Some("unmanaged") => Some(false),
            _ => None,
        },
        synced: match row.management_source.as_deref() {
            Some("synced") => Some(true),
            Some("invited") => Some(false),
            _ => None,
        },
        org_admin: row
            .platform_roles
            .map(|roles| roles.iter().any(|role| role == "atlassian/org-admin")),
        account_type: row.account_type.as_deref().and_then(AccountType::read),
    })
}

fn group(row: wire::DirectoryGroup) -> Option<GroupRecord> {
    Some(GroupRecord {
        id: GroupId::new(bare_id(&row.id?)),
        name: row.name.unwrap_or_default().into(),
        synced: row.external_synced,
    })
}

/// Some answers name a group by its long form, `ari:cloud:identity::group/{id}`.
fn bare_id(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(_, bare)| bare)
}

fn unclear(endpoint: Endpoint, words: &str) -> CallError {
    CallError {
        endpoint,
        kind: CallErrorKind::OrgUnclear,
        effect: Effect::None,
        status: None,
        words: words.to_owned(),
        evidence: String::new(),
        retry_after: None,
        key: None,
        hint: None,
    }
}

/// Follows cursors from page to page, and refuses a cursor that came before: a list without an end cannot be
/// right.
#[derive(Debug, Default)]
struct Cursors {
    current: Option<String>,
    seen: HashSet<String>,
}

impl Cursors {
    fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    fn go_on(&mut self, endpoint: Endpoint, links: Option<wire::Links>) -> Result<bool, CallError> {
        let next = links.and_then(|links| links.next).filter(|next| !next.is_empty());
        let Some(next) = next.as_deref().map(bare_cursor) else { return Ok(false) };
        if !self.seen.insert(next.clone()) || self.seen.len() > MOST_PAGES {
            return Err(CallError {
                endpoint,
                kind: CallErrorKind::Odd,
                effect: Effect::None,
                status: None,
                words: "its pages never end: a page repeats one that was read before".to_owned(),
                evidence: String::new(),
                retry_after: None,
                key: None,
                hint: None,
            });
        }
        self.current = Some(next);
        Ok(true)
    }
}

/// v1 returns addresses, v2 bare cursors.
fn bare_cursor(next: &str) -> String {
    let Some((_, query)) = next.split_once('?') else { return next.to_owned() };
    let cursor = query.split('&').find_map(|pair| pair.strip_prefix("cursor="));
    cursor.map_or_else(
        || next.to_owned(),
        |cursor| percent_encoding::percent_decode_str(cursor).decode_utf8_lossy().into_owned(),
    )
}
