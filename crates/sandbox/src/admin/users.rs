//! Users of the directory, organizations API v2: search, read, suspend, restore, remove.

use serde_json::{Map, Value, json};

use super::errors::{Answer, error, must_be_directory, no_user, object};
use super::page::{Ask, fill, from_query};
use super::wire;
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, Org, Person, PersonIx, Place, Product, Source};

const LISTS: [&str; 9] = [
    "accountIds",
    "directoryIds",
    "groupIds",
    "resourceIds",
    "roleIds",
    "emailDomains",
    "accountStatus",
    "membershipStatus",
    "status",
];

/// `POST …/users/search`. An empty body searches all users.
pub(crate) fn search_users(call: &Call<'_>, org: &Org) -> Answer {
    let everywhere = must_be_directory(call, true)?;
    let ask = Ask::read(call, object(call, true)?, 50)?;
    ask.unique(call, &["emails", "expand"])?;
    answer(call, org, &ask, everywhere)
}

/// `GET …/users` (deprecated): the same with query parameters.
pub(crate) fn list_users(call: &Call<'_>, org: &Org) -> Answer {
    let everywhere = must_be_directory(call, true)?;
    let filters = query_filters(call);
    let ask = Ask::read(call, filters, 20)?;
    answer(call, org, &ask, everywhere)
}

/// `GET …/users/count`
pub(crate) fn user_count(call: &Call<'_>, org: &Org) -> Answer {
    let everywhere = must_be_directory(call, true)?;
    let ask = Ask::read(call, query_filters(call), 20)?;
    let filter = Filter::read(call, org, &ask, everywhere)?;
    let count = org.people().filter(|(at, person)| filter.passes(*at, person)).count();
    Ok(Reply::json(200, &json!({"count": count})))
}

fn query_filters(call: &Call<'_>) -> Map<String, Value> {
    from_query(call, &LISTS, &["searchTerm", "claimStatus"])
}

fn answer(call: &Call<'_>, org: &Org, ask: &Ask, everywhere: bool) -> Answer {
    let filter = Filter::read(call, org, ask, everywhere)?;
    let expand = ask.words(
        call,
        "expand",
        &["platformRoles", "counts.resources", "productAccess", "groups"],
    )?;
    let passes = |at: &PersonIx| filter.passes(*at, org.person(*at));
    // A cursor names the next user's index; if the filters name users one by one, the next position in their list.
    let (page, next) = match (filter.few(), filter.members(org)) {
        (Some(few), _) => fill(few.iter().copied().enumerate().skip(ask.from), ask.limit, passes),
        (None, Some(members)) => {
            let start = members.partition_point(|at| (at.0 as usize) < ask.from);
            let rest = members[start..].iter().map(|at| (at.0 as usize, *at));
            fill(rest, ask.limit, passes)
        }
        (None, None) => {
            let all = org.people_from(ask.from).map(|(at, _)| (at.0 as usize, at));
            fill(all, ask.limit, passes)
        }
    };
    let expand = expand.unwrap_or_default();
    let data: Vec<_> = page.into_iter().map(|at| wire::user(org, at, &expand)).collect();
    Ok(ask.page(&data, next))
}

/// The filters of a search. All of them must match.
struct Filter<'a> {
    everywhere: bool,
    emails: Option<Vec<PersonIx>>,
    accounts: Option<Vec<PersonIx>>,
    groups: Option<Vec<crate::org::GroupIx>>,
    term: Option<String>,
    domains: Option<Vec<String>>,
    account_status: Option<Vec<&'a str>>,
    membership_status: Option<Vec<&'a str>>,
    status: Option<Vec<&'a str>>,
    claim: Option<&'a str>,
    admins: bool,
    resources: Option<Vec<Product>>,
    nobody: bool,
}

impl<'a> Filter<'a> {
    fn read(call: &Call<'_>, org: &Org, ask: &'a Ask, everywhere: bool) -> Result<Self, Reply> {
        ask.not_both(call, "emails", "searchTerm")?;
        let emails = ask.list(call, "emails", 100)?;
        let found = |email: &&str| org.find_email(email);
        let emails = emails.map(|list| unique(list.iter().filter_map(found)));
        let accounts = ask.list(call, "accountIds", 10)?;
        let accounts = accounts.map(|ids| unique(ids.iter().filter_map(|id| org.find(id))));
        let groups = ask.list(call, "groupIds", 10)?;
        let groups = groups.map(|ids| ids.iter().filter_map(|id| org.find_group(id)).collect());
        let domains = ask.list(call, "emailDomains", 10)?;
        let domains = domains.map(|list| {
            let lower = |domain: &&str| domain.trim_start_matches('@').to_lowercase();
            list.iter().map(lower).collect()
        });
        let directories = ask.list(call, "directoryIds", 10)?;
        let ours = |ids: Vec<&str>| ids.contains(&call.card.directory_id.as_str());
        let resources = ask.list(call, "resourceIds", 20)?;
        let resources: Option<Vec<Product>> =
            resources.map(|list| list.iter().filter_map(|id| wire::product_of(id)).collect());
        let roles = ask.list(call, "roleIds", 10)?;
        let admins = roles.is_some_and(|roles| !roles.contains(&"atlassian/user"));
        let claims = ask.text(call, "claimStatus")?;
        if let Some(odd) = claims.filter(|claim| !["managed", "unmanaged"].contains(claim)) {
            let text = format!("'claimStatus' cannot be '{odd}'.");
            return Err(super::errors::bad_body(call, &text));
        }
        let not_ours = directories.is_some_and(|ids| !ours(ids));
        Ok(Self {
            everywhere,
            emails,
            accounts,
            groups,
            term: ask.text(call, "searchTerm")?.map(str::to_lowercase),
            domains,
            account_status: ask.words(call, "accountStatus", &["active", "inactive", "closed"])?,
            membership_status: ask.words(
                call,
                "membershipStatus",
                &["active", "suspended", "no_membership"],
            )?,
            status: ask.words(
                call,
                "status",
                &["active", "suspended", "not_invited", "deactivated", "for_deletion"],
            )?,
            claim: claims,
            admins,
            resources,
            nobody: not_ours,
        })
    }

    /// The users that the filters name one by one, if they do.
    fn few(&self) -> Option<&[PersonIx]> {
        self.emails.as_deref().or(self.accounts.as_deref())
    }

    /// The members of the group that the filters name, so that not all users have to be read.
    fn members<'o>(&self, org: &'o Org) -> Option<&'o [PersonIx]> {
        match self.groups.as_deref() {
            Some([group]) => Some(&org.group(*group).members),
            _ => None,
        }
    }

    fn passes(&self, at: PersonIx, person: &Person) -> bool {
        let record = &person.record;
        let has = |words: &Option<Vec<&str>>, word: &str| {
            words.as_ref().is_none_or(|words| words.contains(&word))
        };
        let among =
            |list: &Option<Vec<PersonIx>>| list.as_ref().is_none_or(|list| list.contains(&at));
        let in_groups = |groups: &Vec<_>| groups.iter().any(|group| person.groups.contains(group));
        let named = |term: &String| {
            record.name.to_lowercase().contains(term) || record.email.to_lowercase().contains(term)
        };
        let in_domains = |domains: &Vec<String>| {
            let domain = record.email.rsplit('@').next().unwrap_or_default().to_lowercase();
            domains.contains(&domain)
        };
        !self.nobody
            && is_visible(person, self.everywhere)
            && among(&self.emails)
            && among(&self.accounts)
            && self.groups.as_ref().is_none_or(in_groups)
            && self.term.as_ref().is_none_or(named)
            && self.domains.as_ref().is_none_or(in_domains)
            && has(&self.account_status, wire::account_status(record))
            && has(&self.membership_status, wire::membership_status(record))
            && has(&self.status, wire::status(record))
            && self.claim.is_none_or(|claim| claim == wire::claim_status(record))
            && (!self.admins || record.org_admin)
            && self.resources.as_ref().is_none_or(|list| list.iter().any(|one| person.has(*one)))
    }
}

fn unique(found: impl Iterator<Item = PersonIx>) -> Vec<PersonIx> {
    let mut all: Vec<_> = found.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether a user is a member of the directory. With `-`, managed accounts outside it count too ("including
/// managed accounts that aren't in a directory"; description of `users/count`). Apps are not users.
fn is_visible(person: &Person, everywhere: bool) -> bool {
    let record = &person.record;
    record.kind != crate::org::Kind::App && (record.is_on_site() || (everywhere && record.managed))
}

/// The user in the path, if visible in the directory.
fn visible(call: &Call<'_>, org: &Org, everywhere: bool) -> Result<PersonIx, Reply> {
    let found = org.find(call.param(2));
    found.filter(|at| is_visible(org.person(*at), everywhere)).ok_or_else(|| no_user(call))
}

/// `GET …/users/{accountId}`
pub(crate) fn get_user(call: &Call<'_>, org: &Org) -> Answer {
    let everywhere = must_be_directory(call, true)?;
    let at = visible(call, org, everywhere)?;
    Ok(Reply::json(200, &json!({"data": wire::user_details(org, at)})))
}

/// `POST …/users/{accountId}/suspend`. Assumptions: suspending a suspended user is 204 too; for users of an
/// identity provider and organization administrators it is refused.
pub(crate) fn suspend_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = writable(call, org)?;
    let record = &org.person(at).record;
    if record.org_admin {
        return Err(forbidden(call, "An organization admin can't be suspended."));
    }
    let (account, place) = (record.account_id.clone(), record.place);
    if place == Place::Suspended {
        return Ok(Reply::empty(204).already());
    }
    org.apply(Change::Suspended { account });
    Ok(Reply::empty(204))
}

/// `POST …/users/{accountId}/restore`: groups and roles return. Assumption: restoring a user who is not suspended
/// is 204 too.
pub(crate) fn restore_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = writable(call, org)?;
    let record = &org.person(at).record;
    let (account, place) = (record.account_id.clone(), record.place);
    if place == Place::Here {
        return Ok(Reply::empty(204).already());
    }
    org.apply(Change::Restored { account });
    Ok(Reply::empty(204))
}

/// `DELETE …/users/{accountId}`: removes the user from the directory; roles and memberships are lost.
pub(crate) fn remove_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = writable(call, org)?;
    let account = org.person(at).record.account_id.clone();
    org.apply(Change::RemovedUser { account });
    Ok(Reply::empty(204))
}

/// A user of the directory that no identity provider owns.
fn writable(call: &Call<'_>, org: &Edit<'_>) -> Result<PersonIx, Reply> {
    must_be_directory(call, false)?;
    let at = visible(call, org, false)?;
    match org.person(at).record.source {
        Source::Invited => Ok(at),
        Source::Scim | Source::Google => {
            Err(forbidden(call, "The user is synced from an identity provider."))
        }
    }
}

/// Assumption: the code; the description has 403 without one for users.
pub(super) fn forbidden(call: &Call<'_>, detail: &str) -> Reply {
    error(call, "ADMIN-403-3", "Not allowed to manage the org", detail)
}
