//! What is PostgreSQL's own; what every store does is in the contract.

use std::hash::{DefaultHasher, Hash, Hasher};

use headcount_journal::{Journal, JournalError, RunState};
use headcount_journal_contract::fixture::{at, new_run};
use headcount_testkit::postgres;

use super::*;

fn address(text: &str) -> Address {
    Address::parse(text, &|_| None).unwrap()
}

/// The journal of a name, whose schema may have 63 letters.
fn journal(name: &str) -> Journal {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let name = format!("contract_{:x}", hasher.finish());
    open(&address(&postgres::server().journal(&name))).unwrap()
}

#[test]
fn the_store_keeps_the_contract() {
    headcount_journal_contract::suite(&journal);
}

/// The end of a connection ends its lock, and then nothing more is written through it; another session may take the
/// run. A session without a lock connects again.
#[test]
fn a_session_that_lost_its_connection_writes_nothing_more() {
    let server = postgres::server();
    let place = server.journal("lost");
    let mut journal = open(&address(&place)).unwrap();
    let (run, lock) = journal.begin(&new_run()).unwrap();
    journal.seal(&run.id, at()).unwrap();
    let other = open(&address(&place)).unwrap();
    assert!(matches!(other.lock(&run.id), Err(JournalError::Locked { .. })));
    let holder = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
        AND classid::bigint = (SELECT oid::bigint FROM pg_namespace WHERE nspname = 'lost')";
    assert_eq!(server.execute(holder), "t");
    let taken = other.lock(&run.id).unwrap();
    assert!(matches!(journal.start(&run.id, at()), Err(JournalError::Failed { .. })));
    assert_eq!(other.run(run.id.as_str()).unwrap().state, RunState::Sealed);
    drop((lock, taken));
    journal.start(&run.id, at()).unwrap();
    assert_eq!(other.run(run.id.as_str()).unwrap().state, RunState::Running);
}

/// A commit waits for the server's disk, also if the server's setting says otherwise; a draft's need not.
#[test]
fn a_server_that_does_not_wait_for_its_disk_waits_for_the_commits_of_a_run() {
    let place = postgres::server().journal("durable");
    let lazy = address(&format!("{place}&options=-csynchronous_commit%3Doff"));
    let store = store::PostgresStore::open(lazy).unwrap();
    let connection = store.session.connection().unwrap();
    let setting = |beginning: &str| -> String {
        connection.execute(beginning).unwrap();
        let setting = connection.one("SHOW synchronous_commit", Vec::new()).unwrap();
        connection.execute("ROLLBACK").unwrap();
        setting
    };
    assert_eq!(setting("BEGIN"), "off");
    assert_eq!(setting(transaction::DURABLE), "on");
    assert_eq!(setting(transaction::RELAXED), "off");
}

/// Two sessions that open a new journal at once make its tables once.
#[test]
fn a_journal_that_many_open_at_once_is_made_once() {
    let place = address(&postgres::server().journal("made_once"));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| open(&place).unwrap().runs().unwrap());
        }
    });
    assert_eq!(version(&place).unwrap().found, Some(schema::VERSION));
}

#[test]
fn an_address_is_shown_without_its_password() {
    for (text, shown) in [
        ("postgres://ann:pw@db.example.com/runs", "postgres://ann@db.example.com:5432/runs"),
        (
            "postgresql://ann:pw@db:6432/runs?schema=team_a",
            "postgres://ann@db:6432/runs?schema=team_a",
        ),
        (
            "postgres://ann@[::1]/runs?password=pw&sslmode=verify-full",
            "postgres://ann@[::1]:5432/runs",
        ),
        ("postgres://%2Frun%2Fpg/runs?user=ann&password=pw", "postgres://ann@/run/pg:5432/runs"),
    ] {
        let address = address(text);
        assert_eq!((address.to_string(), format!("{address:?}")), (shown.into(), shown.into()));
        assert!(Address::is_meant(text));
        assert_eq!(Address::has_password(text).unwrap(), text.contains("pw"), "{text}");
    }
    assert!(!Address::is_meant("/home/ann/postgres.db"));
}
