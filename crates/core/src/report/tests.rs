use super::*;
use crate::journal::{Journal, NewRun, Run};
use crate::values::job::Job;
use crate::values::outcome::Outcome;
use crate::values::reason::Reason;

fn run(folder: &tempfile::TempDir) -> (Journal, Run) {
    let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
    let at = "2026-11-20T18:00:00Z".parse().unwrap();
    let new = NewRun {
        job: Job::AddMembers,
        site: "https://acme.atlassian.net".into(),
        organisation: None,
        profile: "acme".into(),
        input: "people.csv".into(),
        headings: vec!["Email".into(), "Row".into()],
        options: serde_json::json!({}),
        undoes: None,
        at,
    };
    let (run, _lock) = journal.begin(&new).unwrap();
    let mut batch = journal.batch(&run.id).unwrap();
    let rows = [
        ("=1+1@example.com", Outcome::Unchanged, Reason::AlreadyMember),
        ("b@example.com", Outcome::Skipped, Reason::UserNotFound),
        ("c@example.com", Outcome::Skipped, Reason::Duplicate),
        ("d@example.com", Outcome::Skipped, Reason::Oneself),
        ("e@example.com", Outcome::Failed, Reason::Forbidden),
    ];
    for (at, (mail, outcome, reason)) in (1..).zip(rows) {
        batch.add_row(at, at + 1, &[mail.into(), "a, \"b\"".into()]).unwrap();
        batch.settle_row(at, outcome, reason, "words").unwrap();
    }
    batch.commit().unwrap();
    journal.seal(&run.id, at).unwrap();
    let run = journal.run(run.id.as_str()).unwrap();
    (journal, run)
}

#[test]
fn the_report_keeps_the_inputs_columns_and_defuses_formulas() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = run(&folder);
    let mut out = Vec::new();
    write_csv(&journal, &run, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some(
            "Email,Row,headcount_row,site,outcome,reason,detail,http_status,attempts,account_id,group_id,at"
        )
    );
    assert_eq!(
        lines.next(),
        Some(
            "'=1+1@example.com,\"a, \"\"b\"\"\",1,https://acme.atlassian.net,unchanged,already-member,words,,0,,,"
        )
    );
}

#[test]
fn only_rows_worth_another_try_are_fed_back() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = run(&folder);
    let mut out = Vec::new();
    assert_eq!(write_failed(&journal, &run, &mut out).unwrap(), 2);
    let text = String::from_utf8(out).unwrap();
    assert_eq!(
        text,
        "Email,Row\r\nb@example.com,\"a, \"\"b\"\"\"\r\ne@example.com,\"a, \"\"b\"\"\"\r\n"
    );
}

#[test]
fn the_json_report_is_one_object_with_typed_values() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = run(&folder);
    let mut out = Vec::new();
    write_json(&journal, &run, &mut out).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(value["counts"]["skipped"], 3);
    assert_eq!(value["rows"][4]["row"], 5);
    assert_eq!(value["rows"][4]["input"][0], "e@example.com");
    assert_eq!(value["rows"][4]["http_status"], serde_json::Value::Null);
}
