//! Records requests and answers, to check them against the published descriptions.
//!
//! One file for each sandbox, with one line of JSON for each exchange, written before the answer is sent.
//! Credentials are left out.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// One request and its answer.
#[derive(Serialize)]
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a str,
    /// The path without the gateway's prefix.
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// The call's template; empty for an unknown address.
    pub(crate) template: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) content_type: &'a str,
    pub(crate) request: String,
    pub(crate) status: u16,
    /// The answer's body; `None` if it is empty or not JSON.
    pub(crate) answer: Option<String>,
    /// Whether a fault changed the answer.
    pub(crate) struck: bool,
}

/// The open file.
pub(crate) struct Recorder(Mutex<File>);

impl Recorder {
    /// Creates a new file in the folder, and the folder if it is missing.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let process = std::process::id();
        for number in 0_u32.. {
            let path = folder.join(format!("exchanges-{process}-{number}.jsonl"));
            match OpenOptions::new().create_new(true).append(true).open(path) {
                Ok(file) => return Ok(Self(Mutex::new(file))),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Writes one line.
    pub(crate) fn keep(&self, exchange: &Exchange<'_>) -> io::Result<()> {
        let mut line = serde_json::to_vec(exchange)?;
        line.push(b'\n');
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write_all(&line)
    }
}
