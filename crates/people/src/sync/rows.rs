//! Writes the differences into a draft: a row for each, with the headings of an ordinary spreadsheet.

use headcount_journal::{Journal, Run};
use headcount_model::app_role::AppRole;
use headcount_model::outcome::Outcome;
use headcount_model::user::Product;

use super::difference::Difference;
use super::error::SyncError;
use crate::lookup::BATCH;
use crate::rows::{Intent, Intents, WhichGroup};

/// The headings of a difference. They are those of the jobs' own spreadsheets, so that a table of differences can be read
/// as one.
pub const HEADINGS: [&str; 8] =
    ["Action", "Email", "User id", "Group", "groups", "products", "displayName", "List"];

fn name(group: &WhichGroup) -> String {
    let id = || group.id.as_ref().map(|id| id.as_str().to_owned());
    group.name.clone().or_else(id).unwrap_or_default()
}

fn products(products: &[Product]) -> String {
    match products {
        [] => "none".to_owned(),
        some => some.iter().map(|product| product.key()).collect::<Vec<_>>().join("; "),
    }
}

/// The cells of a difference, below [`HEADINGS`].
fn cells(difference: &Difference) -> Vec<String> {
    let Difference { action, user, group, groups, place, .. } = difference;
    let app_name = || difference.app_name.clone();
    vec![
        action.word().to_owned(),
        user.mail.clone().unwrap_or_default(),
        user.account.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
        group.as_ref().map(name).unwrap_or_default(),
        groups.iter().map(name).collect::<Vec<_>>().join("; "),
        difference.products.as_deref().map(products).or_else(app_name).unwrap_or_default(),
        difference.name.clone().unwrap_or_default(),
        place.as_ref().map_or_else(|| "not in the list".to_owned(), ToString::to_string),
    ]
}

/// What the row of a difference asks for.
fn intent(difference: Difference) -> Intent {
    let Difference { action, mut user, group, groups, products, app, name, comes_back, .. } =
        difference;
    // The lookup has found the user by this id, whatever email the list wrote.
    if user.account.is_some() {
        user.mail = None;
    }
    Intent {
        job: Some(action.job()),
        user: Some(user),
        groups: group.map_or(groups, |group| vec![group]),
        products,
        access: app.map(|app| (app, AppRole::default())),
        comes_back,
        name,
        ..Intent::default()
    }
}

/// Writes the rows. Returns what those ask for that are not refused.
pub(super) fn write(
    journal: &mut Journal,
    run: &Run,
    found: Vec<Difference>,
) -> Result<Intents, SyncError> {
    let mut intents = Intents::default();
    let mut rows = (1..).zip(found);
    loop {
        let mut batch = journal.batch(&run.id)?;
        let mut many = 0;
        for (row, difference) in rows.by_ref().take(BATCH as usize) {
            let line = difference.place.as_ref().map_or(0, |place| place.line);
            batch.add_row(row, line, &cells(&difference))?;
            match (&difference.refused, &difference.done) {
                (Some(no), _) => batch.settle_row(row, Outcome::Skipped, no.reason, &no.detail)?,
                (None, Some((reason, words))) => {
                    batch.settle_row(row, Outcome::Unchanged, *reason, words)?;
                }
                (None, None) => intents.keep(row, intent(difference)),
            }
            many += 1;
        }
        batch.commit()?;
        if many < BATCH {
            return Ok(intents);
        }
    }
}
