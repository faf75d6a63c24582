//! The doors of a run, by their numbers in it. There are only a few; a store reads them once for each page, when the
//! first is needed.

use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;

use headcount_model::door::Door;

use super::decode::door_of;
use super::error::JournalError;

/// Reads the doors of a run: number and JSON text.
type Read<'s> = Box<dyn Fn() -> Result<Vec<(i64, String)>, JournalError> + 's>;

/// The doors of a run.
pub struct Doors<'s> {
    read: Read<'s>,
    known: OnceCell<Vec<(i64, Arc<Door>)>>,
}

impl fmt::Debug for Doors<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Doors({:?})", self.known)
    }
}

impl<'s> Doors<'s> {
    /// The doors that `read` reads.
    pub fn new(read: impl Fn() -> Result<Vec<(i64, String)>, JournalError> + 's) -> Self {
        Self { read: Box::new(read), known: OnceCell::new() }
    }

    /// The door of a number.
    pub fn get(&self, number: Option<i64>) -> Result<Option<Arc<Door>>, JournalError> {
        let Some(number) = number else { return Ok(None) };
        let doors = match self.known.get() {
            Some(doors) => doors,
            None => {
                let read = (self.read)()?.into_iter();
                let read: Result<Vec<_>, JournalError> =
                    read.map(|(number, value)| Ok((number, door_of(&value)?))).collect();
                let read = read?;
                self.known.get_or_init(|| read)
            }
        };
        let found = doors.iter().find(|(known, _)| *known == number);
        Ok(found.map(|(_, door)| Arc::clone(door)))
    }
}
