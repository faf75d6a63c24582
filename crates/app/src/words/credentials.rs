//! Credentials in words.

use headcount_people::check::Finding;

/// The owner of a credential, if known.
pub fn who(finding: &Finding) -> Option<String> {
    if let Some((id, name)) = &finding.org {
        return Some(match name.is_empty() {
            true => format!("the organization {id}"),
            false => format!("the organization {name} ({id})"),
        });
    }
    let account = finding.account.as_ref()?;
    let name = finding.name.as_deref().unwrap_or("an account without a name");
    let rank = match (finding.administers, finding.org_admin) {
        (Some(true), Some(true)) => ", administers Jira and the organization",
        (Some(true), _) => ", administers Jira",
        (Some(false), _) => ", does not administer Jira",
        (None, _) => "",
    };
    Some(format!("{name} ({account}){rank}"))
}
