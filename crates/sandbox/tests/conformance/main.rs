//! Checks the sandbox's answers and the client's requests against Atlassian's published descriptions.
//!
//! # How it is checked
//! - `HEADCOUNT_API_DESCRIPTIONS` names a folder with `jira-platform-v3.json`,
//!   `admin-organization.json`, `admin-user-management.json` and
//!   `scim-user-provisioning.json`. They are not part of this repository. Without them nothing is checked, and the tests say so.
//! - One test sends every call of the route table.
//! - The other checks all exchanges in the folder `HEADCOUNT_RECORDED`, which a run of the whole
//!   test suite with `HEADCOUNT_RECORD` writes (`scripts/conformance` does both).
//!
//! # What is checked
//! - Answers of the sandbox without a fault: the status is described for the call, and the
//!   body fits its schema and has no unknown field.
//! - Requests of headcount's client (recognized by `User-Agent`): all query parameters are described, the
//!   required ones are there, and values and body fit. Tests send other requests that are deliberately wrong.
//!
//! Deliberate deviations are listed in `deviations`, and so in docs/differences.md.

#[path = "../http/client.rs"]
#[expect(dead_code, reason = "shared with the other tests, which need more of it")]
mod client;
#[path = "../http/steps.rs"]
mod steps;

mod check;
mod describe;
mod deviations;
mod own;
mod page;
mod played;
mod query;
mod read;
mod translate;

use std::path::PathBuf;

use check::Check;
use client::Site;
use headcount_sandbox::Config;

fn folder(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

/// The check. `None` if there are no descriptions; then it prints that.
fn check() -> Option<Check> {
    let Some(descriptions) = folder("HEADCOUNT_API_DESCRIPTIONS") else {
        println!("conformance: skipped: no descriptions (HEADCOUNT_API_DESCRIPTIONS is not set)");
        return None;
    };
    Some(Check::new(&descriptions))
}

#[tokio::test]
async fn every_call_once() {
    let Some(mut check) = check() else { return };
    let folder = tempfile::tempdir().unwrap();
    let record = Some(folder.path().to_owned());
    let sandbox = headcount_sandbox::start(Config { record, ..Config::default() }).await.unwrap();
    let site = Site::of(sandbox);
    steps::walk(&site).await;
    read::folder(&mut check, folder.path());
    check.tell();
    assert!(check.answers > 80, "{} answers only", check.answers);
    assert!(check.findings.is_empty(), "{}", check.list());
}

#[test]
fn everything_that_was_recorded() {
    let Some(recorded) = folder("HEADCOUNT_RECORDED") else {
        println!("conformance: skipped: nothing recorded (HEADCOUNT_RECORDED is not set)");
        return;
    };
    let Some(mut check) = check() else { return };
    // Exchanges of the program's own sandboxes, written by the tests of the command line.
    let of_the_program = recorded.join("program");
    assert!(of_the_program.is_dir(), "no sandbox of the program itself was recorded");
    read::folder(&mut check, &of_the_program);
    assert!(check.requests > 0, "no request to a sandbox of the program itself was recorded");
    let of_the_program = check.requests;
    read::folder(&mut check, &recorded);
    check.tell();
    assert!(check.requests > of_the_program, "no request to a test's own sandbox was recorded");
    assert!(check.findings.is_empty(), "{}", check.list());
    let never = check.never_hit();
    assert!(never.is_empty(), "deviations that never came up: {never:#?}");
}
