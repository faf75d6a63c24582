//! `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3), read with suspicion.
//!
//! What is missing, `0`, in the past, or no time at all says nothing that can be relied upon; the pace
//! then waits by its own measure. A date is compared with the answer's own `Date` where there is one: a
//! clock that is wrong here must neither make us early nor make a short wait a long one.
//!
//! However long the wait is, it is believed: one that is longer than [`LONGEST`] is not waited for, and
//! nothing is sent before it either.

use std::time::{Duration, SystemTime};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// More than this no command waits for: the run stops, and can be resumed. Atlassian's longest window is
/// an hour (points quota).
pub const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Where only our own clock shows how far away a reset is, no more than Atlassian's longest window is
/// waited: the clock may be wrong, and asking once an hour harms nothing.
const OWN_CLOCK: Duration = Duration::from_secs(60 * 60);

/// Below this a number is seconds from now (since 1970 it would be the year 2001).
const SINCE_1970: Duration = Duration::from_secs(1_000_000_000);

/// From here on a number cannot be seconds since 1970 (it would be the year 5138).
const MILLISECONDS: Duration = Duration::from_secs(100_000_000_000);

/// A hundred years stand for every longer wait: clocks can count that far.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// How long to wait from now, if the header can be believed; a hundred years at most.
///
/// `date` is the answer's `Date` header, `now` the wall time here.
pub fn parse(value: &str, date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let from = date.and_then(time_of).unwrap_or_else(|| SystemTime::from(now));
    let wait = |value: &str| match seconds(value) {
        Some(wait) => Some(wait),
        None => time_of(value)?.duration_since(from).ok(),
    };
    let value = value.trim();
    // Two lines of it may have been joined on the way; a date has a comma of its own.
    let several = || value.split(',').filter_map(|part| seconds(part.trim())).max();
    believed(wait(value).or_else(several)?)
}

/// The moment that a header such as `Date` names.
pub fn moment(value: &str) -> Option<Timestamp> {
    Timestamp::try_from(time_of(value)?).ok()
}

/// The time of a header: RFC 9110's three forms, ISO 8601, and those forms with another weekday than the
/// day had. A year of two digits is one of this century: no site asks to wait until 1999.
fn time_of(value: &str) -> Option<SystemTime> {
    let value = value.trim();
    let has_short_year = value.split_once(',').is_some_and(|(_, rest)| rest.contains('-'));
    match httpdate::parse_http_date(value) {
        Ok(time) if !has_short_year => Some(time),
        _ => without_weekday(value).or_else(|| Some(value.parse::<Timestamp>().ok()?.into())),
    }
}

fn without_weekday(value: &str) -> Option<SystemTime> {
    let (day, rest) = value.split_once(',').or_else(|| value.split_once(' '))?;
    if !day.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let rest =
        ["GMT", "UTC", "+0000"].iter().find_map(|zone| rest.strip_suffix(zone)).unwrap_or(rest);
    let forms =
        ["%d %b %Y %H:%M:%S", "%d-%b-%y %H:%M:%S", "%d-%b-%Y %H:%M:%S", "%b %d %H:%M:%S %Y"];
    let time = forms.iter().find_map(|form| DateTime::strptime(form, rest.trim()).ok())?;
    let time = if time.year() < 2000 && has_two_digits(rest) {
        time.saturating_add(100.years())
    } else {
        time
    };
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().into())
}

/// Whether the year in `21-Nov-99 10:00:00` has two digits.
fn has_two_digits(date: &str) -> bool {
    let year = date.trim().split('-').nth(2).and_then(|rest| rest.split(' ').next());
    year.is_some_and(|year| year.len() == 2)
}

/// The same for a header that announces a reset: an ISO 8601 time, seconds optional
/// (`2026-06-05T06:00Z`, as seen with `jira-cost-based`), an HTTP date, seconds since 1970, or
/// seconds from now.
pub fn reset(value: &str, date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let until = match seconds(value) {
        Some(wait) if wait < SINCE_1970 => return believed(wait),
        // A number of milliseconds since 1970 has three digits more.
        Some(since) if since >= MILLISECONDS => since / 1000,
        Some(since) => since,
        None => match value.parse::<Timestamp>() {
            Ok(until) => SystemTime::from(until).duration_since(SystemTime::UNIX_EPOCH).ok()?,
            Err(_) => time_of(value)?.duration_since(SystemTime::UNIX_EPOCH).ok()?,
        },
    };
    let from = date.and_then(time_of);
    let most = if from.is_some() { FOREVER } else { OWN_CLOCK };
    let from = from.unwrap_or_else(|| SystemTime::from(now));
    let wait = until.checked_sub(from.duration_since(SystemTime::UNIX_EPOCH).ok()?)?;
    believed(wait.min(most))
}

/// The same for a list of limits, `"tenant-app-quota";r=0;t=2788`: `r` requests are left, and in `t`
/// seconds the limit is whole again. The longest of those that are used up counts.
pub fn reset_of_limits(value: &str) -> Option<Duration> {
    let number = |limit: &str, name: &str| {
        limit.split(';').find_map(|part| {
            let (key, value) = part.split_once('=')?;
            (key.trim() == name).then(|| seconds(value.trim()))?
        })
    };
    let used_up = value.split(',').filter(|limit| number(limit, "r") == Some(Duration::ZERO));
    used_up.filter_map(|limit| believed(number(limit, "t")?)).max()
}

fn believed(wait: Duration) -> Option<Duration> {
    (!wait.is_zero()).then(|| wait.min(FOREVER))
}

/// Whole seconds; fractions are not in the standard but some servers send them, and rounding up is
/// never too early.
fn seconds(value: &str) -> Option<Duration> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    // Too many digits for a number are surely absurd, but they are seconds and no date.
    let whole = whole.parse().unwrap_or(u64::MAX);
    let up = u64::from(fraction.bytes().any(|b| b != b'0'));
    Some(Duration::from_secs(whole.saturating_add(up)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn seconds_and_dates_are_read() {
        let now = at("2026-11-21T10:00:00Z");
        assert_eq!(parse("120", None, now), Some(Duration::from_secs(120)));
        assert_eq!(parse(" 1.5 ", None, now), Some(Duration::from_secs(2)));
        let date = "Sat, 21 Nov 2026 10:01:00 GMT";
        assert_eq!(parse(date, None, now), Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_date_is_measured_by_the_answers_own_clock() {
        let wrong = at("2026-11-21T11:30:00Z");
        let wait =
            parse("Sat, 21 Nov 2026 10:01:00 GMT", Some("Sat, 21 Nov 2026 10:00:30 GMT"), wrong);
        assert_eq!(wait, Some(Duration::from_secs(30)));
    }

    #[test]
    fn what_cannot_be_believed_is_nothing() {
        let now = at("2026-11-21T10:00:00Z");
        for odd in [
            "",
            "0",
            "-1",
            "soon",
            "-100000000",
            "1e3",
            ".5",
            "0.0",
            "Sat, 21 Nov 2026 09:59:59 GMT",
            "Wed, 21 Nov 1990 10:00:00 GMT",
            "Wed, 99 Nov 2099 10:00:00 GMT",
        ] {
            assert_eq!(parse(odd, None, now), None, "{odd}");
        }
    }

    /// A wait of years is no reason to ask again at once.
    #[test]
    fn what_is_too_long_to_wait_for_is_believed() {
        let now = at("2026-11-21T10:00:00Z");
        let date = Some("Sat, 21 Nov 2026 10:00:00 GMT");
        for (huge, date) in [
            ("86401", None),
            ("31536000", None),
            ("100000000", date),
            ("99999999999999999999999", None),
            ("Sun, 22 Nov 2026 10:00:01 GMT", date),
            ("Sun, 21 Nov 2027 10:00:00 GMT", None),
            ("Sat, 21 Nov 2099 10:00:00 GMT", date),
            ("Wed, 21 Nov 2099 10:00:00 GMT", date),
            ("Saturday, 21-Nov-99 10:00:00 GMT", date),
            ("Sunday, 21-Nov-99 10:00:00 GMT", None),
            ("Saturday, 21-Nov-2099 10:00:00 GMT", date),
            ("Sat Nov 21 10:00:00 2099", date),
            ("Mon Nov  1 10:00:00 2099", date),
            ("Sat, 21 Nov 2099 10:00:00 +0000", date),
            ("2099-11-21T10:00:00Z", date),
            ("100000000, 5", None),
            ("5, 100000000", date),
            ("Fri, 31 Dec 9999 23:59:59 GMT", date),
        ] {
            let wait = parse(huge, date, now).unwrap();
            assert!(wait > LONGEST && wait <= FOREVER, "{huge}: {wait:?}");
        }
        for (huge, date) in [
            ("100000000", None),
            ("86401", None),
            ("4102444800", date),
            ("2099-11-21T10:00Z", date),
        ] {
            let wait = reset(huge, date, now).unwrap();
            assert!(wait > LONGEST && wait <= FOREVER, "{huge}: {wait:?}");
        }
        let quota = reset_of_limits(r#""tenant-app-quota";r=0;t=100000000"#);
        assert_eq!(quota, Some(Duration::from_secs(100_000_000)));
    }

    /// A minute is a minute, whatever the year is here.
    #[test]
    fn a_clock_that_is_wrong_makes_no_wait_longer_or_shorter() {
        for now in ["1999-01-01T00:00:00Z", "2026-11-21T09:59:59Z", "2031-01-01T00:00:00Z"] {
            let date = Some("Sat, 21 Nov 2026 10:00:00 GMT");
            let wait = Some(Duration::from_secs(60));
            assert_eq!(parse("Sat, 21 Nov 2026 10:01:00 GMT", date, at(now)), wait, "{now}");
            assert_eq!(reset("2026-11-21T10:01Z", date, at(now)), wait, "{now}");
        }
    }

    #[test]
    fn a_reset_time_is_read_with_and_without_seconds() {
        let now = at("2026-06-05T05:59:00Z");
        assert_eq!(reset("2026-06-05T06:00Z", None, now), Some(Duration::from_secs(60)));
        assert_eq!(reset("2026-06-05T06:00:01Z", None, now), Some(Duration::from_secs(61)));
        assert_eq!(reset("1749103200", None, now), None, "in the past");
        assert_eq!(reset("1780639230", None, now), Some(Duration::from_secs(90)));
        assert_eq!(reset("1780639230000", None, now), Some(Duration::from_secs(90)));
        assert_eq!(reset("30", None, now), Some(Duration::from_secs(30)));
        assert_eq!(reset("0", None, now), None);
        let date = "Fri, 05 Jun 2026 06:00:00 GMT";
        assert_eq!(reset(date, None, now), Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_reset_by_our_own_clock_alone_is_an_hour_at_most() {
        let wrong = at("2026-06-04T20:00:00Z");
        let until = "2026-06-05T06:00Z";
        assert_eq!(reset(until, None, wrong), Some(Duration::from_secs(3600)));
        let date = Some("Fri, 05 Jun 2026 05:59:00 GMT");
        assert_eq!(reset(until, date, wrong), Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_list_of_limits_is_read() {
        for (value, wanted) in [
            (r#""tenant-app-quota";r=0;t=2788"#, Some(2788)),
            (r#""a";r=5;t=2788"#, None),
            (r#""a";r=5;t=90, "b"; r=0; t=7, "c";r=0;t=20"#, Some(20)),
            (r#""a";r=0"#, None),
            (r#""a";q=65000;w=3600"#, None),
            ("", None),
        ] {
            assert_eq!(reset_of_limits(value), wanted.map(Duration::from_secs), "{value}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_read_without_a_panic(value in ".{0,40}", date in proptest::option::of(".{0,40}")) {
            let wait = parse(&value, date.as_deref(), at("2026-11-21T10:00:00Z"));
            prop_assert!(wait.is_none_or(|wait| !wait.is_zero() && wait <= FOREVER));
        }

        #[test]
        fn seconds_are_never_cut_short(secs in 1u64..86_400, fraction in "[0-9]{0,3}") {
            let text = if fraction.is_empty() { secs.to_string() } else { format!("{secs}.{fraction}") };
            let wanted = text.parse::<f64>().unwrap();
            let wait = parse(&text, None, at("2026-11-21T10:00:00Z")).unwrap();
            prop_assert!(wait.as_secs_f64() >= wanted);
        }
    }
}
