//! Number formats that show nothing.
//!
//! Source: ECMA-376, part 1, 18.8.31 `numFmts`.

/// Whether a format code hides texts, and whether it hides numbers. `;;;` has four sections, for positive numbers,
/// negative numbers, zero and text; all are empty. Colors in brackets, spaces and empty quotes show nothing.
pub(crate) fn hides(code: &str) -> (bool, bool) {
    let sections: Vec<&str> = code.split(';').collect();
    let is_blank = |section: &&str| {
        let outside: String = section
            .split('[')
            .map(|part| part.split_once(']').map_or(part, |(_, after)| after))
            .collect();
        outside.chars().all(|c| c == ' ' || c == '"')
    };
    let numbers = sections.len().min(3);
    let no_number = sections.len() > 1 && sections[..numbers].iter().all(is_blank);
    (sections.get(3).is_some_and(is_blank), no_number)
}

/// Whether a section of a format code sets white as the color.
pub(crate) fn paints_white(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    code.contains("[white]") || code.contains("[color2]") || code.contains("[color 2]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_nothing_are_known() {
        for (code, hidden) in [
            (";;;", (true, true)),
            ("[White];[White];[White];[White]", (true, true)),
            ("\"\";\"\";\"\";\"\"", (true, true)),
            (";;", (false, true)),
            (";;;@", (false, true)),
            ("0;-0;;", (true, false)),
            ("0;-0;;@", (false, false)),
            ("[Red]0;;", (false, false)),
            ("General", (false, false)),
            ("@", (false, false)),
            ("", (false, false)),
        ] {
            assert_eq!(hides(code), hidden, "{code}");
        }
    }
}
