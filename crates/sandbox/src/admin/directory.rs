//! `GET /admin/v2/orgs/{orgId}/directories`: the organization has exactly one directory, as every organization
//! with centralized user management. [Atlassian community 3151762]

use serde_json::json;

use super::errors::{Answer, must_be_org};
use super::page::{Ask, from_query};
use crate::http::Call;
use crate::org::Org;

const ICON: &str = "https://icon.example.com/directory.png";
const NAME: &str = "Primary Directory";

pub(crate) fn directories(call: &Call<'_>, org: &Org) -> Answer {
    must_be_org(call)?;
    let filters = from_query(call, &["directoryIds"], &["accountId", "searchTerm"]);
    let ask = Ask::read(call, filters, 20)?;
    let ids = ask.list(call, "directoryIds", 10)?;
    let in_ids = ids.is_none_or(|ids| ids.contains(&call.card.directory_id.as_str()));
    let found = |text: &str| NAME.to_lowercase().contains(&text.to_lowercase());
    let named = ask.text(call, "searchTerm")?.is_none_or(found);
    let on_site = |account: &str| {
        let at = org.find(account);
        at.is_some_and(|at| org.person(at).record.is_on_site())
    };
    let of_person = ask.text(call, "accountId")?.is_none_or(on_site);
    let directory = json!({"directoryId": call.card.directory_id, "name": NAME, "icon": ICON});
    let data = match ask.from == 0 && in_ids && named && of_person {
        true => vec![directory],
        false => Vec::new(),
    };
    Ok(ask.page(&data, None))
}
