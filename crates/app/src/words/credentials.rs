//! Credentials in words.

use headcount_atlassian::place::KeyKind;
use headcount_people::check::{Ending, Finding, KeyReport, Standing};

use super::{many, thousands};

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

/// When a credential ends, and the organization's directories, a sentence each.
pub fn more_about(report: &KeyReport) -> Vec<String> {
    let finding = &report.finding;
    let directory = |(id, name): &(String, String)| match name.is_empty() {
        true => id.clone(),
        false => format!("{name} ({id})"),
    };
    let mut about = Vec::new();
    match finding.directories.as_slice() {
        [] => {}
        [only] => about.push(format!("directory: {}", directory(only))),
        several => {
            let names: Vec<_> = several.iter().map(directory).collect();
            about.push(format!("directories: {}", names.join(", ")));
        }
    }
    if report.standing == Standing::Accepted {
        about.push(ends(report.kind, finding.ending.as_ref()));
    }
    about
}

fn ends(kind: KeyKind, ending: Option<&Ending>) -> String {
    let (what, whose) = match kind {
        KeyKind::ApiToken => ("API tokens", "the account"),
        KeyKind::OrgApiKey => ("API keys", "the organization"),
        KeyKind::ScimApiKey => {
            return "it lasts until it is generated again in the organization's settings"
                .to_owned();
        }
    };
    let Some(ending) = ending else {
        return format!(
            "headcount cannot read when it ends with these credentials; {what} last at most a year"
        );
    };
    let day = ending.first.strftime("%-d %B %Y");
    let days = match ending.days {
        0 => "today or tomorrow".to_owned(),
        days => format!("in {}", many(days.unsigned_abs(), "day")),
    };
    match ending.could_be {
        1 => format!("ends {days} ({day})"),
        several => format!(
            "{whose} has {} {what}, and Atlassian does not show which of them this is; the first, “{}”, \
             ends {days} ({day})",
            thousands(several),
            ending.name
        ),
    }
}
