//! How each file of a run was read, for people; masked and limited.

use headcount_postman::data::RowStore;
use headcount_postman::model::Scope;
use headcount_postman::recognize::FileKind;
use headcount_postman::run::{Run, Secrets};
use serde::{Deserialize, Serialize};

use super::files::FileNames;

/// The longest text of a collection that is kept, in characters.
const LONGEST: usize = 300;

/// A file, and how it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannedFile {
    /// `Collection`, `Environment`, `Globals` or `Data file`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its content, in words.
    pub holds: String,
}

/// How each file was read.
pub(crate) fn shown_files(names: &FileNames, run: &Run, secrets: &Secrets) -> Vec<PlannedFile> {
    let masked = |text: &str| bounded(&secrets.masked(text));
    let read = names.iter().map(|(kind, name)| {
        let holds = match kind {
            FileKind::Collection => holds_collection(&run.collection.name, run.items.len()),
            FileKind::Environment => holds_variables(&run.scopes.environment),
            FileKind::Globals => holds_variables(&run.scopes.globals),
            FileKind::Data => holds_rows(&run.rows),
        };
        let kind = kind.title().to_owned();
        PlannedFile { kind, name: masked(name), holds: masked(&holds) }
    });
    read.collect()
}

/// `“Users”, 3 requests`.
pub(crate) fn holds_collection(name: &str, requests: usize) -> String {
    bounded(&format!("{}{}", quoted(name), many(requests, "request")))
}

/// `“site”, 4 variables`.
pub(crate) fn holds_variables(scope: &Scope) -> String {
    let name = scope.name.as_deref().unwrap_or_default();
    bounded(&format!("{}{}", quoted(name), many(scope.variables().len(), "variable")))
}

/// `6 rows: name, mail`.
pub(crate) fn holds_rows(rows: &RowStore) -> String {
    bounded(&format!("{}: {}", many(rows.len(), "row"), rows.first_columns().join(", ")))
}

fn quoted(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("“{name}”, ") }
}

fn many(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

/// A text of a file, shortened.
pub(crate) fn bounded(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
