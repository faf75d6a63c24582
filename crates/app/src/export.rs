//! Exports the site's users and groups with the columns of Atlassian's own exports. Only reads.

use std::io::Write;

use headcount_people::directory::lookup::Witness;
use headcount_people::export::{self, Exported, Far};

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
    let own_account = &opened.guards.own_account;
    let witness =
        Witness { account: own_account.account.as_ref(), mail: own_account.mail.as_deref() };
    let exported = match what {
        What::People => export::users(&opened.site, witness, out, far).await,
        What::Groups { members } => export::groups(&opened.site, members, out, far).await,
    };
    Ok(exported?)
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
