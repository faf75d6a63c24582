//! The nearest names to one that was not found: a hint for people, never an answer.

use super::Directory;

/// Below this likeness (Jaro-Winkler, 0 to 1) a name is no help.
const ALIKE: f64 = 0.85;

/// How many names are compared at most: a hint is not worth minutes on a huge directory.
const LOOKED_AT: usize = 200_000;

impl Directory {
    /// The mails most like this one, the likest first.
    pub fn nearest_mails(&self, mail: &str, most: usize) -> Vec<String> {
        nearest(mail, self.people().filter_map(|(_, person)| person.mail.as_deref()), most)
    }

    /// The group names most like this one, the likest first.
    pub fn nearest_groups(&self, name: &str, most: usize) -> Vec<String> {
        let names = self.groups().map(|(_, group)| &*group.name);
        let hints = self.hints.iter().map(|hint| &**hint);
        nearest(name, names.chain(hints), most)
    }

    /// Adds a name that the site offered for one it did not find.
    pub fn add_hint(&mut self, name: &str) {
        if !self.hints.iter().any(|hint| **hint == *name) {
            self.hints.push(name.into());
        }
    }
}

fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>, most: usize) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let mut alike: Vec<(f64, &str)> = names
        .filter(|name| !name.is_empty())
        .take(LOOKED_AT)
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    alike.dedup_by(|a, b| a.1 == b.1);
    alike.into_iter().take(most).map(|(_, name)| name.to_owned()).collect()
}
