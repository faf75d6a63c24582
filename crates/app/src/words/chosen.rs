//! What a filtered list says at its head: how many users were looked at, and why the others are not in it.

use headcount_people::choose::{Fact, Filters, LeftOut, Tally};
use headcount_people::export::Filtered;

use super::{many, thousands};

/// The lines of the head.
pub fn head(tally: &Tally, filters: &Filters) -> Vec<String> {
    let left_out = tally.looked_at - tally.listed;
    let mut lines = vec![format!(
        "Looked at {}: {} listed, {} left out{}",
        many(tally.looked_at, "user"),
        thousands(tally.listed),
        thousands(left_out),
        if left_out == 0 { "" } else { ":" }
    )];
    for (why, count) in &tally.left_out {
        let Reason { text, option } = reason(*why, filters);
        let option = option.map(|option| format!(" ({option})")).unwrap_or_default();
        lines.push(format!("  {}: {text}{option}", thousands(*count)));
    }
    lines
}

/// How many users are left out for each reason, without the names of options.
pub fn left_out(tally: &Tally, filters: &Filters) -> Vec<(u64, String)> {
    tally.left_out.iter().map(|(why, count)| (*count, reason(*why, filters).text)).collect()
}

/// Why users are left out, and the option that decides.
struct Reason {
    text: String,
    option: Option<&'static str>,
}

fn reason(why: LeftOut, filters: &Filters) -> Reason {
    let days = filters.inactive_days.unwrap_or_default();
    let days =
        if days == 1 { "1 day".to_owned() } else { format!("{} days", thousands(days.into())) };
    let by = |text: &str, option| Reason { text: text.to_owned(), option: Some(option) };
    let only = |text: String| Reason { text, option: None };
    match why {
        LeftOut::AnotherKind => by("another kind of account", "--accounts"),
        LeftOut::Status => by("another status", "--status"),
        LeftOut::Domain => by("an email address of another domain", "--domain"),
        LeftOut::Managed if filters.managed == Some(true) => {
            by("not managed by the organization", "--managed")
        }
        LeftOut::Managed => by("managed by the organization", "--managed"),
        LeftOut::Source => by("another source", "--source"),
        LeftOut::Role => by("another role", "--role"),
        LeftOut::NotInGroup => by("in none of the groups", "--group"),
        LeftOut::InExcludedGroup => by("in one of the excluded groups", "--not-group"),
        LeftOut::AddedLater => match filters.added_before {
            Some(day) => by(&format!("added on {day} or later"), "--added-before"),
            None => by("added later", "--added-before"),
        },
        LeftOut::NoApp if filters.products.is_empty() => only("no access to any app".into()),
        LeftOut::NoApp => by("no access to these apps", "--product"),
        LeftOut::UsedRecently => only(format!(
            "used an app in the last {days}, or maybe did: dates can be 24 hours late"
        )),
        LeftOut::Used => only("used an app at some time".into()),
        LeftOut::NeverSeen => {
            by("never used an app", "to list those added long enough ago, add --never-seen")
        }
        LeftOut::AddedRecently => only(match filters.inactive_days {
            Some(_) => format!("never used an app, but added in the last {days}"),
            None => "never used an app, but added too recently: dates can be 24 hours late".into(),
        }),
        LeftOut::Unknown(fact) => only(unknown(fact).into()),
    }
}

fn unknown(fact: Fact) -> &'static str {
    match fact {
        Fact::Kind => "unknown: the kind of the account is not shown",
        Fact::Status => "unknown: the status is not shown",
        Fact::Email => "unknown: the email address is not shown",
        Fact::Managed => "unknown: whether the account is managed is not shown",
        Fact::Source => "unknown: whether the account is invited or synced is not shown",
        Fact::Role => "unknown: the role is not shown",
        Fact::Group => "unknown: the groups are not shown",
        Fact::Added => "unknown: the day the user was added is not shown or not readable",
        Fact::Access => "unknown: the apps are not shown",
        Fact::LastUse => "unknown: a date of last use is not shown or not readable",
    }
}

/// What a file does not show, a sentence each.
pub fn notes_of_file(filtered: &Filtered, filters: &Filters) -> Vec<String> {
    let mut notes = Vec::new();
    if filtered.unreadable > 0 {
        let of = many(filtered.unreadable, "row");
        notes.push(format!("{of} left out: no readable account id"));
    }
    if let Some(newest) = filtered.newest.filter(|_| filters.uses_activity()) {
        notes.push(format!(
            "the latest use in the file is of {newest}; users may have used an app since it was exported"
        ));
    }
    notes
}
