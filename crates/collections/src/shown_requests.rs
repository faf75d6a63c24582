//! The requests of a collection with unresolved variables, for people; masked and limited.

use serde::{Deserialize, Serialize};

use super::shown_files::bounded;
use super::source::Loaded;

/// The most requests that are listed.
const MOST: usize = 100;

/// A request of the collection, with unresolved variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannedRequest {
    /// Its name.
    pub name: String,
    /// Its folders, from the outermost.
    pub folder: String,
    /// The method.
    pub method: String,
    /// The address.
    pub url: String,
    /// How many scripts run before and after it.
    pub scripts: (usize, usize),
}

/// The requests, masked and limited.
pub(crate) fn listed(loaded: &Loaded) -> Vec<PlannedRequest> {
    let run = &loaded.run;
    let text = |text: &str| bounded(&loaded.secrets.masked(text));
    let items = run.items.iter().take(MOST).map(|item| {
        let names = run.location(item);
        let folders = names.get(1..names.len().saturating_sub(1)).unwrap_or_default();
        let url = &item.request.url;
        let scripts = |word| {
            let of = item.scripts.iter().filter(|it| it.listen.word() == word && !it.is_empty());
            of.count()
        };
        PlannedRequest {
            name: text(&item.name),
            folder: text(&folders.join(" / ")),
            method: bounded(&item.request.method),
            url: text(&url.raw_only.clone().unwrap_or_else(|| url.text())),
            scripts: (scripts("prerequest"), scripts("test")),
        }
    });
    items.collect()
}
