//! Lines that wait in a transaction until they are sent together, and what a draft has already.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use headcount_journal::NewStep;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;

use super::connection::{Call, values};
use super::leases::FENCE;
use super::served::Served;

/// The most lines that wait before they are sent.
const LONG: usize = 1_000;

/// Fingerprints of the steps that this session has added to its draft: a step whose fingerprint is not here is
/// certainly new, and the server is not asked. Eight bytes a step.
#[derive(Debug, Default)]
pub(crate) struct Subjects {
    run: Option<i64>,
    known: HashSet<u64>,
    hasher: RandomState,
    /// A run, and whether any of its steps needs another one. Only this session adds steps to its draft, and no session to
    /// a sealed run.
    pub(crate) dependents: Option<(i64, bool)>,
    pub(crate) served: Served,
}

impl Subjects {
    /// Begins with a run that has no steps.
    pub(crate) fn begin(&mut self, run: i64) {
        self.run = Some(run);
        self.known = HashSet::new();
    }

    /// Ends with the draft.
    pub(crate) fn end(&mut self) {
        self.run = None;
        self.known = HashSet::new();
    }

    /// Notes a step. `false`: the run may have the same step already.
    pub(crate) fn is_new(&mut self, run: i64, new: &NewStep) -> bool {
        self.run == Some(run) && self.known.insert(self.hasher.hash_one((new.kind, &new.subject)))
    }
}

/// Lines that wait to be written, by tables, in columns.
#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) lines: usize,
    pub(crate) rows: Vec<(i64, i64, i64, String)>,
    pub(crate) names: Vec<(i64, &'static str, String)>,
    pub(crate) known_before: Vec<(i64, String)>,
    pub(crate) steps: Vec<PendingStep>,
    pub(crate) serves: Vec<(i64, i64, i64)>,
    /// Statements that are sent after the lines above, in their order.
    calls: Vec<Call<'static>>,
    ends: Vec<RowEnd>,
    fences: Vec<(i64, Option<i64>)>,
}

pub(crate) struct PendingStep {
    /// Run, step, row.
    pub(crate) ids: [i64; 3],
    pub(crate) kind: &'static str,
    /// Subject, payload, shared data, label, names.
    pub(crate) texts: [String; 5],
    /// Unseen, warned, needs a name.
    pub(crate) flags: [bool; 3],
    pub(crate) door: Option<i64>,
    pub(crate) needs: Option<i64>,
}

/// How a row ended.
pub(crate) struct RowEnd {
    pub(crate) run: i64,
    pub(crate) row: i64,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Reason,
    pub(crate) detail: String,
    /// The step that decided; `None`: the plan did.
    pub(crate) step: Option<i64>,
}

impl Pending {
    pub(crate) fn is_empty(&self) -> bool {
        self.lines == 0
    }

    pub(crate) fn is_long(&self) -> bool {
        self.lines >= LONG
    }

    /// A run, and the token of its lease, if this process has it.
    pub(crate) fn fence(&mut self, run: i64, token: Option<i64>) {
        self.lines += 1;
        self.fences.push((run, token));
    }

    /// A statement whose result decides nothing.
    pub(crate) fn call(&mut self, call: Call<'static>) {
        self.lines += 1;
        self.calls.push(call);
    }

    pub(crate) fn end_row(&mut self, end: RowEnd) {
        self.lines += 1;
        self.ends.push(end);
    }

    /// The statements that write all of it, in an order in which each finds what it needs.
    pub(crate) fn take(&mut self) -> Vec<Call<'static>> {
        let all = std::mem::take(self);
        let fences = all.fences.into_iter();
        let fence = |(run, token)| Call { sql: FENCE, values: values![run, token] };
        let mut calls: Vec<_> = fences.map(fence).collect();
        if !all.rows.is_empty() {
            calls.push(rows_call(all.rows));
        }
        if !all.names.is_empty() {
            calls.push(names_call(all.names));
        }
        if !all.known_before.is_empty() {
            let (runs, names): (Vec<i64>, Vec<String>) = all.known_before.into_iter().unzip();
            calls.push(Call {
                sql: "INSERT INTO known_before (run, name)
                    SELECT * FROM unnest($1::bigint[], $2::text[]) ON CONFLICT DO NOTHING",
                values: values![runs, names],
            });
        }
        if !all.steps.is_empty() {
            calls.push(steps_call(&all.steps));
        }
        if !all.serves.is_empty() {
            calls.push(serves_call(&all.serves));
        }
        calls.extend(all.calls);
        if !all.ends.is_empty() {
            calls.push(ends_call(&all.ends));
        }
        calls
    }
}

fn rows_call(rows: Vec<(i64, i64, i64, String)>) -> Call<'static> {
    let of = |pick: fn(&(i64, i64, i64, String)) -> i64| rows.iter().map(pick).collect::<Vec<_>>();
    let (runs, numbers, lines) = (of(|row| row.0), of(|row| row.1), of(|row| row.2));
    let cells: Vec<String> = rows.into_iter().map(|row| row.3).collect();
    Call {
        sql: "INSERT INTO rows (run, row, line, cells)
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[])",
        values: values![runs, numbers, lines, cells],
    }
}

fn names_call(names: Vec<(i64, &'static str, String)>) -> Call<'static> {
    let runs: Vec<i64> = names.iter().map(|name| name.0).collect();
    let kinds: Vec<&'static str> = names.iter().map(|name| name.1).collect();
    let names: Vec<String> = names.into_iter().map(|name| name.2).collect();
    Call {
        sql: "INSERT INTO draft_names (run, kind, name)
            SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING",
        values: values![runs, kinds, names],
    }
}

fn steps_call(steps: &[PendingStep]) -> Call<'static> {
    let id = |at: usize| steps.iter().map(|step| step.ids[at]).collect::<Vec<i64>>();
    let texts = |at: usize| steps.iter().map(|step| step.texts[at].clone()).collect::<Vec<_>>();
    let flags = |at: usize| steps.iter().map(|step| step.flags[at]).collect::<Vec<bool>>();
    let kinds: Vec<&'static str> = steps.iter().map(|step| step.kind).collect();
    let doors: Vec<Option<i64>> = steps.iter().map(|step| step.door).collect();
    let needs: Vec<Option<i64>> = steps.iter().map(|step| step.needs).collect();
    Call {
        sql: "INSERT INTO steps (run, step, row, kind, subject, payload, common, label, about, unseen,
                                 warned, needs_name, door, needs, state)
            SELECT *, 'pending' FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[],
                $6::text[], $7::text[], $8::text[], $9::text[], $10::bool[], $11::bool[], $12::bool[],
                $13::bigint[], $14::bigint[])",
        values: values![
            id(0),
            id(1),
            id(2),
            kinds,
            texts(0),
            texts(1),
            texts(2),
            texts(3),
            texts(4),
            flags(0),
            flags(1),
            flags(2),
            doors,
            needs
        ],
    }
}

fn serves_call(serves: &[(i64, i64, i64)]) -> Call<'static> {
    let of = |pick: fn(&(i64, i64, i64)) -> i64| serves.iter().map(pick).collect::<Vec<i64>>();
    Call {
        sql: "INSERT INTO serves (run, step, row)
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) ON CONFLICT DO NOTHING",
        values: values![of(|of| of.0), of(|of| of.1), of(|of| of.2)],
    }
}

/// Of several ends of one row the last one counts, as if each were written by itself.
fn ends_call(ends: &[RowEnd]) -> Call<'static> {
    let mut last: Vec<&RowEnd> = Vec::with_capacity(ends.len());
    let mut seen = HashSet::new();
    for end in ends.iter().rev() {
        if seen.insert((end.run, end.row)) {
            last.push(end);
        }
    }
    let of = |pick: fn(&RowEnd) -> i64| last.iter().map(|end| pick(end)).collect::<Vec<i64>>();
    let words = |pick: fn(&RowEnd) -> &'static str| {
        last.iter().map(|end| pick(end)).collect::<Vec<&'static str>>()
    };
    let details: Vec<String> = last.iter().map(|end| end.detail.clone()).collect();
    let steps: Vec<Option<i64>> = last.iter().map(|end| end.step).collect();
    Call {
        // The plan's own outcomes leave the step of the row as it is.
        sql: "UPDATE rows SET outcome = ends.outcome, reason = ends.reason, detail = ends.detail,
                              step = coalesce(ends.step, rows.step)
            FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[])
                AS ends (run, row, outcome, reason, detail, step)
            WHERE rows.run = ends.run AND rows.row = ends.row",
        values: values![
            of(|end| end.run),
            of(|end| end.row),
            words(|end| end.outcome.word()),
            words(|end| end.reason.word()),
            details,
            steps
        ],
    }
}
