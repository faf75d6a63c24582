//! What is PostgreSQL's own; what every store does is in the contract.

use std::hash::{DefaultHasher, Hash, Hasher};

use headcount_journal::Journal;
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
