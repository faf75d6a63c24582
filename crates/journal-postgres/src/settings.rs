//! The settings of every connection.

use super::address::Address;

/// What every connection sets.
///
/// - Statistics are missing while a run grows, and a plan that was made for an empty table must not walk over a full
///   one: every statement of a run has an index. Nor must it compare each line of one table with each of another.
/// - The server ends a session whose machine is gone after about a minute. It ends a session that is idle in a
///   transaction after the term of a lease, so that the transaction does not keep the lease from the next process.
const SETTINGS: &str = "
    SET application_name TO 'headcount';
    SET client_min_messages TO 'warning';
    SET enable_seqscan TO off;
    SET enable_hashjoin TO off;
    SET enable_mergejoin TO off;
    SET enable_material TO off;
    SET jit TO off;
    SET max_parallel_workers_per_gather TO 0;
    SET tcp_keepalives_idle TO 20;
    SET tcp_keepalives_interval TO 10;
    SET tcp_keepalives_count TO 4;
    SET default_transaction_isolation TO 'read committed';";

/// The statements that a connection begins with.
pub(crate) fn settings(address: &Address) -> String {
    let quoted = address.schema().replace('"', "\"\"");
    let term = address.lease().as_millis();
    let locks = term + 30_000;
    format!(
        "{SETTINGS} SET search_path TO \"{quoted}\", pg_catalog;
         SET idle_in_transaction_session_timeout TO {term}; SET lock_timeout TO {locks};"
    )
}
