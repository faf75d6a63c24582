//! A journal of the program of commit 6f2acbe (version 3, which had columns for users and groups). What its runs
//! did and what its plan would do can still be read.

use headcount_journal::RowView;
use headcount_model::door::Api;
use headcount_model::step::StepState;
use headcount_people::plan::summary;
use headcount_people::steps::{Before, StepKind, of_row, read, read_all};
use rusqlite::Connection;

fn seen(row: &RowView) -> (String, String, Option<String>, Option<String>) {
    let target = of_row(row).expect("its step can be read").payload.target;
    let (account, group) = (target.account, target.group);
    let outcome = row.outcome.expect("it has an outcome").to_string();
    let reason = row.reason.expect("it has a reason").word().to_owned();
    (
        outcome,
        reason,
        account.map(|id| id.as_str().to_owned()),
        group.map(|id| id.as_str().to_owned()),
    )
}

#[test]
fn a_journal_of_users_in_columns_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    Connection::open(&path).unwrap().execute_batch(include_str!("old/journal.sql")).unwrap();
    let journal = headcount_journal_sqlite::open(&path).unwrap();
    assert_eq!(journal.runs().unwrap().len(), 7);
    let rows = |run: &str| journal.rows(&journal.find(run).unwrap().id, 0, 100).unwrap();

    // The accounts that the site returned for new users, and the added memberships.
    let created: Vec<_> = rows("1").iter().map(seen).collect();
    assert_eq!(created.len(), 5);
    for (outcome, reason, account, group) in created {
        assert_eq!((outcome.as_str(), reason.as_str(), group), ("changed", "created", None));
        assert!(account.is_some_and(|id| id.starts_with("712020:")));
    }
    let added = seen(&rows("2")[0]);
    let ids = ("e2345d51eaa4xxx984e377ce", "d6750b14-1aa8-4ab2-xxxx-a6d44016da32");
    assert_eq!((added.0.as_str(), added.1.as_str()), ("changed", "done"));
    assert_eq!((added.2.as_deref(), added.3.as_deref()), (Some(ids.0), Some(ids.1)));

    // What an undo would revert, and what the history of a user shows.
    let run = journal.find("2").unwrap().id;
    let effects = journal.effects(&run, 0, 10).unwrap();
    assert_eq!(effects.len(), 3);
    let step = read(effects[0].step.clone()).unwrap();
    assert_eq!(step.api(), Some(Api::Jira));
    assert_eq!(step.payload.kind, StepKind::AddMember);
    for (text, wanted) in
        [("verna dillow", true), ("oslo-eng", true), (ids.0, true), ("zzz", false)]
    {
        assert_eq!(journal.is_about(&run, text).unwrap(), wanted, "{text}");
    }

    // A plan that was not applied yet.
    let run = journal.find("7").unwrap().id;
    let steps = journal.steps(&run, StepState::Pending, 0, 10).unwrap();
    let kinds: Vec<_> = read_all(steps).unwrap().into_iter().map(|step| step.payload).collect();
    assert_eq!(kinds.len(), 2);
    assert!(kinds.iter().all(|change| change.kind == StepKind::Deactivate));
    assert!(kinds.iter().all(|change| matches!(change.before, Before::Status(_))));
    assert_eq!(summary(&journal, &run).unwrap().steps, 2);
}
