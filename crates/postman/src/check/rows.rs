//! Rows whose values can't be sent as they are.

use crate::data::RowLost;
use crate::model::{Request, RequestItem};
use crate::prepare::{NotPrepared, Prepared, Preparing};
use crate::run::Run;
use crate::variables::{Mode, Scopes};

use super::names::names_of;
use super::usage::usage;

/// A row that can't be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The row, from 1.
    pub row: usize,
    /// The request.
    pub item: String,
    /// What is wrong.
    pub why: NotPrepared,
}

impl std::fmt::Display for BadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "row {}, \"{}\": {}", self.row, self.item, self.why)
    }
}

/// At most this many are reported.
const MOST: usize = 20;

/// The rows that would stop at a request that no script changes before.
///
/// # Errors
/// A row can't be read again.
pub fn bad_rows(run: &Run) -> Result<Vec<BadRow>, RowLost> {
    let mut bad = Vec::new();
    if run.options.mode == Mode::AsNewman {
        return Ok(bad);
    }
    let items: Vec<_> = run.items.iter().filter(|item| is_fixed(run, item)).collect();
    for number in 0..run.iterations {
        let row = run.row(number)?;
        let scopes = Scopes { data: row, ..run.scopes.clone() };
        for item in &items {
            if let Some(why) = why(&item.request, item, &scopes, run) {
                bad.push(BadRow { row: number + 1, item: item.name.clone(), why });
                if bad.len() >= MOST {
                    return Ok(bad);
                }
            }
        }
        // Without a data file all iterations are the same.
        if run.rows.len() <= 1 {
            break;
        }
    }
    Ok(bad)
}

fn why(request: &Request, item: &RequestItem, scopes: &Scopes, run: &Run) -> Option<NotPrepared> {
    let auth = item.auth.as_ref();
    let preparing =
        Preparing { scopes, auth, behavior: &item.behavior, folder: run.options.folder.as_deref() };
    Prepared::new(request, preparing).err()
}

/// Whether what the request uses is known now: no script of the run writes any of its names, and
/// none of its own scripts changes it.
fn is_fixed(run: &Run, item: &RequestItem) -> bool {
    let names = names_of(item);
    let scripts = run.items.iter().flat_map(|item| &item.scripts);
    let writes =
        scripts.map(usage).all(|usage| usage.unclear.is_none() && usage.writes.is_disjoint(&names));
    let own = item.scripts.iter().filter(|it| it.listen == crate::model::Listen::PreRequest);
    writes && own.into_iter().all(|script| !script.source.contains("request"))
}
