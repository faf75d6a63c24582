//! Opens a state file: reads it, repairs its end, and writes a new snapshot if that pays.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::writer::Store;
use crate::error::SandboxError;
use crate::http::Stored;
use crate::org::{Audit, Change, Effect, Org};

/// The file's first line.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    headcount_sandbox: u32,
    /// How many of the following lines are the snapshot.
    snapshot: u64,
}

const VERSION: u32 = 1;

/// Opens or creates the state file at `path`. `seed` is the organization for a new file. Returns `None` for a new
/// file, else the organization in it.
pub(crate) fn open(
    path: &Path,
    reset: bool,
    seed: impl FnOnce() -> Result<Org, SandboxError>,
) -> Result<(Store, Org, bool), SandboxError> {
    let failed = |source| SandboxError::Write { path: path.to_owned(), source };
    let lock = lock_beside(path)?;
    let found = match reset {
        true => None,
        false => read(path)?,
    };
    let reloaded = found.is_some();
    let (org, tail_pays) = match found {
        Some(found) => (found.org, found.tail * 2 > found.snapshot + 1_000),
        None => (seed()?, true),
    };
    if tail_pays {
        write_snapshot(path, &org).map_err(failed)?;
    }
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
    file.seek(SeekFrom::End(0)).map_err(failed)?;
    Ok((Store::start(file, lock), org, reloaded))
}

/// Locks a file next to the state file for as long as the sandbox runs; the system releases it when the process
/// ends. The state file itself cannot be locked, because a snapshot replaces it.
fn lock_beside(path: &Path) -> Result<File, SandboxError> {
    let beside = with_ending(path, "lock");
    let failed = |source| SandboxError::Write { path: beside.clone(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&beside);
    let file = file.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SandboxError::Busy { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

struct Found {
    org: Org,
    snapshot: u64,
    tail: u64,
}

/// Reads a state file; `None` if it does not exist or is empty. Cuts off an incomplete last line.
fn read(path: &Path) -> Result<Option<Found>, SandboxError> {
    let unread = |source| SandboxError::Read { path: path.to_owned(), source };
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(unread(source)),
    };
    let damaged =
        |line: usize, why: String| SandboxError::State { path: path.to_owned(), line, why };
    let mut reader = BufReader::with_capacity(1 << 20, &file);
    let mut text = Vec::new();
    let mut head = None;
    let (mut good, mut count) = (0_u64, 0_usize);
    let mut org = Org::default();
    loop {
        text.clear();
        let read = reader.read_until(b'\n', &mut text).map_err(unread)?;
        if read == 0 {
            break;
        }
        if text.last() != Some(&b'\n') {
            file.set_len(good).map_err(unread)?;
            break;
        }
        count += 1;
        if head.is_none() {
            head = Some(read_head(&text).map_err(|why| damaged(count, why))?);
        } else {
            let line = serde_json::from_slice(&text).map_err(|e| damaged(count, e.to_string()))?;
            replay(&mut org, line);
        }
        good += read as u64;
    }
    let Some(head) = head else {
        return Ok(None);
    };
    let lines = (count as u64).saturating_sub(1);
    if lines < head.snapshot {
        return Err(damaged(count, "the snapshot ends too early".to_owned()));
    }
    org.finish_loading();
    Ok(Some(Found { org, snapshot: head.snapshot, tail: lines - head.snapshot }))
}

fn read_head(text: &[u8]) -> Result<Head, String> {
    let head: Head = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    match head.headcount_sandbox {
        VERSION => Ok(head),
        other => Err(format!("version {other} is not known here; a newer headcount wrote it")),
    }
}

fn replay(org: &mut Org, line: Stored) {
    let effect = match line.change {
        Change::Noted { kind, account, group } => Some(Effect {
            kind,
            person: account.and_then(|account| org.find(&account)),
            group: group.and_then(|group| org.find_group(&group)),
        }),
        change => org.apply(&change),
    };
    if let Some(effect) = effect.filter(|_| line.at_ms != 0) {
        let actor = org.find(&line.actor);
        org.audit(Audit { at_ms: line.at_ms, actor, effect });
    }
}

/// Writes the organization to a new file, which replaces the old one.
fn write_snapshot(path: &Path, org: &Org) -> io::Result<()> {
    let beside = with_ending(path, "new");
    let file = File::create(&beside)?;
    let mut out = BufWriter::with_capacity(1 << 20, &file);
    let lines = org.snapshot().count() + org.audits().len();
    line(&mut out, &Head { headcount_sandbox: VERSION, snapshot: lines as u64 })?;
    for change in org.snapshot() {
        line(&mut out, &Stored { change, at_ms: 0, actor: "".into() })?;
    }
    for audit in org.audits() {
        let account = |at| org.person(at).record.account_id.clone();
        let change = Change::Noted {
            kind: audit.effect.kind,
            account: audit.effect.person.map(account),
            group: audit.effect.group.map(|at| org.group(at).record.id.clone()),
        };
        let actor = audit.actor.map(account).unwrap_or_default();
        let past = Stored { change, at_ms: audit.at_ms, actor };
        line(&mut out, &past)?;
    }
    out.flush()?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // The name is durable only after the folder was synced.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
