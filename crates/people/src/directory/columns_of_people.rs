//! The users of a directory by their indexes. A user is kept as text while only the columns of an export are known.

use std::sync::OnceLock;

use headcount_model::user::{AccountId, AccountStatus};

use super::person::{Person, PersonIndex};

/// What an export's columns say about a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listed<'a> {
    /// An [`AccountId`]'s text.
    pub(super) id: &'a str,
    pub(super) mail: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) status: Option<AccountStatus>,
    pub(super) managed: Option<bool>,
    pub(super) org_admin: Option<bool>,
}

impl Listed<'_> {
    /// Whether everything that this says is known already.
    pub(super) fn is_in(&self, known: &Self) -> bool {
        fn same<T: PartialEq>(known: Option<T>, new: Option<T>) -> bool {
            new.is_none() || known == new
        }
        same(known.mail, self.mail)
            && same(known.name, self.name)
            && same(known.status, self.status)
            && same(known.managed, self.managed)
            && same(known.org_admin, self.org_admin)
    }

    pub(super) fn person(&self) -> Person {
        Person {
            mail: self.mail.map(Into::into),
            name: self.name.map(Into::into),
            status: self.status,
            managed: self.managed,
            org_admin: self.org_admin,
            ..Person::new(AccountId::checked(self.id))
        }
    }
}

/// Bytes of text that are stored together.
const CHUNK: usize = 1 << 20;

/// Users whose places are made together.
const BLOCK: usize = 64;

/// Where a user's facts are.
#[derive(Clone, Copy, Debug)]
enum Slot {
    /// In a chunk of text: id, email, name.
    Text(Place, Flags),
    /// In the list of whole users.
    Whole(u32),
}

/// A place in the text, and the length of each part.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    chunk: u16,
    id: u8,
    mail: u8,
    name: u8,
}

/// The longest part that is kept as text; a user with a longer one is kept whole.
const LONGEST: usize = 254;

/// The length of a part that is not there.
const NONE: u8 = 255;

/// The facts that are no text.
#[derive(Clone, Copy, Debug)]
struct Flags {
    status: Option<AccountStatus>,
    managed: Option<bool>,
    org_admin: Option<bool>,
}

/// Users by their indexes.
#[derive(Debug, Default)]
pub(super) struct Slots {
    slots: Vec<Slot>,
    texts: Vec<String>,
    whole: Vec<Person>,
    /// The users of the text that were looked at, in blocks.
    made: Vec<OnceLock<Box<[OnceLock<Person>]>>>,
}

impl Slots {
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    fn add(&mut self, slot: Slot) -> PersonIndex {
        let index = PersonIndex(self.slots.len() as u32);
        if self.slots.len().is_multiple_of(BLOCK) {
            self.made.push(OnceLock::new());
        }
        self.slots.push(slot);
        index
    }

    pub(super) fn push(&mut self, person: Person) -> PersonIndex {
        self.whole.push(person);
        self.add(Slot::Whole(self.whole.len() as u32 - 1))
    }

    pub(super) fn push_listed(&mut self, listed: &Listed<'_>) -> PersonIndex {
        match self.stored(listed) {
            Some(slot) => self.add(slot),
            None => self.push(listed.person()),
        }
    }

    /// Stores the text.
    fn stored(&mut self, listed: &Listed<'_>) -> Option<Slot> {
        let parts = [Some(listed.id), listed.mail, listed.name];
        let long: usize = parts.iter().flatten().map(|part| part.len()).sum();
        if parts.iter().flatten().any(|part| part.len() > LONGEST) {
            return None;
        }
        let has_room = |text: &String| text.len() + long <= CHUNK;
        if !self.texts.last().is_some_and(has_room) {
            self.texts.push(String::with_capacity(CHUNK));
        }
        let chunk = u16::try_from(self.texts.len() - 1).ok()?;
        let text = self.texts.last_mut()?;
        let start = text.len() as u32;
        parts.into_iter().flatten().for_each(|part| text.push_str(part));
        let [id, mail, name] = parts.map(|part| part.map_or(NONE, |part| part.len() as u8));
        let Listed { status, managed, org_admin, .. } = *listed;
        let place = Place { start, chunk, id, mail, name };
        Some(Slot::Text(place, Flags { status, managed, org_admin }))
    }

    pub(super) fn get(&self, index: PersonIndex) -> &Person {
        let at = index.0 as usize;
        match &self.slots[at] {
            Slot::Whole(whole) => &self.whole[*whole as usize],
            Slot::Text(place, flags) => {
                let block = self.made[at / BLOCK]
                    .get_or_init(|| std::iter::repeat_with(OnceLock::new).take(BLOCK).collect());
                block[at % BLOCK].get_or_init(|| self.text(place, flags).person())
            }
        }
    }

    pub(super) fn get_mut(&mut self, index: PersonIndex) -> &mut Person {
        let at = index.0 as usize;
        let whole = match &self.slots[at] {
            Slot::Whole(whole) => *whole as usize,
            Slot::Text(place, flags) => {
                let person = self.text(place, flags).person();
                self.whole.push(person);
                let whole = self.whole.len() - 1;
                self.slots[at] = Slot::Whole(whole as u32);
                whole
            }
        };
        &mut self.whole[whole]
    }

    fn text(&self, place: &Place, flags: &Flags) -> Listed<'_> {
        let mut rest = &self.texts[usize::from(place.chunk)][place.start as usize..];
        let mut part = |length: u8| {
            if length == NONE {
                return None;
            }
            let (part, after) = rest.split_at(usize::from(length));
            rest = after;
            Some(part)
        };
        let (id, mail, name) = (part(place.id), part(place.mail), part(place.name));
        let Flags { status, managed, org_admin } = *flags;
        Listed { id: id.unwrap_or_default(), mail, name, status, managed, org_admin }
    }

    /// What an export's columns say about the user.
    pub(super) fn listed(&self, index: PersonIndex) -> Listed<'_> {
        match &self.slots[index.0 as usize] {
            Slot::Text(place, flags) => self.text(place, flags),
            Slot::Whole(whole) => {
                let person = &self.whole[*whole as usize];
                Listed {
                    id: person.id.as_str(),
                    mail: person.mail.as_deref(),
                    name: person.name.as_deref(),
                    status: person.status,
                    managed: person.managed,
                    org_admin: person.org_admin,
                }
            }
        }
    }

    pub(super) fn id(&self, index: PersonIndex) -> &str {
        self.listed(index).id
    }

    pub(super) fn mail(&self, index: PersonIndex) -> Option<&str> {
        self.listed(index).mail
    }
}
