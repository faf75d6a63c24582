//! Names that were not found, where exactly one is near: what a person may choose to be meant.
//! Nothing is chosen here.

use std::collections::BTreeMap;

use super::draft::BATCH;
use super::error::PlanError;
use super::wish::{self, WhichGroup, WhichUser, Wish};
use crate::directory::{Directory, FoundGroup};
use crate::journal::{Journal, RowView, Run};
use crate::sheet::{Columns, Corrections, Field, Raw, trim};
use crate::values::reason::Reason;

/// Names that are compared; a sheet with more wrong ones is corrected where it comes from.
const NAMES: usize = 50;

/// Rows that are looked through for each reason.
const ROWS: u64 = 10_000;

/// A name that was not found, and the only one that is near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// What stands in the sheet.
    pub written: String,
    /// What is on the site.
    pub there: String,
    /// The cells in which it stands, as they are with the other name.
    pub cells: Corrections,
}

/// The names of a plan's skipped rows that have exactly one near, in the sheet's order.
///
/// # Errors
/// The journal cannot be read.
pub fn near_names(
    journal: &Journal,
    run: &Run,
    columns: &Columns,
    directory: &Directory,
) -> Result<Vec<Near>, PlanError> {
    let mut near = Vec::new();
    for reason in [Reason::GroupNotFound, Reason::UserNotFound] {
        let mut found = Found::default();
        let mut after = 0;
        let mut looked = 0;
        while looked < ROWS {
            let page = journal.rows_for(&run.id, reason, after, BATCH)?;
            let Some(last) = page.last() else { break };
            after = last.row;
            looked += page.len() as u64;
            for row in &page {
                note_row(&mut found, run, row, reason, columns, directory);
            }
        }
        near.extend(found.near);
    }
    Ok(near)
}

/// What was compared already.
#[derive(Default)]
struct Found {
    near: Vec<Near>,
    /// Each name that was compared, and where its only near one stands in `near`.
    known: BTreeMap<String, Option<usize>>,
}

impl Found {
    /// The only near name, looked for once.
    fn only(&mut self, written: &str, nearest: impl FnOnce() -> Vec<String>) -> Option<usize> {
        if let Some(known) = self.known.get(written) {
            return *known;
        }
        if self.known.len() >= NAMES {
            return None;
        }
        let at = match nearest().as_slice() {
            [one] => {
                self.near.push(Near {
                    written: written.to_owned(),
                    there: one.clone(),
                    cells: Corrections::new(),
                });
                Some(self.near.len() - 1)
            }
            _ => None,
        };
        self.known.insert(written.to_owned(), at);
        at
    }

    fn note(&mut self, at: usize, place: (u64, usize), cell: impl FnOnce(&Near) -> String) {
        let near = &mut self.near[at];
        let text = cell(near);
        near.cells.insert(place, text);
    }
}

fn note_row(
    found: &mut Found,
    run: &Run,
    row: &RowView,
    reason: Reason,
    columns: &Columns,
    directory: &Directory,
) {
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    let groups = |name: &str| owned(directory.nearest_groups(name, 2));
    let raw = Raw { number: row.row, line: row.line, cells: row.cells.clone(), problem: None };
    match (reason, wish::read(run.job, &raw, columns)) {
        (Reason::GroupNotFound, Ok(Wish::Create { groups: names, .. })) => {
            let Some(column) = columns.index(Field::Groups) else { return };
            for name in names {
                let is_unknown = matches!(directory.group_by_name(&name), FoundGroup::Nothing);
                if is_unknown && let Some(at) = found.only(&name, || groups(&name)) {
                    found.note(at, (row.row, column), |near| in_list(&row.cells[column], near));
                }
            }
        }
        (
            Reason::GroupNotFound,
            Ok(Wish::Member { group: WhichGroup { id: None, name: Some(name) }, .. }),
        ) => {
            let column = columns.index(Field::GroupName).or_else(|| columns.index(Field::Group));
            if let Some(column) = column
                && let Some(at) = found.only(&name, || groups(&name))
            {
                found.note(at, (row.row, column), |near| near.there.clone());
            }
        }
        (Reason::UserNotFound, Ok(Wish::User { user, .. } | Wish::Member { user, .. })) => {
            let WhichUser { account: None, mail: Some(mail) } = user else { return };
            let Some(column) = columns.index(Field::Email) else { return };
            if let Some(at) = found.only(&mail, || owned(directory.nearest_mails(&mail, 2))) {
                found.note(at, (row.row, column), |near| near.there.clone());
            }
        }
        _ => {}
    }
}

/// A cell of several names with the one in place of the other.
fn in_list(cell: &str, near: &Near) -> String {
    let names = cell.split(';').map(trim);
    let names = names.map(|name| if name == near.written { near.there.as_str() } else { name });
    names.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_of_a_list_is_replaced() {
        let near = Near {
            written: "huston".into(),
            there: "houston".into(),
            cells: Corrections::default(),
        };
        assert_eq!(in_list("oslo ;huston; huston-sales", &near), "oslo; houston; huston-sales");
    }

    #[test]
    fn a_name_is_compared_once_and_only_a_single_near_one_is_offered() {
        let mut found = Found::default();
        assert_eq!(found.only("huston", || vec!["houston".into()]), Some(0));
        assert_eq!(found.only("huston", || unreachable!("compared twice")), Some(0));
        assert_eq!(found.only("oslo", || vec!["oslo-a".into(), "oslo-b".into()]), None);
        found.note(0, (3, 1), |near| near.there.clone());
        assert_eq!(found.near[0].cells[&(3, 1)], "houston");
    }
}
