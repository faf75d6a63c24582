//! A profile's command that prints a credential.

use std::process::{Command, Stdio};

use headcount_atlassian::place::KeyKind;
use headcount_model::secret::SecretString;

use crate::failure::{CREDENTIAL, Failure};

/// Runs the command of a profile. Its output, trimmed, is the credential.
pub fn run(kind: KeyKind, command: &str) -> Result<SecretString, Failure> {
    printed(&format!("the profile's command for the {kind}"), command)
}

/// Runs a command. Its output, trimmed, is the credential; `what` is the command's name in messages.
pub fn printed(what: &str, command: &str) -> Result<SecretString, Failure> {
    let mut shell = if cfg!(windows) {
        let mut shell = Command::new("cmd");
        shell.arg("/C");
        shell
    } else {
        let mut shell = Command::new("sh");
        shell.arg("-c");
        shell
    };
    // A password manager may ask at the terminal, so the command shares standard input and error.
    let output = shell.arg(command).stdin(Stdio::inherit()).stderr(Stdio::inherit()).output();
    let failed = |why: String| {
        Failure::new(CREDENTIAL, format!("{what} {why}"))
            .hint(format!("run it by hand to see why: {command}"))
    };
    let output = output.map_err(|error| failed(format!("could not be started: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!("ended with {}", output.status)));
    }
    let key = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if key.is_empty() {
        return Err(failed("printed nothing".into()));
    }
    Ok(key.into())
}
