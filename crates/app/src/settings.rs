//! Reads and changes the profiles file, which is never left half written.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::configuration::config::Config;

use crate::context::{Context, Notice};
use crate::failure::{Failure, USAGE};
use crate::hint::Hint;

/// Reads the profiles. A missing file means no profiles, unless the user named it.
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

/// The profiles for choosing a site. If the file at the default path can't be read (in a container, it may be in
/// the home folder of another account), and the environment names the site with a credential, a notice replaces
/// the error. The notice is needed because the file may list protected users.
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

/// Changes the file: `edit` gets its name and its text (empty if it does not exist) and returns the new text. The
/// new file is written next to the old one, readable only by its owner, and renamed.
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
    // Created with its owner's permissions only.
    let mut beside = tempfile::Builder::new().prefix(".headcount-").tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|error| error.error)?;
    // The renaming should survive a power cut, too. If the folder can't be opened for that, the change still
    // counts.
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

/// Follows a link, because people keep such files among their dotfiles, and the link should stay.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn unreadable(file: &str, error: &std::io::Error) -> Failure {
    Failure::new(USAGE, format!("the profiles file {file} cannot be read")).because(error)
}

/// Refuses a file that other users of this computer can read. (Not checked on Windows, where other users cannot
/// open a user's own folders.)
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
