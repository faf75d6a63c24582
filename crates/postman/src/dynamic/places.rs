//! Addresses and countries.

use fastrand::Rng;

use super::names::{first, last};
use super::{Generator, pick};

const COUNTRIES: &[(&str, &str)] = &[
    ("Austria", "AT"),
    ("Brazil", "BR"),
    ("Canada", "CA"),
    ("Denmark", "DK"),
    ("Ghana", "GH"),
    ("India", "IN"),
    ("Japan", "JP"),
    ("Kenya", "KE"),
    ("Mexico", "MX"),
    ("Nauru", "NR"),
    ("Norway", "NO"),
    ("Peru", "PE"),
    ("Philippines", "PH"),
    ("Spain", "ES"),
    ("Vietnam", "VN"),
];
const STREETS: &[&str] = &["Street", "Manor", "Fields", "Road", "Lane", "Avenue", "Square"];
const LOCALES: &[&str] = &["af", "ar", "bg", "cs", "da", "de", "en", "es", "fi", "fr", "ug", "zh"];

pub const TABLE: &[Generator] = &[
    ("$randomCity", |rng| {
        let direction = pick(rng, &["North", "South", "East", "West", "Port", "Lake", "New"]);
        format!("{direction} {}", first(rng))
    }),
    ("$randomStreetName", street),
    ("$randomStreetAddress", |rng| format!("{} {}", rng.u32(100..10_000), street(rng))),
    ("$randomCountry", |rng| country(rng).0.to_owned()),
    ("$randomCountryCode", |rng| country(rng).1.to_owned()),
    ("$randomLatitude", |rng| format!("{:.4}", rng.f64() * 180.0 - 90.0)),
    ("$randomLongitude", |rng| format!("{:.4}", rng.f64() * 360.0 - 180.0)),
    ("$randomLocale", |rng| pick(rng, LOCALES)),
];

fn street(rng: &mut Rng) -> String {
    format!("{} {}", last(rng), pick(rng, STREETS))
}

fn country(rng: &mut Rng) -> (&'static str, &'static str) {
    COUNTRIES.get(rng.usize(..COUNTRIES.len())).copied().unwrap_or(("Peru", "PE"))
}
