//! Journals of earlier versions: the old tables, filled by hand.

use rusqlite::{Connection, params};

use crate::harness::World;

/// A run in a journal of version 3, which recorded no doors.
pub struct OldRun<'w> {
    pub world: &'w World,
    pub job: &'static str,
    pub state: &'static str,
    pub site: String,
    /// `None` if it was not bound to an organization; then it used Jira.
    pub organization: Option<String>,
    pub options: &'static str,
    pub steps: Vec<OldStep>,
}

/// One of its steps, for one row.
pub struct OldStep {
    pub kind: &'static str,
    pub account: Option<String>,
    pub mail: Option<&'static str>,
    pub group: Option<(&'static str, &'static str)>,
    pub before: &'static str,
    /// `pending`, `started`, or `changed`.
    pub state: &'static str,
    /// The calls of its requests.
    pub calls: Vec<&'static str>,
}

impl OldRun<'_> {
    /// Writes the journal; the run is `20261120-1`.
    pub fn write(&self) {
        let path = self.world.journal();
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        let journal = Connection::open(&path).expect("a journal can be made");
        journal.execute_batch(include_str!("journal_3.sql")).expect("the tables can be made");
        let at = "2026-11-20T18:00:00Z";
        journal
            .execute(
                "INSERT INTO runs (job, state, site, organisation, profile, input, headings, options,
                                   created_at, sealed_at)
                 VALUES (?, ?, ?, ?, 'environment', 'in.csv', '[\"Email\"]', ?, ?, ?)",
                params![self.job, self.state, self.site, self.organization, self.options, at, at],
            )
            .expect("a run can be written");
        for (step, number) in self.steps.iter().zip(1_i64..) {
            step.write(&journal, number, at);
        }
    }
}

impl OldStep {
    fn write(&self, journal: &Connection, number: i64, at: &str) {
        let state = if self.state == "changed" { "settled" } else { self.state };
        let outcome = (self.state == "changed").then_some("changed");
        let reason = (self.state == "changed").then_some("done");
        let cell = format!("[\"{}\"]", self.mail.unwrap_or_default());
        let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
            journal.execute(sql, values).expect("the old journal takes it");
        };
        run(
            "INSERT INTO rows (run, row, line, cells, outcome, reason, step) VALUES (1, ?1, ?1 + 1, ?2, ?3, ?4, iif(?3 IS NULL, NULL, ?1))",
            params![number, cell, outcome, reason],
        );
        let (group, group_name) = self.group.unzip();
        run(
            "INSERT INTO steps (run, step, row, kind, subject, account, mail, group_id, group_name, before,
                                wanted, state, attempts, request, outcome, reason, settled_at)
             VALUES (1, ?1, ?1, ?2, 'subject ' || ?1, ?3, ?4, ?5, ?6, ?7, '{}', ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                number,
                self.kind,
                self.account,
                self.mail,
                group,
                group_name,
                self.before,
                state,
                self.calls.len() as i64,
                (!self.calls.is_empty()).then_some(number * 10),
                outcome,
                reason,
                outcome.map(|_| at),
            ],
        );
        run("INSERT INTO serves (run, step, row) VALUES (1, ?1, ?1)", params![number]);
        for (call, request) in self.calls.iter().zip(number * 10..) {
            run(
                "INSERT INTO requests (run, request, step, call, sent_at) VALUES (1, ?, ?, ?, ?)",
                params![request, number, call, at],
            );
        }
    }
}
