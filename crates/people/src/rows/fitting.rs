//! Checks by the first rows whether the cells of a column hold what a field needs: a `--map` that leads to
//! unreadable rows is not offered.

use headcount_model::spelling::{name_key, visible};
use headcount_sheet::{FirstRows, Heading};

use super::address::looks_like_mail;
use super::cell::{self, is_uuid, text};
use super::products::is_product_list;
use super::wanted::Field;

/// How the cells of a column match a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// All cells are empty.
    Empty,
    /// Most of the cells hold what the field needs.
    Fits,
    /// They hold something else.
    Other,
}

/// How a column's cells match a field.
pub(super) fn fit(field: Field, at: usize, first: &FirstRows) -> Fit {
    let (mut good, mut all) = (0, 0);
    for cell in filled(at, first) {
        all += 1;
        good += usize::from(holds(field, cell));
    }
    match (all, good * 2 >= all) {
        (0, _) => Fit::Empty,
        (_, true) => Fit::Fits,
        (_, false) => Fit::Other,
    }
}

/// The texts of a column's cells that are not empty.
pub(super) fn filled(at: usize, first: &FirstRows) -> impl Iterator<Item = &str> {
    let cells = first.iter().filter_map(move |(_, cells)| cells.get(at));
    cells.map(|cell| text(cell)).filter(|cell| !cell.is_empty())
}

fn holds(field: Field, cell: &str) -> bool {
    match field {
        Field::Email | Field::NewEmail => looks_like_mail(cell),
        Field::AccountId => is_like_an_id(cell),
        Field::GroupId => !looks_like_mail(cell) && cell::group_id(cell).is_ok(),
        // A membership has only one group, so several in a cell do not fit.
        Field::Group | Field::GroupName | Field::Name => {
            !looks_like_mail(cell) && !cell.contains(';') && cell::name(cell, "the group").is_ok()
        }
        Field::Groups => !looks_like_mail(cell),
        Field::Products => is_product_list(cell),
        Field::DisplayName => !looks_like_mail(cell),
        Field::OrgRole
        | Field::Description
        | Field::UserStatus
        | Field::Status
        | Field::App
        | Field::Role
        | Field::Token
        | Field::Decision
        | Field::Action
        | Field::Gone(_) => true,
    }
}

/// Whether a cell has one of the known forms of an account id.
fn is_like_an_id(cell: &str) -> bool {
    let is_long = cell.chars().count() >= 16 && cell.contains(|c: char| c.is_ascii_digit());
    is_account_id(cell) || is_old_account_id(cell) || (is_long && cell::account_id(cell).is_ok())
}

/// Whether an id may be Atlassian's: all known forms have a colon or at least 20 letters and digits. Ids of Slack
/// (`U024BE7LH`) and numbers of employees are shorter.
pub(super) fn may_be_an_account_id(cell: &str) -> bool {
    let is_long = cell.len() >= 20 && cell.contains(|c: char| c.is_ascii_digit());
    (cell.contains(':') || is_long) && cell::account_id(cell).is_ok() && !is_uuid(cell)
        // These are reported as what they are.
        || cell::is_rounded(cell) || cell.starts_with(['#', '{', '='])
}

/// `712020:` or `557058:` and a UUID: the form of most account ids.
fn is_account_id(text: &str) -> bool {
    let Some((number, uuid)) = text.split_once(':') else { return false };
    !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) && is_uuid(uuid)
}

/// 24 hexadecimal digits: the form of the older ones.
fn is_old_account_id(text: &str) -> bool {
    text.len() == 24
        && text.chars().all(|c| c.is_ascii_hexdigit())
        && text.starts_with(['5', '6', '7'])
}

/// Words in headings above ids of 24 hexadecimal digits that mean an account.
const IDS: &str = "id ids aaid key userkey user account accountid atlassian konto compte cuenta conta \
                   utente benutzer identifier";

/// Whether any cell of a column is certainly an account id, whatever its heading.
pub(super) fn holds_account_ids(heading: &Heading, at: usize, first: &FirstRows) -> bool {
    let is_of_ids =
        || heading.words().iter().any(|word| IDS.split_whitespace().any(|id| id == word));
    filled(at, first).any(|cell| is_account_id(cell) || (is_old_account_id(cell) && is_of_ids()))
}

/// Whether two columns are equal in each of the first rows.
pub(super) fn are_equal(field: Field, one: usize, other: usize, first: &FirstRows) -> bool {
    let same = |(_, cells): &(u64, Vec<String>)| {
        let of = |at: usize| cells.get(at).map_or("", String::as_str);
        is_same(field, of(one), of(other))
    };
    let is_seen = |(_, cells): &(u64, Vec<String>)| {
        [one, other].iter().all(|at| cells.get(*at).is_some_and(|cell| !text(cell).is_empty()))
    };
    first.iter().all(same) && first.iter().any(is_seen)
}

/// Whether two cells mean the same user or group, or only the first names one. (Ids and names of groups are compared with case.)
pub(super) fn is_same(field: Field, one: &str, other: &str) -> bool {
    let (one, other) = (text(one), text(other));
    if other.is_empty() {
        return true;
    }
    match field {
        Field::AccountId => one == other,
        // A site can have two groups whose names differ only in case.
        Field::Group | Field::GroupName | Field::Name => visible(one) == visible(other),
        _ => name_key(one) == name_key(other),
    }
}
