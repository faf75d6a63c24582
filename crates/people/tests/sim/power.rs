//! A power failure: what was committed is there, what was being written is there completely or not at all, and the
//! run can be resumed.
//!
//! With `synchronous=FULL`, SQLite waits for the disk at the end of each commit, so a power failure can damage
//! only what was written after the last commit: the end of the write-ahead log. So a process is cut off at each
//! commit, and this end is damaged in several ways: it is shortened, sectors are missing, or it is full of
//! rubbish. During a checkpoint, the pages that are also in the log may be rubbish in the file itself. A test
//! can't show that the disk does what `fsync` asks for.

use std::cell::Cell;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use fastrand::Rng;
use headcount_atlassian::pace::PaceSettings;
use headcount_engine::{Ending, RunOptions};
use headcount_journal::{Count, Moment};
use headcount_model::job::Job;
use headcount_sandbox::Config;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::company::Books;
use super::crash::{calm, ends_alike, live};
use super::points::Place;
use super::process::{Death, Machine, Stretch};
use super::weather::Weather;

/// A disk writes this many bytes at a time.
const SECTOR: usize = 512;

/// What the power failure does to the bytes that were being written.
#[derive(Clone, Copy, Debug)]
enum Tear {
    /// All of them are on the disk.
    Whole,
    /// None of them is.
    Nothing,
    /// Only the first ones are.
    Cut,
    /// All but the last byte are.
    AlmostWhole,
    /// Some sectors are missing.
    Holes,
    /// The file is longer and ends with rubbish.
    Rubbish,
    /// All of them are, and a checkpoint had begun to write into the file itself.
    Checkpoint,
}

const TEARS: [Tear; 7] = [
    Tear::Whole,
    Tear::Nothing,
    Tear::Cut,
    Tear::AlmostWhole,
    Tear::Holes,
    Tear::Rubbish,
    Tear::Checkpoint,
];

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// A write-ahead log in SQLite's file format: a header of 32 bytes, then frames of 24 bytes and one page each. The
/// last frame of a commit contains the file's length after it.
pub struct Log {
    bytes: Vec<u8>,
}

impl Log {
    pub fn read(journal: &Path) -> Self {
        Self { bytes: fs::read(beside(journal)).unwrap_or_default() }
    }

    fn page_size(&self) -> usize {
        number(&self.bytes, 8)
    }

    /// The valid frames: whether each is the last of a commit, and where it ends. Frames of an earlier round of
    /// the log are not valid.
    fn frames(&self) -> impl Iterator<Item = (usize, bool, usize)> {
        let length = if self.bytes.is_empty() { 1 } else { 24 + self.page_size() };
        let frames = self.bytes.get(32..).unwrap_or_default().chunks_exact(length).enumerate();
        let same = |frame: &[u8]| frame[8..16] == self.bytes[16..24];
        frames.take_while(move |(_, frame)| same(frame)).map(move |(at, frame)| {
            (number(frame, 0), number(frame, 4) > 0, 32 + (at + 1) * length)
        })
    }

    /// The salt of this round of the log. A new round begins after all of the log was written to the file.
    fn round(&self) -> Vec<u8> {
        self.bytes.get(16..24).unwrap_or_default().to_vec()
    }

    /// The end of each commit.
    pub fn commits(&self) -> Vec<usize> {
        self.frames().filter(|(_, commits, _)| *commits).map(|(_, _, end)| end).collect()
    }
}

fn beside(journal: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", journal.display()))
}

/// Damages the bytes of the last commit. Leaves the journal's files as the next process finds them.
fn cut(machine: &mut Machine, tear: Tear, rng: &mut Rng) {
    let log = Log::read(&machine.path);
    let commits = log.commits();
    let end = *commits.last().unwrap();
    let safe = commits.iter().rev().nth(1).copied().unwrap_or(0);
    let mut file = fs::read(&machine.path).unwrap();
    let kept = log.bytes[..safe].to_vec();
    let mut tail = log.bytes[safe..end].to_vec();
    match tear {
        Tear::Whole => {}
        Tear::Nothing => tail.clear(),
        Tear::Cut => tail.truncate(rng.usize(1..tail.len())),
        Tear::AlmostWhole => tail.truncate(tail.len() - 1),
        Tear::Holes => {
            let sectors = tail.len().div_ceil(SECTOR);
            let lost = rng.usize(..sectors);
            for (at, sector) in tail.chunks_mut(SECTOR).enumerate() {
                if at == lost || rng.bool() {
                    sector.fill(0);
                }
            }
        }
        Tear::Rubbish => tail.iter_mut().for_each(|byte| *byte = rng.u8(..)),
        Tear::Checkpoint => {
            let size = log.page_size();
            for (page, _, _) in log.frames().filter(|(page, _, _)| *page > 1) {
                file.resize(file.len().max(page * size), 0);
                file[(page - 1) * size..page * size].fill_with(|| rng.u8(..));
            }
        }
    }
    let is_whole = matches!(tear, Tear::Whole | Tear::Checkpoint);
    let expected = if is_whole { &log.bytes[..end] } else { &kept[..] };
    let shown = said(&written(machine, "expected", &fs::read(&machine.path).unwrap(), expected));
    let torn = [kept.as_slice(), tail.as_slice()].concat();
    assert_eq!(said(&written(machine, "looked-at", &file, &torn)), shown, "{tear:?}");
    machine.path = written(machine, "journal", &file, &torn);
}

/// A journal with these files. The log's shared memory does not survive a power failure.
fn written(machine: &Machine, name: &str, file: &[u8], log: &[u8]) -> PathBuf {
    let path = machine.path.with_file_name(format!("{name}-after.db"));
    assert!(!path.exists() || name != "journal", "one power cut a life");
    fs::write(&path, file).unwrap();
    fs::write(beside(&path), log).unwrap();
    path
}

/// The whole content of the journal as the next process would read it. The files are deleted.
fn said(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let list = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns)
                .map(|at| row.get::<_, rusqlite::types::Value>(at))
                .collect::<Result<Vec<_>, _>>()
        });
        rows.unwrap().map(|row| format!("{:?}", row.unwrap())).collect()
    };
    assert_eq!(list("PRAGMA integrity_check"), [r#"[Text("ok")]"#]);
    let tables = ["runs", "rows", "steps", "serves", "requests", "draft_names", "known_before"];
    let said = tables.iter().flat_map(|table| list(&format!("SELECT '{table}', * FROM {table}")));
    let said = said.collect();
    drop(connection);
    fs::remove_file(path).unwrap();
    let _ = fs::remove_file(beside(path));
    said
}

/// Adds this many users to a group, on a site so slow that many requests are open at the same time. Returns the
/// number of commits. All of them are commits in the file, and the file has no others.
async fn adds(rows: usize) -> usize {
    let pace = PaceSettings { concurrency: Some(32), rate: None, seed: 1 };
    let config = Config { people: Some(rows * 2), ..Config::default() };
    let mut machine = Machine::of(config, pace, Rng::with_seed(1)).await;
    let books = Books::read(&machine.net).await;
    let group = json!({ "groups": [{ "name": "all-hands-new" }] });
    machine.net.control("POST", "seed", group).await;
    let mut sheet = "accountId,Group\n".to_owned();
    let here = |person: &Value| person.get("place").is_none() && person.get("kind").is_none();
    for (account, _) in books.people.iter().filter(|(_, person)| here(person)).take(rows) {
        writeln!(sheet, "{account},all-hands-new").unwrap();
    }
    machine.begin(Weather::latency(20));
    let log = Log::read(&machine.path);
    let seen = Mutex::new((log.round(), log.commits().len(), 0));
    let counted = Arc::new(AtomicUsize::new(0));
    let (count, path) = (Arc::clone(&counted), machine.path.clone());
    machine.journal.watch(Arc::new(move |moment| {
        let counted = match moment {
            Moment::BeforeCommit => count.load(Ordering::Relaxed),
            Moment::AfterCommit => count.fetch_add(1, Ordering::Relaxed) + 1,
        };
        let log = Log::read(&path);
        let mut seen = seen.lock().unwrap();
        let (round, last, all) = &mut *seen;
        if *round != log.round() {
            (*round, *last) = (log.round(), 0);
        }
        *all += log.commits().len() - *last;
        *last = log.commits().len();
        assert_eq!(*all, counted, "a commit went past the seam, {moment:?}");
    }));
    let run = machine.plan(Job::AddMembers, &sheet).await.unwrap();
    assert_eq!(machine.journal.count(&run.id, Count::OpenSteps).unwrap(), rows as u64);
    let planned = counted.load(Ordering::Relaxed);
    assert!(planned > 3, "{planned} commits to plan");
    let how = RunOptions::default();
    let Stretch::Ended(Ending::Finished) = machine.stretch(&run, &how, Death::Never).await else {
        panic!("it does not end")
    };
    assert_eq!(machine.journal.counts(&run.id).unwrap().changed, rows as u64);
    counted.load(Ordering::Relaxed) - planned
}

/// Each step is on the disk before it is sent, and again after it; but many steps share one commit. The crash
/// tests know of every commit.
#[test]
fn many_steps_share_a_commit_and_none_goes_past_the_seam() {
    let rows = 150;
    let commits = super::clock().block_on(adds(rows));
    assert!(commits > 0 && commits * 5 <= rows, "{commits} commits for {rows} steps");
}

#[test]
fn a_power_cut_at_every_commit_leaves_what_was_committed_and_the_run_goes_on() {
    let job = Job::AddMembers;
    let calm = calm(job, None);
    let seen = calm.points.seen();
    let after = |at: &usize| seen[*at].1 == Place::Commit(Moment::AfterCommit);
    let commits: Vec<_> = (0..seen.len()).filter(after).collect();
    assert!(commits.len() > 10, "{commits:?}");
    for (number, &at) in commits.iter().enumerate() {
        // Each damage meets each kind of commit: a run has several of each kind.
        for tear in [TEARS[number % TEARS.len()], TEARS[(number + 3) % TEARS.len()]] {
            let cuts = Cell::new(0);
            let blow = |machine: &mut Machine| {
                cut(machine, tear, &mut Rng::with_seed(at as u64));
                cuts.set(cuts.get() + 1);
            };
            let told = live(job, None, &[at], Some(&blow));
            assert_eq!(cuts.get(), 1);
            ends_alike(&told, &calm, &[at]);
        }
    }
}
