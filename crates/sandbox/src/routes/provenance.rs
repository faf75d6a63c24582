//! The combinations of sources that the tables use.

use super::Known::{self, Article, Assumption, Changelog, Description, Tracker};

/// The description only.
pub(super) const D: &[Known] = &[Description];
pub(super) const DA: &[Known] = &[Description, Assumption];
pub(super) const DT: &[Known] = &[Description, Tracker];
pub(super) const DTA: &[Known] = &[Description, Tracker, Assumption];
pub(super) const DKA: &[Known] = &[Description, Article, Assumption];
pub(super) const DKTA: &[Known] = &[Description, Article, Tracker, Assumption];
pub(super) const A: &[Known] = &[Article];
pub(super) const T: &[Known] = &[Tracker];
pub(super) const TA: &[Known] = &[Tracker, Assumption];
pub(super) const GUESS: &[Known] = &[Assumption];
pub(super) const CA: &[Known] = &[Changelog, Assumption];
