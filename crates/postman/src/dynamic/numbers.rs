//! Identifiers, numbers and moments.

use fastrand::Rng;

use super::{Generator, pick};

pub const TABLE: &[Generator] = &[
    ("$guid", uuid),
    ("$randomUUID", uuid),
    ("$timestamp", |_| jiff::Timestamp::now().as_second().to_string()),
    ("$isoTimestamp", |_| jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()),
    ("$randomInt", |rng| rng.u32(..=1000).to_string()),
    ("$randomBoolean", |rng| rng.bool().to_string()),
    ("$randomAlphaNumeric", |rng| letters(rng, 1, b"abcdefghijklmnopqrstuvwxyz0123456789")),
    ("$randomHexColor", |rng| format!("#{:06x}", rng.u32(..0x100_0000))),
    ("$randomAbbreviation", |rng| {
        pick(rng, &["SMTP", "SQL", "HTTP", "JSON", "XML", "TCP", "RAM", "SSL", "API", "CSS"])
    }),
    ("$randomSemver", |rng| format!("{}.{}.{}", rng.u8(..10), rng.u8(..10), rng.u8(..10))),
    ("$randomPhoneNumber", |rng| {
        format!("{}-{}-{}", rng.u32(200..1000), rng.u32(200..1000), digits(rng, 4))
    }),
    ("$randomPhoneNumberExt", |rng| {
        let area = rng.u32(200..1000);
        format!("{}-{area}-{}-{}", rng.u32(10..100), rng.u32(200..1000), digits(rng, 4))
    }),
];

/// RFC 9562, version 4.
pub fn uuid(rng: &mut Rng) -> String {
    let bits = rng.u128(..) & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

pub fn digits(rng: &mut Rng, count: usize) -> String {
    letters(rng, count, b"0123456789")
}

pub fn letters(rng: &mut Rng, count: usize, from: &[u8]) -> String {
    (0..count).map(|_| from.get(rng.usize(..from.len())).map_or('0', |it| *it as char)).collect()
}
