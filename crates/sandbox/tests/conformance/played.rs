//! Whether the route table has every described call that the sandbox should implement. Some of Jira's calls about
//! users and groups are deliberately left out.

use std::collections::BTreeSet;

use headcount_sandbox::rows;

use super::describe::Descriptions;

/// Jira's calls about users and groups that no job of user management sends. docs/differences.md names them.
const LEFT_OUT: [&str; 9] = [
    "/rest/api/3/user/assignable/",
    "/rest/api/3/user/bulk/migration",
    "/rest/api/3/user/columns",
    "/rest/api/3/user/email",
    "/rest/api/3/user/permission/",
    "/rest/api/3/user/picker",
    "/rest/api/3/user/properties",
    "/rest/api/3/user/search/query",
    "/rest/api/3/user/viewissue/",
];

/// `METHOD path` with every parameter written as `{}`, because their names differ.
fn plain(method: &str, path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    format!("{method} {}", path.split('/').map(part).collect::<Vec<_>>().join("/"))
}

#[test]
fn every_described_call_is_played() {
    let Some(folder) = super::folder("HEADCOUNT_API_DESCRIPTIONS") else {
        println!("conformance: skipped: no descriptions (HEADCOUNT_API_DESCRIPTIONS is not set)");
        return;
    };
    let played: BTreeSet<_> = rows().iter().map(|row| plain(row.method, row.template)).collect();
    let about_people = |path: &str| {
        let mut parts = path.trim_start_matches("/rest/api/3/").split('/');
        let first = parts.next().unwrap_or_default();
        path.starts_with("/admin/")
            || path.starts_with("/users/")
            || ["user", "users", "group", "groups", "myself"].contains(&first)
    };
    let mut count = 0;
    let mut missing = Vec::new();
    for operation in Descriptions::read(&folder).operations {
        let path = operation.path();
        if !about_people(&path) || LEFT_OUT.iter().any(|out| path.starts_with(out)) {
            continue;
        }
        count += 1;
        if !played.contains(&plain(&operation.method, &path)) {
            missing.push(format!("{} {path}", operation.method));
        }
    }
    assert!(missing.is_empty(), "described and not played: {missing:#?}");
    assert!(count > 70, "{count} calls only");
}
