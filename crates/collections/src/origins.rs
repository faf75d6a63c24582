//! The addresses to which the requests of a run go, for people.

use headcount_postman::data::RowLost;
use headcount_postman::prepare::{Prepared, Preparing};
use headcount_postman::run::Run;
use headcount_postman::variables::Scopes;

/// Said if the addresses are known only during the run.
const UNKNOWN: &str = "addresses that scripts make";

/// The addresses of the first row's requests, as far as they are known before the run.
///
/// # Errors
/// The row can't be read again.
pub(crate) fn origins(run: &Run) -> Result<String, RowLost> {
    let scopes = Scopes { data: run.row(0)?, ..run.scopes.clone() };
    let mut origins: Vec<String> = Vec::new();
    for item in &run.items {
        let preparing = Preparing {
            scopes: &scopes,
            auth: None,
            behavior: &item.behavior,
            folder: run.options.folder.as_deref(),
        };
        let Ok(prepared) = Prepared::new(&item.request, preparing) else { continue };
        let origin = format!("{}://{}", prepared.target.scheme, prepared.target.authority());
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(if origins.is_empty() { UNKNOWN.to_owned() } else { origins.join(", ") })
}
