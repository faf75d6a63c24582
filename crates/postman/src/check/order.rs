//! Decides whether rows can run at the same time.
//!
//! In a parallel run every row starts with the variables of the files and without cookies. The result is the same
//! as one after another, unless a script reads what an earlier row wrote.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Listen, RequestItem, Script};
use crate::run::Run;
use crate::variables::Mode;

use super::names::names_of;
use super::tokens::tokens;
use super::usage::{Usage, usage};

/// How rows run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// At the same time; the reason is shown.
    Parallel(String),
    /// One after another; the reason is shown.
    InTurn(String),
}

/// How the rows of a run may run.
pub fn order(run: &Run) -> Order {
    if run.options.mode == Mode::AsNewman {
        return Order::InTurn(
            "--as-newman runs rows one after the other, as Newman does".to_owned(),
        );
    }
    if !run.options.delay.is_zero() {
        return Order::InTurn("--delay-request asks for a pause between requests".to_owned());
    }
    let mut written = BTreeSet::new();
    let all = all_written(&run.items);
    if let Some(script) = jumping(&run.items).filter(|_| !all.is_empty()) {
        return Order::InTurn(format!(
            "the {} script of \"{}\" may jump over a request that sets a variable, which would then \
             be an earlier row's",
            script.listen, script.owner
        ));
    }
    for item in &run.items {
        if let Some(reason) = in_item(item, &all, &mut written) {
            return Order::InTurn(reason);
        }
    }
    let reason = match all.is_empty() {
        true => "no script sets a variable".to_owned(),
        false => format!(
            "every variable that a script sets ({}) is set before it is used in the same row",
            all.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
        ),
    };
    Order::Parallel(reason)
}

fn all_written(items: &[Arc<RequestItem>]) -> BTreeSet<String> {
    items.iter().flat_map(|item| &item.scripts).flat_map(|script| usage(script).writes).collect()
}

/// Whether a script may leave functions for later ones: in an undeclared name, or in the objects that all scripts
/// share.
pub fn leaves_functions(items: &[Arc<RequestItem>]) -> bool {
    let mut scripts = items.iter().flat_map(|item| &item.scripts);
    scripts.any(|script| {
        let usage = usage(script);
        usage.undeclared.is_some() || usage.shared.is_some()
    })
}

/// Finds a script that calls `setNextRequest` with anything but `null`.
fn jumping(items: &[Arc<RequestItem>]) -> Option<&Script> {
    let jumps = |script: &&Script| {
        let tokens = tokens(&script.source);
        let mut calls = tokens.windows(3).filter(|it| it[0].name() == Some("setNextRequest"));
        calls.any(|call| call[2].name() != Some("null"))
    };
    items.iter().flat_map(|item| &item.scripts).find(jumps)
}

/// Why a request makes its rows depend on each other. `written` has the names that the row has written before.
fn in_item(
    item: &RequestItem,
    all: &BTreeSet<String>,
    written: &mut BTreeSet<String>,
) -> Option<String> {
    for listen in [Listen::PreRequest, Listen::Test] {
        for script in item.scripts.iter().filter(|script| script.listen == listen) {
            let place = format!("the {listen} script of \"{}\"", script.owner);
            let Usage { reads, reads_any, certain, unclear, undeclared, shared, .. } =
                usage(script);
            if let Some((what, line)) = shared {
                return Some(format!("{place} {what} in line {line}"));
            }
            if let Some((name, line)) = undeclared {
                return Some(format!(
                    "{place} assigns {name} in line {line} without declaring it, which outlives the row"
                ));
            }
            if let Some(line) = unclear {
                return Some(format!(
                    "{place} changes variables in line {line} whose names are not in the script"
                ));
            }
            let stale = reads
                .iter()
                .find(|(name, is_own)| !is_own && all.contains(name) && !written.contains(name));
            if let Some(line) = reads_any.filter(|_| !all.is_subset(written)) {
                return Some(format!(
                    "{place} reads variables in line {line} whose names are not in the script"
                ));
            }
            if let Some((name, _)) = stale {
                return Some(format!(
                    "{place} reads the variable {name} before its row has surely set it, so it may \
                     be an earlier row's"
                ));
            }
            written.extend(certain);
        }
        if listen == Listen::PreRequest {
            let stale = names_of(item)
                .into_iter()
                .find(|name| all.contains(name) && !written.contains(name));
            if let Some(name) = stale {
                return Some(format!(
                    "\"{}\" uses {{{{{name}}}}} before its row has surely set it, so it may be an earlier row's",
                    item.name
                ));
            }
        }
    }
    None
}
