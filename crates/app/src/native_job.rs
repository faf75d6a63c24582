//! Finds headcount's own jobs that do the same as a collection's requests: those of the four knowledge base
//! articles, and those of Atlassian's own collections.

use headcount_collections::Loaded;

/// Method, path with `*` for each variable, and the command of the job. A leading `**` matches any beginning.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("POST", "**/rest/api/*/user", "user create"),
    ("DELETE", "**/rest/api/*/user", "user remove"),
    ("POST", "**/rest/api/*/group", "group create"),
    ("DELETE", "**/rest/api/*/group", "group delete"),
    ("POST", "**/rest/api/*/group/user", "member add"),
    ("DELETE", "**/rest/api/*/group/user", "member remove"),
    ("POST", "**/users/*/manage/lifecycle/disable", "user deactivate"),
    ("POST", "**/users/*/manage/lifecycle/enable", "user activate"),
    ("POST", "**/orgs/*/users/invite", "user create --by invite"),
    ("POST", "**/directory/users/*/suspend-access", "user suspend"),
    ("POST", "**/directory/users/*/restore-access", "user restore"),
    ("POST", "**/directories/*/users/*/suspend", "user suspend"),
    ("POST", "**/directories/*/users/*/restore", "user restore"),
    ("DELETE", "**/directories/*/users/*", "user remove"),
    ("POST", "**/directories/*/groups", "group create"),
    ("DELETE", "**/directories/*/groups/*", "group delete"),
    ("POST", "**/directories/*/groups/*/memberships", "member add"),
    ("DELETE", "**/directories/*/groups/*/memberships/*", "member remove"),
];

/// The commands of the jobs that do the same, in the order of the requests. Empty if any changing request has no
/// job.
pub fn native_jobs(loaded: &Loaded) -> Vec<&'static str> {
    let mut jobs = Vec::new();
    for item in &loaded.run.items {
        let request = &item.request;
        let is_reading = ["GET", "HEAD", "OPTIONS"].contains(&request.method.as_str());
        let found = REQUESTS.iter().find(|(method, path, _)| {
            *method == request.method && fits(path, &request.url.path_text())
        });
        match found {
            Some((.., job)) if !jobs.contains(job) => jobs.push(*job),
            None if !is_reading => return Vec::new(),
            Some(_) | None => {}
        }
    }
    jobs
}

/// Whether a path, with its `{{names}}` and `:variables`, matches a pattern. The part before it may be in a
/// variable of the host.
fn fits(kind: &str, path: &str) -> bool {
    let kind: Vec<_> = kind.trim_start_matches("**/").split('/').collect();
    let path: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let Some(start) = path.len().checked_sub(kind.len()) else { return false };
    let mut parts = kind.iter().zip(&path[start..]);
    parts.all(|(wanted, part)| *wanted == "*" || wanted == part)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn paths_fit_with_and_without_a_beginning() {
        let user = "**/rest/api/*/user";
        for path in ["/rest/api/3/user", "/ex/jira/{{cloudId}}/rest/api/2/user/"] {
            assert!(fits(user, path), "{path}");
        }
        for path in ["/rest/api/3/group/user", "/rest/api/3/users", "/user", ""] {
            assert!(!fits(user, path), "{path}");
        }
        let disable = "**/users/*/manage/lifecycle/disable";
        assert!(fits(disable, "/users/:account_id/manage/lifecycle/disable"));
        assert!(fits(disable, "/users/{{accountId}}/manage/lifecycle/disable"));
    }
}
