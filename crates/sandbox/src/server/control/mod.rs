//! `/_sandbox/…`: calls for tests and for trying things. They need no credentials (the server listens on loopback
//! only), no limit, latency or fault applies to them, and they are not in the request log.

mod act;
mod lag;
mod show;

use serde_json::json;

use super::asked::Asked;
use super::shared::Shared;
use crate::http::Reply;

/// Method, path and purpose of each control call, for the docs and for the answer to an unknown one.
pub(crate) const CONTROLS: [(&str, &str, &str); 15] = [
    ("GET", "/_sandbox/card", "address and keys"),
    (
        "GET",
        "/_sandbox/state",
        "people, groups, memberships; only=counts,people,groups,memberships; account=, email=, group=",
    ),
    ("GET", "/_sandbox/log", "requests; from=, limit=, changed=true|false, template=, method="),
    ("GET", "/_sandbox/log/summary", "requests by call and status, effects, effects made twice"),
    ("DELETE", "/_sandbox/log", "empties the log"),
    ("GET", "/_sandbox/faults", "the faults and how often they struck"),
    ("POST", "/_sandbox/faults", "adds faults"),
    ("DELETE", "/_sandbox/faults", "takes all faults away"),
    ("POST", "/_sandbox/seed", "adds people, groups, memberships, domains; sets seats"),
    ("GET", "/_sandbox/clock", "what time it is"),
    ("POST", "/_sandbox/clock", "{\"step_ms\": N} moves the clock forward"),
    (
        "POST",
        "/_sandbox/rate",
        "{\"rate\": N|null, \"burst\": N, \"method\": …, \"path\": …, \"reason\": …, \"beta\": true, \"reset_in_minutes\": true}",
    ),
    ("GET", "/_sandbox/lag", "how late searches show a change, and how many are not shown yet"),
    (
        "POST",
        "/_sandbox/lag",
        "{\"lag_ms\": N, \"by_id\": true|false}: searches show changes so late",
    ),
    ("POST", "/_sandbox/reset", "everything as at the start"),
];

pub(crate) async fn answer(shared: &Shared, asked: &Asked) -> Reply {
    let path = asked.path.trim_end_matches('/');
    match (asked.method, path) {
        ("GET", "/_sandbox/card") => Reply::json(200, &shared.card),
        ("GET", "/_sandbox/state") => show::state(shared, asked),
        ("GET", "/_sandbox/log") => show::log(shared, asked),
        ("GET", "/_sandbox/log/summary") => show::summary(shared),
        ("DELETE", "/_sandbox/log") => act::clear_log(shared),
        ("GET", "/_sandbox/faults") => Reply::json(200, &shared.faults().list()),
        ("POST", "/_sandbox/faults") => act::add_faults(shared, asked),
        ("DELETE", "/_sandbox/faults") => act::clear_faults(shared),
        ("POST", "/_sandbox/seed") => act::seed(shared, asked).await,
        ("GET", "/_sandbox/clock") => show::clock(shared),
        ("POST", "/_sandbox/clock") => act::step_clock(shared, asked),
        ("POST", "/_sandbox/rate") => act::set_rate(shared, asked),
        ("GET", "/_sandbox/lag") => lag::show(shared),
        ("POST", "/_sandbox/lag") => lag::set(shared, asked),
        ("POST", "/_sandbox/reset") => act::reset(shared).await,
        _ => {
            let known: Vec<_> = CONTROLS
                .iter()
                .map(|(method, path, use_)| format!("{method} {path}: {use_}"))
                .collect();
            let error = format!("there is no {} {path}", asked.method);
            Reply::json(404, &json!({"error": error, "known": known}))
        }
    }
}
