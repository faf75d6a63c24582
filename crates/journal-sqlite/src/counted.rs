//! Counts lines by their values: few kinds, each of many lines, which often follow a line of the same kind.

use std::collections::HashMap;

/// The texts and the flag that the lines of a kind have in common.
type Key<const N: usize> = ([Box<str>; N], bool);

/// Counted of lines with the same texts and flag, each with its count.
pub(crate) struct Counted<const N: usize> {
    kinds: Vec<(Key<N>, u64)>,
    places: HashMap<Key<N>, usize>,
    /// The kind of the last line.
    last: usize,
}

impl<const N: usize> Default for Counted<N> {
    fn default() -> Self {
        Self { kinds: Vec::new(), places: HashMap::new(), last: 0 }
    }
}

impl<const N: usize> Counted<N> {
    /// Counts a line.
    pub(crate) fn count(&mut self, texts: [&str; N], flag: bool) {
        let is_it = |(own, of): &Key<N>| {
            *of == flag && own.iter().zip(texts).all(|(own, text)| **own == *text)
        };
        if !self.kinds.get(self.last).is_some_and(|(key, _)| is_it(key)) {
            let key = (texts.map(Box::from), flag);
            let next = self.kinds.len();
            self.last = *self.places.entry(key.clone()).or_insert(next);
            if self.last == next {
                self.kinds.push((key, 0));
            }
        }
        self.kinds[self.last].1 += 1;
    }

    /// The kinds, in the order of their first lines.
    pub(crate) fn all(self) -> impl Iterator<Item = (Key<N>, u64)> {
        self.kinds.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_texts_and_flag() {
        let mut kinds = Counted::default();
        for (texts, flag) in [
            (["a", "b"], true),
            (["a", "b"], true),
            (["a", ""], true),
            (["a", "b"], true),
            (["a", "b"], false),
        ] {
            kinds.count(texts, flag);
        }
        let all: Vec<_> =
            kinds.all().map(|((texts, flag), many)| (texts.concat(), flag, many)).collect();
        assert_eq!(all, [("ab".into(), true, 3), ("a".into(), true, 1), ("ab".into(), false, 1)]);
    }
}
