//! Search for rows: pages of matches, and their number.
//!
//! For tables on a screen. All of it is one walk over the rows of one run; nothing is kept.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::decode::view_of;
use super::read::{RowView, rows_in_order};
use super::store::Journal;
use crate::error::JournalError;
use crate::run::RunId;
use headcount_model::folding::folded;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;

/// A search; the default matches every row, in the input's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Rows of this outcome (`Some(None)`: pending).
    pub outcome: Option<Option<Outcome>>,
    /// Rows that ended for this reason.
    pub reason: Option<Reason>,
    /// Rows of which something is to be checked before the plan is agreed to.
    pub twice: bool,
    /// Rows with this text in their cells, in their detail, or in what they are about; case and
    /// accents do not count.
    pub text: String,
    /// In which order they come.
    pub sort: Sort,
}

/// The order of rows; where it leaves two alike, the one that is first in the input comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The last first.
    pub is_descending: bool,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Their place in the input.
    #[default]
    Row,
    /// The outcome's word; pending rows first.
    Outcome,
    /// The reason's word; rows without one first.
    Reason,
    /// What the row is about: the address in its cells, else the first line of what its step is about,
    /// else the first cell; case and accents do not count.
    About,
}

impl Sort {
    fn sql(self) -> String {
        let way = if self.is_descending { " DESC" } else { "" };
        match self.by {
            SortBy::Row => format!("rows.row{way}"),
            SortBy::Outcome => format!("rows.outcome{way}, rows.row"),
            SortBy::Reason => format!("rows.reason{way}, rows.row"),
            SortBy::About => format!("folded({ABOUT}){way}, rows.row"),
        }
    }
}

/// What a row is about, as far as its cells and its step tell it.
const ABOUT: &str =
    "coalesce((SELECT value FROM json_each(rows.cells) WHERE value LIKE '%@%' LIMIT 1),
    nullif(substr(steps.about, 1, instr(steps.about || char(10), char(10)) - 1), ''),
    (SELECT value FROM json_each(rows.cells) LIMIT 1))";

impl Filter {
    /// Whether every row fits.
    pub fn is_empty(&self) -> bool {
        *self == Self { sort: self.sort, ..Self::default() }
    }

    fn join(&self) -> &'static str {
        let has_text = !self.text.trim().is_empty();
        if has_text || self.sort.by == SortBy::About { STEPS } else { "" }
    }

    /// The condition after `rows.run = ?1`, and its values from `?4` on.
    fn condition(&self) -> (String, Vec<Value>) {
        let mut condition = String::from("1");
        let mut values = Vec::new();
        let mut bind = |value: Value| {
            values.push(value);
            values.len() + 3
        };
        if let Some(outcome) = self.outcome {
            let value = outcome.map_or(Value::Null, |outcome| outcome.word().to_owned().into());
            condition.push_str(&format!(" AND rows.outcome IS ?{}", bind(value)));
        }
        if let Some(reason) = self.reason {
            let at = bind(reason.word().to_owned().into());
            condition.push_str(&format!(" AND rows.reason = ?{at}"));
        }
        if self.twice {
            condition.push_str(TWICE);
        }
        let text = self.text.trim();
        if !text.is_empty() {
            let at = bind(wanted(text).into());
            condition.push_str(&format!(" AND holds(?{at}, rows.cells, rows.detail, {OF_STEPS})"));
        }
        (condition, values)
    }
}

/// The text as it is searched. Cells are kept as JSON, where a quote and a backslash are written with a
/// backslash before them.
fn wanted(text: &str) -> String {
    folded(&text.replace('\\', "\\\\").replace('"', "\\\"")).into_owned()
}

const TWICE: &str = " AND EXISTS (SELECT 1 FROM serves JOIN steps USING (run, step)
    WHERE serves.run = rows.run AND serves.row = rows.row
        AND steps.warned)";

/// The steps are joined only where their words are searched: that is what takes time.
const STEPS: &str = "LEFT JOIN steps ON steps.run = rows.run AND steps.step = coalesce(rows.step,
    (SELECT min(serves.step) FROM serves WHERE serves.run = rows.run AND serves.row = rows.row))";

impl Journal {
    /// Up to `limit` rows that fit, in the order that is asked for, after the first `skip` of them.
    pub fn find_rows(
        &self,
        run: &RunId,
        filter: &Filter,
        skip: u64,
        limit: u64,
    ) -> Result<Vec<RowView>, JournalError> {
        let (condition, more) = filter.condition();
        let join = filter.join();
        // The numbers first, so that only the rows of this page are read whole.
        let order = filter.sort.sql();
        let page = format!(
            "rows.row IN (SELECT rows.row FROM rows {join} WHERE rows.run = ?1 AND {condition}
                          ORDER BY {order} LIMIT ?3 OFFSET ?2)"
        );
        let sql = rows_in_order(&page, &order);
        let mut values: Vec<Value> =
            vec![run.number.into(), (skip as i64).into(), (limit as i64).into()];
        values.extend(more);
        self.list(&sql, params_from_iter(values), view_of)?.into_iter().collect()
    }

    /// How many rows fit.
    pub fn count_found(&self, run: &RunId, filter: &Filter) -> Result<u64, JournalError> {
        let (condition, more) = filter.condition();
        let join = filter.join();
        // Numbered as in `find_rows`, so that one condition serves both.
        let sql = format!(
            "SELECT count(*) FROM rows {join} WHERE rows.run = ?1 AND ?2 + ?3 = 0 AND {condition}"
        );
        let mut values: Vec<Value> = vec![run.number.into(), 0.into(), 0.into()];
        values.extend(more);
        let counts: Vec<i64> = self.list(&sql, params_from_iter(values), |row| row.get(0))?;
        Ok(counts.first().map_or(0, |many| *many as u64))
    }
}

/// Where a text is looked for in the steps of a run.
const OF_STEPS: &str = "steps.about, steps.named";

impl Journal {
    /// Whether a run is about this text anywhere: in a cell, in what happened to a row, in what a step
    /// is about or has named. The first place that is found is enough; without any it is one walk over the run.
    pub fn is_about(&self, run: &RunId, text: &str) -> Result<bool, JournalError> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM rows WHERE run = ?1 AND holds(?2, cells, detail))
                 OR EXISTS (SELECT 1 FROM steps WHERE run = ?1 AND holds(?2, {OF_STEPS}))"
        );
        let values: [Value; 2] = [run.number.into(), wanted(text.trim()).into()];
        let found: Vec<bool> = self.list(&sql, params_from_iter(values), |row| row.get(0))?;
        Ok(found.first().copied().unwrap_or_default())
    }

    /// The number of a run's last row, which is how many it has.
    pub fn last_row(&self, run: &RunId) -> Result<u64, JournalError> {
        self.number("SELECT coalesce(max(row), 0) FROM rows WHERE run = ?", run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NewRun;
    use headcount_model::job::Job;

    fn journal(folder: &tempfile::TempDir, cells: &[&str]) -> (Journal, RunId) {
        let mut journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let at = "2026-11-20T18:00:00Z".parse().unwrap();
        let new = NewRun {
            job: Job::AddMembers,
            site: "https://acme.atlassian.net".into(),
            organization: None,
            profile: "acme".into(),
            input: "people.csv".into(),
            headings: vec!["Email".into()],
            options: serde_json::json!({}),
            undoes: None,
            at,
        };
        let (run, _lock) = journal.begin(&new).unwrap();
        let mut batch = journal.batch(&run.id).unwrap();
        for (number, cell) in (1..).zip(cells) {
            batch.add_row(number, number + 1, &[(*cell).into()]).unwrap();
            if number % 2 == 0 {
                let (outcome, reason) = (Outcome::Skipped, Reason::Duplicate);
                batch.settle_row(number, outcome, reason, "100 % the same").unwrap();
            }
        }
        batch.commit().unwrap();
        journal.seal(&run.id, at).unwrap();
        (journal, run.id)
    }

    fn found(journal: &Journal, run: &RunId, filter: &Filter) -> Vec<u64> {
        let rows = journal.find_rows(run, filter, 0, 100).unwrap();
        assert_eq!(journal.count_found(run, filter).unwrap(), rows.len() as u64);
        rows.iter().map(|row| row.row).collect()
    }

    #[test]
    fn rows_are_found_by_outcome_reason_and_text_and_come_in_pages() {
        let folder = tempfile::tempdir().unwrap();
        let cells = ["ann@a.com", "bob@a.com", "carl_o@b.com", "Dän \"D\" \\x", "carlXo@b.com"];
        let (journal, run) = journal(&folder, &cells);
        let text = |text: &str| Filter { text: text.into(), ..Filter::default() };
        assert_eq!(found(&journal, &run, &Filter::default()), [1, 2, 3, 4, 5]);
        let pending = Filter { outcome: Some(None), ..Filter::default() };
        assert_eq!(found(&journal, &run, &pending), [1, 3, 5]);
        let reason = Filter { reason: Some(Reason::Duplicate), ..text("BOB") };
        assert_eq!(found(&journal, &run, &reason), [2]);
        let page = journal.find_rows(&run, &pending, 1, 1).unwrap();
        assert_eq!(page.iter().map(|row| row.row).collect::<Vec<_>>(), [3]);
        // A pattern's wildcards are escaped.
        assert_eq!(found(&journal, &run, &text("l_o")), [3]);
        assert_eq!(found(&journal, &run, &text("0 %")), [2, 4]);
        assert_eq!(found(&journal, &run, &text("\"D\" \\x")), [4]);
        assert_eq!(found(&journal, &run, &text("dan")), [4]);
        assert_eq!(found(&journal, &run, &text("nobody")), [] as [u64; 0]);
    }

    #[test]
    fn rows_come_in_the_order_that_is_asked_for_page_by_page() {
        let folder = tempfile::tempdir().unwrap();
        let cells = ["Émile@a.com", "dora@a.com", "Frank", "cleo@a.com"];
        let (journal, run) = journal(&folder, &cells);
        for (by, up, down) in [
            (SortBy::Row, [1, 2, 3, 4], [4, 3, 2, 1]),
            (SortBy::Outcome, [1, 3, 2, 4], [2, 4, 1, 3]),
            (SortBy::Reason, [1, 3, 2, 4], [2, 4, 1, 3]),
            (SortBy::About, [4, 2, 1, 3], [3, 1, 2, 4]),
        ] {
            for (is_descending, wanted) in [(false, up), (true, down)] {
                let filter = Filter { sort: Sort { by, is_descending }, ..Filter::default() };
                assert_eq!(found(&journal, &run, &filter), wanted, "{by:?} {is_descending}");
                let page = journal.find_rows(&run, &filter, 1, 2).unwrap();
                assert_eq!(page.iter().map(|row| row.row).collect::<Vec<_>>(), wanted[1..3]);
            }
        }
    }

    #[test]
    fn a_run_is_found_by_what_it_is_about() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, run) = journal(&folder, &["ann@example.com", "50%_off", "é \"q\""]);
        for (text, wanted) in [
            ("ANN@", true),
            ("50%", true),
            ("the same", true),
            ("\"q\"", true),
            ("5_%", false),
            ("E \"q\"", true),
            ("bert", false),
        ] {
            assert_eq!(journal.is_about(&run, text).unwrap(), wanted, "{text}");
        }
        assert_eq!(journal.last_row(&run).unwrap(), 3);
    }
}
