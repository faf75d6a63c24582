//! Handles a request from its first byte to its answer.
//!
//! The order is that of a site: the network (faults, half of the latency), the gateway (credentials, limits), the
//! call, the state file, the network again. The call and its line in the log are one step without an await between
//! them.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body as AxumBody, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Response, header};
use serde_json::json;
use tokio::time::Instant;

use super::asked::Asked;
use super::broken;
use super::control;
use super::shared::Shared;
use super::wire::{altered, planned, response};
use crate::config::GATEWAY;
use crate::http::{
    Body, Call, Caller, Edit, Entry, Exchange, Query, Reply, Ruling, Strike, Subject, decode,
};
use crate::org::Effect;
use crate::routes::{self, Api, Found, Handler, Route, Source};
use crate::{admin, jira, scim};

/// The longest body that is read, in bytes; Atlassian's limits are not published.
const MOST_BODY: usize = 4 * 1024 * 1024;

/// The precision of a timer.
const TIMER: Duration = Duration::from_millis(1);

/// The result of a request inside the site.
struct Done {
    reply: Reply,
    /// The number of the state file's line that has to be on disk before the answer is sent.
    ticket: u64,
}

pub(super) async fn answer(shared: &Shared, request: Request) -> Response<AxumBody> {
    let came = Instant::now();
    let asked = match read(request).await {
        Ok(asked) => asked,
        Err(reply) => return response(&reply),
    };
    if asked.path.starts_with("/_sandbox") {
        return response(&control::answer(shared, &asked).await);
    }
    let found = shared.matcher.find(asked.method, &asked.path);
    let strike = strike(shared, &asked, &found).unwrap_or_default();
    // Both moments are computed from the start, because each timer is a little late.
    let there = came + shared.config.latency / 2 + Duration::from_millis(strike.delay_ms);
    let back = came
        + shared.config.latency
        + Duration::from_millis(strike.delay_ms + strike.delay_after_ms);
    sleep_until(there).await;
    close_due(shared);
    let done = carry_out(shared, &asked, &found, &strike);
    let durable = match shared.store() {
        Some(store) => store.wait(done.ticket).await,
        None => true,
    };
    sleep_until(back).await;
    let reply = match durable {
        true => altered(done.reply, &strike),
        false => gateway_error("The state file cannot be written."),
    };
    let reply = record(shared, &asked, &found, &strike, reply);
    if strike.drop.is_some() {
        return broken::dropped();
    }
    let mut answer = response(&reply);
    if strike.half_body {
        if let Body::Json(body) | Body::Other(_, body) = &reply.body {
            return broken::half(answer, body);
        }
        return broken::dropped();
    }
    if strike.garbage {
        let length = HeaderValue::from(GARBAGE.len());
        answer.headers_mut().insert(header::CONTENT_LENGTH, length);
        *answer.body_mut() = AxumBody::from(GARBAGE);
    }
    answer
}

/// Records the exchange, if a folder is configured. If recording fails, the answer is an error.
fn record(shared: &Shared, asked: &Asked, found: &Found, strike: &Strike, reply: Reply) -> Reply {
    let Some(recorder) = &shared.recorder else {
        return reply;
    };
    let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
    let kept = recorder.keep(&Exchange {
        method: asked.method,
        path: &asked.path,
        query: &asked.raw_query,
        template: match found {
            Found::Call { route, .. } => routes::route(*route).template,
            _ => "",
        },
        agent: asked.agent.as_deref().unwrap_or_default(),
        content_type: &asked.content_type,
        request: text(&asked.body),
        status: reply.status,
        answer: match &reply.body {
            Body::Json(body) => Some(text(body)),
            Body::Empty | Body::Other(..) => None,
        },
        struck: strike.is_a_fault(),
    });
    match kept {
        Ok(()) => reply,
        Err(_) => gateway_error("The record of exchanges cannot be written."),
    }
}

/// Neither JSON nor UTF-8.
const GARBAGE: &[u8] = b"{\"accountId\": \x1b[31m\xff\xfe\x00 <html>";

async fn read(request: Request) -> Result<Asked, Reply> {
    let (head, body) = request.into_parts();
    let text = |name: HeaderName| {
        let value = head.headers.get(name).and_then(|value| value.to_str().ok());
        value.map(str::to_owned)
    };
    let media = text(header::CONTENT_TYPE).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default();
    let authorization = text(header::AUTHORIZATION);
    let method = match head.method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "OTHER",
    };
    let at_gateway = head.uri.path().starts_with(GATEWAY);
    let prefix = if at_gateway { GATEWAY } else { "" };
    let raw_query = head.uri.query().unwrap_or_default().to_owned();
    let body = to_bytes(body, MOST_BODY).await.map_err(|_| {
        Reply::other(413, "text/plain", "The request body is too large or was cut off.")
    })?;
    Ok(Asked {
        method,
        path: head.uri.path()[prefix.len()..].to_owned(),
        prefix,
        query: Query::parse(&raw_query),
        raw_query,
        content_type: media.trim().to_ascii_lowercase(),
        authorization,
        agent: text(header::USER_AGENT),
        body,
    })
}

fn strike(shared: &Shared, asked: &Asked, found: &Found) -> Option<Strike> {
    let mut faults = shared.faults();
    if faults.is_empty() {
        return None;
    }
    let (template, changes) = match found {
        Found::Call { route, .. } => {
            let route = routes::route(*route);
            (route.template, route.changes())
        }
        _ => ("", false),
    };
    let address = decode(&format!("{}?{}", asked.path, asked.raw_query.replace('+', " ")));
    faults.strike(&Subject {
        method: asked.method,
        template,
        path: &asked.path,
        address: &address,
        body: &asked.body,
        changes,
    })
}

/// Closes the accounts whose grace period ended since the last request, before this one is handled; each is dated
/// to its end. No answer waits only for this, but for later lines.
fn close_due(shared: &Shared) {
    let now_ms = shared.clock.now_ms();
    if shared.org().next_to_close().is_none_or(|(due_ms, _)| due_ms > now_ms) {
        return;
    }
    let mut org = shared.org_mut();
    let mut edit = Edit::new(&mut org, Caller::OrgKey, now_ms);
    edit.close_due();
    let stored = edit.stored;
    if let Some(store) = shared.store() {
        store.append(&stored);
    }
    for change in &stored {
        shared.index().note(&change.change, now_ms);
    }
}

/// Handles the call, or a fault that replaces it, and writes the line in the log.
fn carry_out(shared: &Shared, asked: &Asked, found: &Found, strike: &Strike) -> Done {
    let number = shared.number.fetch_add(1, Ordering::Relaxed);
    let (route, params, version) = match found {
        Found::Call { route, params, version } => (Some(*route), params.as_slice(), *version),
        _ => (None, &[][..], 3),
    };
    let mut call = Call {
        params,
        query: &asked.query,
        path: &asked.path,
        raw_query: &asked.raw_query,
        prefix: asked.prefix,
        body: &asked.body,
        content_type: &asked.content_type,
        caller: Caller::Nobody,
        version,
        now_ms: shared.clock.now_ms(),
        card: &shared.card,
        number,
    };
    let faulty = Faulty { asked, route, strike };
    if strike.prevents() {
        let answer = strike.answer.as_ref();
        let reply = answer.map_or_else(|| Reply::empty(0), planned);
        return faulty.finish(shared, &call, reply, &[], 0);
    }
    let Some(at) = route else {
        return faulty.finish(shared, &call, no_call(&call, found), &[], 0);
    };
    let route = routes::route(at);
    call.caller = identify(shared, route, asked);
    if let Some(reply) = refuse_stranger(route, &call) {
        return faulty.finish(shared, &call, reply, &[], 0);
    }
    let ruling = {
        let now = shared.clock.now_nanos();
        shared.limits().take(usize::from(at), now, call.now_ms)
    };
    if ruling.as_ref().is_some_and(|ruling| ruling.retry_after.is_some()) {
        let reply = with_limit(route, limited(route, &call), ruling.as_ref());
        return faulty.finish(shared, &call, reply, &[], 0);
    }
    faulty.dispatch(shared, &call, route, ruling.as_ref())
}

/// The data of the log line.
struct Faulty<'a> {
    asked: &'a Asked,
    route: Option<u16>,
    strike: &'a Strike,
}

impl Faulty<'_> {
    /// Answers the call, unless a fault has an answer of its own.
    fn dispatch(
        &self,
        shared: &Shared,
        call: &Call<'_>,
        route: &Route,
        ruling: Option<&Ruling>,
    ) -> Done {
        let instead = self.strike.answer.as_ref();
        match route.handler {
            Handler::Read(handler) => {
                let org = shared.org();
                let mut index = shared.index();
                let shown = match routes::source(route.template) {
                    Source::Index => index.shown(call.now_ms),
                    Source::Record => index.shown_by_id(call.now_ms),
                    Source::Live => None,
                };
                let reply = handler(call, shown.unwrap_or(&org)).unwrap_or_else(|reply| reply);
                drop(index);
                let ticket = shared.store().map_or(0, |store| store.append(&[]));
                drop(org);
                let reply = instead.map_or_else(|| with_limit(route, reply, ruling), planned);
                self.finish(shared, call, reply, &[], ticket)
            }
            Handler::Write(handler) => {
                let mut org = shared.org_mut();
                let mut edit = Edit::new(&mut org, call.caller, call.now_ms);
                let reply = handler(call, &mut edit).unwrap_or_else(|reply| reply);
                let (stored, effects) = (edit.stored, edit.effects);
                let ticket = shared.store().map_or(0, |store| store.append(&stored));
                for change in &stored {
                    shared.index().note(&change.change, call.now_ms);
                }
                let reply = match instead {
                    Some(answer) => Reply { already: reply.already, ..planned(answer) },
                    None => with_limit(route, reply, ruling),
                };
                // The organization is still locked, so that the log has the order of the effects.
                self.finish(shared, call, reply, &effects, ticket)
            }
        }
    }

    fn finish(
        &self,
        shared: &Shared,
        call: &Call<'_>,
        reply: Reply,
        effects: &[Effect],
        ticket: u64,
    ) -> Done {
        let strike = self.strike;
        let seconds =
            reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        let entry = Entry {
            at_ms: call.now_ms,
            route: self.route,
            status: if strike.drop.is_some() { 0 } else { reply.status },
            retry_after: seconds.and_then(|(_, value)| value.parse().ok()),
            already: reply.already,
            fault: strike.is_a_fault() || strike.delay_ms > 0 || strike.delay_after_ms > 0,
        };
        let address = match self.asked.raw_query.is_empty() {
            true => format!("{}{}", self.asked.prefix, self.asked.path),
            false => format!("{}{}?{}", self.asked.prefix, self.asked.path, self.asked.raw_query),
        };
        shared.log().push(entry, self.asked.method, &address, effects);
        Done { reply, ticket }
    }
}

fn identify(shared: &Shared, route: &Route, asked: &Asked) -> Caller {
    let header = asked.authorization.as_deref();
    match route.api {
        Api::Jira => shared.keys.jira(header, &shared.org(), !asked.prefix.is_empty()),
        Api::Manage | Api::Admin => shared.keys.admin(header),
        Api::Scim => shared.keys.scim(header),
    }
}

fn refuse_stranger(route: &Route, call: &Call<'_>) -> Option<Reply> {
    let sent = match call.caller {
        Caller::Person(_) | Caller::OrgKey | Caller::ScimKey => return None,
        Caller::Nobody if route.anonymous => return None,
        Caller::Nobody => false,
        Caller::Refused => true,
    };
    Some(match route.api {
        Api::Jira => jira::unauthorized(sent),
        Api::Manage => admin::manage_unauthorized(),
        Api::Admin => admin::unauthorized(call),
        Api::Scim => scim::unauthorized(sent),
    })
}

fn limited(route: &Route, call: &Call<'_>) -> Reply {
    match route.api {
        Api::Jira => jira::rate_limited(),
        Api::Manage | Api::Admin => admin::rate_limited(call),
        Api::Scim => scim::rate_limited(),
    }
}

/// Adds the headers that report the limit.
fn with_limit(route: &Route, reply: Reply, ruling: Option<&Ruling>) -> Reply {
    match ruling {
        Some(ruling) => ruling.tell(reply, route.api == Api::Jira),
        None => reply,
    }
}

/// The answer to an unknown address or method.
fn no_call(call: &Call<'_>, found: &Found) -> Reply {
    let allowed = match found {
        Found::WrongMethod(allowed) => Some(allowed.join(", ")),
        Found::Call { .. } | Found::Nothing => None,
    };
    let reply = match call.path {
        path if path.starts_with("/rest/") => jira::no_call(allowed.is_some()),
        path if path.starts_with("/scim/") => scim::no_call(allowed.is_some()),
        _ => admin::no_call(call, allowed.is_some()),
    };
    match allowed {
        Some(allowed) => reply.header("Allow", allowed),
        None => reply,
    }
}

fn gateway_error(message: &str) -> Reply {
    Reply::json(500, &json!({"code": 500, "message": message}))
}

/// A timer wakes on whole milliseconds and up to two of them late, so it is set one earlier, which is right on
/// average. If it wakes too early (a virtual clock is exact), the rest is slept.
async fn sleep_until(moment: Instant) {
    let rest = |more: Duration| moment.saturating_duration_since(Instant::now() + more);
    if !rest(TIMER / 2).is_zero() {
        tokio::time::sleep(rest(TIMER)).await;
    }
    if !rest(TIMER / 2).is_zero() {
        tokio::time::sleep_until(moment).await;
    }
}
