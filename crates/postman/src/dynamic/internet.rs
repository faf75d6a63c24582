//! Network addresses, pictures and files.

use fastrand::Rng;

use super::names::{first, last};
use super::numbers::{digits, letters};
use super::text::{noun, slug};
use super::{Generator, pick};

const SUFFIXES: &[&str] = &["com", "org", "net", "info", "biz", "name"];
const MAILERS: &[&str] = &["gmail.com", "yahoo.com", "hotmail.com"];
const AGENTS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_2) AppleWebKit/605.1.15 Version/17.2 Safari/605.1.15",
];
const PICTURES: &str = "http://placeimg.com/640/480";
const FOLDERS: &[&str] =
    &["/bin", "/etc", "/home", "/home/user", "/lib", "/opt", "/tmp", "/usr", "/var"];
const COMMON_TYPES: &[&str] = &["application", "audio", "image", "text", "video"];
const COMMON_ENDINGS: &[&str] = &["gif", "html", "jpeg", "mp3", "mp4", "pdf", "png"];
const ENDINGS: &[&str] = &["css", "csv", "json", "pl", "sfv", "txt", "wbs", "xml", "zip"];
const MIMES: &[&str] =
    &["application/json", "application/pdf", "image/png", "text/csv", "video/mp4"];

pub const TABLE: &[Generator] = &[
    ("$randomEmail", |rng| format!("{}@{}", user(rng), pick(rng, MAILERS))),
    ("$randomExampleEmail", |rng| {
        format!("{}@example.{}", user(rng), pick(rng, &["com", "net", "org"]))
    }),
    ("$randomUserName", user),
    ("$randomProtocol", protocol),
    ("$randomUrl", |rng| format!("{}://{}", protocol(rng), domain(rng))),
    ("$randomDomainName", domain),
    ("$randomDomainSuffix", |rng| pick(rng, SUFFIXES)),
    ("$randomDomainWord", |rng| first(rng).to_lowercase()),
    ("$randomIP", |rng| format!("{}.{}.{}.{}", rng.u8(..), rng.u8(..), rng.u8(..), rng.u8(..))),
    ("$randomIPV6", |rng| {
        (0..8).map(|_| format!("{:04x}", rng.u16(..))).collect::<Vec<_>>().join(":")
    }),
    ("$randomMACAddress", |rng| {
        (0..6).map(|_| format!("{:02x}", rng.u8(..))).collect::<Vec<_>>().join(":")
    }),
    ("$randomUserAgent", |rng| pick(rng, AGENTS)),
    ("$randomPassword", |rng| {
        letters(rng, 15, b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
    }),
    ("$randomAvatarImage", |rng| {
        format!("https://cdn.fakercloud.com/avatars/{}_128.jpg", first(rng).to_lowercase())
    }),
    ("$randomImageUrl", |_| PICTURES.to_owned()),
    ("$randomAbstractImage", |_| format!("{PICTURES}/abstract")),
    ("$randomAnimalsImage", |_| format!("{PICTURES}/animals")),
    ("$randomBusinessImage", |_| format!("{PICTURES}/business")),
    ("$randomCatsImage", |_| format!("{PICTURES}/cats")),
    ("$randomCityImage", |_| format!("{PICTURES}/city")),
    ("$randomFoodImage", |_| format!("{PICTURES}/food")),
    ("$randomNightlifeImage", |_| format!("{PICTURES}/nightlife")),
    ("$randomFashionImage", |_| format!("{PICTURES}/fashion")),
    ("$randomPeopleImage", |_| format!("{PICTURES}/people")),
    ("$randomNatureImage", |_| format!("{PICTURES}/nature")),
    ("$randomSportsImage", |_| format!("{PICTURES}/sports")),
    ("$randomTransportImage", |_| format!("{PICTURES}/transport")),
    ("$randomImageDataUri", |_| {
        "data:image/svg+xml;charset=UTF-8,%3Csvg%20xmlns%3D%22http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg%22%2F%3E"
            .to_owned()
    }),
    ("$randomFileName", |rng| format!("{}.{}", slug(rng, 2), pick(rng, ENDINGS))),
    ("$randomFileType", |rng| pick(rng, COMMON_TYPES)),
    ("$randomFileExt", |rng| pick(rng, ENDINGS)),
    ("$randomCommonFileName", |rng| format!("{}.{}", slug(rng, 2), pick(rng, COMMON_ENDINGS))),
    ("$randomCommonFileType", |rng| pick(rng, COMMON_TYPES)),
    ("$randomCommonFileExt", |rng| pick(rng, COMMON_ENDINGS)),
    ("$randomFilePath", |rng| {
        format!("{}/{}.{}", pick(rng, FOLDERS), noun(rng), pick(rng, ENDINGS))
    }),
    ("$randomDirectoryPath", |rng| pick(rng, FOLDERS)),
    ("$randomMimeType", |rng| pick(rng, MIMES)),
];

fn user(rng: &mut Rng) -> String {
    format!("{}.{}{}", first(rng), last(rng), digits(rng, 2))
}

fn domain(rng: &mut Rng) -> String {
    format!("{}.{}", first(rng).to_lowercase(), pick(rng, SUFFIXES))
}

fn protocol(rng: &mut Rng) -> String {
    pick(rng, &["http", "https"])
}
