//! Number formats: what a spreadsheet program shows of a cell's value.
//!
//! A format code has up to four sections, separated by `;`: for positive numbers, negative numbers, zero and text.
//! With fewer sections, a last section with `@` is that of texts.
//!
//! Source: ECMA-376, part 1, 18.8.31 `numFmts`.

/// What a format shows of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shows {
    /// The value as it is in the file, or a form of it from which a person reads the same value.
    Value,
    /// A number with the zeros and signs of its format (`00007`, `P000-12`).
    Text(String),
    /// Nothing.
    Nothing,
    /// Another text than the cell holds.
    Other,
}

/// A format code, parsed.
#[derive(Clone, Debug)]
pub(crate) struct NumberFormat {
    sections: Vec<Section>,
    /// What it shows of a text.
    of_texts: Shows,
    /// Whether it shows nothing of any number.
    hides_numbers: bool,
}

#[derive(Clone, Debug, Default)]
struct Section {
    parts: Vec<Part>,
    /// Whether it applies under a condition of its own, such as `[>5]`.
    is_conditional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// `0`: a digit, or a zero.
    Digit,
    /// `#`: a digit, if the number has one there.
    Optional,
    /// `General`.
    General,
    /// `@`: the cell's text.
    Text,
    /// A character that is shown as it is.
    Sign(char),
    /// A fraction, a group, a date or anything else.
    Other,
}

impl NumberFormat {
    pub(crate) fn of(code: &str) -> Self {
        let sections = sections(code);
        let numbers = &sections[..sections.len().min(3)];
        let is_written = sections.len() > 1 || code.contains('"');
        let hides_numbers = is_written && numbers.iter().all(Section::is_blank);
        let of_texts = of_texts(&sections);
        Self { sections, of_texts, hides_numbers }
    }

    /// What it shows of a text.
    pub(crate) fn of_text(&self) -> &Shows {
        &self.of_texts
    }

    /// Whether it shows nothing of any number.
    pub(crate) fn hides_numbers(&self) -> bool {
        self.hides_numbers
    }

    /// Whether it can hide a value or show another one.
    pub(crate) fn can_mislead(&self) -> bool {
        let misleads = |section: &Section| section.has_digit_signs() || section.is_only_words();
        self.hides_numbers || self.of_texts != Shows::Value || self.sections.iter().any(misleads)
    }

    /// What it shows of a number; `plain` is the number as it is in the file.
    pub(crate) fn of_number(&self, number: f64, plain: &str) -> Shows {
        if self.hides_numbers {
            return Shows::Nothing;
        }
        let numbers: Vec<&Section> =
            self.sections.iter().take(3).filter(|section| !section.has(Part::Text)).collect();
        if numbers.iter().any(|section| section.is_conditional) {
            let mut shown = numbers.iter().map(|section| section.of_number(plain));
            let Some(first) = shown.next() else { return Shows::Value };
            return if shown.all(|other| other == first) { first } else { Shows::Other };
        }
        let section = match numbers.as_slice() {
            [] => return self.of_texts.clone(),
            [_, negative, ..] if number < 0.0 => negative,
            [_, _, zero] if number == 0.0 => zero,
            [first, ..] => first,
        };
        section.of_number(plain)
    }
}

/// What a format shows of a text.
fn of_texts(sections: &[Section]) -> Shows {
    let section = sections.get(3).map(std::slice::from_ref);
    let of_texts = section.unwrap_or(sections).iter();
    if let Some(fourth) = sections.get(3)
        && fourth.is_blank()
    {
        return Shows::Nothing;
    }
    let is_plain = |section: &Section| {
        let mut visible = section.parts.iter().filter(|part| !part.is_space());
        matches!(visible.next(), Some(Part::Text | Part::General)) && visible.next().is_none()
    };
    let mut applying = of_texts.filter(|one| section.is_some() || one.has(Part::Text));
    // Programs differ in whether a format without `@` that has only words applies to texts.
    let has_only_words = sections.iter().all(Section::is_only_words);
    match !has_only_words && applying.all(is_plain) {
        true => Shows::Value,
        false => Shows::Other,
    }
}

impl Section {
    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn is_blank(&self) -> bool {
        self.parts.iter().all(|part| part.is_space())
    }

    fn has_signs(&self, is_meant: impl Fn(char) -> bool) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Sign(sign) if is_meant(*sign)))
    }

    /// Whether it adds digits to those of the number.
    fn has_digit_signs(&self) -> bool {
        self.has_signs(char::is_numeric)
    }

    /// Whether it shows words and nothing of the value.
    fn is_only_words(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Sign(_)))
            && self.has_signs(char::is_alphanumeric)
    }

    fn of_number(&self, plain: &str) -> Shows {
        let is_whole = plain.bytes().all(|byte| byte.is_ascii_digit());
        if self.is_only_words() {
            return Shows::Other;
        }
        if self.parts == [Part::General] {
            return Shows::Value;
        }
        let is_known = is_whole && !self.has(Part::Other) && !self.has(Part::Text);
        match is_known && self.parts.iter().any(|part| part.is_digits()) {
            true => Shows::Text(self.written(plain)),
            false if self.has_signs(char::is_alphanumeric) => Shows::Other,
            false => Shows::Value,
        }
    }

    /// A whole number, written with the zeros and signs of the section.
    fn written(&self, plain: &str) -> String {
        let places: Vec<Part> =
            self.parts.iter().copied().filter(|part| part.is_digits()).collect();
        let zeros = places.iter().position(|part| *part != Part::Optional);
        let width = zeros.map_or(0, |first| places.len() - first);
        let digits = format!("{:0>width$}", if plain == "0" && width == 0 { "" } else { plain });
        // The last digit goes to the last place; surplus digits go before the first digit.
        let mut missing = places.len().saturating_sub(digits.len());
        let mut more = digits.len().saturating_sub(places.len());
        let mut rest = digits.chars();
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Digit | Part::Optional | Part::General if missing > 0 => missing -= 1,
                Part::Digit | Part::Optional | Part::General => {
                    text.extend(rest.by_ref().take(more + 1));
                    more = 0;
                }
                Part::Sign(sign) => text.push(*sign),
                Part::Text | Part::Other => {}
            }
        }
        text
    }
}

impl Part {
    fn is_space(self) -> bool {
        matches!(self, Self::Sign(sign) if sign.is_whitespace())
    }

    fn is_digits(self) -> bool {
        matches!(self, Self::Digit | Self::Optional | Self::General)
    }
}

/// Parses a format code; there is at least one section.
fn sections(code: &str) -> Vec<Section> {
    let mut all = Vec::new();
    let mut section = Section::default();
    if code.trim().is_empty() {
        section.parts.push(Part::General);
    }
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        if rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("general")) {
            section.parts.push(Part::General);
            rest = &rest[7..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            ';' => all.push(std::mem::take(&mut section)),
            '"' => {
                let (quoted, after) = rest.split_once('"').unwrap_or((rest, ""));
                section.parts.extend(quoted.chars().map(Part::Sign));
                rest = after;
            }
            '[' => {
                let (inside, after) = rest.split_once(']').unwrap_or((rest, ""));
                section.bracket(inside);
                rest = after;
            }
            // `_x` leaves the width of a character free; `*x` repeats one.
            '\\' | '_' | '*' => {
                let next = rest.chars().next();
                rest = next.map_or("", |next| &rest[next.len_utf8()..]);
                match (c, next) {
                    ('\\', Some(next)) => section.parts.push(Part::Sign(next)),
                    ('*', Some(next)) if next != ' ' => section.parts.push(Part::Other),
                    _ => {}
                }
            }
            '0' => section.parts.push(Part::Digit),
            '#' => section.parts.push(Part::Optional),
            '@' => section.parts.push(Part::Text),
            '$' | '-' | '+' | '/' | '(' | ')' | ':' | '^' | '&' | '\'' | '~' | '{' | '}' | '<'
            | '>' | '=' | ' ' => section.parts.push(Part::Sign(c)),
            c if !c.is_ascii() => section.parts.push(Part::Sign(c)),
            _ => section.parts.push(Part::Other),
        }
    }
    all.push(section);
    all
}

impl Section {
    /// Adds what is in brackets: a color, a condition, a currency or a kind of digits.
    fn bracket(&mut self, inside: &str) {
        let lower = inside.to_ascii_lowercase();
        let colors = ["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"];
        if lower.starts_with(['<', '>', '=']) {
            self.is_conditional = true;
        } else if let Some(currency) = inside.strip_prefix('$') {
            let sign = currency.split_once('-').map_or(currency, |(sign, _)| sign);
            self.parts.extend(sign.chars().map(Part::Sign));
        } else if !colors.contains(&lower.as_str()) && !lower.starts_with("color") {
            self.parts.push(Part::Other);
        }
    }
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
    fn what_a_format_shows_of_a_text_is_known() {
        for (code, shown) in [
            ("General", Shows::Value),
            ("", Shows::Value),
            ("@", Shows::Value),
            ("[Red]@", Shows::Value),
            ("0;-0;0;@", Shows::Value),
            ("0;-0;;General", Shows::Value),
            ("0.00", Shows::Value),
            ("0\" kg\"", Shows::Value),
            ("\"€\" #,##0.00", Shows::Value),
            ("dd\\.mm\\.yyyy;@", Shows::Value),
            ("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"??_);_(@_)", Shows::Value),
            ("\"a;b\"0", Shows::Value),
            (";;", Shows::Value),
            (";;;@", Shows::Value),
            (";;;", Shows::Nothing),
            ("0;-0;;", Shows::Nothing),
            ("0;0;0;\"\"", Shows::Nothing),
            ("0;0;0;[Red]_)* ", Shows::Nothing),
            ("[White];[White];[White];[White]", Shows::Nothing),
            ("General;General;General;\"dsnapper@banc.ly\"", Shows::Other),
            ("General;General;General;\\d\\s", Shows::Other),
            ("@\"x\"", Shows::Other),
            ("\"x\"@", Shows::Other),
            ("x@", Shows::Other),
            ("@@", Shows::Other),
            ("@\\.uk", Shows::Other),
            ("@.", Shows::Other),
            ("*1@", Shows::Other),
            ("[$x-409]@", Shows::Other),
            ("0;@\"x\"", Shows::Other),
            ("0;0;@\"x\"", Shows::Other),
            ("0;0;0;0", Shows::Other),
            ("[=1]\"a\";@\"b\"", Shows::Other),
            ("\"a;b\";0;0;\"c\"@", Shows::Other),
            ("\"dsnapper@banc.ly\"", Shows::Other),
            ("\"a\";\"b\";\"c\"", Shows::Other),
        ] {
            assert_eq!(*NumberFormat::of(code).of_text(), shown, "{code}");
        }
    }

    #[test]
    fn what_a_format_shows_of_a_number_is_known() {
        let text = |text: &str| Shows::Text(text.to_owned());
        for (code, number, shown) in [
            ("General", 7.0, Shows::Value),
            ("@", 7.0, Shows::Value),
            ("", 7.0, Shows::Value),
            ("0.00", 7.0, Shows::Value),
            ("#,##0", 7000.0, Shows::Value),
            ("#,##0 \"€\"", 7.0, Shows::Value),
            ("yyyy-mm-dd", 7.0, Shows::Value),
            ("000", 1.5, Shows::Value),
            ("000", -7.0, Shows::Value),
            ("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"??_);_(@_)", 0.0, Shows::Value),
            ("0;-0;\"-\"", 0.0, Shows::Value),
            ("0", 7.0, text("7")),
            ("00000", 7.0, text("00007")),
            ("000", 1234.0, text("1234")),
            ("\"P\"000-00", 12.0, text("P000-12")),
            ("00\\-00", 12345.0, text("123-45")),
            ("000;-000", 7.0, text("007")),
            ("\"1\"0", 5.0, text("15")),
            ("\"1\"#", 5.0, text("15")),
            ("[Red]\"1\"0", 5.0, text("15")),
            ("[$1-409]0", 5.0, text("15")),
            ("\"1\"General", 5.0, text("15")),
            ("0\"1\"_)", 5.0, text("51")),
            ("#-00", 5.0, text("-05")),
            ("##0", 5.0, text("5")),
            ("0;0;\"1\"0", 0.0, text("10")),
            ("\"1\"#,##0", 5.0, Shows::Other),
            ("0.0\"1\"", 5.0, Shows::Other),
            ("\"ID \"#,##0", 5.0, Shows::Other),
            ("\"1\"0", 5.5, Shows::Other),
            ("0;\"1\"0", -5.0, Shows::Other),
            ("[>4]\"1\"0;0", 5.0, Shows::Other),
            ("[=5]\"ann\";General", 5.0, Shows::Other),
            ("@\"x\"", 5.0, Shows::Other),
            ("\"dsnapper@banc.ly\"", 5.0, Shows::Other),
            ("0;0;\"7\"", 0.0, Shows::Other),
            (";;;@", 5.0, Shows::Nothing),
            (";;", 5.0, Shows::Nothing),
            ("\" \"", 5.0, Shows::Nothing),
            ("\"\";\"\";\"\";\"\"", 5.0, Shows::Nothing),
        ] {
            let plain = number.to_string();
            assert_eq!(NumberFormat::of(code).of_number(number, &plain), shown, "{code}");
        }
    }

    #[test]
    fn a_format_that_hides_only_some_numbers_misleads_about_none() {
        for (code, can) in [
            ("General", false),
            ("[Red]0;;", false),
            ("0;-0;;@", false),
            ("0\" kg\"", false),
            (";;;", true),
            ("\"1\"0", true),
            ("@\"x\"", true),
            ("0;\"ann\"", true),
        ] {
            assert_eq!(NumberFormat::of(code).can_mislead(), can, "{code}");
        }
    }
}
