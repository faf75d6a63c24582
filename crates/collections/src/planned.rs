//! A collection's plan in words, as the journal stores it.

use headcount_journal::Run;

use super::plan::kept;
use super::shown_files::PlannedFile;
use super::shown_requests::PlannedRequest;
use super::source::Source;

/// How a value that is not stored was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenAs {
    /// A variable of the environment.
    Environment,
    /// A global variable.
    Global,
    /// A variable of the environment that is masked everywhere.
    Hidden,
}

/// A plan in words.
#[derive(Clone, Debug, Default)]
pub struct Planned {
    /// The collection's name.
    pub name: String,
    /// How many requests each row has.
    pub requests: usize,
    /// The first requests.
    pub listed: Vec<PlannedRequest>,
    /// How the rows run.
    pub order: String,
    /// The first row's requests.
    pub first_row: Vec<String>,
    /// The files.
    pub files: Vec<PlannedFile>,
    /// Names of values that were given and are not stored.
    pub given: Vec<(String, GivenAs)>,
    /// What is run of the collection, in sentences, unless it is one iteration of all requests for each row.
    pub choices: Vec<String>,
    /// Whether the files were uploaded, so that they are on no disk.
    pub is_uploaded: bool,
}

fn choices(source: &Source) -> Vec<String> {
    let folders: Vec<_> = source.folders.iter().map(|it| format!("“{it}”")).collect();
    let folders = (!folders.is_empty()).then(|| format!("Only {} is run.", folders.join(", ")));
    let iterations = source.iterations.map(|it| format!("Iterations: {it}."));
    let bail = source.bail.as_deref().map(|at| match at {
        "folder" => "The run stops at the first script or request that fails.".to_owned(),
        _ => "The run stops at the first failed row.".to_owned(),
    });
    [folders, iterations, bail].into_iter().flatten().collect()
}

/// The plan of a run.
pub fn planned(run: &Run) -> Planned {
    let kept = kept(run).unwrap_or_default();
    let given = [
        (kept.env_vars, GivenAs::Environment),
        (kept.global_vars, GivenAs::Global),
        (kept.hidden_vars, GivenAs::Hidden),
    ];
    let given =
        given.into_iter().flat_map(|(names, how)| names.into_iter().map(move |it| (it, how)));
    Planned {
        name: kept.name,
        requests: kept.requests,
        listed: kept.listed,
        order: kept.order,
        first_row: kept.first_row,
        files: kept.files,
        given: given.collect(),
        choices: choices(&kept.source),
        is_uploaded: kept.source.is_uploaded,
    }
}
