//! Names of people, jobs and companies.

use fastrand::Rng;

use super::words::{FIRST, LAST};
use super::{Generator, pick};

const LEVELS: &[&str] = &["National", "Dynamic", "Senior", "Lead", "Regional", "Global", "Junior"];
const AREAS: &[&str] = &["Data", "Quality", "Security", "Brand", "Research", "Operations"];
const TYPES: &[&str] = &["Coordinator", "Planner", "Engineer", "Manager", "Analyst", "Director"];
const SUFFIXES: &[&str] = &["Inc", "LLC", "Group", "and Sons"];
const PREFIXES: &[&str] = &["Mr.", "Mrs.", "Ms.", "Miss", "Dr."];
const NAME_SUFFIXES: &[&str] = &["Jr.", "Sr.", "I", "II", "III", "IV", "V", "MD", "DDS", "PhD"];

pub const TABLE: &[Generator] = &[
    ("$randomFirstName", first),
    ("$randomLastName", last),
    ("$randomFullName", |rng| format!("{} {}", first(rng), last(rng))),
    ("$randomNamePrefix", |rng| pick(rng, PREFIXES)),
    ("$randomNameSuffix", |rng| pick(rng, NAME_SUFFIXES)),
    ("$randomJobArea", |rng| pick(rng, AREAS)),
    ("$randomJobDescriptor", |rng| pick(rng, LEVELS)),
    ("$randomJobTitle", |rng| {
        format!("{} {} {}", pick(rng, LEVELS), pick(rng, AREAS), pick(rng, TYPES))
    }),
    ("$randomJobType", |rng| pick(rng, TYPES)),
    ("$randomCompanyName", |rng| format!("{}, {} and {}", last(rng), last(rng), last(rng))),
    ("$randomCompanySuffix", |rng| pick(rng, SUFFIXES)),
];

pub fn first(rng: &mut Rng) -> String {
    pick(rng, FIRST)
}

pub fn last(rng: &mut Rng) -> String {
    pick(rng, LAST)
}
