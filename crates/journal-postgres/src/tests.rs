//! What is PostgreSQL's own; what every store does is in the contract.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use headcount_journal::{
    Journal, JournalError, LEFT_OUT, NewRun, QueuedRun, RunId, RunLock, RunState, TABLES, Wanted,
    WorkQueue,
};
use headcount_journal_contract::fixture::{at, new_run, step, write};
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

/// Ends the lease of each run of a schema, as time does.
fn let_leases_end(schema: &str) {
    postgres::server().execute(&format!("UPDATE {schema}.leases SET until = '-infinity'"));
}

/// A holder whose lease has ended writes nothing: not before another one takes the run, not while it carries it, and not
/// after that. Its lease never counts again.
#[test]
fn a_holder_whose_lease_has_ended_writes_nothing_more() {
    let place = postgres::server().journal("fenced");
    let (mut stopped, mut next) =
        (open(&address(&place)).unwrap(), open(&address(&place)).unwrap());
    let (run, lock) = stopped.begin(&new_run()).unwrap();
    write(&mut stopped, &run.id, |batch| {
        batch.add_row(1, 2, &["a".into()]).unwrap();
        batch.add_step(1, &step("a")).unwrap();
    });
    stopped.seal(&run.id, at()).unwrap();
    stopped.start(&run.id, at()).unwrap();
    let lease = stopped.lease(&run.id);
    assert!(lease.counts());
    let refused = |journal: &mut Journal| {
        let mut batch = journal.batch(&run.id).unwrap();
        let begun = batch.start(1, "POST /call", at());
        let begun = begun.and_then(|()| batch.commit());
        let ended = journal.end(&run.id, Some("stopped"), at());
        for refused in [begun, ended] {
            let number = run.id.number();
            assert!(
                matches!(refused, Err(JournalError::LeaseEnded { run }) if run == number),
                "{refused:?}"
            );
        }
    };
    let locked = next.lock(&run.id);
    assert!(
        matches!(&locked, Err(JournalError::Locked { holder: Some(holder), .. })
            if holder.process == std::process::id() && holder.ends_in.is_some()),
        "{locked:?}"
    );
    let_leases_end("fenced");
    refused(&mut stopped);
    let taken = next.lock(&run.id).unwrap();
    refused(&mut stopped);
    next.end(&run.id, Some("another carries it"), at()).unwrap();
    drop(taken);
    refused(&mut stopped);
    drop(lock);
    assert!(!lease.counts());
    let stop = stopped.run(run.id.as_str()).unwrap().stop;
    assert_eq!(stop.as_deref(), Some("another carries it"));
}

/// The queue, and a run that is in it; the caller drops the lock before a worker takes it.
fn in_queue(journal: &mut Journal) -> (Box<dyn WorkQueue>, RunId, RunLock, QueuedRun) {
    let (run, lock) = journal.begin(&new_run()).unwrap();
    write(journal, &run.id, |batch| {
        batch.add_row(1, 2, &["a".into()]).unwrap();
        batch.add_step(1, &step("a")).unwrap();
    });
    journal.seal(&run.id, at()).unwrap();
    let mut queue = journal.queue().unwrap().unwrap();
    let how = serde_json::json!({});
    let queued = QueuedRun { run: run.id.clone(), at: at(), by: None, how, note: None };
    queue.put(&queued, RunState::Sealed).unwrap();
    (queue, run.id, lock, queued)
}

/// What a user has to look at leaves the queue in the transaction of the move.
#[test]
fn a_run_leaves_the_queue_with_the_move_that_ends_its_turn() {
    let mut journal = open(&address(&postgres::server().journal("turns"))).unwrap();
    // A worker starts it and stops for the drain: the next worker continues. It stops for a user: none does.
    let (mut queue, run, lock, _) = in_queue(&mut journal);
    drop(lock);
    let wanted = Wanted { profiles: None, except: &[], worker: 1 };
    let taken = queue.take(&wanted).unwrap().unwrap();
    journal.start(&run, at()).unwrap();
    journal.end(&run, Some("interrupted"), at()).unwrap();
    assert!(journal.is_queued(&run));
    journal.start(&run, at()).unwrap();
    journal.stop_for_review(&run, "the canary failed", at()).unwrap();
    assert!(!journal.is_queued(&run));
    drop(taken);
    // A command or the page starts it.
    let (_, run, lock, _) = in_queue(&mut journal);
    journal.start(&run, at()).unwrap();
    assert!(!journal.is_queued(&run));
    journal.end(&run, Some("stopped"), at()).unwrap();
    // Its undo is planned.
    drop(lock);
    let lock = journal.lock(&run).unwrap();
    let queued =
        QueuedRun { run: run.clone(), at: at(), by: None, how: serde_json::json!({}), note: None };
    queue.put(&queued, RunState::Stopped).unwrap();
    let undo = NewRun { undoes: Some(run.clone()), ..new_run() };
    let (undo, _undo_lock) = journal.begin(&undo).unwrap();
    assert!(journal.is_queued(&run));
    journal.seal(&undo.id, at()).unwrap();
    assert!(!journal.is_queued(&run));
    drop(lock);
}

/// The limits of an organization are met by one pace: of its sites, one run is applied at a time.
#[test]
fn of_an_organization_one_run_is_applied_at_a_time() {
    let mut journal = open(&address(&postgres::server().journal("one_pace"))).unwrap();
    let mut first = None;
    for _ in 0..2 {
        let (_, _, lock, _) = in_queue(&mut journal);
        drop(lock);
    }
    let sites = "UPDATE one_pace.runs SET site = 'https://' || run, organization = ";
    for (organization, is_free) in [("'https://o'", false), ("'https://o' || run", true)] {
        drop(first.take());
        postgres::server().execute(&format!("{sites}{organization}"));
        let mut queue = journal.queue().unwrap().unwrap();
        let wanted = Wanted { profiles: None, except: &[], worker: 1 };
        first = queue.take(&wanted).unwrap();
        assert!(first.is_some());
        assert_eq!(queue.take(&wanted).unwrap().is_some(), is_free);
    }
}

/// Of the same site or organization, one run at a time is started, by whatever process.
#[test]
fn a_run_is_not_started_during_the_turn_of_another_one() {
    let mut journal = open(&address(&postgres::server().journal("others_turn"))).unwrap();
    let mut locks = Vec::new();
    let mut sealed = |site: &str, organization: Option<&str>| {
        let organization = organization.map(str::to_owned);
        let new = NewRun { site: site.into(), organization, ..new_run() };
        let (run, lock) = journal.begin(&new).unwrap();
        journal.seal(&run.id, at()).unwrap();
        locks.push(lock);
        run.id
    };
    let first = sealed("https://a", Some("https://o/1/directories/x"));
    let others = [
        sealed("https://a", None),
        sealed("https://b", Some("https://o/1")),
        sealed("https://c, https://a", None),
    ];
    let free = [
        sealed("https://d", Some("https://o/2")),
        sealed("sandbox", None),
        sealed("sandbox", None),
        sealed("addresses that scripts make", None),
    ];
    journal.start(&first, at()).unwrap();
    for run in &others {
        let refused = journal.start(run, at());
        let is_right = matches!(&refused, Err(JournalError::OthersTurn { run: own, other, .. })
            if own == run && *other == first);
        assert!(is_right, "{refused:?}");
        assert_eq!(journal.run(run.as_str()).unwrap().state, RunState::Sealed);
    }
    for run in &free {
        journal.start(run, at()).unwrap();
    }
    // It continues itself, and leaves its turn when it ends or its lease does.
    journal.start(&first, at()).unwrap();
    journal.end(&first, Some("stopped"), at()).unwrap();
    journal.start(&others[0], at()).unwrap();
    assert!(journal.start(&others[2], at()).is_err());
    let end = format!(
        "UPDATE others_turn.leases SET until = '-infinity' WHERE run = {}",
        others[0].number()
    );
    postgres::server().execute(&end);
    journal.start(&others[2], at()).unwrap();
}

/// A finished run stays finished if it cannot be started again.
#[test]
fn a_run_is_not_reopened_during_the_turn_of_another_one() {
    let mut journal = open(&address(&postgres::server().journal("reopened"))).unwrap();
    let mut locks = Vec::new();
    let [first, second] = [(), ()].map(|()| {
        let (run, lock) = journal.begin(&NewRun { site: "https://a".into(), ..new_run() }).unwrap();
        journal.seal(&run.id, at()).unwrap();
        locks.push(lock);
        run.id
    });
    journal.start(&first, at()).unwrap();
    journal.end(&first, None, at()).unwrap();
    journal.start(&second, at()).unwrap();
    let refused = journal.reopen(&first, at());
    assert!(matches!(refused, Err(JournalError::OthersTurn { .. })), "{refused:?}");
    assert_eq!(journal.run(first.as_str()).unwrap().state, RunState::Finished);
    journal.end(&second, None, at()).unwrap();
    journal.reopen(&first, at()).unwrap();
    journal.start(&first, at()).unwrap();
}

/// While a process carries a run, no undo of it is started by another one.
#[test]
fn an_undo_is_not_started_while_its_run_is_carried() {
    let place = postgres::server().journal("undo_carried");
    let mut journal = open(&address(&place)).unwrap();
    let mut other = open(&address(&place)).unwrap();
    let (run, lock) = journal.begin(&new_run()).unwrap();
    journal.seal(&run.id, at()).unwrap();
    let undo = NewRun { undoes: Some(run.id.clone()), ..new_run() };
    let (undo, _undoing) = other.begin(&undo).unwrap();
    other.seal(&undo.id, at()).unwrap();
    let refused = other.start(&undo.id, at());
    assert!(matches!(refused, Err(JournalError::LeaseEnded { .. })), "{refused:?}");
    drop(lock);
    let _undone = other.lock(&run.id).unwrap();
    other.start(&undo.id, at()).unwrap();
}

/// In a process, too, a run has one holder: the token of the next one would let the first one write.
#[test]
fn a_holder_whose_lease_has_ended_is_not_replaced_before_it_lets_go() {
    let journal = open(&address(&postgres::server().journal("let_go"))).unwrap();
    let mut first = journal.another().unwrap();
    let (run, lock) = first.begin(&new_run()).unwrap();
    let_leases_end("let_go");
    let locked = journal.lock(&run.id);
    let own = std::process::id();
    assert!(
        matches!(&locked, Err(JournalError::Locked { holder: Some(holder), .. })
            if holder.process == own),
        "{locked:?}"
    );
    drop(lock);
    drop(journal.lock(&run.id).unwrap());
}

/// A run from before there were leases has one once it is written: from then on a taking waits for the writer.
#[test]
fn a_run_without_a_lease_gets_one_with_its_first_transaction() {
    let mut journal = open(&address(&postgres::server().journal("before"))).unwrap();
    let (run, lock) = journal.begin(&new_run()).unwrap();
    drop(lock);
    postgres::server().execute("DELETE FROM before.leases");
    journal.seal(&run.id, at()).unwrap();
    assert_eq!(postgres::server().execute("SELECT count(*) FROM before.leases"), "1");
    assert!(!journal.is_held(&run.id));
    drop(journal.lock(&run.id).unwrap());
}

/// A run is queued as it was shown, by the process that has its lease.
#[test]
fn a_run_that_changed_since_it_was_shown_is_not_queued() {
    let place = postgres::server().journal("shown");
    let mut journal = open(&address(&place)).unwrap();
    let (mut queue, run, lock, queued) = in_queue(&mut journal);
    queue.remove(&run).unwrap();
    let put = queue.put(&queued, RunState::Stopped);
    assert!(matches!(put, Err(JournalError::WrongState { .. })), "{put:?}");
    let_leases_end("shown");
    let other = open(&address(&place)).unwrap();
    let _taken = other.lock(&run).unwrap();
    let put = queue.put(&queued, RunState::Sealed);
    assert!(matches!(put, Err(JournalError::LeaseEnded { .. })), "{put:?}");
    assert!(!journal.is_queued(&run));
    drop(lock);
    // A run that this process does not carry has a lease that has ended.
    assert!(!journal.lease(&run).counts());
}

/// While a run is carried, a process without its lease writes nothing of it either.
#[test]
fn a_run_is_written_by_its_holder_alone() {
    let place = postgres::server().journal("alone");
    let (mut holder, mut other) =
        (open(&address(&place)).unwrap(), open(&address(&place)).unwrap());
    let (run, _lock) = holder.begin(&new_run()).unwrap();
    let written = other.seal(&run.id, at());
    assert!(matches!(written, Err(JournalError::LeaseEnded { .. })), "{written:?}");
    holder.another().unwrap().seal(&run.id, at()).unwrap();
}

/// A lost connection is opened again: what is written shows the token all the same.
#[test]
fn a_lost_connection_ends_no_lease() {
    let server = postgres::server();
    let mut journal = open(&address(&server.journal("lost"))).unwrap();
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    let others = "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity
        WHERE query LIKE '%lost%' AND pid <> pg_backend_pid()";
    server.execute(others);
    while journal.seal(&run.id, at()).is_err() {}
    assert_eq!(journal.run(run.id.as_str()).unwrap().state, RunState::Sealed);
}

/// A process that is gone leaves its run to the next one of the same machine at once.
#[test]
#[cfg(target_os = "linux")]
fn the_lease_of_a_process_that_was_killed_is_free() {
    let place = postgres::server().journal("killed");
    let mut journal = open(&address(&place)).unwrap();
    let (run, lock) = journal.begin(&new_run()).unwrap();
    let mut child = std::process::Command::new("true").spawn().unwrap();
    let process = child.id();
    child.wait().unwrap();
    let update = format!("UPDATE killed.leases SET process = {process}");
    postgres::server().execute(&update);
    assert!(!journal.is_held(&run.id));
    let other = open(&address(&place)).unwrap();
    let taken = other.lock(&run.id).unwrap();
    assert!(matches!(journal.seal(&run.id, at()), Err(JournalError::LeaseEnded { .. })));
    drop((lock, taken));
    // Another machine may know nothing of the process.
    let _lock = journal.lock(&run.id).unwrap();
    let elsewhere = format!("{update}, machine = 'elsewhere', host = 'elsewhere'");
    postgres::server().execute(&elsewhere);
    let locked = other.lock(&run.id);
    assert!(
        matches!(&locked, Err(JournalError::Locked { holder: Some(holder), .. })
            if holder.host.as_deref() == Some("elsewhere")),
        "{locked:?}"
    );
    assert!(journal.is_held(&run.id));
}

/// The keeper renews leases for longer than their term.
#[test]
fn a_lease_is_renewed_while_its_process_lives() {
    let place = format!("{}&lease=1", postgres::server().journal("renewed"));
    let mut journal = open(&address(&place)).unwrap();
    let (run, _lock) = journal.begin(&new_run()).unwrap();
    let since = std::time::Instant::now();
    let ask = "SELECT until > since + interval '3 s' FROM renewed.leases";
    while postgres::server().execute(ask) != "t" {
        assert!(since.elapsed().as_secs() < 120, "it is not renewed");
    }
    assert!(journal.lease(&run.id).counts());
    journal.seal(&run.id, at()).unwrap();
}

/// A commit waits for the server's disk, also if the server's setting says otherwise; a draft's need not.
#[test]
fn a_server_that_does_not_wait_for_its_disk_waits_for_the_commits_of_a_run() {
    let place = postgres::server().journal("durable");
    let lazy = address(&format!("{place}&options=-csynchronous_commit%3Doff"));
    let store = store::PostgresStore::open(lazy).unwrap();
    let connection = store.session.connection().unwrap();
    let setting = |beginning: &[&str]| -> String {
        connection.execute(&beginning.join(";")).unwrap();
        let setting = connection.one("SHOW synchronous_commit", Vec::new()).unwrap();
        connection.execute("ROLLBACK").unwrap();
        setting
    };
    assert_eq!(setting(&["BEGIN"]), "off");
    assert_eq!(setting(&transaction::DURABLE), "on");
    assert_eq!(setting(&transaction::RELAXED), "off");
}

/// A copy of a journal has every table and every column: a new one belongs in the list.
#[test]
fn the_list_of_tables_is_complete() {
    let store = store::PostgresStore::open(address(&postgres::server().journal("tables"))).unwrap();
    let found = "SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema = 'tables' AND table_name <> 'journal'";
    let found = store.session.connection().unwrap().list(found, Vec::new()).unwrap();
    let found = found.iter().map(|row| row.get::<_, String>(0));
    let is_left_out = |name: &String| LEFT_OUT.iter().any(|table| name.starts_with(table));
    let found: BTreeSet<_> = found.filter(|name| !is_left_out(name)).collect();
    let listed = TABLES.iter().flat_map(|table| {
        table.columns.iter().map(|column| format!("{}.{}", table.name, column.name))
    });
    assert_eq!(found, listed.collect());
}

/// The server has no statistics of a new run's tables. It must not compare each row with each step then, which takes
/// hours for 100,000 rows.
#[test]
fn a_run_that_the_server_has_no_statistics_of_is_joined_by_its_indexes() {
    let place = postgres::server().journal("unanalyzed");
    let store = store::PostgresStore::open(address(&place)).unwrap();
    postgres::server().execute(
        "INSERT INTO unanalyzed.rows (run, row, line, cells)
             SELECT 1, n, n, '[]' FROM generate_series(1, 8000) AS n;
         INSERT INTO unanalyzed.serves SELECT 1, n, n FROM generate_series(1, 8000) AS n",
    );
    let explain = format!("EXPLAIN {}", runs::PLANNED_ROWS.replace("$1", "1"));
    let plan = store.session.connection().unwrap().list(&explain, Vec::new()).unwrap();
    let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
    let plan = plan.join("\n");
    assert!(plan.contains("Index Cond") && !plan.contains("Join Filter"), "{plan}");
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
