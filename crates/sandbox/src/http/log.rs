//! The log of all requests: the request, the answer, and what changed.
//!
//! A line takes about 40 bytes and its path, so that a run of a million rows can be logged. The line is written in
//! the same step as the effect, so a client that closes the connection before its answer cannot cause an effect
//! that is not in the log.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use crate::org::{Effect, Org};

const CHUNK: usize = 256 * 1024;

/// One request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) at_ms: i64,
    /// The index in the route table; `None` for an unknown address.
    pub(crate) route: Option<u16>,
    /// 0 if the connection was closed without an answer.
    pub(crate) status: u16,
    /// The wait in seconds that the answer announced.
    pub(crate) retry_after: Option<u32>,
    pub(crate) already: bool,
    pub(crate) fault: bool,
}

struct Line {
    entry: Entry,
    method: &'static str,
    chunk: u32,
    start: u32,
    len: u32,
    first_effect: u32,
    effects: u16,
}

/// Which lines to show.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) from: usize,
    pub(crate) limit: usize,
    pub(crate) changed: Option<bool>,
    pub(crate) template: Option<String>,
    pub(crate) method: Option<String>,
}

/// All requests since the start or the last reset.
#[derive(Default)]
pub(crate) struct Log {
    lines: Vec<Line>,
    effects: Vec<Effect>,
    paths: Vec<String>,
}

/// The name of a route: method, template, and whether it can change something.
pub(crate) type Names<'a> = &'a dyn Fn(u16) -> (&'static str, &'static str, bool);

#[derive(Serialize)]
struct Count {
    method: &'static str,
    template: &'static str,
    status: u16,
    count: u64,
}

impl Log {
    pub(crate) fn push(
        &mut self,
        entry: Entry,
        method: &'static str,
        address: &str,
        effects: &[Effect],
    ) {
        let room = |paths: &Vec<String>| paths.last().is_some_and(|last| last.len() < CHUNK);
        if !room(&self.paths) {
            self.paths.push(String::with_capacity(CHUNK + 4096));
        }
        let chunk = self.paths.len() - 1;
        let text = &mut self.paths[chunk];
        let start = text.len();
        text.push_str(address);
        self.lines.push(Line {
            entry,
            method,
            chunk: small(chunk),
            start: small(start),
            len: small(address.len()),
            first_effect: small(self.effects.len()),
            effects: u16::try_from(effects.len()).unwrap_or(u16::MAX),
        });
        self.effects.extend_from_slice(effects);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// A page of lines, the oldest first, and the start of the next page.
    pub(crate) fn page(&self, filter: &Filter, names: Names<'_>, org: &Org) -> serde_json::Value {
        let mut entries = Vec::new();
        let mut next = None;
        for (at, line) in self.lines.iter().enumerate().skip(filter.from) {
            let (_, template, _) = self.names(line, names);
            let shown = filter.changed.is_none_or(|want| want == (line.effects > 0))
                && filter.template.as_ref().is_none_or(|want| want == template)
                && filter.method.as_ref().is_none_or(|want| want == line.method);
            if !shown {
                continue;
            }
            if entries.len() >= filter.limit {
                next = Some(at);
                break;
            }
            entries.push(self.show(at, line, template, org));
        }
        json!({"entries": entries, "next": next, "total": self.lines.len()})
    }

    /// Counts by call and status, effects by kind, and effects that were made more than once.
    pub(crate) fn summary(&self, names: Names<'_>, org: &Org) -> serde_json::Value {
        let mut by = BTreeMap::new();
        let (mut changing, mut changed, mut already) = (0_u64, 0_u64, 0_u64);
        for line in &self.lines {
            let (method, template, changes) = self.names(line, names);
            *by.entry((template, method, line.entry.status)).or_insert(0_u64) += 1;
            changing += u64::from(changes);
            changed += u64::from(line.effects > 0);
            already += u64::from(line.entry.already);
        }
        let by: Vec<Count> = by
            .into_iter()
            .map(|((template, method, status), count)| Count { method, template, status, count })
            .collect();
        let mut effects = BTreeMap::new();
        let mut each = BTreeMap::new();
        for effect in &self.effects {
            *effects.entry(effect.kind.word()).or_insert(0_u64) += 1;
            *each.entry(*effect).or_insert(0_u64) += 1;
        }
        let twice: Vec<_> = each
            .into_iter()
            .filter(|(_, times)| *times > 1)
            .map(|(effect, times)| {
                let mut shown = show_effect(effect, org);
                shown["times"] = json!(times);
                shown
            })
            .collect();
        json!({
            "requests": self.lines.len(), "changing": changing, "changed": changed,
            "already": already, "by": by, "effects": effects, "twice": twice,
        })
    }

    fn names(&self, line: &Line, names: Names<'_>) -> (&'static str, &'static str, bool) {
        match line.entry.route {
            Some(route) => names(route),
            None => (line.method, "", false),
        }
    }

    fn show(&self, at: usize, line: &Line, template: &str, org: &Org) -> serde_json::Value {
        let text = &self.paths[line.chunk as usize];
        let start = line.start as usize;
        let address = text.get(start..start + line.len as usize);
        let first = line.first_effect as usize;
        let effects = self.effects.get(first..first + usize::from(line.effects));
        let effects: Vec<_> =
            effects.unwrap_or_default().iter().map(|effect| show_effect(*effect, org)).collect();
        json!({
            "seq": at, "at_ms": line.entry.at_ms, "method": line.method,
            "path": address.unwrap_or_default(), "template": template,
            "status": (line.entry.status != 0).then_some(line.entry.status),
            "retry_after": line.entry.retry_after, "changed": line.effects > 0,
            "already": line.entry.already, "fault": line.entry.fault, "effects": effects,
        })
    }
}

fn show_effect(effect: Effect, org: &Org) -> serde_json::Value {
    let account = effect.person.map(|at| &org.person(at).record.account_id);
    let group = effect.group.map(|at| &org.group(at).record.id);
    json!({"effect": effect.kind.word(), "account": account, "group": group})
}

fn small(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
