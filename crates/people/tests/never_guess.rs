//! Property: for any exports, an id that `member map` fills in is the only id that the export has for that address
//! or name.

use std::collections::{BTreeMap, BTreeSet};

use headcount_people::directory::Directory;
use headcount_people::directory::exports::{read_groups, read_users};
use headcount_people::plan::map::Map;
use headcount_people::rows::open;
use headcount_sheet::{Input, Options, Sheet, Source};
use proptest::collection::vec;
use proptest::prelude::*;

const MAILS: [&str; 5] = ["", "a@x.co", "A@x.co", "b@x.co", "c@x.co"];
const NAMES: [&str; 5] = ["", "oslo", "Oslo", "OSLO", "\"a, b\""];

fn sheet(text: String) -> Sheet {
    let input = Input::Bytes(text.into_bytes());
    open(Source { name: "in.csv".to_owned(), input }, &Options::default()).unwrap()
}

/// A table of small numbers and names as CSV.
fn table(heading: &str, pairs: &[(u8, usize)], words: [&str; 5]) -> String {
    let mut text = format!("{heading}\n");
    for (id, word) in pairs {
        text.push_str(&format!("{id},{}\n", words[*word]));
    }
    text
}

/// The ids of each word: with `last` those of users (one email each), otherwise those of groups (the first name).
fn ids(pairs: &[(u8, usize)], words: [&str; 5], last: bool) -> BTreeMap<String, BTreeSet<u8>> {
    let mut word_of: BTreeMap<u8, &str> = BTreeMap::new();
    for (id, word) in pairs.iter().filter(|(_, word)| !words[*word].is_empty()) {
        if last || !word_of.contains_key(id) {
            word_of.insert(*id, words[*word]);
        }
    }
    let mut ids: BTreeMap<String, BTreeSet<u8>> = BTreeMap::new();
    for (id, word) in word_of {
        let word = word.trim_matches('"');
        ids.entry(if last { word.to_lowercase() } else { word.to_owned() }).or_default().insert(id);
    }
    ids
}

proptest! {
    #[test]
    fn an_id_is_filled_in_only_if_there_is_no_other(
        people in vec((0..4_u8, 0..5_usize), 0..8),
        groups in vec((0..4_u8, 0..5_usize), 0..8),
        mail in 1..5_usize,
        name in 1..5_usize,
    ) {
        let mut directory = Directory::default();
        let options = Options::default();
        let users = sheet(table("User id,email", &people, MAILS));
        read_users(&mut directory, users, &options).unwrap();
        let listed = sheet(table("Group id,Group name", &groups, NAMES));
        read_groups(&mut directory, listed, &options).unwrap();

        let wanted = sheet(format!("Email,Group\n{},{}\n", MAILS[mail], NAMES[name]));
        let map = Map::new(&wanted, &options).unwrap();
        let rows: Vec<_> = wanted.map(|raw| map.row(raw.unwrap(), &directory)).collect();
        let row = &rows[0];
        prop_assert_eq!(&row.problems, &[]);

        let holders = ids(&people, MAILS, true);
        match holders.get(&MAILS[mail].to_lowercase()).map(BTreeSet::len) {
            Some(1) => {
                let id = holders[&MAILS[mail].to_lowercase()].first().unwrap().to_string();
                prop_assert_eq!((&row.cells[2], &row.person), (&id, &None));
            }
            _ => prop_assert!(row.cells[2].is_empty() && row.person.is_some()),
        }

        let named = ids(&groups, NAMES, false);
        let name = NAMES[name].trim_matches('"');
        let alike: BTreeSet<u8> = named
            .iter()
            .filter(|(other, _)| other.to_lowercase() == name.to_lowercase())
            .flat_map(|(_, ids)| ids.iter().copied())
            .collect();
        let fits = named.get(name).unwrap_or(&alike);
        match fits.len() {
            1 => {
                let id = fits.first().unwrap().to_string();
                prop_assert_eq!((&row.cells[3], &row.group), (&id, &None));
            }
            _ => prop_assert!(row.cells[3].is_empty() && row.group.is_some()),
        }
    }
}
