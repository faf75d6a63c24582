//! Numbers as SQLite stores them.

/// A number as SQLite stores it; ours never exceed its range.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
