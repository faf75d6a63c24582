//! Records the request of a plan's step.
//!
//! The step's own [`Sends`] sends it to a site that records requests ([`Recording`]), so no second table says what
//! a kind of step sends. A read before the change, and shared invitations, are left out: each step gives the one
//! request that would change something for it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use headcount_atlassian::access::{Access, Address, JiraKey, OrgKey, ScimKey, Setting};
use headcount_atlassian::pace::{PaceSettings, Pacer};
use headcount_atlassian::recording::{Recorded, Recording};
use headcount_atlassian::transport::Transport;
use headcount_atlassian::{Endpoint, Limits, Site};
use headcount_model::clock::Clock;
use headcount_model::door::Door;

use crate::steps::{self, Means, SendError, Sends, Step, StepKind};

/// An address that belongs to no site (RFC 2606). Nothing is sent to it.
const NOWHERE: &str = "https://site.invalid";
/// The credential of requests that are not sent.
const NO_KEY: &str = "none";

/// The request of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRequest {
    /// The call.
    pub endpoint: Endpoint,
    /// Its door.
    pub door: Arc<Door>,
    /// The request.
    pub sent: Recorded,
}

/// Why a step has no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRequest {
    /// An earlier version of headcount planned it without a door.
    #[error("the plan does not record its API")]
    NoDoor,
    /// The door's API has no call for it.
    #[error("the planned API cannot do the step `{}`", .0.word())]
    NoWay(StepKind),
    /// The plan lacks something that the call needs.
    #[error("{0}")]
    Impossible(&'static str),
    /// Its code sends no request, or another one first.
    #[error("internal error: the step `{}` sends another request", .0.word())]
    Other(StepKind),
}

/// Records the requests of steps.
#[derive(Debug, Default)]
pub struct Recorder {
    sites: HashMap<Arc<Door>, (Site, Recording)>,
    /// No answer is read, so no account has to be known.
    known: HashSet<String>,
}

impl Recorder {
    /// Records the request of a step.
    ///
    /// # Errors
    /// The step cannot be sent as it was planned.
    pub async fn request(&mut self, step: &Step) -> Result<StepRequest, NoRequest> {
        let kind = step.payload.kind;
        let door = step.door.clone().ok_or(NoRequest::NoDoor)?;
        let way = steps::of(kind).way(door.api()).ok_or(NoRequest::NoWay(kind))?;
        let (site, recording) = match self.sites.get(&door) {
            Some(site) => site,
            None => {
                let opened = site_of(&door).ok_or(NoRequest::Other(kind))?;
                self.sites.entry(Arc::clone(&door)).or_insert(opened)
            }
        };
        let means = Means { site, known: &self.known, spec: steps::of(kind) };
        let permit = site.pacer.ready(way.call).await;
        // The recording answers with a refusal, which says nothing about the request.
        let sent = match way.sends {
            Sends::Alone(send) | Sends::AfterLook { send, .. } => {
                send(means, step, permit).await.err()
            }
            Sends::InPacks(invite) => invite(means, vec![step], permit).await.err(),
        };
        if let Some(SendError::Impossible(why)) = sent {
            return Err(NoRequest::Impossible(why));
        }
        let mut requests = recording.take().into_iter();
        match requests.next() {
            Some(sent) if sent.method == way.call.method() => {
                Ok(StepRequest { endpoint: way.call, door, sent })
            }
            Some(_) | None => Err(NoRequest::Other(kind)),
        }
    }
}

/// A site with only this door that records its requests.
fn site_of(door: &Door) -> Option<(Site, Recording)> {
    let (limits, recording) = (Limits::default(), Recording::default());
    let transport = Transport::recording(&limits, recording.clone());
    let pacer = Pacer::new(PaceSettings::default());
    let access = access(door);
    let site = Site::open(&access, transport, limits, pacer, Clock::System).ok()?;
    Some((site, recording))
}

fn access(door: &Door) -> Access {
    let org = |organization: &str, directory: Option<&str>| {
        Some(OrgKey {
            key: NO_KEY.to_owned().into(),
            org_id: Some(organization.to_owned()),
            directory_id: directory.map(str::to_owned),
        })
    };
    let mut access = Access::none();
    match door {
        Door::Jira { .. } => {
            access.cloud_url = Address::parse(Setting::CloudUrl, NOWHERE).ok();
            access.jira = Some(JiraKey { email: NO_KEY.into(), token: NO_KEY.to_owned().into() });
        }
        Door::Directory { organization, directory, .. } => {
            access.org = org(organization, Some(directory));
        }
        Door::Invitations { organization, .. } | Door::Accounts { organization, .. } => {
            access.org = org(organization, None);
        }
        Door::Provisioning { directory, .. } => {
            let key = NO_KEY.to_owned().into();
            access.scim = Some(ScimKey { key, directory_id: directory.clone() });
        }
    }
    access
}
