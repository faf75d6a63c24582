//! The sandboxes of this process: the built-in one, and copies of a site for rehearsals.

use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use headcount_atlassian::access::{Access, Address, JiraKey, OrgKey, ScimKey, Setting};
use headcount_atlassian::pace::{PaceSettings, Pacer};
use headcount_atlassian::proxy::Proxies;
use headcount_atlassian::transport::Transport;
use headcount_atlassian::{Addresses, Limits, Site};
use headcount_sandbox::{Card, Sandbox, SandboxError};

use super::need::Ceiling;
use super::opened::{Opened, seed_of};
use crate::context::Context;
use crate::failure::{Failure, UNREACHABLE, USAGE};
use crate::journal::make_private_folder;

/// How often the start is tried again while an earlier sandbox of this process stops.
const TRIES: u32 = 60;

/// Starts the sandbox of the built-in profile, whose state is kept between commands.
pub(super) async fn start_sandbox(context: &Context) -> Result<Arc<Sandbox>, Failure> {
    if let Some(folder) = context.sandbox_state.parent() {
        make_private_folder(folder)?;
    }
    let mut shared = context.sandbox.0.lock().await;
    if let Some(sandbox) = shared.upgrade() {
        return Ok(sandbox);
    }
    // If no sandbox was started before, none can still be stopping.
    let mut tries = if shared.ptr_eq(&Weak::new()) { 1 } else { TRIES };
    loop {
        tries -= 1;
        let state = Some(context.sandbox_state.clone());
        let config = headcount_sandbox::Config { state, ..context.sandbox_config() };
        match headcount_sandbox::start(config).await {
            Ok(sandbox) => {
                let sandbox = Arc::new(sandbox);
                *shared = Arc::downgrade(&sandbox);
                return Ok(sandbox);
            }
            Err(SandboxError::Busy { .. }) if tries > 0 => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => {
                let message = "the built-in sandbox cannot be started";
                return Err(Failure::new(UNREACHABLE, message).because(&error));
            }
        }
    }
}

/// Opens a copy of a site, made from the exports in a folder: with the same kinds of credentials, the same guards,
/// and a name that differs from the site's.
pub async fn open_double(
    context: &Context,
    real: &Opened,
    ceiling: Ceiling,
    seed: &Path,
) -> Result<Opened, Failure> {
    let config =
        headcount_sandbox::Config { seed: Some(seed.to_owned()), ..context.sandbox_config() };
    let sandbox = headcount_sandbox::start(config).await.map_err(|error| {
        let message = match error {
            SandboxError::Record { .. } => "the copy cannot be started",
            _ => "no copy can be made from these exports",
        };
        Failure::new(USAGE, message).because(&error)
    })?;
    let mut access = access_of(sandbox.card())?;
    if real.site.jira.is_none() {
        (access.cloud_url, access.jira) = (None, None);
    }
    if real.site.admin.is_none() {
        access.org = None;
    }
    if real.site.scim.is_none() {
        access.scim = None;
    }
    let pace =
        PaceSettings { concurrency: ceiling.concurrency, rate: ceiling.rate, seed: seed_of() };
    let limits = Limits::default();
    let transport = Transport::network(&limits, &Proxies::none());
    let mut site = Site::open(&access, transport, limits, Pacer::new(pace), context.clock)?;
    site.name = format!("rehearsal of {}", real.site.name);
    site.addresses = Addresses::all(&site.name);
    // A change uses the same API as on the site.
    let provisioning = real.doors.provisioning.is_some();
    let doors = site.doors().provisioning_or_others(provisioning).shared_with(&real.doors);
    Ok(Opened {
        profile: real.profile.clone(),
        site,
        site_id: None,
        organization: real.organization.clone(),
        doors,
        guards: real.guards.clone(),
        actor: real.actor.clone(),
        // A rehearsal changes nothing.
        approval: None,
        default_products: real.default_products.clone(),
        _sandbox: Some(Arc::new(sandbox)),
    })
}

/// The access with the credentials of a sandbox's card.
pub(super) fn access_of(card: &Card) -> Result<Access, Failure> {
    let mut access = Access::none();
    access.cloud_url = Some(Address::parse(Setting::CloudUrl, &card.url)?);
    access.admin_url = Address::parse(Setting::AdminUrl, &card.url)?;
    access.jira = Some(JiraKey { email: card.email.clone(), token: card.api_token.clone().into() });
    access.org = Some(OrgKey {
        key: card.org_api_key.clone().into(),
        org_id: Some(card.org_id.clone()),
        directory_id: Some(card.directory_id.clone()),
    });
    access.scim = Some(ScimKey {
        key: card.scim_api_key.clone().into(),
        directory_id: card.scim_directory_id.clone(),
    });
    Ok(access)
}
