//! Columns with a person's name or a part of it: no job sends them, and a plan compares them.

use headcount_sheet::{Heading, normalized};

/// The headings, [`normalized`].
const HEADINGS: [&str; 30] = [
    "name",
    "fullname",
    "displayname",
    "username",
    "person",
    "employee",
    "employeename",
    "firstname",
    "givenname",
    "forename",
    "lastname",
    "surname",
    "familyname",
    "vorname",
    "nachname",
    "familienname",
    "mitarbeiter",
    "nom",
    "prenom",
    "prénom",
    "nombre",
    "förnamn",
    "efternamn",
    "fornavn",
    "etternavn",
    "efternavn",
    "etunimi",
    "sukunimi",
    "namn",
    "nimi",
];

/// Whether a heading names a person.
pub fn names_a_person(heading: &str) -> bool {
    HEADINGS.contains(&normalized(heading).as_str())
}

/// The same if the words of the heading are known.
pub(super) fn is_name(heading: &Heading) -> bool {
    HEADINGS.contains(&heading.normalized())
}
