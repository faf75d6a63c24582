//! One simulated computer: a journal on its disk, a site behind the network, and processes that apply, crash and
//! resume. [`super::plans`] makes the plans.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use headcount_atlassian::access::{Access, Address, JiraKey, OrgKey, ScimKey, Setting};
use headcount_atlassian::pace::{PaceSettings, Pacer};
use headcount_atlassian::{Limits, Site};
use headcount_engine::{
    CanaryReport, Ending, Halt, Level, RunContext, RunError, RunOptions, Watcher, carry_out,
};
use headcount_journal::{Journal, Run};
use headcount_model::clock::Clock;
use headcount_model::event::Event;
use headcount_model::protected::Protected;
use headcount_people::executor::{PeopleExecutor, Places, remember_waits};
use headcount_people::jobs::Need;
use headcount_people::plan::saw_every_mail;
use headcount_people::resolve::OwnAccount;
use headcount_sandbox::{Config, Sandbox};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::journals;
use super::network::Network;
use super::plans::{find_doors, guards_of};
use super::points::Points;
use super::weather::Weather;

/// The longest time of one process. After it, the process hangs.
pub const FOREVER: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// When a process dies or is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    Never,
    /// After this many milliseconds.
    At(u64),
    /// When this many requests have reached the network.
    Requests(u64),
    /// After this many events.
    Events(u64),
    /// After the run's task has been polled this many times.
    Polls(u64),
    /// Not a death: Ctrl-C, once or twice, after this many milliseconds.
    Drain(u64),
    Now(u64),
    /// Not a death: the disk is full after this many more rows of the journal were written.
    Disk(u64),
}

impl Death {
    pub fn draw(rng: &mut Rng) -> Self {
        let soon = |rng: &mut Rng| [50, 1_000, 20_000, 3_000_000][rng.usize(..4)];
        match rng.u8(..13) {
            12 => Self::Disk(rng.u64(0..80)),
            0 | 1 => {
                let most = soon(rng);
                Self::At(rng.u64(0..most))
            }
            2..=4 => Self::Requests(rng.u64(1..60)),
            5 | 6 => Self::Events(rng.u64(1..20)),
            7 | 8 => Self::Polls(rng.u64(1..60)),
            9 => {
                let most = soon(rng);
                Self::Drain(rng.u64(0..most))
            }
            10 => {
                let most = soon(rng);
                Self::Now(rng.u64(0..most))
            }
            _ => Self::Never,
        }
    }
}

/// The writes to the journal while a run is applied.
const TRIGGERS: [(&str, &str); 4] =
    [("steps", "UPDATE"), ("rows", "UPDATE"), ("requests", "INSERT"), ("runs", "UPDATE")];

/// The end of one process.
#[derive(Debug)]
pub enum Stretch {
    /// The process died.
    Died,
    Ended(Ending),
    Broke(RunError),
}

pub struct Machine {
    pub net: Arc<Network>,
    pub journal: Journal,
    pub site: Site,
    pub clock: Clock,
    /// The events in order, for replays; without times of day.
    pub story: Vec<String>,
    /// Every reported event.
    pub events: Vec<Event>,
    pub path: PathBuf,
    /// Whether reads by id lag like searches. It does not change, because a site never shows an older state again.
    pub lags_by_id: bool,
    /// What the profile protects now.
    pub protected: Protected,
    /// What it protected when each process began.
    pub protections: BTreeMap<u64, Protected>,
    /// The account that runs headcount, as far as planning could read it.
    pub own_account: OwnAccount,
    pub keys: Keys,
    /// Whether new users are invited.
    pub invite: bool,
    /// The options of the runs that are planned.
    pub options: Value,
    /// The tasks that a seed draws.
    pub tasks: Tasks,
    /// The exports of users and groups from which plans take ids.
    pub exports: Option<(String, String)>,
    /// The number of the current process.
    process: u64,
    /// The number of its journal in the simulation.
    journal_number: u64,
    access: Access,
    limits: Limits,
    pace: PaceSettings,
    _folder: Arc<TempDir>,
}

struct Onlooker<'a> {
    events: &'a mut Vec<Event>,
    before: usize,
    after: Option<u64>,
    enough: &'a Notify,
    net: &'a Network,
}

impl Watcher for Onlooker<'_> {
    fn event(&mut self, event: &Event) {
        self.events.push(event.clone());
        if let (Event::Canary { .. }, Some(points)) = (event, self.net.points.get()) {
            points.canary_is_over();
        }
        if self.after == Some((self.events.len() - self.before) as u64) {
            self.enough.notify_one();
        }
    }

    async fn go_on(&mut self, _: &[CanaryReport], _: u64) -> bool {
        true
    }
}

/// The sandbox's real port differs each time and would make the story differ.
const URL: &str = "http://127.0.0.1:8080";

/// The credentials of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    Both,
    Jira,
    Org,
    /// Both, and that of the identity provider's directory, through which all runs go.
    Scim,
}

/// The tasks that a seed draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tasks {
    Any,
    /// Those of [`super::leavers`].
    OfLeavers,
    /// Those of [`super::unlinking`].
    Unlinking,
}

fn access(sandbox: &Sandbox, keys: Keys) -> Access {
    let card = sandbox.card().clone();
    let mut access = Access::none();
    access.admin_url = Address::parse(Setting::AdminUrl, URL).unwrap();
    if keys != Keys::Org {
        access.cloud_url = Some(Address::parse(Setting::CloudUrl, URL).unwrap());
        access.jira = Some(JiraKey { email: card.email, token: card.api_token.into() });
    }
    if keys != Keys::Jira {
        let key = card.org_api_key.into();
        access.org = Some(OrgKey { key, org_id: None, directory_id: None });
    }
    if keys == Keys::Scim {
        let key = card.scim_api_key.into();
        access.scim = Some(ScimKey { key, directory_id: card.scim_directory_id });
    }
    access
}

/// Waits that sites asked for outlive the process.
fn remember(journal: &Journal, site: &Site, clock: Clock) {
    let places = Places { jira: URL.into(), admin: URL.into(), scim: URL.into() };
    remember_waits(journal.waits().unwrap(), &site.pacer, places, clock, |_| {}).unwrap();
}

impl Machine {
    /// A computer and an organization drawn from a seed.
    pub async fn new(rng: &mut Rng) -> Self {
        Self::new_with(rng, None).await
    }

    /// The same; `keys`: the credentials if they are not drawn.
    pub async fn new_with(rng: &mut Rng, keys: Option<Keys>) -> Self {
        let people = rng.usize(15..160);
        let config = Config { people: Some(people), ..Config::default() };
        let network = rng.fork();
        let pace = PaceSettings {
            concurrency: [None, None, Some(1), Some(3), Some(32)][rng.usize(..5)],
            rate: [None, None, None, Some(20.0)][rng.usize(..4)],
            seed: rng.u64(..),
        };
        let drawn = [Keys::Both, Keys::Both, Keys::Both, Keys::Jira, Keys::Org][rng.usize(..5)];
        Self::with(config, pace, network, keys.unwrap_or(drawn)).await
    }

    /// A computer with this sandbox.
    pub async fn of(config: Config, pace: PaceSettings, rng: Rng) -> Self {
        Self::with(config, pace, rng, Keys::Both).await
    }

    /// The same with these credentials.
    pub async fn with(config: Config, pace: PaceSettings, rng: Rng, keys: Keys) -> Self {
        let sandbox = headcount_testkit::sandbox::start(config).await;
        let access = access(&sandbox, keys);
        let net = Network::new(sandbox, rng);
        let now = net.control("GET", "clock", Value::Null).await["now_ms"].as_i64().unwrap();
        // Waits are rounded to whole seconds. With a whole second as the start, the same seed always waits equally
        // long.
        let base = jiff::Timestamp::from_second(now / 1000).unwrap();
        let clock = Clock::adjusted(base, net.wrong_by);
        let folder = match std::path::Path::new("/dev/shm") {
            shm if shm.is_dir() => tempfile::tempdir_in(shm),
            _ => tempfile::tempdir(),
        }
        .unwrap();
        let path = folder.path().join("journal.db");
        let journal = journals::open(&path);
        let limits = Limits::default();
        let (process, transport) = net.begin(Weather::calm(), &limits, 1);
        let site = Site::open(&access, transport, limits.clone(), Pacer::new(pace), clock).unwrap();
        remember(&journal, &site, clock);
        Self {
            net,
            journal,
            site,
            clock,
            story: Vec::new(),
            events: Vec::new(),
            path,
            lags_by_id: false,
            protected: Protected::default(),
            protections: BTreeMap::new(),
            own_account: OwnAccount::default(),
            keys,
            invite: false,
            options: Value::Null,
            tasks: Tasks::Any,
            exports: None,
            process,
            journal_number: 1,
            access,
            limits,
            pace,
            _folder: Arc::new(folder),
        }
    }

    /// A second process with this journal, or a second computer with a journal of its own.
    pub fn beside(&self, own_journal: bool) -> Self {
        let mut path = self.path.clone();
        let mut journal_number = self.journal_number;
        if own_journal {
            path.set_file_name("another.db");
            journal_number += 1;
        }
        Self {
            net: Arc::clone(&self.net),
            journal: journals::open(&path),
            site: self.site.clone(),
            clock: self.clock,
            story: Vec::new(),
            events: Vec::new(),
            path,
            lags_by_id: self.lags_by_id,
            protected: self.protected.clone(),
            protections: BTreeMap::new(),
            own_account: self.own_account.clone(),
            keys: self.keys,
            invite: self.invite,
            options: self.options.clone(),
            tasks: self.tasks,
            exports: self.exports.clone(),
            process: self.process,
            journal_number,
            access: self.access.clone(),
            limits: self.limits.clone(),
            pace: self.pace,
            _folder: Arc::clone(&self._folder),
        }
    }

    /// From now on the profile protects these.
    pub fn protect(&mut self, protected: Protected) {
        self.protections.insert(self.process, protected.clone());
        self.protected = protected;
    }

    pub fn tell(&mut self, what: impl Into<String>) {
        let line = format!("{:>9} ms  {}", self.net.now(), what.into());
        if std::env::var_os("HEADCOUNT_SIM_LIVE").is_some() {
            eprintln!("{line}");
        }
        self.story.push(line);
    }

    /// Starts a new process: nothing is learned yet, and the journal is opened again.
    pub fn begin(&mut self, weather: Weather) {
        self.tell(format!("a new process, {weather:?}"));
        let (process, transport) = self.net.begin(weather, &self.limits, self.journal_number);
        self.process = process;
        self.protections.insert(process, self.protected.clone());
        let pacer = Pacer::new(self.pace);
        self.site =
            Site::open(&self.access, transport, self.limits.clone(), pacer, self.clock).unwrap();
        self.journal = journals::open(&self.path);
        if let Some(points) = self.net.points.get() {
            self.journal.watch(points.probe());
        }
        remember(&self.journal, &self.site, self.clock);
    }

    /// From now on processes die at these points.
    pub fn die_at(&mut self, points: &Arc<Points>) {
        assert!(self.net.points.set(Arc::clone(points)).is_ok(), "once");
        self.begin(Weather::calm());
    }

    /// The network's number of the current process.
    pub fn process(&self) -> u64 {
        self.process
    }

    /// The run as the journal has it now.
    pub fn run(&self, run: &Run) -> Run {
        self.journal.run(run.id.as_str()).unwrap()
    }

    /// The most requests of one kind that can be open at the same time.
    pub fn at_once(&self) -> usize {
        // Invitations are sent in packs of 25.
        let least = if self.invite { 25 } else { 1 };
        self.pace.concurrency.map_or(32, |many| many as usize).max(least)
    }

    /// Applies or resumes a run until it ends or the process dies.
    pub async fn stretch(&mut self, run: &Run, how: &RunOptions, death: Death) -> Stretch {
        let _lock = self.journal.lock(&run.id).unwrap();
        let run = self.run(run);
        let known = self.journal.known_before(&run.id).unwrap();
        let net = Arc::clone(&self.net);
        if let Death::Requests(many) = death {
            net.enough_after(self.process, many);
        }
        let told = Notify::new();
        let after = match death {
            Death::Events(many) => Some(many),
            _ => None,
        };
        let before = self.events.len();
        self.fill_the_disk(death);
        let stretch = {
            let mut onlooker =
                Onlooker { events: &mut self.events, before, after, enough: &told, net: &net };
            let halt = Halt::default();
            let dies = doom(death, &net, &told, halt.clone());
            let (site, journal, clock) = (&self.site, &mut self.journal, self.clock);
            let (protected, own_account) = (self.protected.clone(), self.own_account.clone());
            let provisions = self.keys == Keys::Scim;
            let work = async {
                // Nothing is sent through a door other than the plan's. If the open doors can't be found, the
                // process ends here.
                find_doors(site, Need::of_run(&run)).await.ok()?;
                let doors = site.doors().provisioning_or_others(provisions);
                let mut executor = PeopleExecutor::new(site.clone(), doors, known);
                if how.recheck {
                    // If the guards can't be read, nothing is sent.
                    let guards = guards_of(site, run.job, &protected, &own_account).await.ok()?;
                    executor = executor.guarded(guards, saw_every_mail(&run));
                }
                let context = RunContext {
                    journal,
                    run: &run,
                    executor: Arc::new(executor),
                    options: how,
                    halt,
                    clock,
                    watcher: &mut onlooker,
                };
                Some(carry_out(context).await)
            };
            let mut work = std::pin::pin!(work);
            let mut polls = 0;
            let work = std::future::poll_fn(|context| {
                polls += 1;
                if death == Death::Polls(polls) {
                    return std::task::Poll::Ready(None);
                }
                work.as_mut().poll(context)
            });
            let ended = timeout(FOREVER, async {
                tokio::select! {
                    biased;
                    () = dies => None,
                    ended = work => ended,
                }
            });
            ended.await.unwrap_or_else(|_| panic!("it hangs"))
        };
        let stretch = match stretch {
            None => Stretch::Died,
            Some(Ok(ending)) => Stretch::Ended(ending),
            Some(Err(error)) => Stretch::Broke(error),
        };
        self.net.ended(self.process);
        self.recount(before);
        if matches!(death, Death::Disk(_)) {
            self.clear_the_disk();
        }
        self.tell(format!("{death:?}: {stretch:?}"));
        stretch
    }

    /// Makes the journal unwritable after this many more rows, with triggers of another connection.
    fn fill_the_disk(&self, death: Death) {
        let Death::Disk(lines) = death else { return };
        // A server's disk is another machine's.
        if journals::are_on_a_server() {
            return;
        }
        let mut sql = format!("CREATE TABLE room (lines); INSERT INTO room VALUES ({lines});");
        for (table, what) in TRIGGERS {
            sql += &format!(
                "CREATE TRIGGER full_{table}_{what} BEFORE {what} ON {table} BEGIN
                    UPDATE room SET lines = lines - 1;
                    SELECT RAISE(ABORT, 'database or disk is full')
                    WHERE (SELECT lines FROM room) < 0;
                 END;"
            );
        }
        rusqlite::Connection::open(&self.path).unwrap().execute_batch(&sql).unwrap();
    }

    fn clear_the_disk(&self) {
        if journals::are_on_a_server() {
            return;
        }
        let mut sql = "DROP TABLE room;".to_owned();
        for (table, what) in TRIGGERS {
            sql += &format!("DROP TRIGGER full_{table}_{what};");
        }
        rusqlite::Connection::open(&self.path).unwrap().execute_batch(&sql).unwrap();
    }

    /// Adds the events of a process to the story.
    fn recount(&mut self, from: usize) {
        for event in &self.events[from..] {
            // This event contains a time of day.
            let words = match event {
                Event::Waiting { why, .. } => format!("waiting: {why}"),
                event => serde_json::to_string(event).unwrap(),
            };
            self.story.push(format!("              {words}"));
        }
    }
}

impl Drop for Machine {
    /// Prints the story of a failed seed.
    fn drop(&mut self) {
        if std::thread::panicking() && std::env::var_os("HEADCOUNT_SIM_SEED").is_some() {
            for line in &self.story {
                println!("{line}");
            }
            for line in self.net.lines() {
                println!("{line:?}");
            }
        }
    }
}

async fn doom(death: Death, net: &Network, told: &Notify, halt: Halt) {
    let millis = Duration::from_millis;
    match death {
        Death::Never | Death::Polls(_) | Death::Disk(_) => std::future::pending().await,
        Death::At(at) => sleep(millis(at)).await,
        Death::Requests(_) => net.enough.notified().await,
        Death::Events(_) => told.notified().await,
        Death::Drain(at) => {
            sleep(millis(at)).await;
            halt.at_least(Level::Drain);
            std::future::pending().await
        }
        Death::Now(at) => {
            sleep(millis(at)).await;
            halt.at_least(Level::Now);
            std::future::pending().await
        }
    }
}
