//! People the site fails at while it answers about others: each is asked about once more when the
//! others are done, and stays unknown only then.

use super::error::LookupError;
use crate::directory::PersonIndex;
use headcount_atlassian::{CallError, CallErrorKind, Site};

/// This many people in a row that can't be read are no chance: the call itself fails.
const MOST_IN_A_ROW: u32 = 10;

/// A read with an answer that can't be understood is not tried again by the client; here it is,
/// this often.
const MORE: u32 = 4;

/// What came of asking once more about a user the site failed at, the `tries`-th time; `None`: ask
/// again.
///
/// # Errors
/// The failure, where it says something of the site as a whole.
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

/// Whom the site failed at.
#[derive(Debug, Default)]
pub(super) struct Failed {
    pub(super) people: Vec<PersonIndex>,
    in_a_row: u32,
}

impl Failed {
    /// An answer, or `None` where the site failed at this person alone.
    ///
    /// # Errors
    /// The failure, where it says something of the site as a whole.
    pub(super) async fn sort_out<T>(
        &mut self,
        site: &Site,
        person: PersonIndex,
        answer: Result<T, CallError>,
    ) -> Result<Option<T>, LookupError> {
        let error = match answer {
            Ok(answer) => {
                self.in_a_row = 0;
                return Ok(Some(answer));
            }
            Err(error) => error,
        };
        self.in_a_row += 1;
        if self.in_a_row > MOST_IN_A_ROW || !site.fails_for_this_alone(&error).await {
            return Err(error.into());
        }
        self.people.push(person);
        Ok(None)
    }
}
