//! What people see. Nothing here decides; nothing of a server or a sheet reaches the terminal
//! without [`clean`].

pub mod ask;
pub mod check;
pub mod events;
pub mod export;
pub mod form;
pub mod plan;
pub mod progress;
pub mod runs;
pub mod watch;
mod wrap;

use std::borrow::Cow;
use std::time::Duration;

use owo_colors::OwoColorize;

pub use wrap::wrapped;

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    colour: bool,
}

impl Paint {
    /// No colour.
    pub fn plain() -> Self {
        Self { colour: false }
    }

    /// Colour where wanted.
    pub fn of(colour: bool) -> Self {
        Self { colour }
    }

    /// Wrong.
    pub fn red(self, text: &str) -> String {
        if self.colour { text.red().bold().to_string() } else { text.to_owned() }
    }

    /// Well.
    pub fn green(self, text: &str) -> String {
        if self.colour { text.green().to_string() } else { text.to_owned() }
    }

    /// Look here.
    pub fn yellow(self, text: &str) -> String {
        if self.colour { text.yellow().to_string() } else { text.to_owned() }
    }

    /// What to do next.
    pub fn cyan(self, text: &str) -> String {
        if self.colour { text.cyan().to_string() } else { text.to_owned() }
    }

    /// A heading.
    pub fn bold(self, text: &str) -> String {
        if self.colour { text.bold().to_string() } else { text.to_owned() }
    }

    /// Less important.
    pub fn dim(self, text: &str) -> String {
        if self.colour { text.dimmed().to_string() } else { text.to_owned() }
    }
}

/// A text without control characters: terminal escapes in cells and answers do nothing here. Line
/// breaks stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    let bad = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(bad) { Cow::Owned(text.replace(bad, "�")) } else { Cow::Borrowed(text) }
}

/// A word as it is typed on a command line: in single quotes where it needs them.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "_-./:@+~\\".contains(c);
    match word.is_empty() || !word.chars().all(plain) {
        true => Cow::Owned(format!("'{}'", word.replace('\'', r"'\''"))),
        false => Cow::Borrowed(word),
    }
}

/// `1 row`, `2 rows`.
pub fn many(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{} {what}s", thousands(number)) }
}

/// `1 person`, `2 people`.
pub fn people(number: u64) -> String {
    if number == 1 { "1 person".into() } else { format!("{} people", thousands(number)) }
}

/// `12,345`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time a person can use: `less than a second`, `about 12 s`, `about 3 min`, `about 2 h 5 min`.
pub fn about(time: Duration) -> String {
    span("about", time)
}

/// The same where it may well take longer: `at least 12 s`.
pub fn at_least(time: Duration) -> String {
    span("at least", time)
}

fn span(how: &str, time: Duration) -> String {
    match time.as_secs() {
        0 => "less than a second".into(),
        seconds @ 1..=90 => format!("{how} {seconds} s"),
        seconds @ 91..=5400 => format!("{how} {} min", seconds.div_ceil(60)),
        seconds => format!("{how} {} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A panic is a defect; it is told as one, without a backtrace, and what is in the journal stays.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        eprintln!("error: headcount has a defect (at {place}); nothing in the journal is lost");
        eprintln!("hint: `headcount run resume last` goes on; please report this line");
    }));
}
