//! Turns: of a site, and of all sites of an organization, one run is applied at a time, so that their limits are met by
//! one pace.
//!
//! Two processes that look at the same moment do not see each other's leases. So a worker that takes a run, and every
//! process that starts one, holds advisory locks of the run's places until its transaction ends, and looks under them.

use headcount_journal::{JournalError, RunId, SITE_ID};

use super::connection::{Call, values};
use super::decode::{timestamp, value};
use super::leases::{has_ended, holder};
use super::transaction::PostgresTransaction;

/// The places of a run: addresses of its site (of a collection, perhaps several) and of its organization, and the name
/// that all addresses of its site share. What is no address, such as the sandbox that each process starts for itself,
/// is no place that runs share.
fn places(run: &str) -> String {
    format!(
        "(SELECT array_agg(DISTINCT place ORDER BY place)
          FROM unnest(string_to_array({run}.site, ', ')
                      || split_part({run}.organization, '/directories/', 1)
                      || ({run}.options::json ->> '{SITE_ID}') COLLATE \"C\") AS place
          WHERE place LIKE '%://%')"
    )
}

/// Whether a lease of the run `leases` and `other` is that of a run that is applied, or that a worker is about to apply.
const IS_APPLIED: &str = "leases.until > clock_timestamp()
    AND (other.state = 'running' OR leases.worker IS NOT NULL)";

/// Whether a process carries a run of the table `runs`, or it is another's turn.
pub(crate) fn is_busy() -> String {
    let (own, others) = (places("runs"), places("other"));
    format!(
        "EXISTS (SELECT 1 FROM leases JOIN runs AS other ON other.run = leases.run
                 WHERE leases.run = runs.run AND leases.until > clock_timestamp()
                    OR {IS_APPLIED} AND {others} && {own})"
    )
}

/// Takes the advisory locks of a run's places; whether no other transaction has one of them.
pub(crate) fn try_turn() -> String {
    let own = places("runs");
    format!(
        "SELECT coalesce(bool_and(pg_try_advisory_xact_lock(
                hashtextextended(current_schema() || ' ' || place, 0))), true)
         FROM runs, unnest({own}) AS place WHERE run = $1"
    )
}

/// The same, but waits for those transactions, which are short. All take the locks in one order.
fn turn() -> String {
    let own = places("runs");
    format!(
        "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || place, 0))
         FROM runs, unnest({own}) AS place WHERE run = $1"
    )
}

/// The runs that have their turn at a run's places, without the run that it undoes: its process holds that one, too. The
/// first columns are those of a holder.
fn others() -> String {
    let (own, others) = (places("runs"), places("other"));
    format!(
        "SELECT token, host, process, machine, born,
                extract(epoch FROM leases.until - clock_timestamp())::float8,
                leases.run, other.created_at
         FROM runs, leases JOIN runs AS other ON other.run = leases.run
         WHERE runs.run = $1 AND other.run <> runs.run AND other.run IS DISTINCT FROM runs.undoes
           AND {IS_APPLIED} AND {others} && {own}
         ORDER BY leases.run"
    )
}

impl PostgresTransaction<'_> {
    /// Refuses to start a run while another one is applied at one of its places. Until the transaction ends, no other
    /// run is started or taken there. The run that it undoes is carried by no other process until then.
    ///
    /// This comes before the run's row is locked: a worker locks in the same order.
    pub(crate) fn take_turn(&mut self, run: &RunId) -> Result<(), JournalError> {
        let (turn, others) = (turn(), others());
        let own = || values![run.number()];
        let answers = self.send(vec![
            Call { sql: &turn, values: own() },
            Call { sql: &others, values: own() },
            Call { sql: "SELECT undoes FROM runs WHERE run = $1", values: own() },
        ])?;
        for row in answers.get(1).iter().flat_map(|answer| &answer.rows) {
            if !has_ended(row)? {
                let other = RunId::new(value(row, 6)?, timestamp(value(row, 7)?)?);
                let holder = holder(row)?;
                return Err(JournalError::OthersTurn { run: run.clone(), other, holder });
            }
        }
        let undone = answers.get(2).and_then(|answer| answer.rows.first());
        let undone: Option<i64> = undone.map(|row| value(row, 0)).transpose()?.flatten();
        if let Some(undone) = undone {
            self.fence_number(undone);
        }
        Ok(())
    }
}
