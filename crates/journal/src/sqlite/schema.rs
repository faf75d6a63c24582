//! The tables, as an ordered list of migrations.
//!
//! The version is SQLite's `user_version`; all missing migrations are applied in one exclusive
//! transaction, so two processes that open an old file at once apply them once. A migration that
//! was ever released is never edited, only followed by another.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::JournalError;

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
        ('oneself', 'own-account'), ('odd-answer', 'unexpected-response'),
        ('not-reached', 'earlier-step-not-done'), ('answer-lost', 'no-response'),
        ('done-answer-lost', 'done-no-response'), ('bad-row', 'unreadable-row'),
        ('not-seen', 'not-verified');
    UPDATE rows SET reason = (SELECT new FROM renamed WHERE old = reason)
     WHERE reason IN (SELECT old FROM renamed);
    UPDATE steps SET reason = (SELECT new FROM renamed WHERE old = reason)
     WHERE reason IN (SELECT old FROM renamed);
    DROP TABLE renamed;
    ",
    // 5: the door of each step. Of an older plan it is what its version is known to have gone through:
    // Jira where it was not bound to an organization. Where a request that was sent says otherwise it
    // stays unknown, and such a step is not sent.
    r#"
    CREATE TABLE doors (
        run   INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        door  INTEGER NOT NULL,
        value TEXT NOT NULL,                -- JSON
        PRIMARY KEY (run, door)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE steps ADD COLUMN door INTEGER;

    CREATE TEMP TABLE bound AS
        SELECT run, site, organisation IS NULL AS by_site, address,
               iif(cut = 0, org, substr(org, 1, cut - 1)) AS org,
               iif(cut = 0, NULL, substr(org, cut + length('/directories/'))) AS directory
        FROM (SELECT *, instr(org, '/directories/') AS cut
              FROM (SELECT *, substr(organisation, 1, at - 1) AS address,
                           substr(organisation, at + length('/admin/v1/orgs/')) AS org
                    FROM (SELECT *, instr(organisation, '/admin/v1/orgs/') AS at FROM runs)));
    CREATE TEMP TABLE ways AS
        SELECT run, 'jira' AS api, json_object('api', 'jira', 'site', site) AS value
        FROM bound WHERE by_site AND instr(site, '/admin/v1/orgs/') = 0
        UNION ALL
        SELECT run, 'directory', json_object('api', 'directory', 'address', address,
                                             'organization', org, 'directory', directory)
        FROM bound WHERE address <> '' AND org <> '' AND directory <> ''
        UNION ALL
        SELECT run, api, json_object('api', api, 'address', address, 'organization', org)
        FROM bound JOIN (SELECT 'invitations' AS api UNION ALL SELECT 'accounts')
        WHERE address <> '' AND org <> '' AND directory IS NULL;
    CREATE TEMP TABLE kinds AS
        SELECT column1 AS kind, column2 AS api FROM (VALUES
            ('create-user', 'jira'), ('invite-user', 'invitations'),
            ('remove-user', 'jira'), ('remove-user', 'directory'),
            ('add-member', 'jira'), ('add-member', 'directory'),
            ('remove-member', 'jira'), ('remove-member', 'directory'),
            ('deactivate', 'accounts'), ('activate', 'accounts'),
            ('suspend', 'directory'), ('restore', 'directory'),
            ('create-group', 'jira'), ('create-group', 'directory'),
            ('remove-group', 'jira'), ('remove-group', 'directory'));
    CREATE TEMP TABLE sent AS
        SELECT requests.run, requests.step, CASE
                WHEN instr(call, ' /rest/api/3/') > 0 THEN 'jira'
                WHEN instr(call, ' /admin/v2/orgs/{org}/directories/') > 0 THEN 'directory'
                WHEN instr(call, ' /admin/v2/orgs/{org}/users/invite') > 0 THEN 'invitations'
                WHEN instr(call, ' /users/{account}/manage') > 0 THEN 'accounts'
                ELSE '' END AS api
        FROM requests;

    INSERT INTO doors (run, door, value)
        SELECT run, row_number() OVER (PARTITION BY run), value FROM ways
        WHERE EXISTS (SELECT 1 FROM steps JOIN kinds USING (kind)
                      WHERE steps.run = ways.run AND kinds.api = ways.api);
    UPDATE steps SET door = (
        SELECT doors.door FROM doors JOIN kinds
        ON kinds.kind = steps.kind AND kinds.api = json_extract(doors.value, '$.api')
        WHERE doors.run = steps.run);
    CREATE TEMP TABLE otherwise AS
        SELECT sent.run, sent.step FROM sent JOIN steps USING (run, step)
        LEFT JOIN doors ON doors.run = steps.run AND doors.door = steps.door
        WHERE json_extract(doors.value, '$.api') IS NOT sent.api;
    UPDATE steps SET door = NULL WHERE (run, step) IN (SELECT run, step FROM otherwise);
    UPDATE steps SET door = NULL
        WHERE state <> 'settled' AND run IN (SELECT run FROM otherwise);

    DROP TABLE otherwise;
    DROP TABLE sent;
    DROP TABLE kinds;
    DROP TABLE ways;
    DROP TABLE bound;
    "#,
    // 6: when a wait was heard, so that a clock that was wrong then holds nobody up for long.
    "
    ALTER TABLE waits ADD COLUMN heard TEXT NOT NULL DEFAULT '1970-01-01T00:00:00Z';
    ",
];

/// The newest version this program knows.
pub(crate) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Checks that the file is ours, then brings it to [`VERSION`].
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), JournalError> {
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
pub(crate) fn not_ours_or(path: &Path, source: rusqlite::Error) -> JournalError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match source.sqlite_error_code() {
        Some(NotADatabase | DatabaseCorrupt) => JournalError::NotAJournal { path: path.to_owned() },
        _ => JournalError::Open { path: path.to_owned(), source },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use headcount_model::reason::Reason;

    use crate::{Journal, RunState, Wait};
    use headcount_model::door::Door;
    use headcount_model::step::StepKind;

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
            let journal = Journal::open(&path).unwrap();
            let run = journal.find("last").unwrap();
            assert_eq!((run.id.as_str(), run.state), ("20261120-1", RunState::Sealed));
            let rows = journal.rows(&run.id, 0, 10).unwrap();
            assert_eq!(rows[0].reason, Some(Reason::NoResponse));
            let waits = journal.waits().unwrap();
            let wait = Wait::new("https://a", "GET /x", run.created_at, Duration::from_secs(1));
            waits.keep(&wait, run.created_at).unwrap();
            let found: i64 = journal
                .connection
                .pragma_query_value(None, "user_version", |row| row.get(0))
                .unwrap();
            assert_eq!(found, VERSION);
        }
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
    fn old_door(kind: StepKind, organisation: Option<&str>, calls: &[&str]) -> Option<Door> {
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
            [kind.word()],
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
        let journal = Journal::open(&path).unwrap();
        let ways = journal.ways_ahead(&journal.find("last").unwrap().id).unwrap();
        assert_eq!(ways.len(), 1);
        ways[0].door.as_deref().cloned()
    }

    /// The door of an older plan is the one that its version surely used, or unknown.
    #[test]
    fn an_older_plan_has_the_door_that_it_surely_used() {
        use StepKind::*;
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
        for kind in StepKind::ALL {
            let doors = [None, org, directory].map(|bound| old_door(kind, bound, &[]));
            let wanted = match kind {
                CreateUser => [Some(jira()), None, None],
                InviteUser => [None, Some(invitations()), None],
                Deactivate | Activate => [None, Some(accounts()), None],
                Suspend | Restore => [None, None, Some(in_directory())],
                RemoveUser | AddMember | RemoveMember | CreateGroup | RemoveGroup => {
                    [Some(jira()), None, Some(in_directory())]
                }
            };
            assert_eq!(doors, wanted, "{kind:?}");
        }
        // What was sent says which API it was.
        const BY_JIRA: &str = "DELETE /rest/api/3/user";
        const BY_DIRECTORY: &str = "DELETE /admin/v2/orgs/{org}/directories/{dir}/users/{account}";
        assert_eq!(old_door(RemoveUser, None, &[BY_JIRA]), Some(jira()));
        assert_eq!(old_door(RemoveUser, directory, &[BY_DIRECTORY]), Some(in_directory()));
        for calls in [&[BY_DIRECTORY][..], &[BY_JIRA, BY_DIRECTORY], &["GET /elsewhere"]] {
            assert_eq!(old_door(RemoveUser, None, calls), None, "{calls:?}");
        }
    }
}
