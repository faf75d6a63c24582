//! The readers of both outputs go away at a random moment of a job, of its resume, and of its undo; sometimes the terminal
//! hangs up then, as a lost SSH connection does. Every row still ends as it would with a reader, and no change is made
//! twice.
//!
//! `HEADCOUNT_READER_FROM` and `HEADCOUNT_READER_SEEDS` live other seeds, and more of them.

use std::io::{PipeReader, Read, pipe};
use std::process::{Child, Stdio};
use std::time::Duration;

use fastrand::Rng;
use headcount_sandbox::Config;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::answers::at_once;
use crate::harness::{World, table};

const SEEDS: u64 = 18;
const ROWS: usize = 12;

/// A job, its file, and its undo (`None`: an undo changes nothing).
struct Job {
    line: &'static str,
    heading: &'static str,
    row: fn(usize) -> String,
    undo: Option<&'static str>,
}

const UNDO: Option<&str> = Some("run undo last --yes --max-changes 99");

const JOBS: [Job; 6] = [
    Job { line: "member add", heading: "Email,Group", row: member, undo: UNDO },
    Job { line: "user deactivate", heading: "Email", row: mail, undo: UNDO },
    Job { line: "user suspend", heading: "Email", row: mail, undo: UNDO },
    Job { line: "user remove", heading: "Email", row: mail, undo: None },
    Job { line: "user create", heading: "emailAddress", row: new_mail, undo: None },
    Job { line: "group create", heading: "name", row: group, undo: Some("run undo last --yes --max-changes 99 --remove-created") },
];

fn mail(number: usize) -> String {
    format!("reader{number}@banc.ly")
}

fn new_mail(number: usize) -> String {
    format!("newcomer{number}@banc.ly")
}

fn member(number: usize) -> String {
    format!("{},hanoi-legal", mail(number))
}

fn group(number: usize) -> String {
    format!("reading-{number}")
}

/// When the reader of an output goes away.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    Never,
    /// After this many bytes; the program has just written them.
    After(u64),
}

impl Leaves {
    fn draw(rng: &mut Rng) -> Self {
        match rng.u8(..5) {
            0 => Self::Never,
            1 => Self::After(rng.u64(..200)),
            2 => Self::After(rng.u64(..1_200)),
            _ => Self::After(rng.u64(..9_000)),
        }
    }

    /// Reads until then, or to the end.
    fn read(self, pipe: PipeReader) -> String {
        let most = match self {
            Self::Never => u64::MAX,
            Self::After(bytes) => bytes,
        };
        let mut bytes = Vec::new();
        pipe.take(most).read_to_end(&mut bytes).expect("a pipe can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Which readers there are.
#[derive(Clone, Copy, Debug)]
enum Readers {
    /// One of both outputs (`2>&1`).
    Common(Leaves),
    /// One of standard output, and one of standard error.
    Two(Leaves, Leaves),
}

/// How a command lives.
#[derive(Clone, Copy, Debug)]
struct Life {
    readers: Readers,
    /// Whether the terminal hangs up when the first reader has gone.
    hangs_up: bool,
}

impl Life {
    fn draw(rng: &mut Rng, may_hang_up: bool) -> Self {
        let readers = match rng.bool() {
            true => Readers::Common(Leaves::draw(rng)),
            false => Readers::Two(Leaves::draw(rng), Leaves::draw(rng)),
        };
        Self { readers, hangs_up: rng.u8(..3) == 0 && may_hang_up }
    }

    /// Runs a command so. Returns its exit code.
    fn run(self, world: &World, line: &str) -> i32 {
        let start = |output: Stdio, error: Stdio| world.command(line).spawn_to(output, error);
        let (mut child, read) = match self.readers {
            Readers::Common(leaves) => {
                let (reader, writer) = pipe().expect("a pipe");
                let same = writer.try_clone().expect("a pipe");
                let child = start(writer.into(), same.into());
                let read = leaves.read(reader);
                self.hang_up(&child);
                (child, read)
            }
            Readers::Two(first, second) => {
                let ((out, to_out), (error, to_error)) = (pipe().expect("two"), pipe().expect("pipes"));
                let child = start(to_out.into(), to_error.into());
                let read = std::thread::scope(|scope| {
                    let of_error = scope.spawn(move || second.read(error));
                    let read = first.read(out);
                    self.hang_up(&child);
                    read + &of_error.join().expect("the thread ends")
                });
                (child, read)
            }
        };
        let status = child.wait().expect("it ends");
        world.check_text("what was read", &read);
        assert!(!read.contains("headcount has a bug"), "{line}, {self:?}: {read}");
        status.code().unwrap_or_else(|| panic!("{line}, {self:?}: {status}"))
    }

    fn hang_up(self, child: &Child) {
        if self.hangs_up {
            // It is not waited for yet, so its number is still its own.
            kill_process(Pid::from_child(child), Signal::HUP).expect("the program is there");
        }
    }
}

/// Applies a command, and resumes it if it was interrupted.
fn applied(world: &World, rng: &mut Rng, line: &str) {
    let runs = || match world.run("run list").exit(0).stdout.as_str() {
        "no runs yet\n" => 0,
        list => list.lines().count(),
    };
    let before = runs();
    let flags = ["", "--json ", "--verbose ", "--json --verbose "];
    let mut may_hang_up = true;
    loop {
        let is_begun = runs() > before;
        let line = if is_begun { "run resume last --yes --max-changes 99" } else { line };
        let line = format!("{}{line}", flags[rng.usize(..flags.len())]);
        let life = Life::draw(rng, may_hang_up);
        match life.run(world, &line) {
            0 => return,
            130 if life.hangs_up => may_hang_up = false,
            code => panic!("{line}: exit {code}, {life:?}"),
        }
    }
}

fn live(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let job = &JOBS[rng.usize(..JOBS.len())];
    // So slow that a reader can go away between two rows.
    let latency = Duration::from_millis([0, 2, 8][rng.usize(..3)]);
    let mut world = World::of(Config { latency, ..Config::default() });
    let people: Vec<_> = (0..ROWS).map(|at| json!({ "email": mail(at), "name": "R" })).collect();
    let all: Vec<_> = (0..ROWS)
        .map(|at| json!({ "email": mail(at), "group": "jira-software-users" }))
        .collect();
    world.seed(json!({ "people": people, "memberships": all }));
    let rows: String = (0..ROWS).map(|at| (job.row)(at) + "\n").collect();
    world.file("rows.csv", format!("{}\n{rows}", job.heading));
    let canary = rng.usize(..3);
    let at_once = [1, 4][rng.usize(..2)];
    let line = format!(
        "{} rows.csv --yes --max-changes 99 --canary {canary} --concurrency {at_once}",
        job.line
    );
    applied(&world, &mut rng, &line);
    all_changed(&world, job);
    if let Some(undo) = job.undo {
        applied(&world, &mut rng, undo);
        all_changed(&world, job);
    }
    world.nothing_twice();
}

#[track_caller]
fn all_changed(world: &World, job: &Job) {
    let report = table(&world.run("run report last").exit(0).stdout);
    let outcome = report[0].iter().position(|heading| heading == "outcome").expect("there");
    assert_eq!(report.len(), ROWS + 1, "{}: {report:?}", job.line);
    assert!(report[1..].iter().all(|row| row[outcome] == "changed"), "{}: {report:?}", job.line);
}

#[test]
fn readers_that_go_away_at_any_moment_change_no_outcome() {
    let asked = |name: &str| std::env::var(name).ok()?.parse().ok();
    let from = asked("HEADCOUNT_READER_FROM").unwrap_or(0);
    let seeds = asked("HEADCOUNT_READER_SEEDS").unwrap_or(SEEDS);
    let seeds: Vec<u64> = (from..from + seeds).collect();
    at_once(&seeds, |&seed| {
        let lived = std::panic::catch_unwind(|| live(seed));
        if let Err(panic) = lived {
            eprintln!("seed {seed} fails (HEADCOUNT_READER_FROM={seed} HEADCOUNT_READER_SEEDS=1)");
            std::panic::resume_unwind(panic);
        }
    });
}
