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
        lines.push(format!("  {}: {}", thousands(*count), reason(*why, filters)));
    }
    lines
}

fn reason(why: LeftOut, filters: &Filters) -> String {
    let days = filters.inactive_days.unwrap_or_default();
    let days =
        if days == 1 { "1 day".to_owned() } else { format!("{} days", thousands(days.into())) };
    match why {
        LeftOut::AnotherKind => "another kind of account (--accounts)".into(),
        LeftOut::Status => "another status (--status)".into(),
        LeftOut::Domain => "an email address of another domain (--domain)".into(),
        LeftOut::Managed => match filters.managed {
            Some(true) => "not managed by the organization (--managed)".into(),
            _ => "managed by the organization (--managed)".into(),
        },
        LeftOut::Source => "another source (--source)".into(),
        LeftOut::Role => "another role (--role)".into(),
        LeftOut::NotInGroup => "in none of the groups (--group)".into(),
        LeftOut::InExcludedGroup => "in a group of --not-group".into(),
        LeftOut::AddedLater => match filters.added_before {
            Some(day) => format!("added on {day} or later (--added-before)"),
            None => "added later (--added-before)".into(),
        },
        LeftOut::NoApp => match filters.products.is_empty() {
            true => "no access to any app".into(),
            false => "no access to these apps (--product)".into(),
        },
        LeftOut::UsedRecently => {
            format!("used an app in the last {days}, or maybe did: dates can be 24 hours late")
        }
        LeftOut::Used => "used an app at some time".into(),
        LeftOut::NeverSeen => {
            "never used an app (to list those added long enough ago, add --never-seen)".into()
        }
        LeftOut::AddedRecently => match filters.inactive_days {
            Some(_) => format!("never used an app, but added in the last {days}"),
            None => "never used an app, but added too recently: dates can be 24 hours late".into(),
        },
        LeftOut::Unknown(fact) => unknown(fact).into(),
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
