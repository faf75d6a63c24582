//! Columns that hold passwords or keys: they are blanked before anything is kept, shown or quoted.

use super::wanted::{Field, Job, Older, field, normalised};

/// Normalised headings of columns that hold passwords or keys.
const SECRET: [&str; 12] = [
    "password",
    "passwd",
    "pwd",
    "passwort",
    "userpassword",
    "initialpassword",
    "temporarypassword",
    "newpassword",
    "apitoken",
    "apikey",
    "orgapikey",
    "secret",
];

const PASSWORD: Field = Field::Gone(Older::Password);

/// Columns that hold passwords or keys by their heading, or are mapped to be one.
pub(super) fn secrets(plain: &[String], found: &[(Field, usize)]) -> Vec<usize> {
    let mapped = |at: usize| found.iter().any(|(field, place)| *field == PASSWORD && *place == at);
    (0..plain.len()).filter(|&at| SECRET.contains(&plain[at].as_str()) || mapped(at)).collect()
}

/// The columns that hold passwords or keys by their heading or a `--map`, from 0, where it is not
/// known yet which column is what.
pub fn secret_columns(headings: &[String], map: &[(String, String)]) -> Vec<usize> {
    let is_mapped = |heading: &String| {
        map.iter().any(|(name, mapped)| {
            field(Job::CreateUsers, name) == Some(PASSWORD)
                && normalised(mapped) == normalised(heading)
        })
    };
    let is_secret = |heading: &String| SECRET.contains(&normalised(heading).as_str());
    let all = headings.iter().enumerate();
    all.filter(|(_, heading)| is_secret(heading) || is_mapped(heading)).map(|(at, _)| at).collect()
}

/// Whether some column holds passwords or keys, whatever the job: then nothing of a row whose
/// cells do not stand under their headings may be quoted.
pub(super) fn has_secret(headings: &[String], map: &[(String, String)]) -> bool {
    headings.iter().any(|heading| SECRET.contains(&normalised(heading).as_str()))
        || map.iter().any(|(name, _)| field(Job::CreateUsers, name) == Some(PASSWORD))
}
