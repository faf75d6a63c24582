//! The site a command works on: chosen, its keys fetched, opened, and who we are on it.

use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use headcount_core::journal::{Journal, Run};
use headcount_core::plan::guard::{Guards, Oneself};
use headcount_core::plan::look_up::hidden_accounts;
use headcount_core::profile::access::{Access, Address, JiraKey, OrgKey, Setting};
use headcount_core::profile::choose::{Chosen, ENVIRONMENT, SANDBOX, choose};
use headcount_core::run::{Places, remember_waits};
use headcount_core::site::pace::{PaceSettings, Pacer};
use headcount_core::site::proxy::Proxies;
use headcount_core::site::transport::Transport;
use headcount_core::site::{CallError, CallErrorKind, Limits, Site};
use headcount_core::values::job::Job;
use headcount_core::values::user::Product;
use headcount_sandbox::{Card, Sandbox, SandboxError};

use crate::args::SendArgs;
use crate::context::Context;
use crate::failure::{Failure, Lacks, UNREACHABLE, USAGE};
use crate::keys::NoRing;
use crate::work::journal::make_private_folder;
use crate::{config, keys, show};

/// An open site.
pub struct Opened {
    /// The profile's name.
    pub profile: String,
    /// The site.
    pub site: Site,
    /// The organisation's address, for a job of the admin APIs: whose people it changes.
    pub organisation: Option<String>,
    /// Who must not be touched, oneself first.
    pub guards: Guards,
    /// The profile's products of new users.
    pub default_products: Option<Vec<Product>>,
    /// The built-in sandbox, which lives as long as this.
    _sandbox: Option<Arc<Sandbox>>,
}

impl Opened {
    /// The guards of a job: with the protected accounts whose address the site hides, where the job
    /// creates users.
    pub async fn guards_of(&self, job: Job) -> Result<Guards, Failure> {
        let mut guards = self.guards.clone();
        if job == Job::CreateUsers {
            guards.hidden = hidden_accounts(&self.site, &guards.protected).await?;
        }
        Ok(guards)
    }
}

/// Which key a job needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The API token.
    Jira,
    /// The organisation's key.
    Org,
    /// Either of them will do, to read.
    Any,
    /// The organisation's key, and its directory.
    Directory,
    /// The API token; or the organisation's key and its directory.
    JiraOrDirectory,
    /// The same, the directory rather.
    DirectoryOrJira,
}

/// Ceilings of the command line's own.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling {
    /// Requests in flight.
    pub concurrency: Option<u32>,
    /// Requests a second.
    pub rate: Option<f64>,
}

impl Ceiling {
    /// Those of a job.
    pub fn of(send: &SendArgs) -> Self {
        Self { concurrency: send.concurrency, rate: send.rate }
    }
}

impl Need {
    /// What a run needs to be gone on with.
    pub fn of_run(run: &Run) -> Self {
        Self::of_new(run.job, run.options["by"] == "invite")
    }

    /// What a new run of a job needs; `invite`: new users are invited by the organisation.
    pub fn of_new(job: Job, invite: bool) -> Self {
        if job == Job::CreateUsers && invite { Self::Org } else { Self::of(job) }
    }

    /// What a job needs to do its work.
    pub fn of(job: Job) -> Self {
        match job {
            Job::DeactivateUsers | Job::ActivateUsers => Self::Org,
            Job::SuspendUsers | Job::RestoreUsers => Self::Directory,
            Job::CreateGroups | Job::RemoveGroups => Self::DirectoryOrJira,
            Job::RemoveUsers | Job::AddMembers | Job::RemoveMembers => Self::JiraOrDirectory,
            Job::CreateUsers => Self::Jira,
        }
    }
}

/// Chooses and opens the site, and finds out who we are on it.
pub async fn open(
    context: &Context,
    journal: &Journal,
    ceiling: Ceiling,
    need: Need,
) -> Result<Opened, Failure> {
    open_profile(context, journal, None, ceiling, need).await
}

/// The same for a run, which knows its profile: it is taken unless another is named. (The run's
/// site is compared afterwards, whatever was named.)
pub async fn open_profile(
    context: &Context,
    journal: &Journal,
    of_run: Option<&str>,
    ceiling: Ceiling,
    need: Need,
) -> Result<Opened, Failure> {
    let of_run = of_run.filter(|name| *name != ENVIRONMENT);
    let named = context.profile.as_deref().or(of_run);
    let chosen = choose(named, &context.environment, &config::read(context)?)?;
    let (access, sandbox, proxies) = match chosen.is_sandbox {
        true => {
            let sandbox = start_sandbox(context).await?;
            (access_of(sandbox.card())?, Some(sandbox), &Proxies::none())
        }
        false => (access(context, &chosen, need)?, None, context.proxies()?),
    };
    let pace = PaceSettings {
        concurrency: ceiling.concurrency.or(chosen.concurrency),
        rate: ceiling.rate.or(chosen.rate),
        seed: seed_of(),
    };
    let limits = Limits::default();
    let transport = Transport::network(&limits, proxies);
    let mut site = Site::open(&access, transport, limits, Pacer::new(pace), context.clock)?;
    remember(context, journal, &site, places(&access, chosen.is_sandbox))?;
    if chosen.is_sandbox {
        // Its address is another one each time; its name is not.
        SANDBOX.clone_into(&mut site.name);
    }
    let organisation = match need {
        Need::Org | Need::Any => organisation(&site, &access, chosen.is_sandbox).await?,
        Need::Jira => None,
        Need::JiraOrDirectory if site.jira.is_some() => None,
        Need::Directory | Need::JiraOrDirectory | Need::DirectoryOrJira => {
            directory(&site, &access, chosen.is_sandbox).await?
        }
    };
    if let (None, false, Some(organisation)) = (&chosen.cloud_url, chosen.is_sandbox, &organisation)
    {
        site.name.clone_from(organisation);
    }
    let oneself = oneself(&site, &chosen, &access).await?;
    Ok(Opened {
        profile: chosen.name,
        site,
        organisation,
        guards: Guards { oneself, protected: chosen.protected, ..Guards::default() },
        default_products: chosen.default_products,
        _sandbox: sandbox,
    })
}

/// Where waits are counted. An organisation's limits are its own, as far as its id is known.
fn places(access: &Access, is_sandbox: bool) -> Places {
    if is_sandbox {
        // Its address is another one each time.
        return Places { jira: SANDBOX.to_owned(), admin: SANDBOX.to_owned() };
    }
    let org_id = access.org.as_ref().and_then(|org| org.org_id.as_deref()).unwrap_or_default();
    Places {
        jira: access.cloud_url.as_ref().map(ToString::to_string).unwrap_or_default(),
        admin: format!("{} {org_id}", access.admin_url).trim().to_owned(),
    }
}

/// What the site asked an earlier command to wait for is kept, and told at once.
fn remember(
    context: &Context,
    journal: &Journal,
    site: &Site,
    places: Places,
) -> Result<(), Failure> {
    for wait in remember_waits(journal.waits()?, &site.pacer, places, context.clock)? {
        let until = wait.until.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M:%S");
        context.say(format!(
            "Waiting until {until} before any {} (the site asked for it: Retry-After)",
            show::clean(&wait.call)
        ));
    }
    Ok(())
}

/// The keys fetched, and whether they are those that the job needs.
pub fn access(context: &Context, chosen: &Chosen, need: Need) -> Result<Access, Failure> {
    let keys = keys::get(chosen, context.held.as_ref())?;
    let lacks = (chosen.name != ENVIRONMENT).then(|| lacking(chosen, &keys, need)).flatten();
    let access = match chosen.access(keys.api_token, keys.org_api_key) {
        Ok(access) => check(chosen, &access, need).map(|()| access),
        Err(half) => Err(half.into()),
    };
    access.map_err(|failure| {
        let failure = match &keys.no_ring {
            Some(no_ring) => failure.because(no_ring),
            None => failure,
        };
        match lacks {
            Some(lacks) => failure.lacks(lacks),
            None => failure,
        }
    })
}

/// The key that a job lacks, if it is a key that it lacks.
fn lacking(chosen: &Chosen, keys: &keys::Keys, need: Need) -> Option<Lacks> {
    let has_account = chosen.cloud_url.is_some() && chosen.email.is_some();
    let (token, org) = (keys.api_token.is_none(), keys.org_api_key.is_none());
    let (is_missing, key, has_place) = match need {
        Need::Jira => (token, "API token", has_account),
        Need::Org | Need::Directory => (org, "organisation API key", true),
        Need::Any | Need::JiraOrDirectory | Need::DirectoryOrJira => {
            (token && org, "API token or organisation API key", true)
        }
    };
    let refuses = keys.no_ring.as_ref().filter(|why| matches!(why, NoRing::Refuses(_)));
    is_missing.then(|| Lacks::Key {
        profile: chosen.name.clone(),
        key,
        has_place,
        refuses: refuses.map(ToString::to_string),
    })
}

/// The built-in sandbox of this process, shared by whatever works on it at the same time: two could
/// not have its state file.
#[derive(Clone, Default)]
pub struct BuiltIn(Arc<tokio::sync::Mutex<Weak<Sandbox>>>);

impl std::fmt::Debug for BuiltIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BuiltIn")
    }
}

/// How often it is tried to start it again while an earlier one of this process is ending.
const TRIES: u32 = 60;

/// The built-in profile's sandbox, its state kept between commands.
async fn start_sandbox(context: &Context) -> Result<Arc<Sandbox>, Failure> {
    if let Some(folder) = context.sandbox_state.parent() {
        make_private_folder(folder)?;
    }
    let mut shared = context.sandbox.0.lock().await;
    if let Some(sandbox) = shared.upgrade() {
        return Ok(sandbox);
    }
    // One that was never there leaves nothing that could still be ending.
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

/// Opens a double of a site, made from the exports in a folder: with the same kinds of keys, the same
/// guards, and a name that is never taken for the site's.
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
            SandboxError::Record { .. } => "the double cannot be started",
            _ => "no double can be made from these exports",
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
    let pace =
        PaceSettings { concurrency: ceiling.concurrency, rate: ceiling.rate, seed: seed_of() };
    let limits = Limits::default();
    let transport = Transport::network(&limits, &Proxies::none());
    let mut site = Site::open(&access, transport, limits, Pacer::new(pace), context.clock)?;
    site.name = format!("rehearsal of {}", real.site.name);
    Ok(Opened {
        profile: real.profile.clone(),
        site,
        organisation: real.organisation.clone(),
        guards: real.guards.clone(),
        default_products: real.default_products.clone(),
        _sandbox: Some(Arc::new(sandbox)),
    })
}

/// The access that a sandbox's card gives.
fn access_of(card: &Card) -> Result<Access, Failure> {
    let mut access = Access::none();
    access.cloud_url = Some(Address::parse(Setting::CloudUrl, &card.url)?);
    access.admin_url = Address::parse(Setting::AdminUrl, &card.url)?;
    access.jira = Some(JiraKey { email: card.email.clone(), token: card.api_token.clone().into() });
    access.org = Some(OrgKey {
        key: card.org_api_key.clone().into(),
        org_id: Some(card.org_id.clone()),
        directory_id: Some(card.directory_id.clone()),
    });
    Ok(access)
}

fn check(chosen: &Chosen, access: &Access, need: Need) -> Result<(), Failure> {
    let (has, key, hint) = match need {
        Need::Jira => (
            access.cloud_url.is_some() && access.jira.is_some(),
            "an API token for the site",
            "`headcount profile add NAME` asks for it; or set HEADCOUNT_CLOUD_URL, HEADCOUNT_EMAIL and HEADCOUNT_API_TOKEN, or cloud_url, email and api_token_command in the profile",
        ),
        Need::Org | Need::Directory => (
            access.org.is_some(),
            "an organisation API key",
            "`headcount profile add NAME` asks for it; or set HEADCOUNT_ORG_API_KEY, or org_api_key_command in the profile; keys are made at admin.atlassian.com under Settings > API keys",
        ),
        Need::Any | Need::JiraOrDirectory | Need::DirectoryOrJira => (
            access.org.is_some() || (access.cloud_url.is_some() && access.jira.is_some()),
            "an organisation API key, or an API token for the site",
            "set HEADCOUNT_ORG_API_KEY, or HEADCOUNT_CLOUD_URL, HEADCOUNT_EMAIL and HEADCOUNT_API_TOKEN",
        ),
    };
    if has {
        return Ok(());
    }
    let message = format!("this job needs {key}, and the profile “{}” has none", chosen.name);
    Err(Failure::new(USAGE, message).hint(hint))
}

/// A job of the admin APIs is bound to the organisation and the address of its API: another key or
/// another address means other people, whatever the site is called. A key shows its organisation.
async fn organisation(
    site: &Site,
    access: &Access,
    is_sandbox: bool,
) -> Result<Option<String>, Failure> {
    let Some(admin) = &site.admin else { return Ok(None) };
    let org = admin.org().await?;
    // The built-in sandbox has another port each time.
    let address = if is_sandbox { SANDBOX.to_owned() } else { access.admin_url.to_string() };
    Ok(Some(format!("{address}/admin/v1/orgs/{org}")))
}

/// The same for a job on the organisation's directory: that one is named too, for it is there that
/// people are suspended. An older user management without these calls leaves groups to Jira.
async fn directory(
    site: &Site,
    access: &Access,
    is_sandbox: bool,
) -> Result<Option<String>, Failure> {
    let Some(admin) = &site.admin else { return Ok(None) };
    let closed = |error: &CallError| {
        site.jira.is_some()
            && matches!(error.kind, CallErrorKind::NotFound | CallErrorKind::Forbidden { .. })
    };
    let home = match admin.home().await {
        Err(error) if closed(&error) => return Ok(None),
        home => home?,
    };
    let organisation = organisation(site, access, is_sandbox).await?;
    Ok(organisation.map(|organisation| format!("{organisation}/directories/{home}")))
}

/// The token's account, else the profile's mail. A refused token is told here, before anything.
async fn oneself(site: &Site, chosen: &Chosen, access: &Access) -> Result<Oneself, Failure> {
    let mail = access.jira.as_ref().map(|key| key.email.clone()).or_else(|| chosen.email.clone());
    let account = match &site.jira {
        Some(jira) => Some(jira.myself().await?.id),
        None => None,
    };
    Ok(Oneself { account, mail })
}

/// Jitter need not be secret, only different in each process.
fn seed_of() -> u64 {
    getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()))
}

impl Opened {
    /// How many requests of a job are under way at most, and how long one takes now.
    pub fn forecast(&self, steps: u64, need: Need) -> Option<Duration> {
        use headcount_core::site::endpoint::{Endpoint, Lane};
        let (probe, lane) = match need {
            Need::Org => (Endpoint::AdminManage, Lane::AdminChange),
            Need::Directory => (Endpoint::AdminSearchUsers, Lane::AdminChange),
            Need::DirectoryOrJira if self.organisation.is_some() => {
                (Endpoint::AdminSearchGroups, Lane::AdminChange)
            }
            _ if self.site.jira.is_none() => (Endpoint::AdminSearchUsers, Lane::AdminChange),
            _ => (Endpoint::JiraMyself, Lane::Jira),
        };
        let latency = self.site.pacer.snapshot(probe).latency?;
        let at_once = f64::from(self.site.pacer.most(lane).max(1));
        Some(latency.mul_f64(steps as f64 / at_once))
    }
}
