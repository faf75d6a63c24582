//! Stores limits with their run: the limits of the first command apply again when the run is applied or resumed,
//! unless the command sets them.

use std::str::FromStr;

use clap::ValueEnum as _;
use headcount_app::failure::Failure;
use headcount_app::options::LIMITS;
use headcount_journal::{Journal, Run};
use serde_json::{Map, Value, json};

use crate::args::{SendArgs, VerifyArg};

/// Stores the command's limits with a run.
pub fn keep(journal: &mut Journal, run: &Run, send: &SendArgs) -> Result<(), Failure> {
    let given = given(send);
    if given.is_empty() {
        return Ok(());
    }
    Ok(journal.add_options(&run.id, &json!({ LIMITS: given }))?)
}

/// The command's limits, each with the name of its option.
fn given(send: &SendArgs) -> Map<String, Value> {
    let verify = send.verify.and_then(|verify| verify.to_possible_value());
    let words = [
        ("canary_rows", send.canary.map(|rows| rows.to_string())),
        ("max_changes", send.max_changes.map(|most| most.to_string())),
        ("max_failures", send.max_failures.map(|most| most.to_string())),
        ("max_wait", send.max_wait.map(|seconds| seconds.to_string())),
        ("concurrency", send.concurrency.map(|most| most.to_string())),
        ("rate", send.rate.map(|most| most.to_string())),
        ("verify", verify.map(|verify| verify.get_name().to_owned())),
    ];
    words.into_iter().filter_map(|(name, words)| Some((name.to_owned(), words?.into()))).collect()
}

/// The options of a command, with the run's stored limits for those that it does not set.
pub fn with_kept(send: &SendArgs, run: &Run) -> SendArgs {
    let verify = kept::<String>(run, "verify");
    SendArgs {
        canary: send.canary.or_else(|| kept(run, "canary_rows")),
        max_changes: send.max_changes.or_else(|| kept(run, "max_changes")),
        max_failures: send.max_failures.or_else(|| kept(run, "max_failures")),
        max_wait: send.max_wait.or_else(|| kept(run, "max_wait")),
        concurrency: send.concurrency.or_else(|| kept(run, "concurrency")),
        rate: send.rate.or_else(|| kept(run, "rate")),
        verify: send.verify.or_else(|| VerifyArg::from_str(&verify?, false).ok()),
        ..send.clone()
    }
}

/// The page stores numbers as they were typed, with commas and spaces.
fn kept<T: FromStr>(run: &Run, name: &str) -> Option<T> {
    let words = run.options.get(LIMITS)?.get(name)?.as_str()?;
    words.replace([',', ' '], "").parse().ok()
}
