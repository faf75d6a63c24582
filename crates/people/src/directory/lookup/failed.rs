//! Users whose read fails while the site answers for others. Each is read again after the others, and stays
//! unknown if it fails again.

use super::error::LookupError;
use crate::directory::PersonIndex;
use headcount_atlassian::{CallError, CallErrorKind, Site};

/// If this many users in a row cannot be read, the call itself fails.
const MOST_IN_A_ROW: u32 = 10;

/// How often a read is repeated here after an answer that cannot be understood. (The client does not repeat it.)
const MORE: u32 = 4;

/// The result of the `tries`-th repeated read of a user; `None` means to read again.
///
/// # Errors
/// The failure, if it concerns the whole site.
pub(super) async fn last_word<T>(
    site: &Site,
    tries: u32,
    answer: Result<T, CallError>,
) -> Result<Option<Result<T, CallError>>, LookupError> {
    match answer {
        Ok(answer) => Ok(Some(Ok(answer))),
        Err(error) if error.kind == CallErrorKind::Odd && tries < MORE => Ok(None),
        Err(error) if site.fails_for_this_alone(&error).await => Ok(Some(Err(error))),
        Err(error) => Err(error.into()),
    }
}

/// A read of one user, and if it failed, whether it fails for this user alone.
pub(super) struct Tried<T> {
    answer: Result<T, CallError>,
    alone: bool,
}

/// Reads one user of a stream. The question whether a read fails for this user alone is part of the same future: outside
/// of it, the stream's other reads would stand still meanwhile, and the question could wait for a place that they hold.
pub(super) async fn tried<T>(
    site: &Site,
    read: impl Future<Output = Result<T, CallError>>,
) -> Tried<T> {
    let answer = read.await;
    let alone = match &answer {
        Ok(_) => true,
        Err(error) => site.fails_for_this_alone(error).await,
    };
    Tried { answer, alone }
}

/// The users whose reads failed.
#[derive(Debug, Default)]
pub(super) struct Failed {
    pub(super) people: Vec<PersonIndex>,
    in_a_row: u32,
}

impl Failed {
    /// The answer, or `None` if the read failed only for this user.
    ///
    /// # Errors
    /// The failure, if it concerns the whole site.
    pub(super) fn sort_out<T>(
        &mut self,
        person: PersonIndex,
        tried: Tried<T>,
    ) -> Result<Option<T>, LookupError> {
        let error = match tried.answer {
            Ok(answer) => {
                self.in_a_row = 0;
                return Ok(Some(answer));
            }
            Err(error) => error,
        };
        self.in_a_row += 1;
        if self.in_a_row > MOST_IN_A_ROW || !tried.alone {
            return Err(error.into());
        }
        self.people.push(person);
        Ok(None)
    }
}
