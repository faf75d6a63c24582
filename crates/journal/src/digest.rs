//! The digest of a sealed plan: what an approver has seen, row by row.

use sha2::{Digest, Sha256};

use super::error::JournalError;
use super::journal::Journal;
use super::run::Run;
use super::tables::{Cell, DOORS, ROWS, SERVES, STEPS, Table};

/// The columns that the seal makes final; all others move while the plan is applied.
const FINAL: [(Table, &[&str]); 4] = [
    (ROWS, &["row", "line", "cells"]),
    (
        STEPS,
        &[
            "step",
            "row",
            "kind",
            "subject",
            "door",
            "payload",
            "common",
            "label",
            "needs",
            "needs_name",
        ],
    ),
    (SERVES, &["step", "row"]),
    (DOORS, &["door", "value"]),
];

impl Journal {
    /// The digest of a plan (SHA-256): of its job, its site and organization, its rows, its steps, and their doors.
    /// The same in every store, and before, during and after the run.
    pub fn plan_digest(&self, run: &Run) -> Result<String, JournalError> {
        let mut digest = Sha256::new();
        let undoes = run.undoes.as_ref().map(|undone| undone.as_str());
        let head =
            [Some(run.job.command()), Some(run.site.as_str()), run.organization.as_deref(), undoes];
        head.iter().for_each(|text| add_text(&mut digest, *text));
        for (table, names) in &FINAL {
            let places = table.places(names);
            add_text(&mut digest, Some(table.name));
            self.store().read_lines(table, Some(&run.id), &mut |line| {
                for cell in places.iter().filter_map(|place| line.get(*place)) {
                    add(&mut digest, cell);
                }
                Ok(())
            })?;
        }
        Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Every value has its kind and length first, so that no two plans give the same bytes.
fn add(digest: &mut Sha256, cell: &Cell) {
    match cell {
        Cell::Nothing => add_text(digest, None),
        Cell::Number(number) => {
            digest.update(b"n");
            digest.update(number.to_be_bytes());
        }
        Cell::Flag(flag) => digest.update(if *flag { b"y" } else { b"f" }),
        Cell::Text(text) => add_text(digest, Some(text)),
    }
}

fn add_text(digest: &mut Sha256, text: Option<&str>) {
    let Some(text) = text else { return digest.update(b"-") };
    // A store on a server replaces this character.
    let text = text.replace('\0', "\u{FFFD}");
    digest.update(b"t");
    digest.update((text.len() as u64).to_be_bytes());
    digest.update(text.as_bytes());
}
