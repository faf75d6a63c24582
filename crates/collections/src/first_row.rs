//! The requests of the first row as they would be sent, for people; masked and limited.

use headcount_postman::data::RowLost;
use headcount_postman::prepare::{Prepared, Preparing};
use headcount_postman::variables::Scopes;

use super::source::Loaded;

/// The most requests that are shown.
const MOST: usize = 50;

/// The longest body that is shown, in characters.
const BODY: usize = 1_000;

/// One line for each request, with its body below it.
///
/// # Errors
/// The row can't be read again.
pub fn first_row(loaded: &Loaded) -> Result<Vec<String>, RowLost> {
    let run = &loaded.run;
    let scopes = Scopes { data: run.row(0)?, ..run.scopes.clone() };
    let secrets = loaded.secrets.and(run, &scopes);
    let mut lines = Vec::new();
    for item in run.items.iter().take(MOST) {
        let preparing = Preparing {
            scopes: &scopes,
            auth: item.auth.as_ref(),
            behavior: &item.behavior,
            folder: run.options.folder.as_deref(),
        };
        match Prepared::new(&item.request, preparing) {
            Ok(prepared) => {
                lines.push(format!("{} {}", prepared.method, prepared.target.text()));
                let body = prepared.body.as_deref().map(String::from_utf8_lossy);
                let body = body.filter(|body| !body.is_empty());
                lines.extend(body.map(|body| format!("  {body}")));
            }
            Err(error) => {
                lines.push(format!("{} {}: {error}", item.request.method, item.request.url.text()));
            }
        }
    }
    let shown = lines.iter().map(|line| secrets.masked(line).chars().take(BODY).collect());
    Ok(shown.collect())
}
