//! The trip of a row: the files that one row of `member add` enters, from the bytes of its CSV file to its line in
//! the report.
//!
//! A file is on the trip if, for each row that is added without a problem, one of its functions takes the row in one
//! of its forms: its bytes, record, cells, intent (or the intent's user or group), resolved change, step, verdict,
//! event, or line of the report. Three kinds of files are not on the trip:
//!
//! - Code that takes a single value and knows no row: the text of a cell, an email, an id, a name (`sheet/cell`,
//!   `rows/cell`, `rows/address`, `model`, `directory`).
//! - Code that runs for a page or a batch of rows, or in the same way for every request: lookups, the journal's
//!   statements and commits, the client below the call itself (pace, HTTP, JSON).
//! - Declarations: traits, enums, derived code.
//!
//! `bench/trip.py` runs the program and checks the list: each file of it is really entered.

/// The most files that the trip may have.
pub const MOST: usize = 40;

/// The files of the trip in the row's order, each with the function that takes the row.
pub const TRIP: &[(&str, &str)] = &[
    // The file's bytes become a row.
    ("crates/sheet/src/sheet.rs", "advance"),
    ("crates/sheet/src/rows/records.rs", "next"),
    ("crates/sheet/src/csv/mod.rs", "record"),
    ("crates/sheet/src/csv/quotes.rs", "pass"),
    ("crates/sheet/src/rows/problem.rs", "row_problem"),
    // The row becomes an intent, and both go into the draft.
    ("crates/people/src/plan/draft.rs", "keep_row"),
    ("crates/people/src/plan/intent.rs", "read"),
    ("crates/people/src/rows/columns.rs", "chosen"),
    ("crates/people/src/rows/intent.rs", "member"),
    ("crates/people/src/rows/row.rs", "read"),
    ("crates/journal/src/batch.rs", "add_row"),
    ("crates/journal-sqlite/src/draft.rs", "add_row"),
    // The intent is resolved to a step.
    ("crates/people/src/plan/into_steps.rs", "plan_row"),
    ("crates/people/src/jobs/families/members.rs", "add"),
    ("crates/people/src/resolve/resolved.rs", "user"),
    ("crates/people/src/resolve/find.rs", "find_person"),
    ("crates/people/src/resolve/guard.rs", "of_addition"),
    ("crates/people/src/steps/change.rs", "who"),
    ("crates/people/src/steps/record.rs", "record"),
    // The step is taken from the journal and sent.
    ("crates/journal-sqlite/src/steps.rs", "step_of"),
    ("crates/engine/src/feed.rs", "refill"),
    ("crates/engine/src/queue.rs", "add"),
    ("crates/engine/src/dispatcher.rs", "spawn"),
    ("crates/engine/src/worker.rs", "work"),
    ("crates/people/src/executor/people.rs", "perform"),
    ("crates/people/src/steps/spec.rs", "in_words"),
    ("crates/people/src/steps/add_member.rs", "KIND"),
    ("crates/people/src/steps/membership.rs", "add_by_jira"),
    ("crates/atlassian/src/jira/groups.rs", "add_member"),
    ("crates/people/src/steps/answers.rs", "after_change"),
    ("crates/people/src/executor/membership_lists.rs", "note"),
    // The verdict goes into the journal and is shown.
    ("crates/engine/src/claim.rs", "claim"),
    ("crates/engine/src/policy.rs", "settled"),
    ("crates/journal-sqlite/src/moves.rs", "settle"),
    ("crates/journal/src/settlement.rs", "end_of_row"),
    ("crates/headcount/src/show/watch.rs", "event"),
    // The report has a line for the row.
    ("crates/journal-sqlite/src/rows.rs", "view_of"),
    ("crates/report/src/csv.rs", "write_csv"),
    ("crates/report/src/columns.rs", "added_values"),
    ("crates/app/src/report_subject.rs", "of_row"),
];
