//! Dates as the site and files write them, each as late as it can mean.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::facts::{Added, LastUse};

/// A date or a time stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day (UTC).
    pub day: Date,
    /// The latest moment that it can mean: the end of the day, where no time is given.
    pub at_most: Timestamp,
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self { day: at.to_zoned(TimeZone::UTC).date(), at_most: at }
    }
}

impl From<Moment> for Added {
    fn from(moment: Moment) -> Self {
        Self { day: moment.day, at_most: moment.at_most }
    }
}

/// The days that exports write, with and without the name of the month.
const DAYS: [&str; 4] = ["%d %b %Y", "%d %B %Y", "%b %d, %Y", "%Y-%m-%d"];
const TIMES: [&str; 2] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];

/// Reads an ISO 8601 time stamp, `2024-01-03`, or `3 Jan 2024`. `None` for anything else, such as
/// `03/01/2024`, whose day and month cannot be distinguished.
pub fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.into());
    }
    let time = TIMES.iter().find_map(|form| DateTime::strptime(form, text).ok());
    if let Some(time) = time {
        // No zone is given: the latest place on Earth is twelve hours behind UTC.
        let at = time.to_zoned(TimeZone::UTC).ok()?.timestamp();
        return Some(Moment { day: time.date(), at_most: at.checked_add(12.hours()).ok()? });
    }
    let day = DAYS.iter().find_map(|form| Date::strptime(form, text).ok())?;
    let end = day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Moment { day, at_most: end })
}

impl LastUse {
    /// What a time stamp of the site says. One of 1970 is no date.
    pub fn of_stamp(stamp: Option<&str>) -> Self {
        let Some(stamp) = stamp.map(str::trim).filter(|stamp| !stamp.is_empty()) else {
            return Self::Never;
        };
        match moment(stamp) {
            Some(moment) if moment.day.year() <= 1970 => Self::Never,
            Some(moment) => Self::At(moment.at_most),
            None => Self::Unknown,
        }
    }

    /// What a cell of an export says: an empty one says nothing.
    pub fn of_cell(cell: &str) -> Self {
        match cell.trim() {
            "" => Self::Unknown,
            cell if is_never(cell) => Self::Never,
            cell => Self::of_stamp(Some(cell)),
        }
    }
}

/// `Never accessed`, as exports write it.
fn is_never(cell: &str) -> bool {
    matches!(cell.to_lowercase().as_str(), "never accessed" | "never" | "never seen")
}
