//! Where the journals of a simulation are: in files, or on a PostgreSQL server.

use std::cell::Cell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use headcount_journal::Journal;
use headcount_journal_postgres::Address;
use headcount_testkit::postgres;

thread_local! {
    static IS_ON_A_SERVER: Cell<bool> = const { Cell::new(false) };
}

/// Lives with all journals on a server. A simulation has one thread.
pub fn on_a_server<T>(live: impl FnOnce() -> T) -> T {
    IS_ON_A_SERVER.set(true);
    let lived = live();
    IS_ON_A_SERVER.set(false);
    lived
}

/// Whether this simulation's journals are on a server.
pub fn are_on_a_server() -> bool {
    IS_ON_A_SERVER.get()
}

/// Opens the journal of a path; on a server, each path has a schema of its own.
pub fn open(path: &Path) -> Journal {
    if !are_on_a_server() {
        return headcount_journal_sqlite::open(path).unwrap();
    }
    let place = postgres::server().journal(&schema(path));
    headcount_journal_postgres::open(&Address::parse(&place, &|_| None).unwrap()).unwrap()
}

/// All that a journal on a server has, as text.
pub fn contents(path: &Path) -> Vec<u8> {
    let schema = schema(path);
    let tables = ["runs", "rows", "steps", "requests", "records", "doors", "waits", "acts"];
    let read = tables.map(|table| format!("SELECT all_of::text FROM {schema}.{table} AS all_of;"));
    postgres::server().execute(&read.concat()).into_bytes()
}

fn schema(path: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    format!("sim_{:x}", hasher.finish())
}
