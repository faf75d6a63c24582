//! The places of the three files. None of them replaces another file.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::data::Data;
use crate::atomic_file::AtomicFile;
use crate::failure::{Failure, USAGE};

/// The places of the collection, the environment, and the data file.
pub(super) struct Files([PathBuf; 3]);

impl Files {
    /// The places with this name in a folder, which is created if missing.
    pub(super) fn of(folder: &Path, name: &str) -> Result<Self, Failure> {
        let of = |ending: &str| folder.join(format!("{name}{ending}"));
        let places = [of(".postman_collection.json"), of(".postman_environment.json"), of(".csv")];
        for place in &places {
            if std::fs::symlink_metadata(place).is_ok() {
                let words = format!("{} is there already; it is not replaced", place.display());
                return Err(Failure::new(USAGE, words).hint("name another folder: -o FOLDER"));
            }
        }
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::new(USAGE, format!("the folder {} cannot be made", folder.display()))
                .because(&error)
                .hint("name another folder: -o FOLDER")
        })?;
        Ok(Self(places))
    }

    /// Starts the data file.
    pub(super) fn data(&self) -> Result<Data, Failure> {
        Ok(Data::begin(AtomicFile::begin(Some(&self.0[2]))?))
    }

    /// Writes all three files; the data file last, because without it the others send nothing.
    pub(super) fn write(
        self,
        collection: &Value,
        environment: &Value,
        data: Data,
    ) -> Result<[PathBuf; 3], Failure> {
        let written =
            [begun(&self.0[0], collection)?, begun(&self.0[1], environment)?, data.end()?];
        for file in written {
            file.end(|| Box::new(std::io::sink()))?;
        }
        Ok(self.0)
    }
}

fn begun(place: &Path, content: &Value) -> Result<AtomicFile, Failure> {
    let mut file = AtomicFile::begin(Some(place))?;
    serde_json::to_writer_pretty(&mut file, content).map_err(std::io::Error::from)?;
    file.write_all(b"\n")?;
    Ok(file)
}
