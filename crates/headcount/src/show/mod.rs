//! What people see. Nothing here decides; nothing of a server or a sheet reaches the terminal
//! without [`clean`](headcount_app::words::clean).

pub mod ask;
pub mod check;
pub mod events;
pub mod export;
pub mod failure;
pub mod form;
pub mod output;
pub mod plan;
pub mod profile;
pub mod progress;
pub mod runs;
pub mod stdout;
pub mod talk;
pub mod watch;
mod wrap;

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

/// A panic is a defect; it is told as one, without a backtrace, and what is in the journal stays.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        talk::line(format_args!(
            "error: headcount has a defect (at {place}); nothing in the journal is lost"
        ));
        talk::line(format_args!(
            "hint: `headcount run resume last` goes on; please report this line"
        ));
    }));
}
