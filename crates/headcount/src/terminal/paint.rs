//! Colors for a terminal, or none.

use owo_colors::OwoColorize;

/// Colors, or none.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    color: bool,
}

impl Paint {
    /// No color.
    pub fn plain() -> Self {
        Self { color: false }
    }

    /// Colors, if wanted.
    pub fn of(color: bool) -> Self {
        Self { color }
    }

    /// An error.
    pub fn red(self, text: &str) -> String {
        if self.color { text.red().bold().to_string() } else { text.to_owned() }
    }

    /// A success.
    pub fn green(self, text: &str) -> String {
        if self.color { text.green().to_string() } else { text.to_owned() }
    }

    /// A warning.
    pub fn yellow(self, text: &str) -> String {
        if self.color { text.yellow().to_string() } else { text.to_owned() }
    }

    /// What to do next.
    pub fn cyan(self, text: &str) -> String {
        if self.color { text.cyan().to_string() } else { text.to_owned() }
    }

    /// A heading.
    pub fn bold(self, text: &str) -> String {
        if self.color { text.bold().to_string() } else { text.to_owned() }
    }

    /// Less important.
    pub fn dim(self, text: &str) -> String {
        if self.color { text.dimmed().to_string() } else { text.to_owned() }
    }
}
