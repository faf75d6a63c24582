//! A sandbox and a journal, and every job for them.

use std::sync::Arc;
use std::time::Duration;

use headcount_engine::{
    CanaryReport, DAY, Ending, Halt, Patience, RunContext, RunOptions, Verify, Watcher, carry_out,
};
use headcount_journal::{Journal, NewRun, Run};
use headcount_model::clock::Clock;
use headcount_model::event::Event;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::user::{AccountId, Product};
use headcount_people::directory::Directory;
use headcount_people::executor::PeopleExecutor;
use headcount_people::jobs;
use headcount_people::plan::look_up::{Asking, look_up, look_up_undo};
use headcount_people::plan::undo::{Asked, plan_undo};
use headcount_people::plan::{plan_rows, read_rows};
use headcount_people::resolve::Spec;
use headcount_people::resolve::{Guards, OwnAccount};
use headcount_people::rows::Columns;
use headcount_people::rows::open;
use headcount_sheet::{Input, Options, Source};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Notify;

use crate::support::{Keys, Playground};

/// A job, its credentials, and a sheet whose rows all change something in a fresh [`World`].
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub job: Job,
    pub sheet: &'static str,
    pub keys: Keys,
}

const fn case(job: Job, keys: Keys, sheet: &'static str) -> Case {
    Case { job, sheet, keys }
}

const MEMBERS: &str = "Email,Group\nvdillow@banc.ly,oslo-engineering\nftoten2@banc.ly,hanoi-legal\n\
     amelmeth@banc.ly,houston-sales\njfloat@banc.ly,oslo-engineering\ndsnapper@banc.ly,hanoi-legal\n";
const THREE: &str = "email\nvdillow@banc.ly\nftoten2@banc.ly\namelmeth@banc.ly\n";
const GROUPS: &str = "name,description\nnew-1,one\nnew-2,\n\"new, 3\",three\n";

const EMPTY: &str = "Group\nempty-1\nempty-2\n\"empty, 3\"\n";

/// Every job, with every combination of credentials.
pub const CASES: [Case; 21] = [
    case(Job::AddMembers, Keys::Both, MEMBERS),
    case(
        Job::CreateUsers,
        Keys::Both,
        "emailAddress\na@example.com\nb@example.com\nc@example.com\nd@example.com\n",
    ),
    case(Job::DeactivateUsers, Keys::Both, THREE),
    case(Job::DeleteUsers, Keys::Both, THREE),
    case(Job::CancelDeleteUsers, Keys::Both, "email\nd1@banc.ly\nd2@banc.ly\nd3@banc.ly\n"),
    case(
        Job::ChangeEmails,
        Keys::Both,
        "accountId,New email\ne2345d51eaa4xxx984e377ce,verna@banc.ly\n982bfd68520fxxx71daccb32,florian@banc.ly\n7a4b625f3fd5xxx24d741ac7,anissa@banc.ly\n",
    ),
    case(Job::SuspendUsers, Keys::Both, THREE),
    case(Job::RestoreUsers, Keys::Org, "email\ns1@banc.ly\ns2@banc.ly\ns3@banc.ly\n"),
    case(Job::RemoveUsers, Keys::Both, THREE),
    case(Job::RemoveUsers, Keys::Org, THREE),
    case(Job::AddMembers, Keys::Org, MEMBERS),
    case(
        Job::RemoveMembers,
        Keys::Org,
        "Email,Group\ns1@banc.ly,oslo-engineering\ns2@banc.ly,hanoi-legal\ns3@banc.ly,hanoi-legal\n",
    ),
    case(Job::CreateGroups, Keys::Both, GROUPS),
    case(Job::CreateGroups, Keys::Jira, GROUPS),
    case(Job::RemoveGroups, Keys::Both, EMPTY),
    case(Job::RemoveGroups, Keys::Jira, EMPTY),
    case(Job::RemoveGroups, Keys::Org, EMPTY),
    case(
        Job::GrantAccess,
        Keys::Org,
        "Email,Product\nvdillow@banc.ly,jira-core\nftoten2@banc.ly,jira-core\namelmeth@banc.ly,jira-core\n",
    ),
    case(
        Job::RevokeAccess,
        Keys::Org,
        "Email,Product\ns1@banc.ly,jira-core\ns2@banc.ly,jira-core\ns3@banc.ly,jira-core\n",
    ),
    case(
        Job::RevokeTokens,
        Keys::Org,
        "Email,Token id\ns1@banc.ly,t-1\ns2@banc.ly,t-2\ns3@banc.ly,t-3\n",
    ),
    case(Job::UnlinkUsers, Keys::Org, "email\nl1@banc.ly\nl2@banc.ly\nl3@banc.ly\n"),
];

/// The account of the sandbox's credentials.
const ADMIN: &str = "admin@banc.ly";

pub struct World {
    pub play: Playground,
    pub journal: Journal,
    /// The computer's clock.
    pub clock: Clock,
    /// Whether new users are invited.
    pub invite: bool,
    _folder: TempDir,
}

/// Stops the run after this many events; asks nothing.
pub struct Onlooker {
    pub events: Vec<Event>,
    after: Option<usize>,
    enough: Arc<Notify>,
}

impl Watcher for Onlooker {
    fn event(&mut self, event: &Event) {
        self.events.push(event.clone());
        if Some(self.events.len()) == self.after {
            self.enough.notify_one();
        }
    }

    async fn go_on(&mut self, _: &[CanaryReport], _: u64) -> bool {
        true
    }
}

/// With a canary, and with short waits, because the sandbox does not lag.
pub fn how() -> RunOptions {
    let soon = |count| vec![Duration::from_millis(1); count];
    RunOptions {
        canary: 1,
        verify: Verify::Canary,
        max_failures: 0,
        max_changes: None,
        recheck: false,
        rereads_unknown: true,
        patience: Patience {
            longest_wait: DAY,
            without_progress: Duration::from_secs(60),
            looks: soon(3),
            looks_for_undone: soon(2),
            looks_before_failing: soon(1),
            sendings: 4,
            proof: Duration::ZERO,
        },
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(Keys::Both).await
    }

    /// A world with these credentials, three suspended users, three deleted ones, three of an identity provider, and three
    /// empty groups.
    pub async fn with(keys: Keys) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = headcount_journal_sqlite::open(&folder.path().join("journal.db")).unwrap();
        let play = Playground::new(keys).await;
        let group = |at: usize| if at == 1 { "oslo-engineering" } else { "hanoi-legal" };
        let people: Vec<_> = (1..4)
            .map(|at| {
                json!({
                    "email": format!("s{at}@banc.ly"), "name": format!("S {at}"), "place": "suspended",
                    "roles": {"jira-core": ["user"]},
                    "tokens": [{"id": format!("t-{at}"), "label": "ci", "made_ms": 1_700_000_000_000_u64}],
                })
            })
            .collect();
        let deleted = (1..4).map(|at| {
            json!({"email": format!("d{at}@banc.ly"), "name": format!("D {at}"), "lifecycle": "for-deletion"})
        });
        let linked = (1..4).map(|at| {
            json!({"email": format!("l{at}@banc.ly"), "name": format!("L {at}"), "source": "scim"})
        });
        let people: Vec<_> = people.into_iter().chain(deleted).chain(linked).collect();
        let memberships: Vec<_> = (1..4)
            .map(|at| json!({"email": format!("s{at}@banc.ly"), "group": group(at)}))
            .collect();
        let empty = ["empty-1", "empty-2", "empty, 3"];
        let groups: Vec<_> = empty
            .iter()
            .enumerate()
            .map(|(at, name)| json!({"id": format!("g-empty-{}", at + 1), "name": name}))
            .collect();
        let more = json!({"people": people, "groups": groups, "memberships": memberships});
        play.control("POST", "seed", more).await;
        Self { play, journal, clock: Clock::System, invite: false, _folder: folder }
    }

    /// Reads what the command line reads before a job on the directory.
    async fn prepare(&self, job: Job) {
        let by_jira = self.play.site.jira.is_some();
        let in_directory = match job {
            Job::SuspendUsers
            | Job::RestoreUsers
            | Job::CreateGroups
            | Job::RemoveGroups
            | Job::GrantAccess
            | Job::RevokeAccess => true,
            _ => !by_jira,
        };
        if let (Some(admin), true) = (&self.play.site.admin, in_directory) {
            // If nothing answers now, it is read again when it is needed.
            let _ = admin.home().await;
        }
    }

    fn new_run(&self, job: Job, headings: &[String]) -> NewRun {
        NewRun {
            job,
            site: self.play.site.name.clone(),
            organization: None,
            profile: "test".into(),
            input: "test.csv".into(),
            headings: headings.to_vec(),
            options: if self.invite { json!({"by": "invite"}) } else { Value::Null },
            undoes: None,
            at: self.clock.now(),
        }
    }

    /// Plans a job from the text of a sheet.
    pub async fn plan(&mut self, job: Job, sheet: &str) -> Run {
        self.prepare(job).await;
        let options = Options::default();
        let source = Source { name: "test.csv".into(), input: Input::Bytes(sheet.into()) };
        let mut sheet = open(source, &options).unwrap();
        let columns = Columns::of(&sheet, jobs::of(job).sheet, &options).unwrap();
        let new = self.new_run(job, sheet.headings());
        let (run, _lock) = self.journal.begin(&new).unwrap();
        let read = read_rows(&mut self.journal, &run, &mut sheet, &columns, &mut |_| {}).unwrap();
        let mut directory = Directory::default();
        let own_account = OwnAccount { account: Some(self.own_account().await), mail: None };
        let asking = Asking {
            run: &run,
            intents: &read.intents,
            own_account: &own_account,
            people_from_exports: false,
            groups_from_exports: false,
        };
        look_up(&mut self.journal, asking, &self.play.site, &mut directory, &mut |_| {})
            .await
            .unwrap();
        let invite = match (self.invite, &self.play.site.admin) {
            (true, Some(admin)) => Some(admin.resources(None).await.unwrap()),
            _ => None,
        };
        let spec = Spec {
            revoke_tokens: false,
            job,
            products: vec![Product::JiraSoftware],
            invite,
            message: None,
            guards: Guards { own_account, ..Guards::default() },
            doors: self.play.site.doors(),
        };
        plan_rows(&mut self.journal, &run, &read.intents, &directory, &spec).unwrap();
        self.seal(&run)
    }

    async fn own_account(&self) -> AccountId {
        AccountId::parse(&self.account(ADMIN).await).unwrap()
    }

    /// The account with an email address.
    pub async fn account(&self, mail: &str) -> String {
        let path = format!("state?only=people&email={mail}");
        let state = self.play.control("GET", &path, Value::Null).await;
        state["people"][0]["account_id"].as_str().unwrap().to_owned()
    }

    fn guards(&self, own_account: AccountId) -> Guards {
        let own_account = OwnAccount { account: Some(own_account), mail: None };
        Guards { own_account, ..Guards::default() }
    }

    fn seal(&mut self, run: &Run) -> Run {
        self.journal.seal(&run.id, Clock::System.now()).unwrap();
        self.run(run)
    }

    /// Plans the undo of a run.
    pub async fn plan_undo(&mut self, undone: &Run, remove_created: bool) -> Run {
        let job = jobs::of(undone.job).inverse;
        self.prepare(job).await;
        let new = NewRun { undoes: Some(undone.id.clone()), ..self.new_run(job, &undone.headings) };
        let (run, _lock) = self.journal.begin(&new).unwrap();
        let mut directory = Directory::default();
        look_up_undo(&self.journal, &run, undone, &self.play.site, &mut directory, &mut |_| {})
            .await
            .unwrap();
        let guards = self.guards(self.own_account().await);
        plan_undo(
            &mut self.journal,
            &run,
            &directory,
            &guards,
            &self.play.site.doors(),
            Asked {
                undone: &undone.id,
                remove_created,
                now: self.play.site.clock.now().map(|time| time.at_least),
            },
        )
        .unwrap();
        self.seal(&run)
    }

    /// The run as the journal has it now.
    pub fn run(&self, run: &Run) -> Run {
        self.journal.run(run.id.as_str()).unwrap()
    }

    /// Applies a run, or continues with it.
    pub async fn go(&mut self, run: &Run, how: &RunOptions) -> (Ending, Vec<Event>) {
        let (ending, onlooker) = self.go_until(run, how, None).await;
        (ending.expect("not broken off"), onlooker.events)
    }

    /// The same, but interrupted after this many events, as by a crash. `None` if it was interrupted.
    pub async fn go_until(
        &mut self,
        run: &Run,
        how: &RunOptions,
        after: Option<usize>,
    ) -> (Option<Ending>, Onlooker) {
        let run = self.run(run);
        self.prepare(run.job).await;
        let known = self.journal.known_before(&run.id).unwrap();
        let executor =
            Arc::new(PeopleExecutor::new(self.play.site.clone(), self.play.site.doors(), known));
        let enough = Arc::new(Notify::new());
        let mut onlooker = Onlooker { events: Vec::new(), after, enough: Arc::clone(&enough) };
        let halt = Halt::default();
        let ending = tokio::select! {
            biased;
            () = enough.notified() => None,
            ending = carry_out(RunContext {
                journal: &mut self.journal,
                run: &run,
                executor,
                options: how,
                halt,
                clock: self.clock,
                watcher: &mut onlooker,
            }) => Some(ending.unwrap()),
        };
        (ending, onlooker)
    }

    /// Rows by outcome: changed, unchanged, failed, skipped, unknown, pending.
    pub fn outcomes(&self, run: &Run) -> [u64; 6] {
        let counts = self.journal.counts(&run.id).unwrap();
        [
            counts.changed,
            counts.unchanged,
            counts.failed,
            counts.skipped,
            counts.unknown,
            counts.pending,
        ]
    }

    /// The number of changes in the site's own log; panics if one was made twice.
    pub async fn effects(&self) -> u64 {
        let summary = self.play.control("GET", "log/summary", Value::Null).await;
        assert_eq!(summary["twice"], serde_json::json!([]), "{summary}");
        let effects = summary["effects"].as_object().unwrap();
        effects.values().map(|many| many.as_u64().unwrap()).sum()
    }

    /// Every row's outcome and detail, for messages of failed assertions.
    pub fn rows(&self, run: &Run) -> Vec<(Option<Outcome>, String)> {
        let rows = self.journal.rows(&run.id, 0, 1000).unwrap();
        rows.into_iter().map(|row| (row.outcome, row.detail)).collect()
    }
}
