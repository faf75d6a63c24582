//! Durations for people.

use std::time::Duration;

/// `240 ms`, `3.2 s`, `12 min 5 s`, `3 h 20 min`.
pub fn duration(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        seconds @ 1..10 if time.subsec_millis() >= 100 => {
            format!("{seconds}.{} s", time.subsec_millis() / 100)
        }
        seconds @ 1..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A time given in milliseconds: `8.4 ms`, `120 ms`, `3.2 s`.
pub fn milliseconds(time: f64) -> String {
    match time {
        time if time < 10.0 => format!("{time:.1} ms"),
        time if time < 1000.0 => format!("{time:.0} ms"),
        time => format!("{:.1} s", time / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_for_people() {
        let of = |ms| duration(Duration::from_millis(ms));
        assert_eq!(
            [of(240), of(3250), of(59_900), of(725_000), of(12_000_000)],
            ["240 ms", "3.2 s", "59 s", "12 min 5 s", "3 h 20 min"]
        );
    }
}
