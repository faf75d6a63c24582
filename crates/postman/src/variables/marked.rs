//! A text that knows the origin of each byte, so that values can be encoded for their positions.

/// The origin of a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The collection itself, or a variable from a file: it may contain separators.
    Structure,
    /// A data row, a script or a generator: it is data, and characters in it are not separators.
    Data,
}

/// A text with the origin of each byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    text: String,
    marks: Vec<Mark>,
}

/// A value for a name.
pub type Replacement = Option<(String, Mark)>;

/// How often a text is searched again for names in the inserted values. Postman's own limit.
const PASSES: usize = 19;

/// The longest text that variables may create, in bytes.
const LONGEST: usize = 10 * 1024 * 1024;

/// How many names of a text are replaced at most, with those in the inserted values: variables that refer to each
/// other many times grow without end.
const MOST: usize = 100_000;

impl Marked {
    /// A text of the collection.
    pub fn structure(text: &str) -> Self {
        Self { text: text.to_owned(), marks: vec![Mark::Structure; text.len()] }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, taken out.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The origin of each byte.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Replaces every `{{name}}` repeatedly, from the inside out, as Postman does. A name without a value stays.
    /// Braces in data are not variables. Returns also the name that makes the text too long; the text is then one
    /// of an earlier pass.
    pub fn resolve(mut self, mut value: impl FnMut(&str) -> Replacement) -> (Self, Option<String>) {
        let mut left = MOST;
        for _ in 0..PASSES {
            match self.pass(&mut value, &mut left) {
                Ok(None) => break,
                Ok(Some(next)) => self = next,
                Err(name) => return (self, Some(name)),
            }
        }
        (self, None)
    }

    /// One pass; `None` if the text has no name at all, and an error with the name that makes it too long.
    fn pass(
        &self,
        value: &mut impl FnMut(&str) -> Replacement,
        left: &mut usize,
    ) -> Result<Option<Self>, String> {
        let mut next = Self::default();
        let mut from = 0;
        for (start, end) in self.names() {
            let name = &self.text[start + 2..end - 2];
            next.push(&self.text[from..start], &self.marks[from..start]);
            match value(name) {
                Some((text, mark)) => {
                    *left = left.checked_sub(1).ok_or_else(|| name.to_owned())?;
                    if next.text.len() + text.len() > LONGEST {
                        return Err(name.to_owned());
                    }
                    next.push_all(&text, mark);
                }
                None => next.push(&self.text[start..end], &self.marks[start..end]),
            }
            from = end;
        }
        if from == 0 {
            return Ok(None);
        }
        next.push(&self.text[from..], &self.marks[from..]);
        Ok(Some(next))
    }

    /// The innermost `{{name}}`s, from the first to the last.
    pub fn names(&self) -> Vec<(usize, usize)> {
        let bytes = self.text.as_bytes();
        let brace = |at: usize, wanted: u8| {
            bytes.get(at) == Some(&wanted) && self.marks.get(at) == Some(&Mark::Structure)
        };
        let pair = |at: usize, wanted| brace(at, wanted) && brace(at + 1, wanted);
        let mut names = Vec::new();
        let mut at = 0;
        while at + 3 < bytes.len() {
            if !pair(at, b'{') {
                at += 1;
                continue;
            }
            let inner = at + 2;
            let rest = inner..bytes.len();
            let end = rest.into_iter().find(|at| brace(*at, b'{') || brace(*at, b'}'));
            match end.filter(|end| pair(*end, b'}')) {
                Some(end) => {
                    names.push((at, end + 2));
                    at = end + 2;
                }
                // Skipped text contains no brace, so the search stays linear.
                None => at = end.map_or(bytes.len(), |end| end.saturating_sub(1).max(at + 1)),
            }
        }
        names
    }

    fn push(&mut self, text: &str, marks: &[Mark]) {
        self.text += text;
        self.marks.extend_from_slice(marks);
    }

    fn push_all(&mut self, text: &str, mark: Mark) {
        self.text += text;
        self.marks.resize(self.text.len(), mark);
    }

    /// The text with its data replaced piece by piece.
    pub fn with_data(&self, mut encode: impl FnMut(usize, &str, &mut String)) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for run in self.marks.chunk_by(|one, other| one == other) {
            let piece = &self.text[from..from + run.len()];
            match run.first() {
                Some(Mark::Data) => encode(from, piece, &mut text),
                Some(Mark::Structure) | None => text += piece,
            }
            from += run.len();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, Marked};

    fn resolve(text: &str) -> String {
        let value = |name: &str| {
            let (value, mark) = match name {
                "a" => ("1", Mark::Structure),
                "k" => ("a", Mark::Data),
                "name_a" => ("nested", Mark::Structure),
                "chain" => ("<{{a}}>", Mark::Structure),
                "circle" => ("{{circle}}", Mark::Structure),
                "data" => ("{{a}}", Mark::Data),
                _ => return None,
            };
            Some((value.to_owned(), mark))
        };
        Marked::structure(text).resolve(value).0.into_text()
    }

    #[test]
    fn names_are_replaced_from_the_inside_out() {
        let cases = [
            ("", ""),
            ("{{a}}{{a}}", "11"),
            ("{{{a}}}", "{1}"),
            ("{{name_{{k}}}}", "nested"),
            ("{{chain}}", "<1>"),
            ("{{circle}}", "{{circle}}"),
            ("{{ a }}", "{{ a }}"),
            ("{{none}} {{a}}", "{{none}} 1"),
            ("{{data}}", "{{a}}"),
            ("{{a}", "{{a}"),
            ("{{{{a}}", "{{1"),
            ("}}{{", "}}{{"),
            ("ä{{a}}ö", "ä1ö"),
        ];
        for (text, wanted) in cases {
            assert_eq!(resolve(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_text_that_variables_make_too_long_names_the_variable() {
        // Thirteen variables, each of which names the next one ten times; one that doubles itself; long values.
        let chain = |name: &str| match name.strip_prefix('a')?.parse::<u32>().ok()? {
            12 => Some(("x".to_owned(), Mark::Structure)),
            at => Some((format!("{{{{a{}}}}}", at + 1).repeat(10), Mark::Structure)),
        };
        let (_, long) = Marked::structure("{{a0}}").resolve(chain);
        assert!(long.is_some_and(|name| name.starts_with('a')));
        let (_, long) = Marked::structure("{{a8}}").resolve(chain);
        assert_eq!(long, None);
        let twice = |_: &str| Some(("{{b}}{{b}}".to_owned(), Mark::Structure));
        assert_eq!(Marked::structure("{{b}}").resolve(twice).1.as_deref(), Some("b"));
        let large = |_: &str| Some(("x".repeat(1_000_000), Mark::Data));
        let (text, long) = Marked::structure(&"{{c}}".repeat(1_000)).resolve(large);
        assert_eq!((text.text().len(), long.as_deref()), (5_000, Some("c")));
    }

    #[test]
    fn a_text_of_braces_alone_is_searched_once() {
        let text = "{{".repeat(200_000);
        assert_eq!(Marked::structure(&text).names(), []);
    }
}
