//! Exports the site's users and groups with the columns of Atlassian's own exports. Only reads.

use std::io::{Read, Seek, Write};
use std::path::Path;

use headcount_people::choose::Filters;
use headcount_people::directory::lookup::Witness;
use headcount_people::export::{
    self, Exported, Far, Filtered, ListedTokens, Reviewed, Seats, TokenFilters,
};
use headcount_people::rows;
use headcount_sheet::{Options, Source};
use jiff::Timestamp;

use crate::failure::Failure;
use crate::site::Opened;

pub use crate::words::exports::What;

/// Writes the export. After an `Err`, the written part is incomplete.
pub async fn write(
    what: What,
    opened: &Opened,
    out: impl Write + Send,
    far: &mut (dyn FnMut(Far) + Send),
) -> Result<Exported, Failure> {
    match what {
        What::People => users(&Filters::default(), opened, out, far).await,
        What::Groups { members } => Ok(export::groups(&opened.site, members, out, far).await?),
    }
}

/// Writes the users that the filters list; on an `Err` what was written so far is not whole.
pub async fn users(
    filters: &Filters,
    opened: &Opened,
    out: impl Write + Send,
    far: &mut (dyn FnMut(Far) + Send),
) -> Result<Exported, Failure> {
    Ok(export::users(&opened.site, witness(opened), filters, out, far).await?)
}

/// The seats of the organization's apps, and those that the listed users would free.
pub async fn seats(
    filters: &Filters,
    opened: &Opened,
    far: &mut (dyn FnMut(Far) + Send),
) -> Result<Seats, Failure> {
    let guards = &opened.guards;
    Ok(export::seats(&opened.site, witness(opened), guards, filters, far).await?)
}

/// Writes the access review as comma-separated values; on an `Err` what was written so far is not whole.
pub async fn access_review(
    filters: &Filters,
    opened: &Opened,
    out: impl Write + Send,
    far: &mut (dyn FnMut(Far) + Send),
) -> Result<Reviewed, Failure> {
    Ok(export::access_review(&opened.site, witness(opened), filters, out, far).await?)
}

/// Writes an access review from its comma-separated values, in the form that the end of a file's name says: a workbook
/// (`xlsx`), a page (`html`, `htm`), otherwise comma-separated values.
pub fn write_review(
    mut table: impl Read,
    form: &str,
    site: &str,
    day: &str,
    out: &mut (impl Write + Send),
) -> Result<(), Failure> {
    match form.to_lowercase().as_str() {
        "xlsx" => {
            // A workbook is not written in sequence.
            let mut file = tempfile::tempfile()?;
            crate::xlsx::of_csv(table, &mut file)?;
            file.rewind()?;
            std::io::copy(&mut file, out)?;
        }
        "html" | "htm" => headcount_report::write_review(table, site, day, out)?,
        _ => {
            std::io::copy(&mut table, out)?;
        }
    }
    Ok(())
}

/// Writes the API tokens that the filters list; on an `Err` what was written so far is not whole.
pub async fn tokens(
    filters: &TokenFilters,
    opened: &Opened,
    out: impl Write + Send,
    far: &mut (dyn FnMut(Far) + Send),
) -> Result<ListedTokens, Failure> {
    Ok(export::tokens(&opened.site, filters, out, far).await?)
}

/// Writes the rows of the users of a file that the filters list.
pub fn users_of_file(
    file: &Path,
    filters: &Filters,
    now: Timestamp,
    out: impl Write,
) -> Result<Filtered, Failure> {
    let again = || rows::open(Source::file(file), &Options::default());
    Ok(export::filter_file(&again, filters, now, out)?)
}

pub(crate) fn witness(opened: &Opened) -> Witness<'_> {
    let own_account = &opened.guards.own_account;
    Witness { account: own_account.account.as_ref(), mail: own_account.mail.as_deref() }
}

/// The names of the site's groups, to choose from; empty if there are more than `most`.
///
/// # Errors
/// The site cannot be read.
pub async fn group_names(opened: &Opened, most: usize) -> Result<Vec<String>, Failure> {
    let mut file = Vec::new();
    write(What::Groups { members: false }, opened, &mut file, &mut |_| {}).await?;
    let mut reader = csv::Reader::from_reader(file.as_slice());
    let at = reader
        .headers()
        .ok()
        .and_then(|headings| headings.iter().position(|heading| heading == "Group name"));
    let names = reader.records().filter_map(|record| Some(record.ok()?.get(at?)?.to_owned()));
    Ok(names.take(most).collect())
}
