//! The content of a run's files, from any source.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use headcount_postman::load::File;
use headcount_postman::recognize::FileKind;

/// The kind and the name of each file.
pub(crate) type FileNames = Vec<(FileKind, String)>;

/// The rows: a file that is read as a stream, or one in memory that may be in no temporary file.
#[derive(Clone, Debug)]
pub enum Data {
    /// A file that is read as a stream.
    OnDisk(PathBuf),
    /// A file in memory.
    Held(Arc<File>),
}

impl Data {
    /// Its name.
    pub fn name(&self) -> String {
        match self {
            Self::OnDisk(path) => path.display().to_string(),
            Self::Held(file) => file.name.clone(),
        }
    }
}

/// The content of a run's files.
#[derive(Clone, Debug)]
pub struct Files {
    /// The collection.
    pub collection: File,
    /// The environment.
    pub environment: Option<File>,
    /// The globals.
    pub globals: Option<File>,
    /// The rows.
    pub data: Option<Data>,
}

impl Files {
    /// The kind of each file, and its name without folders.
    pub(crate) fn names(&self) -> FileNames {
        let all = [
            (FileKind::Collection, Some(self.collection.name.clone())),
            (FileKind::Environment, self.environment.as_ref().map(|file| file.name.clone())),
            (FileKind::Globals, self.globals.as_ref().map(|file| file.name.clone())),
            (FileKind::Data, self.data.as_ref().map(Data::name)),
        ];
        let short = |name: String| {
            let short =
                Path::new(&name).file_name().map(|name| name.to_string_lossy().into_owned());
            short.unwrap_or(name)
        };
        all.into_iter().filter_map(|(kind, name)| Some((kind, short(name?)))).collect()
    }
}
