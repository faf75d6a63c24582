//! Chooses and opens the site.

use crate::configuration::choose::{Chosen, ENVIRONMENT, SANDBOX, choose};
use headcount_atlassian::access::Access;
use headcount_atlassian::cloud_id::cloud_id;
use headcount_atlassian::pace::{PaceSettings, Pacer};
use headcount_atlassian::proxy::Proxies;
use headcount_atlassian::transport::Transport;
use headcount_atlassian::{Addresses, Site};
use headcount_journal::{Actor, Journal, Run};
use headcount_model::door::Api;
use headcount_people::executor::{Heard, Places, remember_waits};
use headcount_people::resolve::{Guards, OwnAccount};

use super::doors::Bound;
use super::need::{Ceiling, Need, access_of_run};
use super::opened::{Opened, seed_of};
use super::organization::{confirm, directory, organization};
use super::sandbox::{access_of, start_sandbox};
use crate::context::{Context, Notice};
use crate::failure::Failure;
use crate::options::SendOptions;
use crate::settings;

/// Chooses and opens the site, and finds the credential's own account.
pub async fn open(
    context: &Context,
    journal: &Journal,
    ceiling: Ceiling,
    need: Need,
) -> Result<Opened, Failure> {
    open_bound(context, journal, None, ceiling, need).await
}

/// The same, but only for reading by a rehearsal: the organization's id is not confirmed.
pub async fn open_to_rehearse(
    context: &Context,
    journal: &Journal,
    ceiling: Ceiling,
    need: Need,
) -> Result<Opened, Failure> {
    open_unconfirmed(context, journal, None, ceiling, need).await
}

/// The same, but only to learn whose API token it is, and what it may do, to decide on the plan of this run: nothing is
/// changed with it. The names of profiles are each administrator's own: without one of the run's name, the first for the
/// run's site is used.
pub async fn open_to_decide(
    context: &Context,
    journal: &Journal,
    run: &Run,
    need: Need,
) -> Result<Opened, Failure> {
    let ceiling = Ceiling::of(&SendOptions::default());
    if context.profile.is_none()
        && let Some(profile) = profile_at(context, &run.site, &run.profile)?
    {
        let context = &Context { profile, ..context.clone() };
        return open_unconfirmed(context, journal, None, ceiling, need).await;
    }
    let bound = Bound::to_profile(run);
    open_unconfirmed(context, journal, Some(&bound), ceiling, need).await
}

/// The profile for a site: the one of this name, else the first; `Some(None)`: the one that is chosen without a name.
fn profile_at(
    context: &Context,
    site: &str,
    name: &str,
) -> Result<Option<Option<String>>, Failure> {
    let config = settings::read_or_environment(context)?;
    let is_there = |name: &Option<String>| {
        let chosen = choose(name.as_deref(), &context.environment, &config);
        let address = chosen.ok().and_then(|chosen| chosen.cloud_url);
        address.is_some_and(|address| address.to_string() == site)
    };
    let first = Some(name).filter(|name| *name != ENVIRONMENT).map(str::to_owned);
    let all = config.profiles.keys().cloned().map(Some);
    Ok([first, None].into_iter().chain(all).find(is_there))
}

/// The same for a run. Its profile is used unless the user names another one. Its doors must be those of the plan.
/// (The run's site is compared later, whatever profile was named.)
pub async fn open_bound(
    context: &Context,
    journal: &Journal,
    bound: Option<&Bound<'_>>,
    ceiling: Ceiling,
    need: Need,
) -> Result<Opened, Failure> {
    let opened = open_unconfirmed(context, journal, bound, ceiling, need).await?;
    confirm(&opened.site, need).await.map_err(|failure| failure.of_site(&opened.site.name))?;
    Ok(opened)
}

async fn open_unconfirmed(
    context: &Context,
    journal: &Journal,
    bound: Option<&Bound<'_>>,
    ceiling: Ceiling,
    need: Need,
) -> Result<Opened, Failure> {
    let of_run = bound.map(Bound::profile).filter(|name| *name != ENVIRONMENT);
    let named = context.profile.as_deref().or(of_run);
    let chosen = choose(named, &context.environment, &settings::read_or_environment(context)?)?;
    let (access, sandbox, proxies) = match chosen.is_sandbox {
        true => {
            let sandbox = start_sandbox(context).await?;
            (access_of(sandbox.card())?, Some(sandbox), &Proxies::none())
        }
        false => (access_of_run(context, &chosen, need, bound)?, None, context.proxies()?),
    };
    let pace = PaceSettings {
        concurrency: ceiling.concurrency.or(chosen.concurrency),
        rate: ceiling.rate.or(chosen.rate),
        seed: seed_of(),
    };
    let limits = ceiling.limits();
    let transport = Transport::network(&limits, proxies);
    let site_id = site_id(context, &access, chosen.is_sandbox, &transport).await;
    let mut site = Site::open(&access, transport, limits, Pacer::new(pace), context.clock)?;
    let name = if chosen.is_sandbox { SANDBOX } else { &site.name };
    let shown = name.to_owned();
    let of_site = |failure: Failure| failure.of_site(&shown);
    let places = places(&access, chosen.is_sandbox, site_id.as_deref());
    remember(context, journal, &site, name, places)?;
    if chosen.is_sandbox {
        // The sandbox's address changes with each start; its name does not.
        SANDBOX.clone_into(&mut site.name);
        site.addresses = Addresses::all(SANDBOX);
    }
    let organization =
        organization_of(&site, &access, chosen.is_sandbox, need).await.map_err(of_site)?;
    let doors = site.doors().provisioning_or_others(need == Need::Provisioning);
    if let Some(bound) = bound {
        bound.check(&chosen.name, &doors)?;
    }
    if let (None, false, Some(organization)) = (&chosen.cloud_url, chosen.is_sandbox, &organization)
    {
        site.name.clone_from(organization);
    }
    let (own_account, actor) = own_account(&site, &chosen, &access).await.map_err(of_site)?;
    Ok(Opened {
        profile: chosen.name,
        site,
        site_id,
        organization,
        doors,
        guards: Guards { own_account, protected: chosen.protected, ..Guards::default() },
        actor,
        approval: chosen.approval,
        default_products: chosen.default_products,
        _sandbox: sandbox,
    })
}

/// The organization that a job needs, or its directory.
async fn organization_of(
    site: &Site,
    access: &Access,
    is_sandbox: bool,
    need: Need,
) -> Result<Option<String>, Failure> {
    if need == Need::Any {
        return organization(site, access, is_sandbox).await;
    }
    match need.api(site.jira.is_some(), site.admin.is_some()) {
        Api::Jira => Ok(None),
        Api::Accounts | Api::Invitations => organization(site, access, is_sandbox).await,
        Api::Directory | Api::Provisioning => directory(site, access, is_sandbox).await,
    }
}

/// A name of the site that is the same for its own address and the gateway's. It may cost a request, so it is not read
/// where no other machine shares the journal.
async fn site_id(
    context: &Context,
    access: &Access,
    is_sandbox: bool,
    transport: &Transport,
) -> Option<String> {
    let address = access.cloud_url.as_ref().filter(|_| !is_sandbox)?;
    context.journal_server.as_ref()?;
    let id = cloud_id(address, transport).await?;
    // All sandboxes have one ID; both addresses of a sandbox have one port.
    let sandbox = if address.is_loopback() { address.authority() } else { "" };
    Some(format!("cloud://{id}{sandbox}"))
}

/// The names under which waits are stored. An organization has limits of its own, if its id is known.
fn places(access: &Access, is_sandbox: bool, site_id: Option<&str>) -> Places {
    if is_sandbox {
        // The sandbox's address changes with each start.
        let sandbox = || SANDBOX.to_owned();
        return Places { jira: sandbox(), admin: sandbox(), scim: sandbox() };
    }
    let scim_id = access.scim.as_ref().map(|scim| scim.directory_id.as_str()).unwrap_or_default();
    let org_id = access.org.as_ref().and_then(|org| org.org_id.as_deref()).unwrap_or_default();
    Places {
        jira: match (site_id, &access.cloud_url) {
            (Some(id), _) => id.to_owned(),
            (None, address) => address.as_ref().map(ToString::to_string).unwrap_or_default(),
        },
        admin: format!("{} {org_id}", access.admin_url).trim().to_owned(),
        scim: format!("{} scim {scim_id}", access.admin_url).trim().to_owned(),
    }
}

/// Stores the waits that the site asks for, and reports a wait that an earlier command left.
fn remember(
    context: &Context,
    journal: &Journal,
    site: &Site,
    name: &str,
    places: Places,
) -> Result<(), Failure> {
    let (notices, name) = (context.notices.clone(), name.to_owned());
    let of_site = name.clone();
    let tell = move |heard: &Heard| {
        let Heard { call, until, why } = heard.clone();
        notices.send(&Notice::Waiting { site: of_site.clone(), until, call, why });
    };
    for wait in remember_waits(journal.waits()?, &site.pacer, places, context.clock, tell)? {
        let why = "the site asked an earlier command to wait (Retry-After)".to_owned();
        let (site, until, call) = (name.clone(), wait.until, wait.call);
        context.notices.send(&Notice::Waiting { site, until, call, why });
    }
    Ok(())
}

/// The token's account, else the profile's email; and who acts with these credentials, which is nothing that a user
/// types. A refused token is reported here, before anything else.
///
/// No documented call names the owner of the organization API key that calls it.
async fn own_account(
    site: &Site,
    chosen: &Chosen,
    access: &Access,
) -> Result<(OwnAccount, Actor), Failure> {
    let mail = access.jira.as_ref().map(|key| key.email.clone()).or_else(|| chosen.email.clone());
    let Some(jira) = &site.jira else {
        let name = format!("organization API key of {}", chosen.name);
        return Ok((OwnAccount { account: None, mail }, Actor { id: None, name }));
    };
    let own = jira.myself().await?;
    // The token works only with its own email, so the site has confirmed that one, too.
    let name = own.mail.map(String::from).or_else(|| mail.clone());
    let name = name.or_else(|| own.name.map(String::from));
    let name = name.unwrap_or_else(|| own.id.as_str().to_owned());
    let actor = Actor { id: Some(own.id.as_str().to_owned()), name };
    Ok((OwnAccount { account: Some(own.id), mail }, actor))
}
