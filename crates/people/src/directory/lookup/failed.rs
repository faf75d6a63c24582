//! Reads of single users, side by side. A user whose read fails while the site answers for others is read again after
//! the others, and stays unknown if it fails again.

use futures_util::stream::{self, StreamExt as _};

use super::error::LookupError;
use headcount_atlassian::{CallError, CallErrorKind, Site};

/// If this many users in a row cannot be read, the call itself fails.
const MOST_IN_A_ROW: u32 = 10;

/// How often a read is repeated here after an answer that cannot be understood. (The client does not repeat it.)
const MORE: u32 = 4;

/// The reads of a lookup that are made for each user.
pub(super) struct Reads<'a> {
    /// The site.
    pub site: &'a Site,
    /// How many are made at the same time.
    pub at_once: usize,
}

impl Reads<'_> {
    /// Reads each user, and hands over each answer in the users' order: the first ones, then the repeated ones. An
    /// answer that is an error concerns this user alone.
    ///
    /// # Errors
    /// The failure, if it concerns the whole site.
    pub(super) async fn each<At, Id, T, Read>(
        &self,
        users: Vec<(At, Id)>,
        read: impl Fn(Id) -> Read + Send + Sync,
        mut note: impl FnMut(At, Result<T, CallError>) + Send,
    ) -> Result<(), LookupError>
    where
        Id: Clone,
        Read: Future<Output = Result<T, CallError>>,
    {
        let (site, read) = (self.site, &read);
        // The question whether a read fails for this user alone is part of the same future: outside of it, the other
        // reads would stand still meanwhile, and the question could wait for a place that they hold.
        let mut answers = stream::iter(users)
            .map(|(at, id)| async move {
                let answer = read(id.clone()).await;
                let is_alone = match &answer {
                    Ok(_) => true,
                    Err(error) => site.fails_for_this_alone(error).await,
                };
                (at, id, answer, is_alone)
            })
            .buffered(self.at_once);
        let (mut failed, mut in_a_row) = (Vec::new(), 0);
        while let Some((at, id, answer, is_alone)) = answers.next().await {
            match answer {
                Ok(answer) => {
                    in_a_row = 0;
                    note(at, Ok(answer));
                }
                Err(error) => {
                    in_a_row += 1;
                    if in_a_row > MOST_IN_A_ROW || !is_alone {
                        return Err(error.into());
                    }
                    failed.push((at, id));
                }
            }
        }
        for (at, id) in failed {
            note(at, again(site, || read(id.clone())).await?);
        }
        Ok(())
    }
}

/// Reads a user again.
async fn again<T, Read>(
    site: &Site,
    read: impl Fn() -> Read,
) -> Result<Result<T, CallError>, LookupError>
where
    Read: Future<Output = Result<T, CallError>>,
{
    let mut tries = 1;
    loop {
        match read().await {
            Ok(answer) => return Ok(Ok(answer)),
            Err(error) if error.kind == CallErrorKind::Odd && tries < MORE => tries += 1,
            Err(error) if site.fails_for_this_alone(&error).await => return Ok(Err(error)),
            Err(error) => return Err(error.into()),
        }
    }
}
