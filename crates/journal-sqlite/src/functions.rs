//! Functions that our statements use and SQL lacks: texts compared without case and accents.
//!
//! `folded(text)` is the text as it is sorted; `holds(part, text, …)` says whether any of the texts
//! contains the part, which is folded already.

use headcount_model::folding;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

/// Adds them to a connection.
pub(crate) fn add(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("folded", 1, flags, |context| {
        Ok(text(context, 0).map(|text| folding::folded(text).into_owned()))
    })?;
    connection.create_scalar_function("holds", -1, flags, |context| {
        let part = text(context, 0).unwrap_or_default();
        let mut texts = (1..context.len()).filter_map(|at| text(context, at));
        Ok(texts.any(|text| folding::holds(text, part)))
    })
}

/// An argument that is a text.
fn text<'c>(context: &'c Context<'_>, at: usize) -> Option<&'c str> {
    match context.get_raw(at) {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => None,
    }
}
