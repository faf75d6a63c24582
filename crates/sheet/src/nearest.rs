//! The names most similar to a misspelled one.

/// The names most similar to `wanted`, the most similar first, at most `most` of them; names that differ too much
/// are left out.
///
/// Similarity is Jaro-Winkler on lower-case letters and digits. It forgives swapped letters and favors a common
/// beginning, which suits typing errors. A name that contains the other one whole counts as similar too (`E-Mail
/// address (work)`). Names with different first letters must be very similar: a `Vorname` is not a `Group name`.
pub fn nearest<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let names = names.into_iter().map(|name| (Letters::of(name), name));
    nearest_of(wanted, names, |name| name, most)
}

/// The same for names whose letters were counted before; `read` returns the name if it has to be compared in full.
pub fn nearest_of<'a, N>(
    wanted: &str,
    names: impl IntoIterator<Item = (Letters, N)>,
    read: impl Fn(N) -> &'a str,
    most: usize,
) -> Vec<&'a str> {
    let wanted = bare(wanted);
    let letters = Letters::of(&wanted);
    let mut best: Vec<(f64, &str)> = Vec::new();
    if wanted.is_empty() || most == 0 {
        return Vec::new();
    }
    for (known, name) in names {
        let worst = best.get(most - 1).map_or(0.0, |(worst, _)| *worst);
        // Most of a hundred thousand names need no full comparison.
        if letters.likeness_at_most(known) <= worst.max(JUST_TOO_FAR) {
            continue;
        }
        let name = read(name);
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

/// The least similarity of names that begin with the same letter.
const NEAR: f64 = 0.78;

/// Makes the upper bound slightly too high, never too low.
const ROUNDING: f64 = 1e-9;

const JUST_TOO_FAR: f64 = NEAR - ROUNDING;

/// The least similarity of a name that contains the other one.
const CONTAINS: f64 = 0.8;

/// The letters and digits of a name, and how many there are.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    many: u32,
    /// One bit for each letter or digit. Characters outside ASCII share bits.
    which: u64,
}

impl Letters {
    /// Counts the letters and digits of a name.
    pub fn of(name: &str) -> Self {
        let none = Self { many: 0, which: 0 };
        // A short path for ASCII, ten times as fast: nearly every name is ASCII.
        if name.is_ascii() {
            let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
            return letters.fold(none, |known, c| known.and(c.to_ascii_lowercase().into()));
        }
        bare_chars(name).fold(none, Self::and)
    }

    fn and(self, c: char) -> Self {
        Self { many: self.many + 1, which: self.which | 1 << bit(c) }
    }

    /// An upper bound of the Jaro-Winkler similarity of two names with these letters: a letter that the other name
    /// lacks matches nothing, and all others are taken as matching in order.
    fn likeness_at_most(self, other: Self) -> f64 {
        let lacks = |one: Self, other: Self| (one.which & !other.which).count_ones();
        let (mine, theirs) = (lacks(self, other), lacks(other, self));
        let matches = f64::from((self.many - mine).min(other.many - theirs));
        let share = |many: u32| if many == 0 { 0.0 } else { matches / f64::from(many) };
        let jaro = (share(self.many) + share(other.many) + 1.0) / 3.0;
        // At most four letters count as a common beginning.
        let likeness = jaro + 0.4 * (1.0 - jaro) + ROUNDING;
        if mine == 0 || theirs == 0 { likeness.max(CONTAINS + ROUNDING) } else { likeness }
    }
}

fn bit(c: char) -> u32 {
    match c {
        'a'..='z' => c as u32 - 'a' as u32,
        '0'..='9' => 26 + c as u32 - '0' as u32,
        c => 36 + c as u32 % 28,
    }
}

/// The least similarity that two names need.
fn near(one: &str, other: &str) -> f64 {
    if one.chars().next() == other.chars().next() || contains(one, other) { NEAR } else { 0.87 }
}

/// Whether one name contains the other one whole.
fn contains(one: &str, other: &str) -> bool {
    let whole = |part: &str, all: &str| part.chars().count() >= 4 && all.contains(part);
    whole(one, other) || whole(other, one)
}

fn likeness(one: &str, other: &str) -> f64 {
    let likeness = strsim::jaro_winkler(one, other);
    if contains(one, other) { likeness.max(CONTAINS) } else { likeness }
}

fn bare(name: &str) -> String {
    bare_chars(name).collect()
}

fn bare_chars(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A name that is skipped without a full comparison is never more similar than the bound.
        #[test]
        fn nothing_near_is_passed_over(
            (one, other) in ("[a-e1-3Äß][a-e1-3.@ Äß]{0,12}", "[a-e1-3.@ Äß]{0,12}")
        ) {
            let (one, other) = (bare(&one), bare(&other));
            let most = Letters::of(&one).likeness_at_most(Letters::of(&other));
            prop_assert!(likeness(&one, &other) < most, "{one:?} {other:?}: {most}");
        }
    }

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
