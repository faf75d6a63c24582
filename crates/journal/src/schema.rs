//! The tables, as an ordered list of migrations.
//!
//! The version is SQLite's `user_version`; all missing migrations are applied in one exclusive
//! transaction, so two processes that open an old file at once apply them once. A migration that
//! was ever released is never edited, only followed by another.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::JournalError;

/// `application_id` of our files ("hdct"), so that another program's database is told from ours.
const APPLICATION: i64 = 0x6864_6374;

const MIGRATIONS: &[&str] = &[
    // 1: runs, rows, steps, which rows a step serves, requests, and two scratch tables.
    "
    CREATE TABLE runs (
        run        INTEGER PRIMARY KEY AUTOINCREMENT,
        job        TEXT NOT NULL,
        state      TEXT NOT NULL,
        site       TEXT NOT NULL,
        organisation TEXT,                  -- for calls of the admin APIs: whose
        profile    TEXT NOT NULL,
        input      TEXT NOT NULL,
        headings   TEXT NOT NULL,           -- JSON array of texts
        options    TEXT NOT NULL,           -- JSON object
        undoes     INTEGER REFERENCES runs,
        created_at TEXT NOT NULL,
        sealed_at  TEXT,
        started_at TEXT,
        ended_at   TEXT,
        stop       TEXT
    ) STRICT;

    CREATE TABLE rows (
        run     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        row     INTEGER NOT NULL,           -- 1 is the first row below the headings
        line    INTEGER NOT NULL,           -- its line in the file
        cells   TEXT NOT NULL,              -- JSON array of texts
        outcome TEXT,                       -- NULL: pending
        reason  TEXT,
        detail  TEXT,
        step    INTEGER,                    -- the step that decided the outcome
        PRIMARY KEY (run, row)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE steps (
        run          INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        step         INTEGER NOT NULL,
        row          INTEGER NOT NULL,      -- the first row it serves
        kind         TEXT NOT NULL,
        subject      TEXT NOT NULL,         -- what makes two steps the same
        account      TEXT,
        mail         TEXT,
        name         TEXT,
        group_id     TEXT,
        group_name   TEXT,
        before       TEXT NOT NULL,         -- JSON
        wanted       TEXT NOT NULL,         -- JSON
        needs        INTEGER,               -- a step to be done first
        state        TEXT NOT NULL,
        attempts     INTEGER NOT NULL DEFAULT 0,
        unclear      INTEGER NOT NULL DEFAULT 0, -- sendings that lost their answer
        request      INTEGER,               -- the last request sent for it
        outcome      TEXT,
        reason       TEXT,
        detail       TEXT,
        http_status  INTEGER,
        made_account TEXT,
        settled_at   TEXT,
        PRIMARY KEY (run, step)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX steps_same ON steps (run, kind, subject);

    CREATE TABLE serves (
        run  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        step INTEGER NOT NULL,
        row  INTEGER NOT NULL,
        PRIMARY KEY (run, step, row)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX serves_row ON serves (run, row, step);

    CREATE TABLE requests (
        run      INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        request  INTEGER NOT NULL,
        step     INTEGER NOT NULL,          -- the first step it carries
        call     TEXT NOT NULL,             -- method and path template
        sent_at  TEXT NOT NULL,
        ended_at TEXT,
        status   INTEGER,
        result   TEXT,
        PRIMARY KEY (run, request)
    ) STRICT, WITHOUT ROWID;

    -- Scratch of a draft: the distinct names its rows hold, looked up in batches.
    CREATE TABLE draft_names (
        run  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (run, kind, name)
    ) STRICT, WITHOUT ROWID;

    -- Accounts that surely were on the site before a create run: a 201 that names one of them
    -- created nobody.
    CREATE TABLE known_accounts (
        run     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        account TEXT NOT NULL,
        PRIMARY KEY (run, account)
    ) STRICT, WITHOUT ROWID;
    ",
    // 2: what sites have asked for outlives the process that heard it.
    "
    CREATE TABLE waits (
        place TEXT NOT NULL,                -- the address the call goes to
        call  TEXT NOT NULL,                -- method and path template
        until TEXT NOT NULL,                -- whole seconds
        PRIMARY KEY (place, call)
    ) STRICT, WITHOUT ROWID;
    ",
    // 3: what waits for a step is found without a walk over all of them.
    "
    CREATE INDEX steps_needs ON steps (run, needs) WHERE needs IS NOT NULL;
    ",
    // 4: reasons have their final words.
    "
    CREATE TEMP TABLE renamed (old TEXT PRIMARY KEY, new TEXT NOT NULL);
    INSERT INTO renamed VALUES
        ('own_account', 'own-account'), ('unexpected-response', 'unexpected-response'),
        ('earlier-step-not-done', 'earlier-step-not-done'), ('no-response', 'no-response'),
        ('done-no-response', 'done-no-response'), ('unreadable-row', 'unreadable-row'),
        ('not-verified', 'not-verified');
    UPDATE rows SET reason = (SELECT new FROM renamed WHERE old = reason)
     WHERE reason IN (SELECT old FROM renamed);
    UPDATE steps SET reason = (SELECT new FROM renamed WHERE old = reason)
     WHERE reason IN (SELECT old FROM renamed);
    DROP TABLE renamed;
    ",
];

/// The newest version this program knows.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Checks that the file is ours, then brings it to [`VERSION`].
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), JournalError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Exclusive)
        .map_err(|source| not_ours_or(path, source))?;
    let pragma =
        |name: &str| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = pragma("user_version").map_err(|source| not_ours_or(path, source))?;
    let application = pragma("application_id").map_err(JournalError::sql("be read"))?;
    let tables: i64 = transaction
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .map_err(JournalError::sql("be read"))?;
    let is_new = version == 0 && tables == 0;
    if !is_new && application != APPLICATION {
        return Err(JournalError::NotAJournal { path: path.to_owned() });
    }
    if version > VERSION {
        return Err(JournalError::Newer { path: path.to_owned(), found: version, known: VERSION });
    }
    if version < VERSION {
        let write = JournalError::sql("be written");
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

/// SQLite tells a foreign file by an error code of its own.
pub(super) fn not_ours_or(path: &Path, source: rusqlite::Error) -> JournalError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match source.sqlite_error_code() {
        Some(NotADatabase | DatabaseCorrupt) => JournalError::NotAJournal { path: path.to_owned() },
        _ => JournalError::Open { path: path.to_owned(), source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_model::reason::Reason;

    use crate::{Journal, RunState, Wait};

    /// A file of each earlier version is brought up to date, and what it holds is still there.
    #[test]
    fn older_files_are_brought_up_to_date_with_what_they_hold() {
        for version in 1..VERSION {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("journal.db");
            let old = Connection::open(&path).unwrap();
            for migration in &MIGRATIONS[..version as usize] {
                old.execute_batch(migration).unwrap();
            }
            old.pragma_update(None, "application_id", APPLICATION).unwrap();
            old.pragma_update(None, "user_version", version).unwrap();
            old.execute_batch(
                "INSERT INTO runs (job, state, site, profile, input, headings, options, created_at)
                 VALUES ('member add', 'planned', 'https://a', 'a', 'a.csv', '[]', '{}',
                         '2026-11-20T18:00:00Z');
                 INSERT INTO rows (run, row, line, cells, outcome, reason)
                 VALUES (1, 1, 2, '[]', 'unknown', 'no-response')",
            )
            .unwrap();
            drop(old);
            let journal = Journal::open(&path).unwrap();
            let run = journal.find("last").unwrap();
            assert_eq!((run.id.as_str(), run.state), ("20261120-1", RunState::Sealed));
            if version < 4 {
                let rows = journal.rows(&run.id, 0, 10).unwrap();
                assert_eq!(rows[0].reason, Some(Reason::NoResponse));
            }
            let waits = journal.waits().unwrap();
            let wait = Wait::new("https://a", "GET /x", run.created_at);
            waits.keep(&wait, run.created_at).unwrap();
            let found: i64 = journal
                .connection
                .pragma_query_value(None, "user_version", |row| row.get(0))
                .unwrap();
            assert_eq!(found, VERSION);
        }
    }
}
