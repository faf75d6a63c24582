//! What a row asks for, once its cells are read.

use crate::values::group::GroupId;
use crate::values::user::{AccountId, Product};

/// Whom a row means: an id, a mail, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichUser {
    /// The account id; taken before the mail.
    pub account: Option<AccountId>,
    /// The mail address as written.
    pub mail: Option<String>,
}

/// Which group a row means: an id, a name, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichGroup {
    /// The group id; taken before the name.
    pub id: Option<GroupId>,
    /// The name as written, commas and all.
    pub name: Option<String>,
}

/// What a row asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// `user create`.
    Create {
        /// The new user's mail address.
        mail: String,
        /// The name in the sheet: shown, never sent (the API takes none any more).
        name: Option<String>,
        /// What the `products` cell says; `None`: empty, take the default.
        products: Option<Vec<Product>>,
    },
    /// A job on one person.
    User {
        /// Whom.
        user: WhichUser,
        /// The cell of an export's column `Org role`.
        org_role: Option<String>,
    },
    /// A job on a membership.
    Member {
        /// Whom.
        user: WhichUser,
        /// In which group.
        group: WhichGroup,
    },
}
