//! Words for reports that the journal does not contain: a run's job, and the user or group of each row.

use headcount_atlassian::access::ADMIN_URL;
use headcount_journal::{RowView, Run};
use headcount_people::jobs;
use headcount_people::steps::{self, About as Kind, Change, Note};
use headcount_report::{About, Subject};

/// The words for a run.
pub fn of(run: &Run) -> Subject {
    let phrases = jobs::of(run.job).phrases_of(run);
    let organization = organization(run);
    Subject { heading: phrases.heading, done: phrases.done, organization, of_row }
}

fn of_row(row: &RowView) -> About {
    let Some(step) = steps::of_row(row) else { return About::default() };
    let Change { kind, target, wanted, .. } = step.payload;
    let name = match steps::of(kind).about {
        Kind::Group => target.which().to_owned(),
        Kind::Membership(_) => format!("{} – {}", target.person(), target.which()),
        Kind::GroupRole => format!("{} – {}", target.which(), target.role_words()),
        Kind::Role => format!("{} – {}", target.person(), target.role_words()),
        Kind::Token => format!("{} – {}", target.person(), target.token_words()),
        Kind::User => target.person(),
    };
    About {
        name: Some(name),
        account_id: target.account.map(|id| id.as_str().to_owned()),
        group_id: target.group.map(|id| id.as_str().to_owned()),
        doubt: wanted.notes.contains(&Note::OtherName).then(|| Note::OtherName.words()),
    }
}

/// The organization whose accounts a run changes, by its id, if the site's name does not show it; with the
/// address, if it is neither Atlassian's nor the site's.
pub fn organization(run: &Run) -> Option<String> {
    let name = run.organization.as_ref().filter(|name| **name != run.site)?;
    let (address, id) = name.split_once("/admin/v1/orgs/").unwrap_or(("", name));
    Some(match address {
        "" | ADMIN_URL => id.to_owned(),
        address if address == run.site => id.to_owned(),
        address => format!("{id} at {address}"),
    })
}
