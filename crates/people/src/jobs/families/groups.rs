//! Jobs on one group in each row.

use crate::jobs::{Exports, Template};

/// A template of it.
pub(in crate::jobs) const TEMPLATE: Template =
    (&["name", "description"], &["berlin-support", "Support, Berlin office"]);

/// None: what is there now, only the site tells.
pub(in crate::jobs) const NO_EXPORTS: Exports = Exports { users: false, groups: false };
