//! What is SQLite's own; what every store does is in the contract.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use headcount_journal::{Durability, Journal, JournalError, RunId, RunMove, RunState, Store};
use headcount_journal_contract::fixture::{at, new_run};
use rusqlite::Connection;

use super::lock::FileLock;
use super::store::SqliteStore;
use super::*;

#[test]
fn the_store_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    headcount_journal_contract::suite(&|name| open(&folder.path().join(name)).unwrap());
}

/// A power cut spares what was committed from the seal on; a draft need not wait for the disk.
#[test]
fn sealing_and_starting_make_every_commit_wait_for_the_disk() {
    // SQLite's numbers for NORMAL and FULL.
    const NORMAL: i64 = 1;
    const FULL: i64 = 2;
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("journal.db")).unwrap();
    let synchronous = |store: &SqliteStore| -> i64 {
        store.connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap()
    };
    let mode: String =
        store.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!((mode.as_str(), synchronous(&store)), ("wal", FULL));
    for (durability, wanted) in
        [(Durability::Relaxed, NORMAL), (Durability::Durable, FULL), (Durability::Relaxed, NORMAL)]
    {
        drop(store.transaction(durability).unwrap());
        assert_eq!(synchronous(&store), wanted);
    }
}

/// The lock of a run is gone with its last holder and its file, even if another process checks it meanwhile.
#[test]
fn looking_whether_a_run_is_held_never_blocks_its_lock_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let [free, held, taken] = [1, 2, 3].map(|number| RunId::new(number, at()));
    let _lock = FileLock::take(&path, &held).unwrap();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    assert!(!FileLock::is_held(&path, &free));
                    assert!(FileLock::is_held(&path, &held));
                    FileLock::is_held(&path, &taken);
                }
            });
        }
        let takes = catch_unwind(AssertUnwindSafe(|| {
            for _ in 0..2000 {
                let lock = FileLock::take(&path, &taken).unwrap();
                assert!(FileLock::is_held(&path, &taken));
                drop(lock);
            }
        }));
        ended.store(true, Ordering::Relaxed);
        takes.unwrap();
    });
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn foreign_newer_and_damaged_files_have_different_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(&path, "name,mail\n".repeat(1000)).unwrap();
    assert!(matches!(open(&path), Err(JournalError::NotAJournal { .. })));
    let other = folder.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    assert!(matches!(open(&other), Err(JournalError::NotAJournal { .. })));
    let newer = folder.path().join("newer.db");
    drop(open(&newer).unwrap());
    drop(open(&newer).unwrap());
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(open(&newer), Err(JournalError::Newer { found: 99, .. })));
}

/// A damaged page is found before a run is begun or locked, and nothing is written.
#[test]
fn a_damaged_file_takes_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let mut journal = open(&path).unwrap();
    let (run, lock) = journal.begin(&new_run()).unwrap();
    journal.seal(&run.id, at()).unwrap();
    drop((journal, lock));
    let file = Connection::open(&path).unwrap();
    let root: i64 = file
        .query_row("SELECT rootpage FROM sqlite_master WHERE name = 'steps_needs'", [], |row| {
            row.get(0)
        })
        .unwrap();
    let size: i64 = file.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    file.pragma_update(None, "wal_checkpoint", "TRUNCATE").unwrap();
    drop(file);
    let mut bytes = std::fs::read(&path).unwrap();
    let (page, size) = (root as usize - 1, size as usize);
    bytes[page * size..(page + 1) * size].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    let mut journal = open(&path).unwrap();
    assert!(matches!(journal.begin(&new_run()), Err(JournalError::Broken { .. })));
    assert!(matches!(journal.lock(&run.id), Err(JournalError::Broken { .. })));
    assert_eq!(journal.runs().unwrap().len(), 1);
}

/// SQLite's own statement would fail as well; this is reported before anything is asked of the site.
#[cfg(unix)]
#[test]
fn a_connection_that_may_only_read_takes_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    drop(open(&path).unwrap());
    let mut store = SqliteStore::open(&path).unwrap();
    let read_only = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    store.connection = Connection::open_with_flags(&path, read_only).unwrap();
    let mut journal = Journal::new(Box::new(store));
    assert!(matches!(journal.begin(&new_run()), Err(JournalError::ReadOnly { .. })));
    assert!(matches!(journal.lock(&RunId::new(1, at())), Err(JournalError::ReadOnly { .. })));
}

/// A word that this program never wrote is an error, never a guess.
#[test]
fn foreign_words_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let mut journal = open(&path).unwrap();
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("UPDATE runs SET state = 'sleeping'").unwrap();
    assert!(matches!(journal.seal(&run.id, at()), Err(JournalError::Unreadable { .. })));
    assert!(journal.runs().is_err());
    other.execute_batch("UPDATE runs SET state = 'draft'").unwrap();
    journal.seal(&run.id, at()).unwrap();
    assert_eq!(journal.find("last").unwrap().state, RunMove::Seal.leads_to());
    assert_eq!(RunMove::Seal.leads_to(), RunState::Sealed);
}

/// A draft's log does not stay: a disk that has room for the journal has room for its log.
#[test]
fn the_log_of_a_draft_is_emptied_when_the_plan_is_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let store = super::connection::connect(&path).unwrap();
    super::connection::set_durability(&store, headcount_journal::Durability::Relaxed).unwrap();
    store.execute_batch("CREATE TABLE long (text)").unwrap();
    for _ in 0..200 {
        store.execute("INSERT INTO long VALUES (zeroblob(20000))", []).unwrap();
    }
    let log = folder.path().join("journal.db-wal");
    let size = || std::fs::metadata(&log).unwrap().len();
    let before = size();
    assert!(before > 3_000_000, "{before}");
    super::connection::set_durability(&store, headcount_journal::Durability::Durable).unwrap();
    for _ in 0..400 {
        store.execute("UPDATE long SET text = zeroblob(20000) WHERE rowid = 1", []).unwrap();
    }
    assert!(size() <= before, "{}, {before} before", size());
}

/// A file that is deleted while a run is applied: another program starts a new one, and its first run has another
/// id than the run that is still applied.
#[test]
fn no_id_of_a_run_that_is_applied_is_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let draft = |store: &mut SqliteStore| {
        let mut transaction = store.transaction(Durability::Relaxed).unwrap();
        let begun = transaction.begin_run(&new_run()).unwrap();
        transaction.commit().unwrap();
        begun
    };
    let mut old = SqliteStore::open(&path).unwrap();
    let (first, held) = draft(&mut old);
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(old.transaction(Durability::Durable), Err(JournalError::Gone { .. })));
    let mut new = SqliteStore::open(&path).unwrap();
    let (second, _held) = draft(&mut new);
    assert_eq!((first.number(), second.number()), (1, 2));
    drop(held);
    assert_eq!(draft(&mut new).0.number(), 3);
}

/// `doctor` and `journal status` read it, whatever the file is, and change nothing.
#[test]
fn the_version_of_a_file_is_read_without_opening_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    assert_eq!(version(&path), None);
    assert!(!path.exists());
    let journal = open(&path).unwrap();
    // In the log, while a process has the file open.
    assert_eq!(version(&path), Some(VERSION));
    drop(journal);
    let names = || std::fs::read_dir(folder.path()).unwrap().count();
    let before = names();
    assert_eq!(version(&path), Some(VERSION));
    assert_eq!(names(), before, "no file is made");
    let old = Connection::open(&path).unwrap();
    old.pragma_update(None, "user_version", 3).unwrap();
    drop(old);
    assert_eq!(version(&path), Some(3));
    for other in [&b"SQLite format 3\0 but short"[..], b"", b"Email,Group\n", &[0; 100]] {
        std::fs::write(&path, other).unwrap();
        assert_eq!(version(&path), None);
    }
    drop(
        Connection::open(folder.path().join("other.db"))
            .unwrap()
            .execute_batch("CREATE TABLE a (b)"),
    );
    assert_eq!(version(&folder.path().join("other.db")), None, "another program's database");
}
