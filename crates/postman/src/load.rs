//! Reads the files of a run into a [`Run`], and reports every problem.

use std::io::Read;

use crate::check::{bad_rows, gaps, shadowed, unsupported};
use crate::data::{DataError, RowLost, RowStore, read_rows, read_rows_in_memory};
use crate::document::{Document, LoadError};
use crate::model::{Collection, FolderChoice, Scope, Variable};
use crate::run::{MASK, Run, RunOptions};
use crate::script::Modules;
use crate::variables::{Mode, Scopes};

/// A file's name and content.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name for messages.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A data file that is read as a stream.
pub struct DataFile {
    /// Its name for messages.
    pub name: String,
    /// Its content.
    pub content: Box<dyn Read>,
    /// Whether no temporary file may contain its rows.
    pub stays_in_memory: bool,
}

/// The inputs of a run.
#[derive(Default)]
pub struct Inputs {
    /// The collection.
    pub collection: Option<File>,
    /// `-e`.
    pub environment: Option<File>,
    /// `-g`.
    pub globals: Option<File>,
    /// `-d`.
    pub data: Option<DataFile>,
    /// `--sheet`.
    pub sheet: Option<String>,
    /// `--map variable=Heading`.
    pub map: Vec<(String, String)>,
    /// `--env-var`.
    pub environment_variables: Vec<(String, String)>,
    /// `--global-var`.
    pub global_variables: Vec<(String, String)>,
    /// Values of the environment that were typed and are masked everywhere.
    pub hidden_variables: Vec<(String, String)>,
    /// `--folder`.
    pub folders: Vec<String>,
    /// `-n`.
    pub iterations: Option<usize>,
}

/// Why nothing is run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRun {
    /// A file can't be used.
    #[error("{0}")]
    File(#[from] LoadError),
    /// The data file can't be used.
    #[error("{0}")]
    Data(#[from] DataError),
    /// A row can't be read again.
    #[error("{0}")]
    Row(#[from] RowLost),
    /// `--folder` matches nothing.
    #[error("the collection has no folder or request \"{0}\"")]
    Folder(String),
    /// `--map` names an unknown column.
    #[error("--map: the data file has no column \"{0}\"")]
    Map(String),
    /// Problems, each a sentence.
    #[error("{}", .0.join("\n"))]
    Problems(Vec<String>),
}

/// Reads and checks everything.
///
/// # Errors
/// Something is missing, damaged or not supported. Nothing was sent.
pub fn load(inputs: Inputs, modules: &Modules, options: RunOptions) -> Result<Run, NotRun> {
    let run = read(inputs, options)?;
    check(&run, modules)?;
    Ok(run)
}

/// Reads everything, without checking for missing values.
///
/// # Errors
/// A file is missing or damaged.
pub fn read(inputs: Inputs, options: RunOptions) -> Result<Run, NotRun> {
    let mode = options.mode;
    let document = |file: File| Document::new(&file.name, file.bytes);
    let collection = match inputs.collection {
        Some(file) => Collection::read(&document(file)?)?,
        None => return Err(NotRun::Problems(vec!["no collection is named".to_owned()])),
    };
    let scope = |file: Option<File>, what| match file {
        Some(file) => Scope::read(&document(file)?, what),
        None => Ok(Scope::default()),
    };
    let mut environment = scope(inputs.environment, "an environment")?;
    let mut globals = scope(inputs.globals, "an export of globals")?;
    for (key, value) in inputs.environment_variables {
        environment.set(&key, Some(value.into()), None);
    }
    for (key, value) in inputs.hidden_variables {
        environment.set(&key, Some(value.into()), None);
        environment.hide(&key);
    }
    for (key, value) in inputs.global_variables {
        globals.set(&key, Some(value.into()), None);
    }
    let mut rows = match inputs.data {
        Some(file) if file.stays_in_memory => {
            read_rows_in_memory(&file.name, file.content, mode, inputs.sheet.as_deref())?
        }
        Some(file) => read_rows(&file.name, file.content, mode, inputs.sheet.as_deref())?,
        None => RowStore::default(),
    };
    for (variable, heading) in &inputs.map {
        let renamed = rows.renamed(heading, variable);
        rows = renamed.ok_or_else(|| NotRun::Map(heading.clone()))?;
    }
    let items = match collection.choose(&inputs.folders) {
        FolderChoice::Items(items) => items,
        FolderChoice::Unknown(name) => return Err(NotRun::Folder(name)),
    };
    let variables = collection.variables.clone();
    let scopes = Scopes { globals, collection: variables, environment, mode, ..Scopes::default() };
    let iterations = inputs.iterations.unwrap_or_else(|| rows.len().max(1));
    Ok(Run { collection, items, scopes, rows, iterations, options })
}

/// Checks the inputs.
///
/// # Errors
/// What is missing or not supported, in sentences, which may contain values.
pub fn check(run: &Run, modules: &Modules) -> Result<(), NotRun> {
    let mut problems: Vec<String> =
        unsupported(&run.items, modules).iter().map(ToString::to_string).collect();
    problems.extend(masked(&run.scopes));
    if run.options.mode == Mode::Safe {
        problems.extend(gaps(run).iter().map(ToString::to_string));
        if let Some((column, item)) = shadowed(run) {
            problems.push(format!(
                "the column \"{column}\" of the data file takes the place of a variable that signs \
                 \"{item}\" in, so each row would sign in with its own data; rename the column or the \
                 variable"
            ));
        }
        // A row's problem is shown only if all its names have values.
        if problems.is_empty() {
            problems.extend(bad_rows(run)?.iter().map(ToString::to_string));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(NotRun::Problems(problems)) }
}

/// Variables whose value is the mask of a report, with which no request could sign in.
fn masked(scopes: &Scopes) -> impl Iterator<Item = String> {
    let all = [&scopes.environment, &scopes.globals, &scopes.collection];
    let variables = all.into_iter().flat_map(|scope| scope.variables());
    let is_masked = |it: &&Variable| {
        let value = it.value.as_ref().and_then(serde_json::Value::as_str);
        value.is_some_and(|value| value.contains(MASK))
    };
    variables.filter(is_masked).map(|it| {
        format!(
            "the variable {} holds {MASK}, which a report shows in place of a secret; write the real \
             value into the file or give it with --env-var {}=…",
            it.key, it.key
        )
    })
}
