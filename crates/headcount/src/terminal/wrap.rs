//! Breaks lines at the width of the terminal, between words; the next line is indented to the beginning of the
//! text.
//!
//! Only a terminal gets broken lines; a pipe and a file get each line whole, as programs want it. A line with a
//! command to copy also stays whole, because a break would be copied.

use std::borrow::Cow;

use console::strip_ansi_codes;
use textwrap::{Options, WordSeparator, WordSplitter};

/// For a narrower terminal, lines are not broken.
const NARROW: usize = 40;

/// The width that the last column needs; with less, the text continues further to the left.
const ROOM: usize = 25;

/// The text without lines wider than `columns`; `None` means no terminal.
pub fn wrapped(text: &str, columns: Option<usize>) -> Cow<'_, str> {
    let fits =
        |columns| text.split('\n').all(|line| textwrap::core::display_width(line) <= columns);
    match columns.filter(|columns| *columns >= NARROW) {
        Some(columns) if !fits(columns) => {
            let lines: Vec<_> = text.split('\n').map(|line| broken(line, columns)).collect();
            Cow::Owned(lines.join("\n"))
        }
        _ => Cow::Borrowed(text),
    }
}

fn broken(line: &str, columns: usize) -> Cow<'_, str> {
    if line.contains(": headcount ") || textwrap::core::display_width(line) <= columns {
        return Cow::Borrowed(line);
    }
    let indent = " ".repeat(under(&strip_ansi_codes(line), columns));
    let options = Options::new(columns)
        .subsequent_indent(&indent)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        // Addresses and paths are not broken, so that they can be copied.
        .break_words(false);
    Cow::Owned(textwrap::fill(line, options))
}

/// Where the text of a line begins: after its columns, which two or more spaces separate; else slightly further
/// right than the line.
fn under(line: &str, columns: usize) -> usize {
    let own = line.len() - line.trim_start_matches(' ').len();
    let behind = line.rfind("  ").map(|at| textwrap::core::display_width(&line[..at + 2]));
    match behind {
        Some(behind) if behind > own && behind + ROOM <= columns => behind,
        _ => own + 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_between_words_and_goes_on_under_the_text() {
        let line =
            "    row 8     no user has the email ghost@banc.example; nearest: host@banc.example";
        let wanted = "    row 8     no user has the email\n              ghost@banc.example; nearest:\n              host@banc.example";
        assert_eq!(wrapped(line, Some(42)), wanted);
        let line = "error: a message that is rather long for a terminal of so few columns";
        assert_eq!(
            wrapped(line, Some(42)),
            "error: a message that is rather long for a\n  terminal of so few columns"
        );
    }

    #[test]
    fn leaves_alone_what_fits_what_no_terminal_shows_and_commands() {
        let line = "Take it back: headcount --journal /a/rather/long/folder/journal.db run undo 1";
        assert_eq!(wrapped(line, Some(42)), line);
        let line = "a line that is rather long, wider than any terminal of so few columns";
        assert_eq!(wrapped(line, None), line);
        assert_eq!(wrapped(line, Some(100)), line);
    }

    #[test]
    fn colors_take_no_room_and_names_are_not_broken() {
        let line =
            "  \u{1b}[33msite\u{1b}[0m       https://a-very-long-name-of-a-site.atlassian.net";
        let shown = wrapped(line, Some(42));
        assert!(shown.contains("https://a-very-long-name-of-a-site.atlassian.net"), "{shown}");
        assert_eq!(
            wrapped("\u{1b}[1mforty-two columns and not a single one mo\u{1b}[0m", Some(42))
                .lines()
                .count(),
            1
        );
    }
}
