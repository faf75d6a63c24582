//! Searches for users by what they may do in a project.
//!
//! Assumption: the site has one project, without issues; each issue is unknown. Users with an app of Jira take part
//! in it, organization administrators administer it.

use super::errors::{error, forbidden};
use super::permissions::{PROJECT_ID, PROJECT_KEY, Permission};
use super::search::{candidates, range};
use super::wire;
use crate::http::{Call, Reply};
use crate::org::{Org, PersonIx};

type Answer = Result<Reply, Reply>;

/// Whether a parameter names the project: by its key (case matters), or by its id.
fn is_the_project(text: &str) -> bool {
    text == PROJECT_KEY || text == PROJECT_ID.to_string()
}

/// Refuses a call that names no project and no issue, or one that does not exist. Assumption: the texts.
fn must_name_the_project(call: &Call<'_>, parameter: &str) -> Result<(), Reply> {
    let issue = call.query.filled("issueKey").or_else(|| call.query.filled("issueId"));
    if issue.is_some() {
        return Err(error(404, "Issue does not exist or you do not have permission to see it."));
    }
    match call.query.filled(parameter) {
        None => Err(error(400, &format!("One of '{parameter}' and 'issueKey' is required."))),
        Some(project) if is_the_project(project) => Ok(()),
        Some(project) => Err(no_project(project)),
    }
}

fn no_project(key: &str) -> Reply {
    error(404, &format!("No project could be found with key '{key}'."))
}

/// The users of the requested part of a search who have all these permissions: fewer than `maxResults`, if others
/// are in that part. [Jira platform description]
fn with_permissions(
    call: &Call<'_>,
    org: &Org,
    found: &[PersonIx],
    permissions: &[&Permission],
) -> Answer {
    let (start, results) = range(call, 50, 1000)?;
    let page = found.iter().skip(start).take(results);
    let passes = |at: &&PersonIx| permissions.iter().all(|wanted| wanted.is_held(org, **at));
    let users: Vec<_> = page.filter(passes).map(|at| wire::user(call, org, *at)).collect();
    Ok(Reply::json(200, &users))
}

fn known(key: &str) -> Result<&'static Permission, Reply> {
    Permission::find(key).ok_or_else(|| error(400, &format!("Unrecognized permission: {key}")))
}

/// `GET /user/permission/search`: only for administrators. Without a search string all users are searched (the
/// description also has a 400 for that).
pub(crate) fn users_with_permissions(call: &Call<'_>, org: &Org) -> Answer {
    let asked: Result<Vec<_>, Reply> = call.query.list("permissions").map(known).collect();
    let asked = asked?;
    if asked.is_empty() {
        return Err(error(400, "The 'permissions' query parameter is required."));
    }
    let found = candidates(call, org)?;
    must_name_the_project(call, "projectKey")?;
    let administers = known("ADMINISTER_PROJECTS")?;
    if !call.caller.person().is_some_and(|at| administers.is_held(org, at)) {
        return Err(forbidden());
    }
    with_permissions(call, org, &found, &asked)
}

/// `GET /user/viewissue/search`: an anonymous caller gets an empty list.
pub(crate) fn users_who_browse(call: &Call<'_>, org: &Org) -> Answer {
    let found = candidates(call, org)?;
    if call.query.get("query").is_none() && call.query.get("accountId").is_none() {
        return Err(error(400, "One of 'query' and 'accountId' is required."));
    }
    must_name_the_project(call, "projectKey")?;
    with_permissions(call, org, &found, &[known("BROWSE_PROJECTS")?])
}

/// `GET /user/assignable/search`: without a search string, all who can be assigned (the description also has a 400
/// for that).
pub(crate) fn assignable_users(call: &Call<'_>, org: &Org) -> Answer {
    let found = candidates(call, org)?;
    must_name_the_project(call, "project")?;
    with_permissions(call, org, &found, &[known("ASSIGNABLE_USER")?])
}

/// `GET /user/assignable/multiProjectSearch`
pub(crate) fn assignable_in_all(call: &Call<'_>, org: &Org) -> Answer {
    let found = candidates(call, org)?;
    let mut keys = call.query.list("projectKeys").peekable();
    if keys.peek().is_none() {
        return Err(error(400, "The query parameter 'projectKeys' is required."));
    }
    if let Some(unknown) = keys.find(|key| *key != PROJECT_KEY) {
        return Err(no_project(unknown));
    }
    with_permissions(call, org, &found, &[known("ASSIGNABLE_USER")?])
}
