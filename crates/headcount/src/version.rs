//! The version of the program, with the commit that it is built from and its date. `build.rs` records them.

use std::sync::LazyLock;

use jiff::Timestamp;

/// The version of the package.
pub const NUMBER: &str = env!("CARGO_PKG_VERSION");

/// The platform that the program is built for, as Rust names it.
pub const TARGET: &str = env!("HEADCOUNT_TARGET");

/// The commit, if it is known.
pub fn commit() -> Option<&'static str> {
    Some(env!("HEADCOUNT_COMMIT")).filter(|commit| !commit.is_empty())
}

/// The day (UTC) of the commit, or of `SOURCE_DATE_EPOCH` while it was built.
pub fn date() -> Option<String> {
    day_of(env!("HEADCOUNT_COMMIT_SECONDS"))
}

/// What `--version` prints after the name.
pub fn line() -> &'static str {
    static LINE: LazyLock<String> = LazyLock::new(|| shown(NUMBER, commit(), date().as_deref()));
    &LINE
}

fn day_of(seconds: &str) -> Option<String> {
    let at = Timestamp::from_second(seconds.parse().ok()?).ok()?;
    Some(at.strftime("%Y-%m-%d").to_string())
}

fn shown(number: &str, commit: Option<&str>, date: Option<&str>) -> String {
    // Twelve digits name a commit, and fit on a line of a bug report.
    let commit = commit.map(|commit| commit.get(..12).unwrap_or(commit));
    let source: Vec<&str> = commit.into_iter().chain(date).collect();
    match source.as_slice() {
        [] => number.to_owned(),
        source => format!("{number} ({})", source.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_what_the_build_knew() {
        let commit = "48461e03fa12bb6c0e3a5b7a2f3e4d5c6b7a8f90";
        let day = day_of("1795996800").expect("a day");
        assert_eq!(day, "2026-11-30");
        assert_eq!(shown("0.1.0", Some(commit), Some(&day)), "0.1.0 (48461e03fa12 2026-11-30)");
        assert_eq!(shown("0.1.0", Some("48461e"), None), "0.1.0 (48461e)");
        assert_eq!(shown("0.1.0", None, Some(&day)), "0.1.0 (2026-11-30)");
        assert_eq!(shown("0.1.0", None, None), "0.1.0");
        assert_eq!(day_of(""), None);
        assert_eq!(day_of("soon"), None);
    }
}
