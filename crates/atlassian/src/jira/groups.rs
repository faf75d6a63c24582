//! Groups and their members.

use super::{Jira, get, start, with_body};
use crate::endpoint::Endpoint;
use crate::error::{CallError, CallErrorKind, Effect};
use crate::json;
use crate::pace::Permit;
use crate::records::{
    Change, GroupMade, GroupPage, GroupRecord, MemberPage, ProductRecord, SiteProducts, same_name,
};
use crate::wire::jira as wire;
use crate::wire::path::escaped_len;
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, Product};

/// The most members on a page (Jira platform description, `getUsersFromGroup`: 1 to 50).
pub const MEMBERS_A_PAGE: u64 = 50;
/// The most groups in a call and on a page; 50 is the description's default for the page.
pub const GROUPS_A_CALL: usize = 50;
/// The most groups that [`Jira::suggest_groups`] returns.
pub const SUGGESTIONS: usize = 20;
/// The most bytes of names in one address; servers and proxies commonly refuse addresses of more than 8 KB.
const NAMES_A_CALL: usize = 5000;

impl Jira {
    /// `POST group/user`: adds a user to a group.
    ///
    /// Permission: site administration. “Already a member” is a 400 that the description does not list (AX-17).
    /// Other errors: 400, 401, 403, 404 (unknown user or group, or no permission), 429.
    pub async fn add_member(
        &self,
        permit: Permit,
        group: &GroupId,
        account: &AccountId,
    ) -> Result<Change, CallError> {
        let endpoint = Endpoint::JiraAddMember;
        let body = wire::NewMember { account_id: account.as_str() };
        let call = with_body(endpoint, start(endpoint).with("groupId", group.as_str()), &body)?;
        // The status means success. But if the body names another group, the answer belongs to another request.
        match self.client.change(permit, &call).await {
            Ok(answer) => {
                let named = json::read::<wire::GroupName>(&answer.body).ok();
                if named.as_ref().is_some_and(|to| to.name.is_none() && to.group_id.is_none()) {
                    let words = "its answer names no group";
                    return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
                }
                let other = named.and_then(self::group).filter(|theirs| theirs.id != *group);
                if other.is_some() {
                    let words = "its answer is about a different group";
                    return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
                }
                Ok(Change::Done { status: answer.status.as_u16() })
            }
            Err(error) if error.says_already_member() => {
                Ok(Change::AlreadySo { status: error.status.unwrap_or_default() })
            }
            Err(error) => Err(error),
        }
    }

    /// `DELETE group/user`: removes a user from a group.
    ///
    /// Permission: site administration. The description gives no answer for a user who is not a member (see
    /// [`CallError::says_not_a_member`]). Errors: 400, 401, 403, 404.
    pub async fn remove_member(
        &self,
        permit: Permit,
        group: &GroupId,
        account: &AccountId,
    ) -> Result<Change, CallError> {
        let endpoint = Endpoint::JiraRemoveMember;
        let path =
            start(endpoint).with("groupId", group.as_str()).with("accountId", account.as_str());
        match self.client.change(permit, &get(endpoint, path)).await {
            Ok(answer) => Ok(Change::Done { status: answer.status.as_u16() }),
            Err(error) if error.says_not_a_member() => {
                Ok(Change::AlreadySo { status: error.status.unwrap_or_default() })
            }
            Err(error) => Err(error),
        }
    }

    /// `GET group/bulk?groupName=…`: the groups with exactly these names, in as many calls as the length of an
    /// address requires. Permission: Browse users and groups. Errors: 400, 401, 403, 500.
    pub async fn groups_by_name(&self, names: &[&str]) -> Result<Vec<GroupRecord>, CallError> {
        self.groups("groupName", names).await
    }

    /// `GET group/bulk?groupId=…`: the groups with these ids.
    pub async fn groups_by_id(&self, ids: &[&GroupId]) -> Result<Vec<GroupRecord>, CallError> {
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        self.groups("groupId", &ids).await
    }

    async fn groups(
        &self,
        parameter: &str,
        values: &[&str],
    ) -> Result<Vec<GroupRecord>, CallError> {
        let endpoint = Endpoint::JiraGroups;
        let mut found = Vec::new();
        let mut rest = values;
        while !rest.is_empty() {
            let now;
            (now, rest) = rest.split_at(fitting(rest));
            // A page with fewer groups than requested is not the last page; `isLast` or an empty page is.
            let mut start_at = 0;
            loop {
                let mut path = start(endpoint)
                    .with("startAt", start_at.to_string())
                    .with("maxResults", GROUPS_A_CALL.to_string());
                for value in now {
                    path = path.with(parameter, value);
                }
                let answer = self.client.read(&get(endpoint, path)).await?;
                let page: wire::Page<wire::GroupName> = self.client.json(endpoint, &answer)?;
                let Some(values) = page.values else {
                    let words = "its answer has no list of groups";
                    return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
                };
                let count = values.len();
                start_at += count;
                let shown: Vec<_> = values.into_iter().filter_map(group).collect();
                if parameter == "groupId" && shown.len() != count {
                    let words = "its answer has a group without an id, where ids were asked for";
                    return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
                }
                found.extend(shown);
                if count > 0
                    && page.total.is_none_or(|total| (start_at as u64) < total)
                    && page.is_last != Some(true)
                {
                    if start_at > now.len() * MOST_A_NAME {
                        return Err(endless(endpoint));
                    }
                    continue;
                }
                // If groups were missing, they would count as unknown.
                if page.total.is_some_and(|total| start_at as u64 != total) {
                    let words = "its pages have fewer groups than it counts";
                    return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
                }
                break;
            }
        }
        Ok(found)
    }

    /// `GET group/bulk` without a filter: one page of all groups. Permission: Browse users and groups. Errors:
    /// 400, 401, 403, 500.
    pub async fn list_groups(&self, start_at: u64) -> Result<GroupPage, CallError> {
        let endpoint = Endpoint::JiraGroups;
        let path = start(endpoint)
            .with("startAt", start_at.to_string())
            .with("maxResults", GROUPS_A_CALL.to_string());
        let answer = self.client.read(&get(endpoint, path)).await?;
        let page: wire::Page<wire::GroupName> = self.client.json(endpoint, &answer)?;
        let Some(values) = page.values else {
            let words = "its answer has no list of groups";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        };
        let rows = values.len() as u64;
        let seen = start_at + rows;
        let is_last = rows == 0
            || (page.is_last).unwrap_or_else(|| page.total.is_some_and(|total| seen >= total));
        let groups = values.into_iter().filter_map(group).collect();
        Ok(GroupPage { total: page.total, is_last, rows, groups })
    }

    /// `POST group`: creates a group. The call takes no description.
    ///
    /// Permission: site administration. Errors: 400 if the name is missing or in use (the words tell which; they
    /// are a guess), 401, 403.
    pub async fn create_group(&self, permit: Permit, name: &str) -> Result<GroupMade, CallError> {
        let endpoint = Endpoint::JiraCreateGroup;
        let call = with_body(endpoint, start(endpoint), &wire::NewGroup { name })?;
        match self.client.change(permit, &call).await {
            Ok(answer) => {
                let made: wire::GroupName = self.client.json(endpoint, &answer)?;
                if made.name.as_deref().is_some_and(|theirs| !same_name(theirs, name)) {
                    let words = "its answer is about a different group";
                    return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
                }
                if made.name.is_none() && made.group_id.is_none() {
                    let words = "its answer names no group";
                    return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
                }
                let id = group(made).map(|group| group.id);
                Ok(GroupMade::Done { id, status: answer.status.as_u16() })
            }
            Err(error) if error.says_in_use() => {
                Ok(GroupMade::InUse { status: error.status.unwrap_or_default() })
            }
            Err(error) => Err(error),
        }
    }

    /// `DELETE group`: deletes a group. Permission: site administration. Errors: 400, 401, 403, 404.
    pub async fn remove_group(&self, permit: Permit, id: &GroupId) -> Result<Change, CallError> {
        let endpoint = Endpoint::JiraRemoveGroup;
        let call = get(endpoint, start(endpoint).with("groupId", id.as_str()));
        let answer = self.client.change(permit, &call).await?;
        Ok(Change::Done { status: answer.status.as_u16() })
    }

    /// `GET group/member`: one page of members, including deactivated ones. Permission: Browse users and groups.
    /// Errors: 400, 401, 403, 404.
    pub async fn members(&self, group: &GroupId, start_at: u64) -> Result<MemberPage, CallError> {
        let endpoint = Endpoint::JiraMembers;
        let path = start(endpoint)
            .with("groupId", group.as_str())
            .with("includeInactiveUsers", "true")
            .with("startAt", start_at.to_string())
            .with("maxResults", MEMBERS_A_PAGE.to_string());
        let answer = self.client.read(&get(endpoint, path)).await?;
        let page: wire::Page<wire::User> = self.client.json(endpoint, &answer)?;
        let Some(values) = page.values else {
            let words = "its answer has no list of members";
            return Err(self.client.unfit(endpoint, &answer, CallErrorKind::Odd, words));
        };
        let seen = start_at + values.len() as u64;
        let is_last = page.is_last.unwrap_or(match page.total {
            Some(total) => seen >= total,
            None => values.is_empty(),
        });
        let members = self.people(endpoint, &answer, values)?;
        Ok(MemberPage { total: page.total, is_last, members })
    }

    /// The first page of [`members`](Self::members), from which they are counted. If its total and its rows
    /// contradict each other, the page is read once more.
    pub async fn first_members(&self, group: &GroupId) -> Result<MemberPage, CallError> {
        let page = self.members(group, 0).await?;
        match page.contradicts_itself() {
            true => self.members(group, 0).await,
            false => Ok(page),
        }
    }

    /// `GET user/groups`: a user's groups; `None` if the site does not know the account or the credential may not
    /// see it (404). Permission: Browse users and groups. Errors: 401, 403.
    pub async fn groups_of(&self, id: &AccountId) -> Result<Option<Vec<GroupRecord>>, CallError> {
        let endpoint = Endpoint::JiraGroupsOf;
        let call = get(endpoint, start(endpoint).with("accountId", id.as_str()));
        match self.client.read_json::<Vec<wire::GroupName>>(&call).await {
            Ok(groups) => Ok(Some(groups.into_iter().filter_map(group).collect())),
            Err(error) if error.kind == CallErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `GET applicationrole`: Jira's apps on the site, the groups that give access to them, and the number of
    /// seats left. Permission: Administer Jira. Errors: 401, 403.
    pub async fn products(&self) -> Result<SiteProducts, CallError> {
        let endpoint = Endpoint::JiraRoles;
        let roles: Vec<wire::Role> = self.client.read_json(&get(endpoint, start(endpoint))).await?;
        let giving = groups_of(&roles);
        Ok(SiteProducts { products: roles.into_iter().filter_map(product).collect(), giving })
    }

    /// `GET groups/picker`: some groups whose name contains the text, in any case. The list is limited, so it is
    /// for suggestions only.
    pub async fn suggest_groups(&self, text: &str) -> Result<Vec<GroupRecord>, CallError> {
        let endpoint = Endpoint::JiraSuggestGroups;
        let path = start(endpoint)
            .with("query", text)
            .with("caseInsensitive", "true")
            .with("maxResults", SUGGESTIONS.to_string());
        let found: wire::FoundGroups = self.client.read_json(&get(endpoint, path)).await?;
        Ok(found.groups.unwrap_or_default().into_iter().filter_map(group).collect())
    }
}

/// All groups that give access to an app. `None` if the site has no apps, or does not name the groups of an app
/// with their ids: then no group is known to give no access.
fn groups_of(roles: &[wire::Role]) -> Option<Vec<GroupId>> {
    let mut giving = Vec::new();
    for role in roles {
        for group in role.group_details.as_ref()? {
            giving.push(GroupId::new(group.group_id.as_deref()?));
        }
    }
    (!roles.is_empty()).then_some(giving)
}

/// An app that headcount knows. A number of seats below 0 means that there is no limit.
fn product(role: wire::Role) -> Option<ProductRecord> {
    let groups = role.group_details.unwrap_or_default().into_iter().filter_map(group);
    let limited = role.has_unlimited_seats == Some(false);
    Some(ProductRecord {
        product: Product::from_key(&role.key?)?,
        groups: groups.map(|group| group.id).collect(),
        seats_left: role.remaining_seats.filter(|_| limited).and_then(|left| left.try_into().ok()),
    })
}

/// How many of the values fit into one address; at least one.
fn fitting(values: &[&str]) -> usize {
    let mut bytes = 0;
    let fit = values.iter().take(GROUPS_A_CALL).take_while(|value| {
        bytes += escaped_len(value) + 11;
        bytes <= NAMES_A_CALL
    });
    fit.count().max(1)
}

/// A group. If its id is hidden or absent (`groupId` may be `null` in the description), no row can mean it.
fn group(group: wire::GroupName) -> Option<GroupRecord> {
    let id = group.group_id.filter(|id| !id.is_empty())?;
    Some(GroupRecord {
        id: GroupId::new(&id),
        name: group.name.unwrap_or_default().into(),
        synced: None,
    })
}

/// The most groups for one name or id. An answer with more has pages without end.
const MOST_A_NAME: usize = 100;

fn endless(endpoint: Endpoint) -> CallError {
    CallError {
        endpoint,
        kind: CallErrorKind::Odd,
        effect: Effect::None,
        status: None,
        words: "its pages never end: it sent far more groups than requested".to_owned(),
        evidence: String::new(),
        retry_after: None,
        key: None,
        hint: None,
    }
}
