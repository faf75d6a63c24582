//! Lists with mistakes: empty, short, with a user twice, with a wrong total. One mistake for each process. A
//! mistake that can be detected (by a total, by a user who must be in the list, or by a second read) must not
//! change the plan.

use bytes::Bytes;
use fastrand::Rng;
use headcount_atlassian::Endpoint;
use serde_json::{Value, json};

/// The mistake of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Empty,
    /// One row is missing.
    Short(usize),
    /// One row is there twice.
    Twice(usize),
    /// The total is one too high or one too low.
    More,
    Fewer,
    /// The next page is the same page.
    Circle,
}

impl Wrong {
    pub fn draw(rng: &mut Rng) -> Self {
        match rng.u8(..6) {
            0 => Self::Empty,
            1 => Self::Short(rng.usize(..100)),
            2 => Self::Twice(rng.usize(..100)),
            3 => Self::More,
            4 => Self::Fewer,
            _ => Self::Circle,
        }
    }

    /// Whether the client can detect it in this call. docs/reliability.md lists what it can't detect.
    pub fn can_be_found_out(self, endpoint: Endpoint) -> bool {
        match endpoint {
            Endpoint::JiraUsersById
            | Endpoint::JiraGroups
            | Endpoint::JiraMembers
            | Endpoint::AdminSearchUsers
            | Endpoint::AdminSearchGroups => true,
            Endpoint::JiraGroupsOf => self == Self::Empty || matches!(self, Self::Twice(_)),
            _ => false,
        }
    }

    /// The page with this mistake; `None` if the page can't have it.
    pub fn on(self, body: &[u8]) -> Option<Bytes> {
        let mut page: Value = serde_json::from_slice(body).ok()?;
        let list = match &mut page {
            Value::Array(list) => Some(list),
            Value::Object(fields) => {
                let name =
                    ["values", "data"].into_iter().find(|name| fields.contains_key(*name))?;
                fields.get_mut(name)?.as_array_mut()
            }
            _ => None,
        }?;
        let many = list.len();
        match self {
            Self::Empty if many > 0 => list.clear(),
            Self::Short(at) if many > 0 => drop(list.remove(at % many)),
            Self::Twice(at) if many > 0 => list.push(list[at % many].clone()),
            Self::More | Self::Fewer => {
                let total = page.get_mut("total")?;
                let now = total.as_u64()?;
                *total = json!(if self == Self::More { now + 1 } else { now.checked_sub(1)? });
            }
            Self::Circle => {
                let this = page["links"]["self"].clone();
                *page.get_mut("links")?.get_mut("next")? = this;
            }
            _ => return None,
        }
        Some(page.to_string().into())
    }
}
