//! A job's sentences.

/// A job's sentences, around what and how many it is done to.
#[derive(Debug)]
pub struct Phrases {
    /// What one change is about, to be counted: `user`.
    pub one: &'static str,
    /// Before and after the number: `remove`, `from the site`.
    pub imperative: (&'static str, &'static str),
    /// What it is called where the page does not offer it.
    pub title: &'static str,
    /// Of the rows that were changed: `Removed from the site`.
    pub done: &'static str,
    /// Above a report: `Users removed from the site`.
    pub heading: &'static str,
}

impl Phrases {
    /// `deactivate 3 users`, for what and how many: `3 users`.
    pub fn sentence(&self, what: &str) -> String {
        let (before, after) = self.imperative;
        format!("{before} {what} {after}").trim_end().to_owned()
    }

    /// The same with a capital.
    pub fn capitalized(&self, what: &str) -> String {
        let sentence = self.sentence(what);
        let mut letters = sentence.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}
