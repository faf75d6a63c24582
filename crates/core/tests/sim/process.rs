//! One simulated machine: a journal on its disk, a site behind the network, and processes that
//! plan, carry out, die and come back.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use headcount_core::directory::Directory;
use headcount_core::journal::{Journal, NewRun, Run};
use headcount_core::plan::guard::{Guards, Oneself};
use headcount_core::plan::look_up::{Asking, look_up, look_up_undo};
use headcount_core::plan::resolve::Spec;
use headcount_core::plan::undo::{inverse_job, plan_undo};
use headcount_core::plan::{plan_rows, read_rows};
use headcount_core::profile::access::{Access, Address, JiraKey, OrgKey, Setting};
use headcount_core::run::{
    CanaryReport, Ending, Halt, How, Level, PeopleHands, Places, RunError, Watcher, carry_out,
    remember_waits,
};
use headcount_core::sheet::{Input, Options, Source, open};
use headcount_core::site::pace::{PaceSettings, Pacer};
use headcount_core::site::{Limits, Site};
use headcount_core::values::clock::Clock;
use headcount_core::values::event::Event;
use headcount_core::values::job::Job;
use headcount_core::values::protected::Protected;
use headcount_core::values::user::Product;
use headcount_sandbox::{Config, Sandbox};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::network::Network;
use super::points::Points;
use super::weather::Weather;

/// No stretch of a run may take longer: it hangs.
const FOREVER: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// When a process dies or is told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    Never,
    /// After so many milliseconds.
    At(u64),
    /// When so many requests have reached the network.
    Requests(u64),
    /// After so many events.
    Events(u64),
    /// After the run's own task has been polled so often.
    Polls(u64),
    /// Not a death: Ctrl-C once, or twice, after so many milliseconds.
    Drain(u64),
    Now(u64),
    /// Not a death: the disk is full after so many more lines of the journal were written.
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

/// What a run writes while it is carried out.
const TRIGGERS: [(&str, &str); 4] =
    [("steps", "UPDATE"), ("rows", "UPDATE"), ("requests", "INSERT"), ("runs", "UPDATE")];

/// How a stretch went.
#[derive(Debug)]
pub enum Stretch {
    /// It died.
    Died,
    Ended(Ending),
    Broke(RunError),
}

pub struct Machine {
    pub net: Arc<Network>,
    pub journal: Journal,
    pub site: Site,
    pub clock: Clock,
    /// What happened, in order, for replays; without times of day.
    pub story: Vec<String>,
    /// Every event that was told.
    pub events: Vec<Event>,
    pub path: PathBuf,
    /// Whether reads by id lag as searches do: it does not change, for nothing goes back in time.
    pub lags_by_id: bool,
    /// Whom the profile protects.
    pub protected: Protected,
    access: Access,
    limits: Limits,
    pace: PaceSettings,
    _folder: TempDir,
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

/// The sandbox's own port is another each time, and would stand in the story.
const URL: &str = "http://127.0.0.1:8080";

fn access(sandbox: &Sandbox) -> Access {
    let card = sandbox.card().clone();
    let mut access = Access::none();
    access.admin_url = Address::parse(Setting::AdminUrl, URL).unwrap();
    access.cloud_url = Some(Address::parse(Setting::CloudUrl, URL).unwrap());
    access.jira = Some(JiraKey { email: card.email, token: card.api_token.into() });
    access.org = Some(OrgKey { key: card.org_api_key.into(), org_id: None, directory_id: None });
    access
}

/// What sites have asked for outlives the process.
fn remember(journal: &Journal, site: &Site, clock: Clock) {
    let places = Places { jira: URL.into(), admin: URL.into() };
    remember_waits(journal.waits().unwrap(), &site.pacer, places, clock).unwrap();
}

impl Machine {
    /// A machine and an organisation drawn from a seed.
    pub async fn new(rng: &mut Rng) -> Self {
        let people = rng.usize(15..160);
        // For the conformance check of what the client asks and the sandbox answers.
        let record = std::env::var_os("HEADCOUNT_RECORD").map(Into::into);
        let config = Config { people: Some(people), record, ..Config::default() };
        let network = rng.fork();
        let pace = PaceSettings {
            concurrency: [None, None, Some(1), Some(3), Some(32)][rng.usize(..5)],
            rate: [None, None, None, Some(20.0)][rng.usize(..4)],
            seed: rng.u64(..),
        };
        Self::of(config, pace, network).await
    }

    /// A machine before this sandbox.
    pub async fn of(config: Config, pace: PaceSettings, rng: Rng) -> Self {
        let sandbox = headcount_sandbox::start(config).await.unwrap();
        let access = access(&sandbox);
        let net = Network::new(sandbox, rng);
        let now = net.control("GET", "clock", Value::Null).await["now_ms"].as_i64().unwrap();
        // Whole seconds, which waits are rounded to: the same seed waits as long each time.
        let clock = Clock::anchored(jiff::Timestamp::from_second(now / 1000).unwrap());
        let folder = match std::path::Path::new("/dev/shm") {
            shm if shm.is_dir() => tempfile::tempdir_in(shm),
            _ => tempfile::tempdir(),
        }
        .unwrap();
        let path = folder.path().join("journal.db");
        let journal = Journal::open(&path).unwrap();
        let limits = Limits::default();
        let transport = net.begin(Weather::calm(), &limits);
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
            access,
            limits,
            pace,
            _folder: folder,
        }
    }

    pub fn tell(&mut self, what: impl Into<String>) {
        let line = format!("{:>9} ms  {}", self.net.now(), what.into());
        self.story.push(line);
    }

    /// A new process: nothing learnt, the journal opened anew.
    pub fn begin(&mut self, weather: Weather) {
        self.tell(format!("a new process, {weather:?}"));
        let transport = self.net.begin(weather, &self.limits);
        let pacer = Pacer::new(self.pace);
        self.site =
            Site::open(&self.access, transport, self.limits.clone(), pacer, self.clock).unwrap();
        self.journal = Journal::open(&self.path).unwrap();
        if let Some(points) = self.net.points.get() {
            self.journal.watch(points.probe());
        }
        remember(&self.journal, &self.site, self.clock);
    }

    /// From now on processes die where these points say.
    pub fn die_at(&mut self, points: &Arc<Points>) {
        assert!(self.net.points.set(Arc::clone(points)).is_ok(), "once");
        self.begin(Weather::calm());
    }

    fn new_run(&self, job: Job, headings: &[String]) -> NewRun {
        NewRun {
            job,
            site: self.site.name.clone(),
            organisation: None,
            profile: "sim".into(),
            input: "sim.csv".into(),
            headings: headings.to_vec(),
            options: Value::Null,
            undoes: None,
            at: self.clock.now(),
        }
    }

    /// Plans a job from the text of a sheet; `Err`: there is no plan, and what was said.
    pub async fn plan(&mut self, job: Job, text: &str) -> Result<Run, String> {
        let options = Options::default();
        let source = Source { name: "sim.csv".into(), input: Input::Bytes(text.into()) };
        let mut sheet = open(source, &options).unwrap();
        let columns = sheet.columns(job.into(), &options).unwrap();
        let new = self.new_run(job, sheet.headings());
        let (run, lock) = self.journal.begin(&new).unwrap();
        let planned = async {
            read_rows(&mut self.journal, &run, &mut sheet, &columns, &mut |_| {}).unwrap();
            let mut directory = Directory::default();
            let myself = self.site.jira.as_ref().unwrap().myself().await;
            let oneself = myself.map_err(|error| error.to_string())?.id;
            let oneself = Oneself { account: Some(oneself), mail: None };
            let asking = Asking {
                run: &run,
                columns: &columns,
                oneself: &oneself,
                people_from_exports: false,
                groups_from_exports: false,
            };
            look_up(&mut self.journal, asking, &self.site, &mut directory, &mut |_| {})
                .await
                .map_err(|error| error.to_string())?;
            let spec = Spec {
                job,
                products: vec![Product::JiraSoftware],
                invite: None,
                message: None,
                guards: Guards { oneself, protected: self.protected.clone() },
            };
            plan_rows(&mut self.journal, &run, &columns, &directory, &spec).unwrap();
            Ok::<_, String>(())
        };
        let planned = timeout(FOREVER, planned).await.expect("planning hangs");
        self.seal(run, planned, lock)
    }

    /// Plans the undo of a run.
    pub async fn plan_undo(&mut self, undone: &Run, remove_created: bool) -> Result<Run, String> {
        let job = inverse_job(undone.job);
        let new = NewRun { undoes: Some(undone.id.clone()), ..self.new_run(job, &undone.headings) };
        let (run, lock) = self.journal.begin(&new).unwrap();
        let planned = async {
            self.journal.set_durable(false).unwrap();
            let mut directory = Directory::default();
            let myself = self.site.jira.as_ref().unwrap().myself().await;
            let oneself = myself.map_err(|error| error.to_string())?.id;
            look_up_undo(&self.journal, &run, undone, &self.site, &mut directory, &mut |_| {})
                .await
                .map_err(|error| error.to_string())?;
            let oneself = Oneself { account: Some(oneself), mail: None };
            let guards = Guards { oneself, protected: self.protected.clone() };
            plan_undo(&mut self.journal, &run, &undone.id, &directory, &guards, remove_created)
                .unwrap();
            Ok::<_, String>(())
        };
        let planned = timeout(FOREVER, planned).await.expect("planning hangs");
        self.seal(run, planned, lock)
    }

    fn seal(
        &mut self,
        run: Run,
        planned: Result<(), String>,
        _lock: headcount_core::journal::RunLock,
    ) -> Result<Run, String> {
        if let Err(why) = planned {
            self.tell(format!("no plan: {why}"));
            self.journal.discard(&run.id).unwrap();
            return Err(why);
        }
        self.journal.seal(&run.id, self.clock.now()).unwrap();
        Ok(self.run(&run))
    }

    /// The run as the journal has it now.
    pub fn run(&self, run: &Run) -> Run {
        self.journal.run(run.id.as_str()).unwrap()
    }

    /// Requests of one kind that can be under way at once.
    pub fn at_once(&self) -> usize {
        self.pace.concurrency.map_or(32, |many| many as usize)
    }

    /// Carries a run out, or goes on with it, until it ends or the process dies.
    pub async fn stretch(&mut self, run: &Run, how: &How, death: Death) -> Stretch {
        let _lock = self.journal.lock(&run.id).unwrap();
        let run = self.run(run);
        let known = self.journal.known_accounts(&run.id).unwrap();
        let hands = Arc::new(PeopleHands::new(self.site.clone(), known));
        let net = Arc::clone(&self.net);
        net.enough_after(match death {
            Death::Requests(many) => Some(many),
            _ => None,
        });
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
            let work =
                carry_out(&mut self.journal, &run, hands, how, halt, self.clock, &mut onlooker);
            let mut work = std::pin::pin!(work);
            let mut polls = 0;
            let work = std::future::poll_fn(|context| {
                polls += 1;
                if death == Death::Polls(polls) {
                    return std::task::Poll::Ready(None);
                }
                work.as_mut().poll(context).map(Some)
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
        self.net.ended();
        self.recount(before);
        if matches!(death, Death::Disk(_)) {
            self.clear_the_disk();
        }
        self.tell(format!("{death:?}: {stretch:?}"));
        stretch
    }

    /// From the so many-th line on, the journal can't be written: by triggers of another program.
    fn fill_the_disk(&self, death: Death) {
        let Death::Disk(lines) = death else { return };
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
        let mut sql = "DROP TABLE room;".to_owned();
        for (table, what) in TRIGGERS {
            sql += &format!("DROP TRIGGER full_{table}_{what};");
        }
        rusqlite::Connection::open(&self.path).unwrap().execute_batch(&sql).unwrap();
    }

    /// Puts the events of a stretch into the story.
    fn recount(&mut self, from: usize) {
        for event in &self.events[from..] {
            // That one holds a time of day.
            let words = match event {
                Event::Waiting { why, .. } => format!("waiting: {why}"),
                event => serde_json::to_string(event).unwrap(),
            };
            self.story.push(format!("              {words}"));
        }
    }
}

impl Drop for Machine {
    /// Whoever looks at one seed that fails sees how it came to that.
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
