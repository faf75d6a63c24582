//! The files of headcount: as the command line and the environment name them, else in the platform's folders.

use std::path::{Path, PathBuf};

use etcetera::AppStrategy;
use headcount_app::failure::{Failure, USAGE};

/// The files of one command.
#[derive(Debug, PartialEq, Eq)]
pub struct Folders {
    /// The profiles file.
    pub config: PathBuf,
    /// The journal file.
    pub journal: PathBuf,
    /// The state file of the built-in sandbox.
    pub sandbox_state: PathBuf,
}

impl Folders {
    /// Finds the files. Without a home folder, as in some containers, both files have to be named.
    /// With a journal on a server, other files are in the folder for temporary files then.
    pub fn find(
        config: Option<&Path>,
        journal: Option<&Path>,
        is_on_server: bool,
        usual: Option<impl AppStrategy>,
    ) -> Result<Self, Failure> {
        let temporary = || std::env::temp_dir().join("headcount").join("journal.db");
        let files = (is_on_server && usual.is_none()).then(temporary);
        Self::of(config, journal.or(files.as_deref()), usual)
    }

    fn of(
        config: Option<&Path>,
        journal: Option<&Path>,
        usual: Option<impl AppStrategy>,
    ) -> Result<Self, Failure> {
        let usual = usual.map(|usual| (usual.in_config_dir("config.toml"), data(&usual)));
        match (config, journal, usual) {
            (config, journal, Some((usual, data))) => Ok(Self {
                config: config.map_or(usual, Path::to_owned),
                journal: journal.map_or_else(|| data.join("journal.db"), Path::to_owned),
                sandbox_state: data.join("sandbox.state"),
            }),
            (Some(config), Some(journal), None) => Ok(Self {
                config: config.to_owned(),
                journal: journal.to_owned(),
                sandbox_state: journal.with_file_name("sandbox.state"),
            }),
            _ => Err(Failure::new(USAGE, "there is no home folder").hint(
                "set HOME, or name both files: --journal or HEADCOUNT_JOURNAL, and --config or \
                 HEADCOUNT_CONFIG",
            )),
        }
    }
}

/// The folder of the journal. On Windows it is in the local application data: the roaming data is copied between
/// computers when a user signs in and out, which would damage a database.
fn data(usual: &impl AppStrategy) -> PathBuf {
    if cfg!(windows) { local(&usual.cache_dir()) } else { usual.data_dir() }
}

/// The cache is an application's only folder that is never roaming; `data` is next to it.
fn local(cache: &Path) -> PathBuf {
    cache.with_file_name("data")
}

#[cfg(test)]
mod tests {
    use etcetera::app_strategy::Xdg;
    use etcetera::{AppStrategy, AppStrategyArgs};

    use super::*;

    fn usual() -> Option<Xdg> {
        let args = AppStrategyArgs {
            top_level_domain: String::new(),
            author: String::new(),
            app_name: "headcount".into(),
        };
        Xdg::new(args).ok()
    }

    #[test]
    fn files_that_are_named_need_no_home_folder() {
        let (config, journal) = (Path::new("/c/config.toml"), Path::new("/j/journal.db"));
        let none: Option<Xdg> = None;
        let named = Folders::of(Some(config), Some(journal), none).expect("both are named");
        assert_eq!((named.config.as_path(), named.journal.as_path()), (config, journal));
        assert!(named.sandbox_state.starts_with("/j"));
        for (config, journal) in [(None, None), (Some(config), None), (None, Some(journal))] {
            let none: Option<Xdg> = None;
            assert!(Folders::of(config, journal, none).is_err());
        }
    }

    #[test]
    fn the_journal_is_never_in_roaming_data() {
        let cache = Path::new("C:/Users/a/AppData/Local/headcount/cache");
        assert_eq!(local(cache), Path::new("C:/Users/a/AppData/Local/headcount/data"));
        let usual = usual().expect("a home folder");
        assert!(data(&usual).ends_with("headcount"), "{}", usual.data_dir().display());
    }
}
