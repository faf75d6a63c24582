//! A site's cloud ID: its own address and the gateway's address (`/ex/jira/{cloudId}`) are of one site if it is the same.

use std::time::Duration;

use http::Request;
use http_body_util::Full;
use serde_json::Value;

use super::access::Address;
use super::transport::Transport;

/// A page of every site that shows its cloud ID without credentials (KB "Retrieve my Atlassian site's cloud ID").
pub const TENANT: &str = "/_edge/tenant_info";

/// Nothing that is sent depends on the ID, so headcount waits only this long for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The cloud ID of a site: the address has it, or one request without credentials reads it. `None`: neither does.
pub async fn cloud_id(address: &Address, transport: &Transport) -> Option<String> {
    if let Some(id) = address.cloud_id() {
        return Some(id.to_owned());
    }
    let request = Request::get(address.join(TENANT).ok()?).body(Full::default()).ok()?;
    let answer = tokio::time::timeout(PATIENCE, transport.send(request)).await.ok()?.ok()?;
    if !answer.status.is_success() {
        return None;
    }
    of_page(&serde_json::from_slice(&answer.body).ok()?)
}

/// The ID on that page, if it looks like one.
pub fn of_page(page: &Value) -> Option<String> {
    let id = page["cloudId"].as_str()?;
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (!id.is_empty() && id.len() <= 64 && id.chars().all(is_id)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_looks_like_an_id_is_one() {
        let of = |id: Value| of_page(&json!({ "cloudId": id }));
        assert_eq!(of("11-2a".into()).as_deref(), Some("11-2a"));
        for wrong in
            [json!(""), json!("a/b"), json!("ä"), json!(7), json!(null), "a".repeat(65).into()]
        {
            assert_eq!(of(wrong.clone()), None, "{wrong}");
        }
        assert_eq!(of_page(&json!([])), None);
    }
}
