//! The tables, as an ordered list of migrations.
//!
//! The version is SQLite's `user_version`; all missing migrations are applied in one exclusive
//! transaction, so two processes that open an old file at once apply them once. A migration that
//! was ever released is never edited, only followed by another.

use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use headcount_journal::JournalError;

use super::connection::beside;
use super::error::{not_ours_or, place, sql};

/// `application_id` of our files ("hdct"), so that another program's database is not taken for ours.
const APPLICATION: i64 = 0x6864_6374;

const MIGRATIONS: &[&str] = &[
    include_str!("migrations/1_runs.sql"),
    include_str!("migrations/2_waits.sql"),
    include_str!("migrations/3_steps_needs.sql"),
    include_str!("migrations/4_reasons.sql"),
    include_str!("migrations/5_doors.sql"),
    include_str!("migrations/6_waits_heard.sql"),
    include_str!("migrations/7_payloads.sql"),
    include_str!("migrations/8_records.sql"),
    include_str!("migrations/9_requests_sent_by.sql"),
    include_str!("migrations/10_acts.sql"),
    include_str!("migrations/11_ids.sql"),
];

/// The newest version this program knows.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// The version of the journal in a file, without opening it as a journal: nothing is changed, and no file is made.
/// `None`: the file cannot be read, or is no journal.
pub fn version(path: &Path) -> Option<i64> {
    let log = beside(path, "-wal");
    if std::fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        // The newest version may be only in the log, which a process has open now or left in a crash.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).ok()?;
        let pragma =
            |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).ok();
        let is_ours = pragma("application_id")? == APPLICATION;
        return is_ours.then(|| pragma("user_version"))?;
    }
    let mut header = [0; 72];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut header)).ok()?;
    // <https://sqlite.org/fileformat2.html>, "The Database Header": big-endian numbers.
    let number = |at: usize| header.get(at..at + 4)?.try_into().ok().map(i32::from_be_bytes);
    let is_ours = header.starts_with(b"SQLite format 3\0") && i64::from(number(68)?) == APPLICATION;
    is_ours.then(|| number(60).map(i64::from))?
}

/// Checks that the file is ours, then brings it to [`VERSION`].
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), JournalError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Exclusive)
        .map_err(|source| not_ours_or(path, source))?;
    let pragma =
        |name: &str| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = pragma("user_version").map_err(|source| not_ours_or(path, source))?;
    let application = pragma("application_id").map_err(sql("be read"))?;
    let tables: i64 = transaction
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .map_err(sql("be read"))?;
    let is_new = version == 0 && tables == 0;
    if !is_new && application != APPLICATION {
        return Err(JournalError::NotAJournal { place: place(path) });
    }
    if version > VERSION {
        return Err(JournalError::Newer { place: place(path), found: version, known: VERSION });
    }
    if version < VERSION {
        let write = sql("be written");
        apply(&transaction, version).and_then(|()| transaction.commit()).map_err(write)?;
    }
    Ok(())
}

fn apply(transaction: &rusqlite::Transaction<'_>, from: i64) -> rusqlite::Result<()> {
    for migration in &MIGRATIONS[from as usize..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::*;
    use headcount_model::reason::Reason;

    use crate::open;
    use headcount_journal::{LEFT_OUT, RunState, TABLES, Wait, WayQuery};
    use headcount_model::door::Door;

    /// A file of each earlier version is brought up to date, and what it holds is still there.
    #[test]
    fn older_files_are_brought_up_to_date_with_what_they_hold() {
        for version in 1..VERSION {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("journal.db");
            let old = old_file(&path, version);
            old.execute_batch(
                "INSERT INTO runs (job, state, site, profile, input, headings, options, created_at)
                 VALUES ('member add', 'planned', 'https://a', 'a', 'a.csv', '[]', '{}',
                         '2026-11-20T18:00:00Z');",
            )
            .unwrap();
            let reason = if version < 4 { "answer-lost" } else { "no-response" };
            old.execute(
                "INSERT INTO rows (run, row, line, cells, outcome, reason)
                 VALUES (1, 1, 2, '[]', 'unknown', ?)",
                [reason],
            )
            .unwrap();
            drop(old);
            let journal = open(&path).unwrap();
            let run = journal.find("last").unwrap();
            assert_eq!((run.id.as_str(), run.state), ("20261120-1", RunState::Sealed));
            let rows = journal.rows(&run.id, 0, 10).unwrap();
            assert_eq!(rows[0].reason, Some(Reason::NoResponse));
            let waits = journal.waits().unwrap();
            let wait = Wait::new("https://a", "GET /x", run.created_at, Duration::from_secs(1));
            waits.keep(&wait, run.created_at).unwrap();
            let found: i64 = Connection::open(&path)
                .unwrap()
                .pragma_query_value(None, "user_version", |row| row.get(0))
                .unwrap();
            assert_eq!(found, VERSION);
        }
    }

    /// What a step is about is its executor's: no table and no column of today names a user or a group.
    #[test]
    fn the_tables_of_today_name_nothing_of_a_person() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        drop(open(&path).unwrap());
        let journal = Connection::open(&path).unwrap();
        let sql = "SELECT tables.name, columns.name FROM sqlite_master AS tables,
                       pragma_table_xinfo(tables.name) AS columns WHERE tables.type = 'table'";
        let names = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?]);
        let mut statement = journal.prepare(sql).unwrap();
        let names = statement.query_map([], names).unwrap();
        let names: Vec<[String; 2]> = names.collect::<Result<_, _>>().unwrap();
        assert!(names.contains(&["steps".into(), "payload".into()]), "{names:?}");
        let words = ["account", "mail", "user", "group", "member", "product", "person", "people"];
        for name in names.as_flattened() {
            let found = words.iter().find(|word| name.contains(**word));
            assert_eq!(found, None, "{name}");
        }
    }

    /// A copy of a journal has every table and every column: a new one belongs in the list.
    #[test]
    fn the_list_of_tables_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        drop(open(&path).unwrap());
        let journal = Connection::open(&path).unwrap();
        // An id is made of the run and another column; `serves` shows the rows in `shared` with those in the steps.
        let sql = "SELECT tables.name || '.' || columns.name FROM sqlite_master AS tables,
                       pragma_table_xinfo(tables.name) AS columns
                   WHERE tables.type IN ('table', 'view') AND tables.name NOT LIKE 'sqlite_%'
                     AND tables.name <> 'shared' AND columns.name <> 'id'";
        let mut statement = journal.prepare(sql).unwrap();
        let found = statement.query_map([], |row| row.get(0)).unwrap();
        let found: BTreeSet<String> = found.collect::<Result<_, _>>().unwrap();
        let is_left_out = |name: &String| LEFT_OUT.iter().any(|table| name.starts_with(table));
        let found: BTreeSet<_> = found.into_iter().filter(|name| !is_left_out(name)).collect();
        let listed = TABLES.iter().flat_map(|table| {
            table.columns.iter().map(|column| format!("{}.{}", table.name, column.name))
        });
        assert_eq!(found, listed.collect());
    }

    /// A file as its version made it.
    fn old_file(path: &Path, version: i64) -> Connection {
        let old = Connection::open(path).unwrap();
        for migration in &MIGRATIONS[..version as usize] {
            old.execute_batch(migration).unwrap();
        }
        old.pragma_update(None, "application_id", APPLICATION).unwrap();
        old.pragma_update(None, "user_version", version).unwrap();
        old
    }

    /// A step of version 3 of this kind, in a run bound to `organisation`, with a request of each call;
    /// and the door that it has once the file is up to date.
    fn old_door(kind: &str, organisation: Option<&str>, calls: &[&str]) -> Option<Door> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let old = old_file(&path, 3);
        old.execute(
            "INSERT INTO runs (job, state, site, organisation, profile, input, headings, options, created_at)
             VALUES ('member add', 'planned', 'https://a', ?, 'a', 'a.csv', '[]', '{}',
                     '2026-11-20T18:00:00Z')",
            [organisation],
        )
        .unwrap();
        old.execute(
            "INSERT INTO steps (run, step, row, kind, subject, before, wanted, state)
             VALUES (1, 1, 1, ?, 'a', '\"unseen\"', '{}', 'pending')",
            [kind],
        )
        .unwrap();
        for (call, request) in calls.iter().zip(1..) {
            old.execute(
                "INSERT INTO requests (run, request, step, call, sent_at) VALUES (1, ?, 1, ?, '')",
                rusqlite::params![request, call],
            )
            .unwrap();
        }
        drop(old);
        let journal = open(&path).unwrap();
        let ways = journal.ways(&journal.find("last").unwrap().id, WayQuery::Ahead).unwrap();
        assert_eq!(ways.len(), 1);
        ways[0].door.as_deref().cloned()
    }

    /// The door of an older plan is the one that its version surely used, or unknown.
    #[test]
    fn an_older_plan_has_the_door_that_it_surely_used() {
        let jira = || Door::Jira { site: "https://a".into() };
        let (address, organization) = ("https://api".to_owned(), "o-1".to_owned());
        let in_directory = || Door::Directory {
            address: address.clone(),
            organization: organization.clone(),
            directory: "d-1".into(),
        };
        let accounts =
            || Door::Accounts { address: address.clone(), organization: organization.clone() };
        let invitations =
            || Door::Invitations { address: address.clone(), organization: organization.clone() };
        let org = Some("https://api/admin/v1/orgs/o-1");
        let directory = Some("https://api/admin/v1/orgs/o-1/directories/d-1");
        let both = || [Some(jira()), None, Some(in_directory())];
        for (kind, wanted) in [
            ("create-user", [Some(jira()), None, None]),
            ("invite-user", [None, Some(invitations()), None]),
            ("deactivate", [None, Some(accounts()), None]),
            ("activate", [None, Some(accounts()), None]),
            ("suspend", [None, None, Some(in_directory())]),
            ("restore", [None, None, Some(in_directory())]),
            ("remove-user", both()),
            ("add-member", both()),
            ("remove-member", both()),
            ("create-group", both()),
            ("remove-group", both()),
        ] {
            let doors = [None, org, directory].map(|bound| old_door(kind, bound, &[]));
            assert_eq!(doors, wanted, "{kind}");
        }
        // What was sent says which API it was.
        const BY_JIRA: &str = "DELETE /rest/api/3/user";
        const BY_DIRECTORY: &str = "DELETE /admin/v2/orgs/{org}/directories/{dir}/users/{account}";
        assert_eq!(old_door("remove-user", None, &[BY_JIRA]), Some(jira()));
        assert_eq!(old_door("remove-user", directory, &[BY_DIRECTORY]), Some(in_directory()));
        for calls in [&[BY_DIRECTORY][..], &[BY_JIRA, BY_DIRECTORY], &["GET /elsewhere"]] {
            assert_eq!(old_door("remove-user", None, calls), None, "{calls:?}");
        }
    }
}
