//! What a cell that the job does not read says against taking something away from its row's user: `please keep until
//! June`, `on leave`, `Rehired`, a last day that is still to come.
//!
//! Such words are people's own, so they are only searched, never obeyed: the row is held back, and a person decides.
//! Columns with names, departments and similar facts are not searched.

mod dates;
mod kinds;
mod phrases;

use headcount_sheet::heading::words::words;
use headcount_sheet::quoting::excerpt;
use headcount_sheet::{HeadingLine, cell_text};
use jiff::civil::Date;

use super::address::beside_address;
use super::answers::{Answer, answer};
use super::wanted::Job;
pub(super) use kinds::Kind;
use phrases::{Scope, holds_back, is_of_now};

/// The kinds of all columns of a spreadsheet.
pub(super) fn kinds(job: Job, headings: &HeadingLine, has_account_ids: bool) -> Vec<Kind> {
    // Whose state a column `Status` shows depends on the columns next to it.
    let status = match has_account_ids {
        // Atlassian's export of managed accounts.
        true => Kind::Fact,
        // A list of accounts, such as those that were not used for months. Notes count.
        false if headings.iter().any(kinds::is_last_use) => Kind::Text,
        false => Kind::Status,
    };
    headings.iter().map(|heading| kinds::kind(job, heading, status)).collect()
}

/// What a cell under a heading of this kind says against taking something away, in words.
pub(super) fn reservation(kind: Kind, cell: &str, today: Date) -> Option<String> {
    let text = cell_text(cell);
    if text.is_empty() {
        return None;
    }
    let says = |why: &str| Some(format!("“{}” {why}", excerpt(text)));
    let in_words = || holds_back(text, Scope::Any, today);
    match kind {
        Kind::Fact => None,
        Kind::Text => in_words().then(|| says(KEEPS)).flatten(),
        Kind::Status if is_of_now(text) || in_words() => says(KEEPS),
        Kind::Status => None,
        Kind::End if dates::is_after(text, today) => says("is a day that is still to come"),
        Kind::End if is_undecided(text) || in_words() => says("is no day that has passed"),
        Kind::End => None,
        Kind::Until if dates::is_past(text, today) => None,
        Kind::Until if is_undecided(text) => says(KEEPS),
        Kind::Return => says("seems to say that the user comes back"),
        Kind::Until | Kind::Exception => match answer(text) {
            Some(Answer::No) => None,
            Some(Answer::Yes | Answer::Cross | Answer::YesBut) | None => says(KEEPS),
        },
    }
}

const KEEPS: &str = "seems to say that the row is not to be changed, or not yet";

/// What the text around an email address says, as [`reservation`] does: `ann@example.com (keep)`.
pub(super) fn next_to_address(cell: &str, today: Date) -> Option<String> {
    let (text, is_name) = beside_address(cell_text(cell))?;
    // A name may have a part that is a word: `Will Hold <will@example.com>`.
    let is_name = is_name && words(text).len() > 1;
    let scope = if is_name { Scope::Phrases } else { Scope::Any };
    holds_back(text, scope, today).then(|| format!("“{}” {KEEPS}", excerpt(cell_text(cell))))
}

/// Whether a cell in a column of last days says that the day is not known.
fn is_undecided(text: &str) -> bool {
    let words = words(text);
    matches!(
        words.iter().map(String::as_str).collect::<Vec<_>>()[..],
        ["tbd"
            | "tba"
            | "tbc"
            | "offen"
            | "open"
            | "pending"
            | "unknown"
            | "later"
            | "future"
            | "never"
            | "indefinite"
            | "permanent"
            | "unbefristet"
            | "unbekannt"
            | "ongoing"]
    )
}

#[cfg(test)]
mod tests;
