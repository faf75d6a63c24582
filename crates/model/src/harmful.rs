//! Characters of foreign texts (cells, names on the site, answers) that harm the one who reads them: they
//! steer a terminal, turn the text around them, or cannot be seen.
//!
//! One set for messages, pages and reports. Each of them decides what it shows instead.

/// Whether a character must not be shown as it is. Joiners (U+200C, U+200D) are not among them: scripts
/// and pictographs need them.
pub fn is_harmful(c: char) -> bool {
    // The last two of each plane are no characters (Unicode, 23.7).
    let is_none = u32::from(c) & 0xfffe == 0xfffe;
    is_none
        || c.is_control()
        || matches!(
            c,
            // Zero width; direction marks, embeddings and isolates; line and paragraph separators.
            '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                // Interlinear annotations; tags, which spell hidden text.
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A text on one line that can be shown: `instead` for each harmful character, a space for white space
/// that ends lines.
pub fn harmless(text: &str, instead: char) -> String {
    let shown = |c: char| match c {
        '\t' | '\n' | '\r' => ' ',
        c if is_harmful(c) => instead,
        c => c,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_turns_or_hides_is_harmful_and_nothing_that_is_written() {
        for harmful in [
            '\0',
            '\u{1b}',
            '\t',
            '\n',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{2028}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{feff}',
            '\u{fff9}',
            '\u{fffe}',
            '\u{e0041}',
            '\u{1ffff}',
        ] {
            assert!(is_harmful(harmful), "{harmful:?}");
        }
        for fine in "aß漢🙂\u{200c}\u{200d}\u{fe0f}\u{a0}\u{fffd}…“”é\u{301} ".chars() {
            assert!(!is_harmful(fine), "{fine:?}");
        }
        assert_eq!(harmless("a\u{1b}[2J\u{202e}b\r\nc", '?'), "a?[2J?b  c");
    }
}
