//! Colors for a terminal, or none.

use owo_colors::OwoColorize;

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
