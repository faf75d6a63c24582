//! Counts the lines of a text.

/// Counts lines that end with CRLF, LF or CR. The text may arrive in pieces that are cut anywhere.
#[derive(Clone, Copy)]
pub(crate) struct Lines {
    /// The line of the next character, from 1.
    pub(crate) now: u64,
    after_cr: bool,
    /// Whether the last counted character ended a line.
    pub(crate) after_end: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Self { now: 1, after_cr: false, after_end: false }
    }
}

impl Lines {
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let second = byte == b'\n' && self.after_cr;
            self.after_cr = byte == b'\r';
            self.after_end = matches!(byte, b'\n' | b'\r');
            if self.after_end && !second {
                self.now += 1;
            }
        }
    }

    /// The line of the last counted character.
    pub(crate) fn last(&self) -> u64 {
        self.now - u64::from(self.after_end)
    }
}
