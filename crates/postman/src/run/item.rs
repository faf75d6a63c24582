//! One request with its scripts: before, the request itself, after.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::exchange::{Exchanging, Jar, Sender, exchange};
use crate::model::{Auth, Behavior, Listen, Request, RequestItem, Script};
use crate::prepare::{Prepared, Preparing, read_request};
use crate::script::{Event, Pool, ScriptError, SentByScript, Session, run_script};
use crate::variables::{Mode, Scopes};

use super::bridge;
use super::execution::{Cursor, Execution, LogEntry, RequestError, ScriptFailure, SentRequest};
use super::options::{Bail, Run};

/// The data for running a request.
#[derive(Debug)]
pub struct Running<'r, S> {
    /// The run.
    pub run: &'r Run,
    /// The network.
    pub sender: &'r S,
    /// The engines for scripts.
    pub pool: &'r Pool,
    /// The cookies.
    pub jar: &'r Jar,
}

impl<S> Clone for Running<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Running<'_, S> {}

/// The request to continue with: `setNextRequest`, if it was called.
#[derive(Clone, Debug, Default)]
pub struct Next(pub Option<Value>);

/// A request in progress.
pub struct OneItem<'r, S> {
    with: Running<'r, S>,
    scopes: &'r mut Scopes,
    execution: Execution,
    next: Next,
}

impl<'r, S: Sender> OneItem<'r, S> {
    /// A request at its beginning.
    pub fn new(with: Running<'r, S>, scopes: &'r mut Scopes, execution: Execution) -> Self {
        Self { with, scopes, execution, next: Next::default() }
    }

    /// Runs it to its end.
    pub async fn finish(mut self) -> (Execution, Next) {
        let item = Arc::clone(&self.execution.item);
        let bails = self.with.run.options.bail != Bail::No;
        let mut request = item.request.clone();
        for script in scripts(&item, Listen::PreRequest) {
            self.script(script, &mut request, None).await;
            if self.execution.skipped {
                break;
            }
        }
        let has_failed = self.execution.has_error()
            || (self.with.run.options.bail == Bail::Failure
                && self.execution.has_failed_assertion());
        if self.execution.skipped || (bails && has_failed) {
            return (self.execution, self.next);
        }
        // If a script removes the body, the collection's own is sent, as in Newman.
        request.body = request.body.or_else(|| item.request.body.clone());
        let sent = self.send(&request, &item).await;
        let is_answered = sent.error.is_none();
        if scripts(&item, Listen::Test).any(bridge::reads_request) {
            request = sent_request(&sent, request);
        }
        self.execution.requests.push(sent);
        let at = self.execution.requests.len() - 1;
        self.log(LogEntry::Request(at));
        if bails && !is_answered {
            return (self.execution, self.next);
        }
        self.execution.tested = true;
        for script in scripts(&item, Listen::Test) {
            self.script(script, &mut request, Some(at)).await;
        }
        (self.execution, self.next)
    }

    fn log(&mut self, entry: LogEntry) {
        self.execution.log.push(entry);
    }

    /// Runs a script; `sent` is the number of the request that it tests.
    async fn script(&mut self, script: &Script, request: &mut Request, sent: Option<usize>) {
        match script.listen {
            Listen::PreRequest => self.execution.scripts.0 += 1,
            Listen::Test => self.execution.scripts.1 += 1,
        }
        if script.is_empty() {
            return;
        }
        let Execution { item, cursor, .. } = &self.execution;
        let mut input = bridge::input(self.with.run, script, item, *cursor, self.scopes, request);
        input.reference.clone_from(&self.execution.reference);
        if let Some(sent) = sent.and_then(|at| self.execution.requests.get(at)) {
            bridge::add_response(&mut input, sent);
        }
        let calls = Calls { with: self.with, sent: Mutex::default() };
        let output = run_script(self.with.pool, &script.source, input, &calls).await;
        for sent in calls.sent.into_inner().unwrap_or_else(PoisonError::into_inner) {
            self.execution.requests.push(sent);
            self.log(LogEntry::Request(self.execution.requests.len() - 1));
        }
        let failed = failed_names(&output.events, output.error.is_some());
        for event in output.events {
            self.log(match event {
                Event::Assertion(assertion) => LogEntry::Assertion(script.listen, assertion),
                Event::Console { level, text } => LogEntry::Console(level, text),
            });
        }
        if let Some(error) = output.error {
            self.log(LogEntry::Script(failure(script, error)));
        }
        self.fail_at_assertions(script, &failed);
        bridge::apply(output.changes, self.scopes);
        self.execution.skipped |= output.skipped;
        if output.next.is_some() {
            self.next = Next(output.next);
        }
        if let Some(text) = output.request.filter(|_| script.listen == Listen::PreRequest) {
            match read_request(&text, &self.execution.item.name) {
                Ok(changed) => *request = with_auth_shape(changed, request, &self.execution.item),
                Err(error) => {
                    let error = ScriptError {
                        name: "TypeError".to_owned(),
                        message: error.to_string(),
                        line: None,
                        column: None,
                    };
                    self.log(LogEntry::Script(failure(script, error)));
                }
            }
        }
    }

    /// With `--bail`, Newman counts a script with failed assertions as failed itself.
    fn fail_at_assertions(&mut self, script: &Script, failed: &[String]) {
        if self.with.run.options.bail != Bail::Failure || failed.is_empty() {
            return;
        }
        let (name, message) = ("AssertionFailure".to_owned(), failed.join(", "));
        let error = ScriptError { name, message, line: None, column: None };
        self.log(LogEntry::Script(failure(script, error)));
    }

    async fn send(&self, request: &Request, item: &RequestItem) -> SentRequest {
        let auth = request.auth.as_ref().or(item.auth.as_ref());
        let behavior = &item.behavior;
        send(self.with, self.scopes, request, auth, behavior).await
    }
}

fn scripts(item: &RequestItem, listen: Listen) -> impl Iterator<Item = &Script> {
    item.scripts.iter().filter(move |script| script.listen == listen)
}

fn failure(script: &Script, error: ScriptError) -> ScriptFailure {
    ScriptFailure { listen: script.listen, owner: script.owner.clone(), error }
}

/// The names of the failed assertions of a script that ended normally.
fn failed_names(events: &[Event], has_error: bool) -> Vec<String> {
    let failed = events.iter().filter_map(|event| match event {
        Event::Assertion(assertion) if !assertion.passed => Some(assertion.name.clone()),
        Event::Assertion(_) | Event::Console { .. } => None,
    });
    failed.filter(|_| !has_error).collect()
}

/// Scripts get credentials in one form. If a script did not change them, they keep their own form.
fn with_auth_shape(mut changed: Request, before: &Request, item: &RequestItem) -> Request {
    let own = before.auth.as_ref().or(item.auth.as_ref());
    if let (Some(auth), Some(own)) = (&mut changed.auth, own)
        && auth.kind == own.kind
        && auth.params == own.params
    {
        *auth = own.clone();
    }
    changed.url.raw_only.clone_from(&before.url.raw_only);
    changed
}

/// The request as it was sent, for test scripts.
fn sent_request(sent: &SentRequest, unsent: Request) -> Request {
    let text = sent.request.sdk().to_string();
    read_request(&text, "sent").unwrap_or(unsent)
}

async fn send<S: Sender>(
    with: Running<'_, S>,
    scopes: &Scopes,
    request: &Request,
    auth: Option<&Auth>,
    behavior: &Behavior,
) -> SentRequest {
    let options = &with.run.options;
    let preparing = Preparing { scopes, auth, behavior, folder: options.folder.as_deref() };
    let unsent = || SentRequest {
        method: request.method.clone(),
        url: request.url.text(),
        request: request.clone().into(),
        ..SentRequest::default()
    };
    let prepared = match Prepared::new(request, preparing) {
        Ok(prepared) => prepared,
        Err(error) => return SentRequest { error: Some(error.into()), ..unsent() },
    };
    let exchanging = Exchanging {
        sender: with.sender,
        jar: with.jar,
        follow_redirects: options.follow_redirects,
        mode: scopes.mode,
    };
    with.sender.variables(scopes);
    let exchanged = exchange(&prepared, &exchanging).await;
    let sent = SentRequest {
        method: prepared.method,
        url: prepared.request.url.text(),
        request: prepared.request.into(),
        ..SentRequest::default()
    };
    match exchanged {
        Ok(answer) => SentRequest {
            status: Some(answer.status),
            reason: answer.reason,
            headers: answer.headers,
            body: answer.body,
            cookies: answer.cookies,
            time: answer.time,
            ..sent
        },
        Err(error) => SentRequest { error: Some(error.into()), ..sent },
    }
}

/// `pm.sendRequest`: no variables are resolved, GET keeps its body, and no file is read.
struct Calls<'c, S> {
    with: Running<'c, S>,
    sent: Mutex<Vec<SentRequest>>,
}

impl<S: Sender> Session for Calls<'_, S> {
    async fn send(&self, request: String) -> SentByScript {
        let fail = |message: String| (String::new(), message);
        let mut request =
            read_request(&request, "pm.sendRequest").map_err(|error| fail(error.to_string()))?;
        if let Some(body) = &mut request.body {
            body.file = None;
            body.form.retain(|param| param.files.is_none());
        }
        // Newman resolves no names here: braces are sent unchanged.
        let scopes = Scopes { mode: Mode::AsNewman, ..Scopes::default() };
        let behavior = Behavior { disable_body_pruning: Some(true), ..Behavior::default() };
        let auth = request.auth.clone();
        let sent = send(self.with, &scopes, &request, auth.as_ref(), &behavior).await;
        let sent = SentRequest { by_script: true, ..sent };
        let answer = match &sent.error {
            None => {
                let body = String::from_utf8_lossy(&sent.body);
                Ok(bridge::response_json(&sent, Some(&body)).to_string())
            }
            Some(RequestError::NoAnswer(error)) => Err((error.code.to_owned(), error.to_string())),
            Some(error) => Err(fail(error.to_string())),
        };
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
        answer
    }
}

/// A new execution for a request.
pub fn begun(item: &Arc<RequestItem>, cursor: Cursor) -> Execution {
    Execution {
        item: Arc::clone(item),
        cursor,
        reference: crate::dynamic::uuid(),
        requests: Vec::new(),
        log: Vec::new(),
        scripts: (0, 0),
        skipped: false,
        tested: false,
    }
}
