//! Characters that are in no address: signs, quotation marks, and other forms of ASCII letters, with their names and
//! replacements.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Whether a character outside ASCII is in no address: signs, quotation marks, and other forms of ASCII letters
/// (full-width, ligatures, superscripts).
pub(super) fn is_odd(c: char) -> bool {
    if c.is_ascii() || is_combining_mark(c) {
        return false;
    }
    !c.is_alphanumeric()
        || matches!(c, '\u{2b9}'..='\u{2bd}')
        || (!matches!(c, '\u{ac00}'..='\u{d7a3}') && std::iter::once(c).nfkc().ne([c]))
}

/// The replacement of a sign that looks like another one.
pub(super) fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2019}' | '\u{2018}' | '\u{2bc}' => "'",
        '\u{3002}' | '\u{ff61}' | '\u{2024}' => ".",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        _ => return None,
    })
}

/// A character with its name and code: `“＠” (fullwidth commercial at, U+FF20)`.
pub(super) fn described(c: char) -> String {
    format!("“{c}” ({}, U+{:04X})", name(c), u32::from(c))
}

/// Unicode's name if it helps, in lower case; else the kind of character.
fn name(c: char) -> &'static str {
    match c {
        '"' => "a quotation mark",
        '\'' => "an apostrophe",
        '`' => "a grave accent",
        '\u{ab}' | '\u{bb}' => "a double angle quotation mark",
        '\u{b4}' => "an acute accent",
        '\u{b7}' => "a middle dot",
        '\u{2b9}'..='\u{2bd}' => "a modifier letter apostrophe",
        '\u{60c}' => "an Arabic comma",
        '\u{61b}' => "an Arabic semicolon",
        '\u{2010}' => "a hyphen that is not an ASCII hyphen",
        '\u{2011}' => "a non-breaking hyphen",
        '\u{2012}' => "a figure dash",
        '\u{2013}' => "an en dash",
        '\u{2014}' | '\u{2015}' => "an em dash",
        '\u{2212}' => "a minus sign",
        '\u{2018}' => "a left single quotation mark",
        '\u{2019}' => "a right single quotation mark",
        '\u{201a}' | '\u{201b}' => "a single low-9 quotation mark",
        '\u{201c}' => "a left double quotation mark",
        '\u{201d}' => "a right double quotation mark",
        '\u{201e}' | '\u{201f}' => "a double low-9 quotation mark",
        '\u{2024}' => "a one dot leader",
        '\u{2032}' | '\u{2033}' => "a prime",
        '\u{2039}' | '\u{203a}' => "a single angle quotation mark",
        '\u{3001}' | '\u{ff64}' => "an ideographic comma",
        '\u{3002}' | '\u{ff61}' => "an ideographic full stop",
        '\u{300a}'..='\u{300b}' => "a double angle bracket",
        '\u{300c}'..='\u{300f}' | '\u{ff62}' | '\u{ff63}' => "a corner bracket",
        '\u{301d}'..='\u{301f}' => "a double prime quotation mark",
        '\u{30fb}' | '\u{ff65}' => "a katakana middle dot",
        '\u{fe6b}' => "a small commercial at",
        '\u{ff02}' => "a fullwidth quotation mark",
        '\u{ff07}' => "a fullwidth apostrophe",
        '\u{ff0c}' => "a fullwidth comma",
        '\u{ff0d}' => "a fullwidth hyphen",
        '\u{ff0e}' => "a fullwidth full stop",
        '\u{ff1a}' => "a fullwidth colon",
        '\u{ff1b}' => "a fullwidth semicolon",
        '\u{ff1c}' | '\u{ff1e}' => "a fullwidth angle bracket",
        '\u{ff20}' => "a fullwidth commercial at",
        '\u{ff10}'..='\u{ff19}' => "a fullwidth digit",
        '\u{ff01}'..='\u{ff5e}' => "a fullwidth letter",
        c if c.is_alphanumeric() => "another form of a letter",
        _ => "a sign",
    }
}
