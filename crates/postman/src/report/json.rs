//! Newman's JSON report: `run.stats`, `run.executions`, `run.failures`. Executions are written as they come, so
//! that memory does not grow with the rows.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::check::leaves_functions;
use crate::prepare::{request_json, scope_json};
use crate::run::{Counts, Execution, Run, Secrets, SentRequest, State, Stats, response_json};
use crate::script::{Assertion, ScriptError};
use crate::spool::Spool;

use super::failures::{Failure, failures};

/// Writes the report.
#[derive(Debug)]
pub struct JsonReport<'r, W> {
    run: &'r Run,
    secrets: &'r Secrets,
    out: W,
    is_first: bool,
    has_failures: bool,
    failures: Spool,
    /// All executions, if a later one may add to an earlier one.
    held: Option<Vec<Value>>,
}

impl<'r, W: Write> JsonReport<'r, W> {
    /// Starts the report.
    ///
    /// # Errors
    /// It can't be written.
    pub fn new(run: &'r Run, secrets: &'r Secrets, mut out: W) -> io::Result<Self> {
        let mut head = json!({"info": {"name": run.collection.name}});
        head["item"] = run.items.iter().map(|item| source(item, None)).collect();
        secrets.masked_value(&mut head);
        write!(out, "{{\"collection\":{head},\"run\":{{\"executions\":[")?;
        let held = leaves_functions(&run.items).then(Vec::new);
        Ok(Self {
            run,
            secrets,
            out,
            is_first: true,
            has_failures: false,
            failures: Spool::default(),
            held,
        })
    }

    /// Writes one request.
    ///
    /// # Errors
    /// It can't be written.
    pub fn execution(&mut self, execution: &Execution) -> io::Result<()> {
        for failure in failures(execution, self.run.options.mode) {
            let mut value = self.failure(&failure, execution);
            self.secrets.masked_value(&mut value);
            let comma = if self.has_failures { "," } else { "" };
            self.has_failures = true;
            self.failures.add(format!("{comma}{value}").as_bytes())?;
        }
        // Newman writes an execution once for each of its requests, including those of scripts, each time with the
        // data of the last request.
        let Some(last) = execution.requests.last() else { return Ok(()) };
        let mut value = self.shown(execution, last);
        self.secrets.masked_value(&mut value);
        for late in execution.assertions().filter(|it| it.of.is_some()) {
            self.add_late(late);
        }
        for _ in &execution.requests {
            match &mut self.held {
                Some(held) => held.push(value.clone()),
                None => self.write(&value)?,
            }
        }
        Ok(())
    }

    fn write(&mut self, value: &Value) -> io::Result<()> {
        let comma = if self.is_first { "" } else { "," };
        self.is_first = false;
        write!(self.out, "{comma}{value}")
    }

    /// Newman counts an assertion for the request whose script created the function.
    fn add_late(&mut self, assertion: &Assertion) {
        let mut one = shown_assertion(assertion);
        self.secrets.masked_value(&mut one);
        let earlier = self.held.iter_mut().flatten().filter(|it| is_of(it, &assertion.of));
        for value in earlier {
            match value.get_mut("assertions").and_then(Value::as_array_mut) {
                Some(list) => list.push(one.clone()),
                None => value["assertions"] = json!([one]),
            }
        }
    }

    fn shown(&self, execution: &Execution, sent: &SentRequest) -> Value {
        let mut value = json!({
            "cursor": cursor(execution),
            "item": source(&execution.item, None),
            "request": sent.request.sdk(),
            "id": execution.item.id,
        });
        if sent.error.is_none() {
            value["response"] = response_json(sent, None);
            let body = self.secrets.masked_body(&sent.body);
            value["response"]["stream"] = json!({"type": "Buffer", "data": body});
        }
        if let Some(error) = &sent.error {
            value["requestError"] = json!({"name": "Error", "message": error.to_string()});
        }
        let assertions = execution.assertions().filter(|it| it.of.is_none() || self.held.is_none());
        let assertions = assertions.map(shown_assertion);
        let assertions: Vec<Value> = assertions.collect();
        if !assertions.is_empty() {
            value["assertions"] = Value::Array(assertions);
        }
        for failure in execution.script_failures() {
            let key = format!("{}Script", failure.listen.word());
            let ScriptError { name, message, line, column } = &failure.error;
            let error = json!({"error": {"type": word(name), "name": word(name),
                "message": message, "line": line, "column": column}});
            match value.get_mut(&key).and_then(Value::as_array_mut) {
                Some(list) => list.push(error),
                None => value[key] = json!([error]),
            }
        }
        value
    }

    fn failure(&self, failure: &Failure, execution: &Execution) -> Value {
        let group = execution.item.groups.last().and_then(|it| self.run.collection.groups.get(*it));
        let earlier = self.held.iter().flatten().find(|it| is_of(it, &failure.of));
        let own = || (source(&execution.item, None), cursor(execution));
        let (item, cursor) =
            earlier.map_or_else(own, |it| (it["item"].clone(), it["cursor"].clone()));
        json!({
            "error": {"type": word(&failure.name), "name": word(&failure.name), "index": failure.index,
                "test": failure.test, "message": failure.message,
                "stack": format!("{}: {}", failure.name, failure.message)},
            "at": failure.at,
            "source": if failure.is_of_script { json!({}) } else { item },
            "parent": {"id": group.map(|group| &group.id), "name": group.map(|group| &group.name)},
            "cursor": cursor,
        })
    }

    /// Writes the counts, the failures and the current variables.
    ///
    /// # Errors
    /// It can't be written.
    pub fn end(mut self, stats: &Stats, state: &State, times: (u64, u64)) -> io::Result<()> {
        for value in self.held.take().unwrap_or_default() {
            self.write(&value)?;
        }
        let (started, completed) = times;
        let secrets = self.secrets.and(self.run, &state.scopes);
        let stats_value = json!({
            "iterations": counts(stats.iterations), "items": counts(stats.items),
            "scripts": counts(stats.scripts), "prerequests": counts(stats.prerequests),
            "requests": counts(stats.requests), "tests": counts(stats.tests),
            "assertions": counts(stats.assertions), "testScripts": counts(stats.test_scripts),
            "prerequestScripts": counts(stats.prerequest_scripts),
        });
        let timings = json!({"responseAverage": stats.timings.average,
            "responseMin": stats.timings.min, "responseMax": stats.timings.max,
            "responseSd": stats.timings.deviation(), "started": started, "completed": completed});
        let transfers = json!({"responseTotal": stats.received});
        write!(
            self.out,
            "],\"stats\":{stats_value},\"timings\":{timings},\"transfers\":{transfers},\"failures\":["
        )?;
        self.failures.copy_to(&mut self.out)?;
        write!(self.out, "],\"error\":null}}")?;
        let scopes =
            [("environment", &state.scopes.environment), ("globals", &state.scopes.globals)];
        for (name, scope) in scopes {
            let entries: Value = serde_json::from_str(&scope_json(scope)).unwrap_or_default();
            let entries = entries.as_array().into_iter().flatten();
            let values = entries.map(|it| json!({"type": "any", "value": it[1], "key": it[0]}));
            let mut value = json!({"name": scope.name, "values": values.collect::<Vec<_>>()});
            secrets.masked_value(&mut value);
            write!(self.out, ",\"{name}\":{value}")?;
        }
        writeln!(self.out, "}}")?;
        self.out.flush()
    }
}

fn shown_assertion(assertion: &Assertion) -> Value {
    let mut one = json!({"assertion": assertion.name, "skipped": assertion.skipped});
    if let Some(error) = &assertion.error {
        one["error"] = json!({"name": error.name, "index": assertion.index,
            "test": assertion.name, "message": error.message,
            "stack": format!("{}: {}", error.name, error.message)});
    }
    one
}

fn is_of(execution: &Value, reference: &Option<String>) -> bool {
    reference.is_some() && execution["cursor"]["ref"].as_str() == reference.as_deref()
}

fn counts(counts: Counts) -> Value {
    json!({"total": counts.total, "pending": 0, "failed": counts.failed})
}

fn cursor(execution: &Execution) -> Value {
    let cursor = execution.cursor;
    json!({"position": cursor.position, "iteration": cursor.iteration, "length": cursor.length,
        "cycles": cursor.cycles, "empty": false, "eof": false,
        "bof": cursor.position == 0 && cursor.iteration == 0,
        "cr": cursor.position == 0 && cursor.iteration > 0, "ref": execution.reference})
}

fn source(item: &crate::model::RequestItem, description: Option<&str>) -> Value {
    let mut shown =
        json!({"id": item.id, "request": request_json(&item.request, None, description)});
    if !item.name.is_empty() {
        shown["name"] = json!(item.name);
    }
    shown
}

/// A name; `None` if it is empty.
fn word(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.is_empty())
}
