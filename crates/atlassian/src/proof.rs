//! Checks the credential after a 404 or 403, by asking for something that it must be able to see.
//!
//! A 404 alone proves nothing. For an expired token, Atlassian's gateway answers 404 to everything
//! (n8n-io/n8n#37776), and Jira gives the same 404 if the permission to see an object is missing. The same holds
//! for a 403. So before either is returned, the client asks for something that the credential must be able to see:
//! for an API token its own account, for an organization API key the organization (and for calls on a directory,
//! the directories). Only an answer to a question that was sent after the 404 counts. Callers that ask at the same
//! time share one answer.

use tokio::sync::Mutex;
use tokio::time::Instant;

use serde_json::Value;

use super::endpoint::{Endpoint, Host};
use super::error::{CallError, CallErrorKind, Effect, Hint};
use super::judge::WORDS_KEPT;
use super::wire::path::Path;
use super::wire::refusal::one_line;

/// What the credential must be able to see.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    /// The credential's own account, once `myself` has returned it.
    account: std::sync::OnceLock<String>,
    /// The organization, once it is known.
    org: std::sync::OnceLock<String>,
    /// The identity provider's directory, once it is known.
    provisioning: std::sync::OnceLock<String>,
    /// The last check of each family of calls, because a single family may be closed.
    last: [Mutex<Option<(Instant, Proof)>>; Family::COUNT],
}

/// Calls that share one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Jira,
    /// The organization and its managed accounts.
    Org,
    /// The organization's directories, which sites on the older user management do not have.
    Directories,
    /// The identity provider's directory.
    Provisioning,
}

impl Family {
    const COUNT: usize = 4;

    fn of(endpoint: Endpoint) -> Self {
        match endpoint.host() {
            Host::Jira => Self::Jira,
            Host::Scim => Self::Provisioning,
            Host::Admin if endpoint.path().starts_with("/admin/v2/") => Self::Directories,
            Host::Admin => Self::Org,
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Jira => 0,
            Self::Org => 1,
            Self::Directories => 2,
            Self::Provisioning => 3,
        }
    }
}

/// The result of a check.
#[derive(Clone, Debug)]
enum Proof {
    /// The object is there: the credential is good.
    Good,
    /// The credential is good, but cannot use this family of calls.
    Closed(String),
    /// The object is not there, by this call and answer: the credential cannot be used any more.
    Ended(String),
    /// The question could not be asked.
    NotHad(CallError),
}

impl Proofs {
    /// Sets the organization that was configured or found.
    pub(super) fn know_org(&self, org: &str) {
        let _ = self.org.set(org.to_owned());
    }

    /// Sets the identity provider's directory.
    pub(super) fn know_provisioning(&self, directory: &str) {
        let _ = self.provisioning.set(directory.to_owned());
    }

    /// Sets the credential's own account.
    pub(super) fn know_account(&self, account: &str) {
        let _ = self.account.set(account.to_owned());
    }
}

/// Whether an error counts only once the credential is known to be good. User management says something about its
/// *target* only to a key that it has accepted (user management description).
fn is_doubtful(error: &CallError) -> bool {
    match &error.kind {
        CallErrorKind::NotFound => true,
        CallErrorKind::Forbidden { key } => {
            let key = key.as_deref().unwrap_or_default();
            let of_target = ["forbidden.target", "externalDirectory.", "administrative."];
            !of_target.iter().any(|start| key.starts_with(start))
        }
        _ => false,
    }
}

/// Asks with the credential that is in doubt.
pub(super) trait Ask: Sync {
    /// Sends one read, with the retries of a read, and returns a 404 or a 403 without a check.
    fn ask(
        &self,
        endpoint: Endpoint,
        path: String,
    ) -> impl Future<Output = Result<Value, CallError>> + Send;

    /// Whether the site has refused the credential.
    fn is_refused(&self) -> bool;

    /// Makes sure that nothing more is sent with the credential.
    fn refuse(&self);
}

impl Proofs {
    /// Returns the error itself if the credential is good; else an error about the credential.
    pub(super) async fn proven(&self, by: &impl Ask, error: CallError) -> CallError {
        if !is_doubtful(&error) {
            return error;
        }
        let host = error.endpoint.host();
        if by.is_refused() {
            let words = format!("the {} is no longer accepted", credential(host));
            return CallError { kind: CallErrorKind::Credential, words, ..error };
        }
        let status = error.status.unwrap_or_default();
        match self.prove(by, Family::of(error.endpoint), Instant::now()).await {
            // The credential is good, and the refusal came not from the site, but from a proxy or a firewall.
            Proof::Good | Proof::Closed(_) if error.hint == Some(Hint::Page) => {
                CallError { kind: CallErrorKind::Odd, effect: Effect::None, ..error }
            }
            Proof::Good => error,
            // A 404 for the whole family says nothing about the requested object.
            Proof::Closed(words) => CallError {
                kind: CallErrorKind::Forbidden { key: None },
                words: one_line(&words, WORDS_KEPT),
                hint: Some(Hint::Closed),
                ..error
            },
            Proof::Ended(what) => {
                by.refuse();
                let credential = credential(host);
                let said = if error.words.is_empty() { String::new() } else { error.words + "; " };
                let words = format!("{said}{what}: the {credential} is no longer accepted");
                CallError {
                    kind: CallErrorKind::Credential,
                    effect: Effect::None,
                    words: one_line(&words, WORDS_KEPT),
                    hint: Some(Hint::Ended),
                    ..error
                }
            }
            Proof::NotHad(why) => {
                let words = format!(
                    "{host} answered {status}, and headcount could not check whether the {} is still accepted: {why}",
                    credential(host)
                );
                let kind = match why.kind {
                    CallErrorKind::Credential
                    | CallErrorKind::RateLimited
                    | CallErrorKind::Redirected
                    | CallErrorKind::Odd => why.kind.clone(),
                    _ => CallErrorKind::Lost,
                };
                CallError {
                    kind,
                    effect: Effect::None,
                    status: None,
                    words: one_line(&words, WORDS_KEPT),
                    retry_after: why.retry_after,
                    hint: why.hint.or(Some(Hint::Unproven)),
                    ..error
                }
            }
        }
    }

    /// Whether the credential still sees what it must be able to see.
    pub(super) async fn holds(&self, by: &impl Ask, endpoint: Endpoint) -> bool {
        matches!(
            self.prove(by, Family::of(endpoint), Instant::now()).await,
            Proof::Good | Proof::Closed(_)
        )
    }

    /// Returns the answer to a question that was sent after `since`; concurrent callers share it.
    async fn prove(&self, by: &impl Ask, family: Family, since: Instant) -> Proof {
        let mut last = self.last[family.index()].lock().await;
        if let Some((asked, proof)) = &*last
            && *asked >= since
        {
            return proof.clone();
        }
        let asked = Instant::now();
        let proof = self.look(by, family).await;
        *last = Some((asked, proof.clone()));
        proof
    }

    async fn look(&self, by: &impl Ask, family: Family) -> Proof {
        match family {
            Family::Jira => self.ask_for_account(by).await,
            Family::Org => self.ask_for_org(by).await,
            Family::Directories => match self.ask_for_org(by).await {
                Proof::Good => self.ask_for_directories(by).await,
                other => other,
            },
            Family::Provisioning => self.ask_for_provisioning(by).await,
        }
    }

    /// Asks for the credential's own account by the call that shows accounts. An account without the permission to
    /// browse users gets a 403 there, and `myself` still answers it.
    async fn ask_for_account(&self, by: &impl Ask) -> Proof {
        let Some(own) = self.account.get() else { return self.ask_for_myself(by).await };
        let endpoint = Endpoint::JiraUser;
        let path = Path::new(endpoint.path()).with("accountId", own).into_string();
        let is_own = |body: &Value| body["accountId"] == own.as_str();
        match see(by, endpoint, path, &is_own).await {
            Err(error) if matches!(error.kind, CallErrorKind::Forbidden { .. }) => {
                self.ask_for_myself(by).await
            }
            seen => proof(seen, "your own account", endpoint),
        }
    }

    async fn ask_for_myself(&self, by: &impl Ask) -> Proof {
        let endpoint = Endpoint::JiraMyself;
        let path = Path::new(endpoint.path()).into_string();
        let names = |body: &Value| body["accountId"].is_string();
        proof(see(by, endpoint, path, &names).await, "your own account", endpoint)
    }

    async fn ask_for_org(&self, by: &impl Ask) -> Proof {
        let endpoint = Endpoint::AdminOrgs;
        let path = Path::new(endpoint.path()).into_string();
        let org = self.org.get();
        let holds = |body: &Value| {
            let rows = body["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            let more = body["links"]["next"].as_str().is_some_and(|next| !next.is_empty());
            match org {
                Some(org) => more || rows.iter().any(|row| row["id"] == org.as_str()),
                None => !rows.is_empty(),
            }
        };
        proof(see(by, endpoint, path, &holds).await, "the organization", endpoint)
    }

    /// The directory's features, which its key must be able to see.
    async fn ask_for_provisioning(&self, by: &impl Ask) -> Proof {
        let Some(directory) = self.provisioning.get() else { return Proof::Good };
        let endpoint = Endpoint::ScimConfig;
        let path = Path::filled(endpoint.path(), &[directory]).into_string();
        let seen = see(by, endpoint, path, &|body| body["schemas"].is_array()).await;
        proof(seen, "the identity provider's directory", endpoint)
    }

    /// If the organization answers and its directories do not, the key is not at fault: older user management has
    /// no directories.
    async fn ask_for_directories(&self, by: &impl Ask) -> Proof {
        let Some(org) = self.org.get() else { return Proof::Good };
        let endpoint = Endpoint::AdminDirectories;
        let path = Path::filled(endpoint.path(), &[org]).into_string();
        match see(by, endpoint, path, &|body| body["data"].is_array()).await {
            Err(error) if is_no(&error) => {
                let status = error.status.unwrap_or_default();
                Proof::Closed(format!(
                    "the organization can be read, but its directories are answered with {status} ({endpoint})"
                ))
            }
            seen => proof(seen, "the directories", endpoint),
        }
    }
}

/// Asks one question. `Ok(false)` means that the answer shows something else.
async fn see(
    by: &impl Ask,
    endpoint: Endpoint,
    path: String,
    is_it: &(dyn Fn(&Value) -> bool + Send + Sync),
) -> Result<bool, CallError> {
    Ok(is_it(&by.ask(endpoint, path).await?))
}

fn proof(seen: Result<bool, CallError>, what: &str, endpoint: Endpoint) -> Proof {
    match seen {
        Ok(true) => Proof::Good,
        Ok(false) => Proof::Ended(format!("{endpoint} no longer shows {what}")),
        Err(error) if is_no(&error) => {
            let status = error.status.unwrap_or_default();
            Proof::Ended(format!("{what} is also answered with {status} ({endpoint})"))
        }
        Err(error) => Proof::NotHad(error),
    }
}

fn is_no(error: &CallError) -> bool {
    matches!(error.kind, CallErrorKind::NotFound | CallErrorKind::Forbidden { .. })
}

/// Atlassian's name for the credential.
pub(super) fn credential(host: Host) -> &'static str {
    match host {
        Host::Jira => "API token",
        Host::Admin => "organization API key",
        Host::Scim => "SCIM API key",
    }
}
