//! Names → directory: the only part of planning that asks the site, and only by reading. Here are the
//! parts of which each [job](crate::jobs) makes its own look-up.
//!
//! ```text
//! rows    the rows of a draft, and which users and groups they surely mean
//! name_kind  what the names in a draft are
//! names   the draft's names, a page at a time
//! parts   what is read besides the names
//! undo    what is read before an undo is planned
//! ```

mod name_kind;
mod names;
mod parts;
mod rows;
mod undo;

use futures_util::future::LocalBoxFuture;
use headcount_atlassian::Site;
use headcount_journal::{Journal, Run};

use crate::directory::Directory;
use crate::directory::lookup::{Progress, Witness};
use crate::error::PlanError;
use crate::resolve::OwnAccount;
use crate::rows::Intents;

pub(crate) use name_kind::NameKind;
pub(crate) use rows::{BATCH, undecided};
pub use undo::LookupBack;

/// A look-up under way.
pub type LookingUp<'a> = LocalBoxFuture<'a, Result<(), PlanError>>;

/// The look-up of a draft's names.
pub struct Lookup<'a> {
    /// Where the draft is.
    pub journal: &'a mut Journal,
    /// The draft.
    pub run: &'a Run,
    /// What its rows ask for.
    pub intents: &'a Intents,
    /// What is asked.
    pub site: &'a Site,
    /// What is filled.
    pub directory: &'a mut Directory,
    /// Gets how many more are done.
    pub progress: Progress<'a>,
    /// Who runs headcount, as far as it is known: a search that does not show them proves no user's
    /// absence.
    pub own_account: &'a OwnAccount,
    /// The directory's people are those of an export: who is who is not asked again.
    pub people_from_exports: bool,
    /// Its groups are those of an export.
    pub groups_from_exports: bool,
}

impl<'a> Lookup<'a> {
    fn witness(&self) -> Witness<'a> {
        let OwnAccount { account, mail } = self.own_account;
        Witness { account: account.as_ref(), mail: mail.as_deref() }
    }
}
