//! What a rehearsal's double is made from. The site itself is only read.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use headcount_core::export::Far;

use super::export::write;
use super::exports::Exports;
use crate::failure::{Failure, USAGE};
use crate::show::export::What;
use crate::site::Opened;

/// Puts into the folder what the double is made from: the named exports, or else what the site
/// shows.
pub async fn fill(
    folder: &Path,
    exports: &Exports,
    real: &Opened,
    far: &mut (dyn FnMut(Far) + Send),
) -> Result<(), Failure> {
    if !exports.is_empty() {
        return copy(folder, exports);
    }
    let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    write(What::People, real, file("users.csv")?, far).await?;
    write(What::Groups { members: false }, real, file("all-groups.csv")?, far).await?;
    write(What::Groups { members: true }, real, file("groups.csv")?, far).await.map(drop)
}

fn copy(folder: &Path, exports: &Exports) -> Result<(), Failure> {
    for (file, name) in [(&exports.users, "users.csv"), (&exports.groups, "groups.csv")] {
        let Some(file) = file else { continue };
        std::fs::copy(&file.path, folder.join(name)).map_err(|error| {
            Failure::new(USAGE, format!("{} cannot be read", file.name)).because(&error)
        })?;
    }
    Ok(())
}
