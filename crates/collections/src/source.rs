//! The sources of a run: the files and options of `postman run`, as the journal stores them.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use headcount_postman::check::{Lacking, Order, lacking, order};
use headcount_postman::client::{ClientOptions, ProxyMatcher};
use headcount_postman::load::{DataFile, File, Inputs, NotRun, check, read};
use headcount_postman::run::{Bail, Run, RunOptions, Secrets};
use headcount_postman::script::{EngineLimits, Modules};
use headcount_postman::variables::Mode;
use serde::{Deserialize, Serialize};

use super::digest::{DataHash, Digests};
use super::files::{Data, Files};
use super::shown_files::{PlannedFile, shown_files};

/// The longest time of a request if no option names one.
const LONGEST_REQUEST: Duration = Duration::from_secs(120);

/// The files and options of a run, with absolute paths. The values of `--env-var` and `--global-var` are not
/// stored, because they may be secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// The collection.
    pub collection: PathBuf,
    /// `-e`.
    pub environment: Option<PathBuf>,
    /// `-g`.
    pub globals: Option<PathBuf>,
    /// `-d`.
    pub data: Option<PathBuf>,
    /// `--sheet`.
    pub sheet: Option<String>,
    /// `--map`.
    pub map: Vec<(String, String)>,
    /// `--folder`.
    pub folders: Vec<String>,
    /// `-n`.
    pub iterations: Option<usize>,
    /// `--bail`: `failure` or `folder`.
    pub bail: Option<String>,
    /// Whether redirects are followed.
    pub follows_redirects: bool,
    /// `--delay-request`, in milliseconds.
    pub delay: u64,
    /// `--timeout-request`, in milliseconds; 0 means no limit, `None` the mode's default.
    pub request_timeout: Option<u64>,
    /// `--timeout-script`, in milliseconds; 0 and `None` mean the default limits.
    pub script_timeout: Option<u64>,
    /// `--working-dir`.
    pub folder: PathBuf,
    /// `-k`.
    pub is_insecure: bool,
    /// `--modules`.
    pub modules: Option<PathBuf>,
    /// `--as-newman`.
    pub as_newman: bool,
    /// Whether the files were uploaded: then their names are not paths, and no file of this computer is read.
    pub is_uploaded: bool,
}

/// Values of `--env-var` and `--global-var`, which are in no file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// `--env-var`.
    pub environment: Vec<(String, String)>,
    /// `--global-var`.
    pub globals: Vec<(String, String)>,
    /// Values of the environment that are masked everywhere.
    pub hidden: Vec<(String, String)>,
}

/// Shows only the names, because values may be secret.
impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = [&self.environment, &self.globals, &self.hidden];
        f.debug_set().entries(all.into_iter().flatten().map(|(name, _)| name)).finish()
    }
}

/// A run that was read and checked.
#[derive(Debug)]
pub struct Loaded {
    /// The run.
    pub run: Run,
    /// Packages for its scripts.
    pub modules: Modules,
    /// The secrets to mask.
    pub secrets: Secrets,
    /// How its rows may run.
    pub order: Order,
    /// The hashes that identify its files.
    pub(crate) digests: Digests,
    /// Its files, in words.
    pub(crate) files: Vec<PlannedFile>,
}

/// Why it can't be used. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum NotLoaded {
    /// A file can't be read.
    #[error("{file} can't be read: {source}")]
    File {
        /// Its name.
        file: String,
        /// The reason.
        #[source]
        source: std::io::Error,
    },
    /// The folder of packages can't be read.
    #[error("--modules: {folder} can't be read: {source}")]
    Modules {
        /// Its name.
        folder: String,
        /// The reason.
        #[source]
        source: std::io::Error,
    },
    /// The collection, its variables or its data can't be used.
    #[error(transparent)]
    Refused(#[from] NotRun),
}

impl Source {
    /// Reads and checks everything.
    ///
    /// # Errors
    /// A file is missing or damaged, or needs something that is not supported.
    pub fn load(&self, given: &Given) -> Result<Loaded, NotLoaded> {
        self.load_files(self.files()?, given)
    }

    /// Reads the files from their paths.
    ///
    /// # Errors
    /// One can't be read.
    pub fn files(&self) -> Result<Files, NotLoaded> {
        let optional = |path: &Option<PathBuf>| path.as_deref().map(read_file).transpose();
        Ok(Files {
            collection: read_file(&self.collection)?,
            environment: optional(&self.environment)?,
            globals: optional(&self.globals)?,
            data: self.data.clone().map(Data::OnDisk),
        })
    }

    /// The source of uploaded files: their names are no paths.
    pub fn uploaded(files: &Files) -> Self {
        let name = |file: &Option<File>| file.as_ref().map(|file| file.name.clone().into());
        let data = files.data.as_ref().map(|data| data.name().into());
        Self {
            collection: files.collection.name.clone().into(),
            environment: name(&files.environment),
            globals: name(&files.globals),
            data,
            follows_redirects: true,
            is_uploaded: true,
            ..Self::default()
        }
    }

    /// The same for files that are not read from their paths.
    ///
    /// # Errors
    /// As for [`Source::load`].
    pub fn load_files(&self, files: Files, given: &Given) -> Result<Loaded, NotLoaded> {
        let modules = match &self.modules {
            None => Modules::none(),
            Some(folder) => Modules::in_folder(folder).map_err(|source| NotLoaded::Modules {
                folder: folder.display().to_string(),
                source,
            })?,
        };
        let names = files.names();
        let hash = DataHash::default();
        let has_data = files.data.is_some();
        let inputs = self.inputs(files, given, &hash)?;
        let mut digests = Digests::of_files(&inputs);
        let run = read(inputs, self.options())?;
        let secrets = Secrets::of(&run);
        check(&run, &modules).map_err(|error| masked(error, &secrets))?;
        if has_data {
            digests.add_data(&hash);
        }
        digests.add_variables(&run, &secrets);
        let order = order(&run);
        let files = shown_files(&names, &run, &secrets);
        Ok(Loaded { run, modules, secrets, order, digests, files })
    }

    /// The names that have no value in these files.
    ///
    /// # Errors
    /// A file is damaged.
    pub fn lacking(&self, files: Files, given: &Given) -> Result<Vec<Lacking>, NotLoaded> {
        let inputs = self.inputs(files, given, &DataHash::default())?;
        Ok(lacking(&read(inputs, self.options())?))
    }

    fn inputs(&self, files: Files, given: &Given, hash: &DataHash) -> Result<Inputs, NotLoaded> {
        Ok(Inputs {
            collection: Some(files.collection),
            environment: files.environment,
            globals: files.globals,
            data: files.data.map(|data| data_file(data, hash)).transpose()?,
            sheet: self.sheet.clone(),
            map: self.map.clone(),
            environment_variables: given.environment.clone(),
            global_variables: given.globals.clone(),
            hidden_variables: given.hidden.clone(),
            folders: self.folders.clone(),
            iterations: self.iterations,
        })
    }

    fn options(&self) -> RunOptions {
        RunOptions {
            mode: if self.as_newman { Mode::AsNewman } else { Mode::Safe },
            bail: match self.bail.as_deref() {
                None => Bail::No,
                Some("folder") => Bail::Folder,
                Some(_) => Bail::Failure,
            },
            delay: Duration::from_millis(self.delay),
            follow_redirects: self.follows_redirects,
            folder: (!self.is_uploaded).then(|| self.folder.clone()),
        }
    }

    /// The options of the network, with the proxies of this computer.
    pub fn client(&self, proxies: ProxyMatcher) -> ClientOptions {
        // Newman's own default is no limit.
        let timeout = match self.request_timeout {
            Some(0) => None,
            Some(limit) => Some(Duration::from_millis(limit)),
            None => (!self.as_newman).then_some(LONGEST_REQUEST),
        };
        ClientOptions { insecure: self.is_insecure, timeout, proxies, ..ClientOptions::default() }
    }

    /// The limits of scripts.
    pub fn limits(&self) -> EngineLimits {
        let limits = EngineLimits::default();
        match self.script_timeout {
            None | Some(0) => limits,
            Some(limit) => {
                let limit = Duration::from_millis(limit);
                EngineLimits { step: limit, whole: limit, ..limits }
            }
        }
    }

    /// The files' names, for people: `users.json with users.csv`.
    pub fn name(&self) -> String {
        let name =
            |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match &self.data {
            Some(data) => format!("{} with {}", name(&self.collection), name(data)),
            None => name(&self.collection),
        }
    }
}

fn read_file(path: &Path) -> Result<File, NotLoaded> {
    let name = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => Ok(File { name, bytes }),
        Err(source) => Err(NotLoaded::File { file: name, source }),
    }
}

/// A problem may contain a value, such as an address that is made from it.
fn masked(error: NotRun, secrets: &Secrets) -> NotRun {
    match error {
        NotRun::Problems(problems) => {
            NotRun::Problems(problems.iter().map(|problem| secrets.masked(problem)).collect())
        }
        error => error,
    }
}

/// Rows that are read as a stream, or that are in memory.
fn data_file(data: Data, hash: &DataHash) -> Result<DataFile, NotLoaded> {
    let name = data.name();
    match data {
        Data::OnDisk(path) => match std::fs::File::open(path) {
            Ok(file) => {
                let content = Box::new(hash.of(file));
                Ok(DataFile { name, content, stays_in_memory: false })
            }
            Err(source) => Err(NotLoaded::File { file: name, source }),
        },
        Data::Held(file) => {
            let content = Box::new(hash.of(Cursor::new(Held(file))));
            Ok(DataFile { name, content, stays_in_memory: true })
        }
    }
}

/// A file's bytes, without a copy.
struct Held(Arc<File>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.0.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requests_time_is_as_the_help_says() {
        let limit = Duration::from_secs;
        for (request_timeout, as_newman, wanted) in [
            (None, false, Some(limit(120))),
            (None, true, None),
            (Some(0), false, None),
            (Some(0), true, None),
            (Some(3000), false, Some(limit(3))),
            (Some(3000), true, Some(limit(3))),
        ] {
            let source = Source { request_timeout, as_newman, ..Source::default() };
            assert_eq!(
                source.client(ProxyMatcher::default()).timeout,
                wanted,
                "{request_timeout:?}, {as_newman}"
            );
        }
    }
}
