//! The profiles' file on disk: read, and changed without ever being half written.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::configuration::config::Config;

use crate::context::{Context, Notice};
use crate::failure::{Failure, USAGE};
use crate::hint::Hint;

/// Reads the profiles; no file is no profiles, unless it was named.
pub fn read(context: &Context) -> Result<Config, Failure> {
    let file = context.config.display().to_string();
    let text = match fs::read_to_string(&context.config) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && !context.config_named => {
            return Ok(Config::default());
        }
        Err(error) => {
            return Err(unreadable(&file, &error).hint(match context.config_named {
                true => Hint::ProfilesNamed,
                false => Hint::ProfilesOrEnvironment,
            }));
        }
    };
    let config = Config::parse(&file, &text)?;
    if config.holds_a_key() {
        refuse_if_shared(
            &context.config,
            "contains a credential: one of its commands prints it literally",
        )?;
    }
    Ok(config)
}

/// The profiles for choosing a site. A file at the usual place that can't be read, such as the home
/// folder of another account in a container, is no obstacle where the environment names the site
/// with a credential; a notice says so, because the file may name protected users.
pub fn read_or_environment(context: &Context) -> Result<Config, Failure> {
    let env = &context.environment;
    let is_named = context.config_named || context.profile.is_some() || env.profile.is_some();
    let by_token = env.cloud_url.is_some() && env.email.is_some() && env.api_token.is_some();
    let is_enough = !is_named && (by_token || env.org_api_key.is_some());
    match fs::read(&context.config) {
        Err(error) if is_enough && error.kind() != ErrorKind::NotFound => {
            context.notices.send(&Notice::ProfilesUnread {
                file: context.config.display().to_string(),
                why: error.to_string(),
            });
            Ok(Config::default())
        }
        _ => read(context),
    }
}

/// Changes the file: `edit` is given its name and its text (empty where there is none) and gives
/// the new text. It is written next to the old one and takes its place in one move, readable by its
/// owner alone.
pub fn change(
    context: &Context,
    edit: impl FnOnce(&str, &str) -> Result<String, Failure>,
) -> Result<(), Failure> {
    let path = real(&context.config);
    let file = context.config.display().to_string();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(unreadable(&file, &error)),
    };
    let new = edit(&file, &text)?;
    write(&path, &new).map_err(|error| {
        Failure::new(USAGE, format!("the profiles file {file} cannot be written")).because(&error)
    })
}

fn write(path: &Path, text: &str) -> Result<(), std::io::Error> {
    let folder = match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => folder,
        None => Path::new("."),
    };
    private_folder(folder)?;
    // Made with its owner's rights alone.
    let mut beside = tempfile::Builder::new().prefix(".headcount-").tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|error| error.error)?;
    // The move itself, too, is to outlive a power cut; a folder that can't be opened for that is
    // no reason to call it undone.
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn private_folder(folder: &Path) -> Result<(), std::io::Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Where a link leads: people keep such files among their dotfiles, and the link is to stay.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn unreadable(file: &str, error: &std::io::Error) -> Failure {
    Failure::new(USAGE, format!("the profiles file {file} cannot be read")).because(error)
}

/// Refuses a file that others on this machine can read. (On Windows its rights are not looked at:
/// a person's own folders are closed to others there.)
pub fn refuse_if_shared(path: &Path, what: &str) -> Result<(), Failure> {
    match shared(path) {
        Some(mode) => {
            let shown = path.display().to_string();
            let message = format!("{shown} {what}, and others on this computer can read it");
            let shown = crate::words::quoted(&shown);
            let hint =
                format!("its permissions are {mode:03o}; make it private: chmod 600 {shown}");
            Err(Failure::new(USAGE, message).hint(hint))
        }
        None => Ok(()),
    }
}

#[cfg(unix)]
fn shared(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    Some(mode).filter(|mode| mode & 0o044 != 0)
}

#[cfg(not(unix))]
fn shared(_: &Path) -> Option<u32> {
    None
}
