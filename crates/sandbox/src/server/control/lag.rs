//! Reads and sets the index's lag.

use serde::Deserialize;
use serde_json::json;

use super::super::asked::Asked;
use super::super::shared::Shared;
use crate::http::Reply;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lag {
    lag_ms: i64,
    #[serde(default)]
    by_id: bool,
}

pub(super) fn show(shared: &Shared) -> Reply {
    // Changes that are due are shown first, so that the count is correct.
    let mut index = shared.index();
    index.shown(shared.clock.now_ms());
    let (lag, by_id, waiting) = (index.lag_ms(), index.by_id(), index.waiting());
    Reply::json(200, &json!({"lag_ms": lag, "by_id": by_id, "waiting": waiting}))
}

pub(super) fn set(shared: &Shared, asked: &Asked) -> Reply {
    match serde_json::from_slice::<Lag>(&asked.body) {
        Ok(lag) => {
            let org = shared.org();
            shared.index().set(lag.lag_ms, lag.by_id, &org);
            drop(org);
            show(shared)
        }
        Err(error) => Reply::json(400, &json!({"error": error.to_string()})),
    }
}
