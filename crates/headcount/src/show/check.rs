//! The result of a check of credentials, in words.

use std::fmt::Write;

use headcount_app::words::clean;
use headcount_app::words::credentials::{more_about, who};
use headcount_atlassian::place::KeyKind;
use headcount_people::check::{Ability, Can, CheckUp, KeyReport, Standing};

use crate::terminal::Paint;

/// The state of one credential, and why.
pub fn key(report: &KeyReport, paint: Paint) -> String {
    with_more(report, &[], paint)
}

fn with_more(report: &KeyReport, more: &[String], paint: Paint) -> String {
    let what = match report.kind {
        KeyKind::ApiToken => "API token",
        KeyKind::OrgApiKey => "organization API key",
        KeyKind::ScimApiKey => "SCIM API key",
    };
    let standing = match report.standing {
        Standing::Accepted => paint.green("accepted"),
        Standing::Undecided => {
            paint.yellow(&format!("accepted, but it is not clear for which {}", report.undecided()))
        }
        Standing::Refused => paint.red("refused"),
        Standing::WrongAddress => paint.red("wrong address"),
        Standing::Unreachable => paint.yellow("could not be checked"),
    };
    let mut text = format!("{}: {standing}", paint.bold(what));
    if let Some(who) = who(&report.finding) {
        let _ = write!(text, " — {}", clean(&who));
    }
    let _ = writeln!(text, "\n  at {}", clean(&report.address.to_string()));
    for about in more {
        let _ = writeln!(text, "  {}", clean(about));
    }
    for why in &report.why {
        let _ = writeln!(text, "  {}", clean(&why.sentence));
        if !why.advice.is_empty() {
            let _ = writeln!(text, "  {} {}", paint.cyan("→"), clean(&why.advice));
        }
    }
    text
}

/// The whole result: the credentials, then which jobs work.
pub fn all(found: &CheckUp, paint: Paint) -> String {
    let mut text = String::new();
    for report in found.reports() {
        text.push_str(&with_more(report, &more_about(report), paint));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&abilities(&found.abilities, paint));
    text
}

fn abilities(abilities: &[Ability], paint: Paint) -> String {
    let longest = abilities.iter().map(|ability| ability.what.len()).max().unwrap_or_default();
    let mut text = String::new();
    for ability in abilities {
        let can = match ability.can {
            Can::Yes => paint.green("yes       "),
            Can::No => paint.red("no        "),
            Can::Unknown => paint.yellow("can't tell"),
        };
        let _ = writeln!(text, "{:<longest$}  {can}  {}", ability.what, clean(&ability.why));
    }
    text
}
