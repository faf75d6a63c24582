//! The names most like a misspelt one.

/// The names most like `wanted`, the likest first, at most `most`; none that is far from it.
///
/// Likeness is Jaro-Winkler on lower-case letters and digits, which forgives swapped letters and
/// loves a common beginning, as people's typing errors do. What contains the other whole counts as
/// near too (`E-Mail address (work)`). Names that begin with different letters must be much alike: a
/// `Vorname` is no `Group name`.
pub fn nearest<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let wanted = bare(wanted);
    let mut best: Vec<(f64, &str)> = Vec::new();
    if wanted.is_empty() || most == 0 {
        return Vec::new();
    }
    for name in names {
        let other = bare(name);
        let likeness = likeness(&wanted, &other);
        if likeness < near(&wanted, &other) || best.iter().any(|(_, known)| *known == name) {
            continue;
        }
        let place = best.partition_point(|(other, _)| *other >= likeness);
        if place < most {
            best.truncate(most - 1);
            best.insert(place, (likeness, name));
        }
    }
    best.into_iter().map(|(_, name)| name).collect()
}

/// How alike two names must be.
fn near(one: &str, other: &str) -> f64 {
    if one.chars().next() == other.chars().next() || contains(one, other) { 0.78 } else { 0.87 }
}

/// One contains the other whole.
fn contains(one: &str, other: &str) -> bool {
    let whole = |part: &str, all: &str| part.chars().count() >= 4 && all.contains(part);
    whole(one, other) || whole(other, one)
}

fn likeness(one: &str, other: &str) -> f64 {
    let likeness = strsim::jaro_winkler(one, other);
    if contains(one, other) { likeness.max(0.8) } else { likeness }
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likest_come_first_and_strangers_not_at_all() {
        let names = ["oslo-engineering", "hanoi-legal", "houston-sales", "oslo-engineers"];
        assert_eq!(nearest("Oslo Enginering", names, 2), ["oslo-engineering", "oslo-engineers"]);
        assert_eq!(nearest("hanoi-legl", names, 3), ["hanoi-legal"]);
        assert!(nearest("zzz", names, 3).is_empty());
        assert!(nearest("", names, 3).is_empty());
        assert!(nearest("Group name", ["Vorname", "Nachname", "Surname"], 3).is_empty());
        assert_eq!(nearest("emailAddress", ["Kmail address"], 3), ["Kmail address"]);
    }
}
