//! A password that the address does not have: `PGPASSWORD`, or a line of the password file
//! (<https://www.postgresql.org/docs/current/libpq-pgpass.html>).

use std::path::{Path, PathBuf};

use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// The password for the first host of the configuration.
pub(crate) fn find(
    config: &Config,
    variable: &dyn Fn(&str) -> Option<String>,
    home: Option<&Path>,
) -> Option<String> {
    if let Some(password) = variable("PGPASSWORD") {
        return Some(password);
    }
    let file = variable("PGPASSFILE").map(PathBuf::from);
    let file = file.or_else(|| home.map(|home| home.join(".pgpass")))?;
    if is_open_to_others(&file) {
        return None;
    }
    let lines = std::fs::read_to_string(file).ok()?;
    let host = match config.get_hosts().first()? {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(_) => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
    let wanted = [&host, &port, config.get_dbname()?, config.get_user()?];
    lines.lines().filter(|line| !line.starts_with('#')).find_map(|line| of_line(line, &wanted))
}

/// The password of a line, if its other four fields match.
fn of_line(line: &str, wanted: &[&str; 4]) -> Option<String> {
    let fields = fields(line);
    let [host, port, database, user, password] = fields.try_into().ok()?;
    let given = [host, port, database, user];
    let matches = given.iter().zip(wanted).all(|(given, wanted)| given == "*" || given == wanted);
    matches.then_some(password)
}

/// Five fields between colons; a backslash keeps the next character as it is.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut letters) = (vec![String::new()], line.chars());
    while let Some(letter) = letters.next() {
        let letter = match letter {
            ':' if fields.len() < 5 => {
                fields.push(String::new());
                continue;
            }
            '\\' => letters.next().unwrap_or('\\'),
            other => other,
        };
        if let Some(last) = fields.last_mut() {
            last.push(letter);
        }
    }
    fields
}

/// psql ignores a file that others can read, too.
#[cfg(unix)]
fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_counts_if_all_its_fields_match() {
        let wanted = ["db.example.com", "5432", "runs", "ann"];
        for (line, password) in [
            ("db.example.com:5432:runs:ann:secret", Some("secret")),
            ("*:*:*:ann:a\\:b\\\\c:d", Some("a:b\\c:d")),
            ("*:*:*:bob:secret", None),
            ("db.example.com:5433:runs:ann:secret", None),
            ("db.example.com:5432:runs:ann", None),
            ("", None),
        ] {
            assert_eq!(of_line(line, &wanted).as_deref(), password, "{line}");
        }
    }
}
