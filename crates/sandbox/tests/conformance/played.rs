//! Whether the route table has every described call that the sandbox should implement: all of the organization and of
//! managed accounts, and those of Jira about users, groups, permissions and the caller.

use std::collections::BTreeSet;

use headcount_sandbox::rows;

use super::describe::Descriptions;

/// `METHOD path` with every parameter written as `{}`, because their names differ.
fn plain(method: &str, path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    format!("{method} {}", path.split('/').map(part).collect::<Vec<_>>().join("/"))
}

/// The first part of Jira's calls about users.
const OF_JIRA: [&str; 11] = [
    "user",
    "users",
    "group",
    "groups",
    "groupuserpicker",
    "myself",
    "mypermissions",
    "mypreferences",
    "permissions",
    "serverInfo",
    "applicationrole",
];

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
        ["/admin/", "/users/", "/scim/"].iter().any(|start| path.starts_with(start))
            || OF_JIRA.contains(&first)
    };
    let mut count = 0;
    let mut missing = Vec::new();
    for operation in Descriptions::read(&folder).operations {
        let path = operation.path();
        if !about_people(&path) {
            continue;
        }
        count += 1;
        if !played.contains(&plain(&operation.method, &path)) {
            missing.push(format!("{} {path}", operation.method));
        }
    }
    assert!(missing.is_empty(), "described and not played: {missing:#?}");
    assert!(count > 100, "{count} calls only");
}
