//! Records the commit of the source and its date, for `--version` and `doctor`.
//!
//! The first of these that exists: the variables `HEADCOUNT_COMMIT` and `SOURCE_DATE_EPOCH`; git, if this file is in
//! its repository; `commit.txt`, which `git archive` (so every source archive) fills in. Without any, the version has
//! no commit. The same source gives the same values.

use std::path::Path;
use std::process::Command;

fn main() {
    for variable in ["HEADCOUNT_COMMIT", "SOURCE_DATE_EPOCH"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    for file in ["build.rs", "commit.txt"] {
        println!("cargo::rerun-if-changed={file}");
    }
    let found = of_git().or_else(of_archive);
    let (commit, seconds) = found.unwrap_or_default();
    let variable = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let commit = variable("HEADCOUNT_COMMIT").unwrap_or(commit);
    let seconds = variable("SOURCE_DATE_EPOCH").unwrap_or(seconds);
    println!("cargo::rustc-env=HEADCOUNT_COMMIT={}", commit.trim());
    println!("cargo::rustc-env=HEADCOUNT_COMMIT_SECONDS={}", seconds.trim());
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=HEADCOUNT_TARGET={target}");
}

/// The commit and its time of the repository that tracks this file. An archive that is unpacked in another project's
/// repository is not tracked by it.
fn of_git() -> Option<(String, String)> {
    git(&["ls-files", "--error-unmatch", "build.rs"])?;
    let found = pair(&git(&["log", "-1", "--format=%H %ct"])?)?;
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]).unwrap_or_default();
    for name in ["HEAD", branch.as_str(), "packed-refs"] {
        let path = git(&["rev-parse", "--git-path", name]).unwrap_or_default();
        // Cargo runs this script each time if a file of the list is missing.
        if !name.is_empty() && Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    Some(found)
}

/// The commit in the file that `git archive` writes. In a checkout it has only the placeholders.
fn of_archive() -> Option<(String, String)> {
    let text = std::fs::read_to_string("commit.txt").ok()?;
    if text.starts_with('$') { None } else { pair(&text) }
}

fn pair(text: &str) -> Option<(String, String)> {
    let (commit, seconds) = text.trim().split_once(' ')?;
    Some((commit.to_owned(), seconds.to_owned()))
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
