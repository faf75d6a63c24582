//! Faults as data: which requests fail, how often, and how.
//!
//! docs/sandbox.md has the format. Faults are counted, so a test says exactly which request fails. If several
//! match, the first in the list that is not used up applies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A fault file, and the body of `POST /_sandbox/faults`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultSet {
    pub(crate) faults: Vec<Fault>,
}

/// One fault.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// Only this method; any method if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<String>,
    /// Only this template (`/rest/api/3/group/user`), this path, or paths with this beginning (`/rest/*`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// Only requests that name this account in the path, the query or the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,
    /// Only requests with this text in their path, query or body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mentions: Option<String>,
    /// Starts with the n-th request that matches, from 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub(crate) nth: u64,
    /// Applies to nothing before the n-th changing request since the fault was set. That request fails if it
    /// matches.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) from_change: u64,
    /// How many requests fail; 0 means no limit.
    #[serde(default = "one")]
    pub(crate) times: u64,
    /// Milliseconds that pass before anything else.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) delay_ms: u64,
    /// Milliseconds that pass between the effect and the answer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) delay_after_ms: u64,
    /// Sends this answer instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answer: Option<Answer>,
    /// Closes the connection without an answer, before or after the effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) drop: Option<Where>,
    /// After the effect: sends the head and half of the body, then closes the connection.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) half_body: bool,
    /// After the effect: sends the correct status with a body that is not JSON.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) garbage: bool,
    /// After the effect: replaces texts in the body.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) replace: BTreeMap<String, String>,
    /// After the effect: adds these headers, replacing headers of the same name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<String, String>,
    /// The changing requests since it was set, for `from_change`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) changes: u64,
    /// Requests that matched so far.
    #[serde(default)]
    pub(crate) matched: u64,
    /// Requests that failed so far.
    #[serde(default)]
    pub(crate) struck: u64,
}

/// An answer that takes the place of the real one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// JSON, sent byte for byte, even half a surrogate pair. A string is sent as text, or as HTML if it starts
    /// with `<`.
    #[serde(default)]
    pub(crate) body: Option<Box<RawValue>>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// Whether the effect happens before this answer.
    #[serde(default)]
    pub(crate) when: Where,
}

/// Before or after the effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Where {
    /// The call has no effect.
    #[default]
    Before,
    /// The call has its effect, but its answer is lost.
    After,
}

fn one() -> u64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(value: &u64) -> bool {
    *value == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// The parts of a request that faults are matched with.
pub(crate) struct Subject<'a> {
    pub(crate) method: &'a str,
    pub(crate) template: &'a str,
    pub(crate) path: &'a str,
    /// Decoded path and query.
    pub(crate) address: &'a str,
    pub(crate) body: &'a [u8],
    /// Whether the call can change something.
    pub(crate) changes: bool,
}

/// What goes wrong with one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strike {
    pub(crate) delay_ms: u64,
    pub(crate) delay_after_ms: u64,
    pub(crate) answer: Option<Answer>,
    pub(crate) drop: Option<Where>,
    pub(crate) half_body: bool,
    pub(crate) garbage: bool,
    pub(crate) replace: BTreeMap<String, String>,
    pub(crate) headers: BTreeMap<String, String>,
}

impl Strike {
    /// Whether the answer differs from the call's own; a delay alone does not count.
    pub(crate) fn is_a_fault(&self) -> bool {
        self.drop.is_some()
            || self.answer.is_some()
            || self.half_body
            || self.garbage
            || !self.replace.is_empty()
            || !self.headers.is_empty()
    }

    /// Whether the call has no effect.
    pub(crate) fn prevents(&self) -> bool {
        self.drop == Some(Where::Before)
            || self.answer.as_ref().is_some_and(|answer| answer.when == Where::Before)
    }
}

/// The active faults.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, set: FaultSet) {
        self.0.extend(set.faults);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> FaultSet {
        FaultSet { faults: self.0.clone() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts the request, and returns what goes wrong with it.
    pub(crate) fn strike(&mut self, subject: &Subject<'_>) -> Option<Strike> {
        let mut strike = None;
        for fault in &mut self.0 {
            if fault.changes < fault.from_change {
                fault.changes += u64::from(subject.changes);
            }
            if fault.changes < fault.from_change || !fault.matches(subject) {
                continue;
            }
            fault.matched += 1;
            let left = fault.times == 0 || fault.struck < fault.times;
            if strike.is_none() && left && fault.matched >= fault.nth {
                fault.struck += 1;
                strike = Some(Strike {
                    delay_ms: fault.delay_ms,
                    delay_after_ms: fault.delay_after_ms,
                    answer: fault.answer.clone(),
                    drop: fault.drop,
                    half_body: fault.half_body,
                    garbage: fault.garbage,
                    replace: fault.replace.clone(),
                    headers: fault.headers.clone(),
                });
            }
        }
        strike
    }
}

impl Fault {
    fn matches(&self, subject: &Subject<'_>) -> bool {
        let method = |wanted: &String| wanted.eq_ignore_ascii_case(subject.method);
        let path = |wanted: &String| match wanted.strip_suffix('*') {
            Some(start) => subject.path.starts_with(start),
            None => wanted == subject.template || wanted == subject.path,
        };
        let stands = |text: &String| {
            subject.address.contains(text.as_str()) || contains(subject.body, text.as_bytes())
        };
        self.method.as_ref().is_none_or(method)
            && self.path.as_ref().is_none_or(path)
            && self.account.as_ref().is_none_or(stands)
            && self.mentions.as_ref().is_none_or(stands)
    }
}

fn contains(body: &[u8], text: &[u8]) -> bool {
    text.is_empty() || body.windows(text.len()).any(|window| window == text)
}

/// Reads faults; the error names the position.
pub(crate) fn parse(text: &[u8]) -> Result<FaultSet, String> {
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(json: &str) -> Faults {
        let mut faults = Faults::default();
        faults.add(parse(json.as_bytes()).unwrap());
        faults
    }

    fn subject<'a>(path: &'a str, body: &'a [u8]) -> Subject<'a> {
        Subject {
            method: "POST",
            template: "/users/{account_id}/manage/lifecycle/disable",
            path,
            address: path,
            body,
            changes: true,
        }
    }

    #[test]
    fn only_faults_before_the_effect_prevent_it() {
        let strike = |drop| Strike { drop, ..Strike::default() };
        assert!(strike(Some(Where::Before)).prevents());
        assert!(!strike(Some(Where::After)).prevents());
        assert!(!Strike::default().prevents());
    }

    #[test]
    fn faults_count() {
        let mut faults = faults(
            r#"{"faults":[{"method":"post","path":"/users/*","nth":2,"times":2,"drop":"after"}]}"#,
        );
        let subject = subject("/users/a/manage/lifecycle/disable", b"");
        let struck: Vec<bool> = (0..5).map(|_| faults.strike(&subject).is_some()).collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert_eq!(faults.list().faults[0].matched, 5);
    }

    #[test]
    fn a_fault_may_wait_for_a_change() {
        let mut faults = faults(r#"{"faults":[{"from_change":2,"times":0,"drop":"before"}]}"#);
        let change = subject("/users/a/manage/lifecycle/disable", b"");
        let read = Subject { method: "GET", changes: false, ..subject("/users/a/manage", b"") };
        let struck: Vec<bool> = [&read, &change, &read, &change, &read]
            .map(|subject| faults.strike(subject).is_some())
            .to_vec();
        assert_eq!(struck, [false, false, false, true, true]);
    }

    #[test]
    fn faults_choose_by_account_and_template() {
        let template = "/users/{account_id}/manage/lifecycle/disable";
        let mut faults = faults(&format!(
            r#"{{"faults":[{{"path":"{template}","account":"a1","times":0,"answer":{{"status":503}}}}]}}"#,
        ));
        assert!(faults.strike(&subject("/users/b2/x", b"{}")).is_none());
        assert!(faults.strike(&subject("/users/a1/x", b"{}")).is_some());
        assert!(faults.strike(&subject("/x", br#"{"accountId":"a1"}"#)).is_some());
    }

    #[test]
    fn a_misspelt_field_is_reported_with_its_place() {
        let error = parse(b"{\"faults\":[\n{\"time\":3}]}").unwrap_err();
        assert!(error.contains("time") && error.contains("line 2"), "{error}");
    }
}
