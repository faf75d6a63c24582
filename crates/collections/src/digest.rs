//! Checks that the files of a run are those with which it was planned.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use headcount_postman::load::Inputs;
use headcount_postman::model::Scope;
use headcount_postman::run::{Run, Secrets};
use headcount_postman::value::shown;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Hashes of everything that decides what is sent. Only variables that are not secret count, so that a token can
/// be renewed, and no hash is one of a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digests {
    collection: String,
    data: String,
    environment: String,
    globals: String,
}

impl Digests {
    pub(crate) fn of_files(inputs: &Inputs) -> Self {
        let of = |file: &Option<headcount_postman::load::File>| {
            file.as_ref().map(|file| digest(&file.bytes)).unwrap_or_default()
        };
        Self { collection: of(&inputs.collection), ..Self::default() }
    }

    pub(crate) fn add_data(&mut self, hash: &DataHash) {
        self.data = hash.text();
    }

    pub(crate) fn add_variables(&mut self, run: &Run, secrets: &Secrets) {
        self.environment = of_scope(&run.scopes.environment, secrets);
        self.globals = of_scope(&run.scopes.globals, secrets);
    }

    /// The first difference, in words.
    pub(crate) fn difference(&self, planned: &Self) -> Option<&'static str> {
        let parts = [
            (&self.collection, &planned.collection, "the collection"),
            (&self.data, &planned.data, "the data file"),
            (&self.environment, &planned.environment, "the environment, apart from its secrets,"),
            (&self.globals, &planned.globals, "the global variables"),
        ];
        parts.into_iter().find(|(now, then, _)| now != then).map(|(.., what)| what)
    }
}

fn of_scope(scope: &Scope, secrets: &Secrets) -> String {
    let value = |variable: &headcount_postman::model::Variable| {
        let text = variable.value.as_ref().map(shown).unwrap_or_default();
        let is_hidden = variable.is_secret || secrets.are_in(&text);
        if is_hidden { String::new() } else { text }
    };
    let all: Vec<_> = scope.variables().iter().map(|it| (&it.key, value(it))).collect();
    digest(serde_json::json!(all).to_string().as_bytes())
}

fn digest(bytes: &[u8]) -> String {
    text(&Sha256::digest(bytes))
}

fn text(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of a file that is read as a stream; clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct DataHash(Arc<Mutex<Sha256>>);

impl DataHash {
    pub(crate) fn of<R: Read>(&self, reader: R) -> Hashed<R> {
        Hashed { reader, hash: self.clone() }
    }

    fn text(&self) -> String {
        let hash = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        text(&hash.finalize())
    }
}

/// Hashes the bytes that are read through it.
pub(crate) struct Hashed<R> {
    reader: R,
    hash: DataHash,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, part: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(part)?;
        self.hash.0.lock().unwrap_or_else(PoisonError::into_inner).update(&part[..read]);
        Ok(read)
    }
}
