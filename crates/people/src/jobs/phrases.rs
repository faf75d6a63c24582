//! A job's sentences.

/// A job's sentences, around the number of users or groups.
#[derive(Debug)]
pub struct Phrases {
    /// The thing that is counted, in the singular: `user`.
    pub one: &'static str,
    /// The words before and after the number: `remove`, `from the site`.
    pub imperative: (&'static str, &'static str),
    /// Its title if the page does not offer it.
    pub title: &'static str,
    /// For changed rows: `Removed from the site`.
    pub done: &'static str,
    /// For a report's heading: `Users removed from the site`.
    pub heading: &'static str,
}

impl Phrases {
    /// `deactivate 3 users`, from `3 users`.
    pub fn sentence(&self, what: &str) -> String {
        let (before, after) = self.imperative;
        format!("{before} {what} {after}").trim_end().to_owned()
    }

    /// The same, capitalized.
    pub fn capitalized(&self, what: &str) -> String {
        let sentence = self.sentence(what);
        let mut letters = sentence.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}
