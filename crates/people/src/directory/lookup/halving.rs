//! Splits a call with many names if one of the names makes the call fail.
//!
//! A site that refuses a call (400) may mean one name of a hundred, and so may a site that fails for one call each
//! time and answers others. So the call is halved until that name is alone. Such a name is *unknown*, which
//! differs from *absent*. If nothing at all is answered, the site refuses the call, not a name.

use headcount_atlassian::Site;
use headcount_atlassian::error::{CallError, CallErrorKind};

/// The result of one call.
#[derive(Debug)]
pub(super) struct Halved<F> {
    found: Vec<F>,
    /// How many names were refused, each alone.
    refused: u64,
    /// Whether any part was answered.
    answered: bool,
    error: Option<CallError>,
}

/// How many names of one call may fail alone before any was answered; more are not an accident.
const MOST_FAILED: u64 = 3;

/// Sends a call with many names. If the site refuses it (400) or fails only for it, halves it.
pub(super) async fn halving<T: Copy, F>(
    site: &Site,
    names: &[T],
    ask: impl AsyncFn(&[T]) -> Result<Vec<F>, CallError>,
) -> Result<Halved<F>, CallError> {
    let mut halved = Halved { found: Vec::new(), refused: 0, answered: false, error: None };
    let mut open = vec![names];
    while let Some(names) = open.pop() {
        match ask(names).await {
            Ok(some) => {
                halved.found.extend(some);
                halved.answered = true;
            }
            Err(error)
                if error.kind == CallErrorKind::BadRequest
                    || (error.kind == CallErrorKind::Server
                        && (halved.answered || halved.refused < MOST_FAILED)
                        && site.fails_for_this_alone(&error).await) =>
            {
                if names.len() > 1 {
                    let (left, right) = names.split_at(names.len() / 2);
                    open.extend([right, left]);
                } else {
                    halved.refused += 1;
                    halved.error = Some(error);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(halved)
}

/// The results of all calls of a lookup.
#[derive(Debug, Default)]
pub(super) struct Halves {
    refused: u64,
    answered: bool,
    error: Option<CallError>,
}

impl Halves {
    /// Adds the result of one call. Returns what it found.
    pub(super) fn add<F>(&mut self, halved: Halved<F>) -> Vec<F> {
        self.refused += halved.refused;
        self.answered |= halved.answered;
        self.error = halved.error.or(self.error.take());
        halved.found
    }

    /// Returns what a repeated call found: its refusals were counted the first time.
    pub(super) fn add_again<F>(&mut self, halved: Halved<F>) -> Vec<F> {
        self.answered |= halved.answered;
        halved.found
    }

    /// How many names were refused; the site's refusal if it refused everything.
    pub(super) fn end(self) -> Result<u64, CallError> {
        match self.error {
            Some(error) if !self.answered => Err(error),
            _ => Ok(self.refused),
        }
    }
}
