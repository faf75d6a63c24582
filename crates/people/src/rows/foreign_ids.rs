//! Columns of user ids that hold ids of another program. Nothing is looked up by them.

use super::fitting::{filled, may_be_an_account_id};
use super::search::Trouble;
use super::wanted::{Field, Job, field, is_export};
use headcount_sheet::{FirstRows, HeadingLine};

/// A column that is read as account ids, while its cells are ids of another program: `USERID` in an export of Slack,
/// Workday or SuccessFactors. A heading that names an account, or an option, is believed.
pub(super) fn foreign_ids(
    (job, headings, first): (Job, &HeadingLine, &FirstRows),
    found: &[(Field, usize)],
    map: &[(String, String)],
) -> Option<Trouble> {
    let (_, at) = *found.iter().find(|(known, _)| *known == Field::AccountId)?;
    let is_unsure = is_of_any_program(job, headings, at, map);
    let mut cells = filled(at, first).peekable();
    let is_foreign = cells.peek().is_some() && !cells.any(may_be_an_account_id);
    (is_unsure && is_foreign).then_some(Trouble::ForeignIds(at))
}

/// Whether other programs write the heading of the account ids above ids of their own, too, and no option says what
/// the column holds.
pub(super) fn is_of_any_program(
    job: Job,
    headings: &HeadingLine,
    at: usize,
    map: &[(String, String)],
) -> bool {
    const ACCOUNT: &str = "account accountid atlassian konto kontokennung compte cuenta conta konta \
                           tilin アカウントid";
    let is_mapped = map.iter().any(|(name, _)| field(job, name) == Some(Field::AccountId));
    let words = headings[at].words();
    !is_export(job)
        && !is_mapped
        && !words.iter().any(|word| ACCOUNT.split_whitespace().any(|known| known == word))
}
