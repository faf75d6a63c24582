//! Days and dates, in the form of JavaScript's dates.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Generator, pick};

const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: &[&str] =
    &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAY: i64 = 24 * 3600;

pub const TABLE: &[Generator] = &[
    ("$randomDatePast", |rng| date(-rng.i64(DAY..365 * DAY))),
    ("$randomDateFuture", |rng| date(rng.i64(DAY..365 * DAY))),
    ("$randomDateRecent", |rng| date(-rng.i64(0..DAY))),
    ("$randomMonth", month),
    ("$randomWeekday", |rng| pick(rng, DAYS)),
];

fn month(rng: &mut Rng) -> String {
    pick(rng, MONTHS)
}

fn date(seconds: i64) -> String {
    let now = Timestamp::now();
    let moment = now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now);
    let form = "%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)";
    moment.to_zoned(TimeZone::UTC).strftime(form).to_string()
}
