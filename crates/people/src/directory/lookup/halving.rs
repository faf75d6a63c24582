//! Asking for many names at once where one that the site does not understand spoils the call.
//!
//! A site that refuses a question as such (400) may mean one name of a hundred, and so may one that
//! fails to answer it each time, but answers others. So the question is halved until that name is
//! alone. Such a name is *not known*, which is not the same as *not there*; and where nothing was
//! answered at all, it is the call that is refused, not a name.

use headcount_atlassian::Site;
use headcount_atlassian::error::{CallError, CallErrorKind};

/// What came of one question.
#[derive(Debug)]
pub(super) struct Halved<F> {
    found: Vec<F>,
    /// Names that were refused, each alone.
    refused: u64,
    /// Whether any part was answered.
    answered: bool,
    error: Option<CallError>,
}

/// Names of one question that may fail alone before anything was answered: more are no chance.
const MOST_FAILED: u64 = 3;

/// Asks for many at once; where the site refuses the question as such (400), or fails for this
/// question alone, halves it.
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

/// What came of all questions of a look-up.
#[derive(Debug, Default)]
pub(super) struct Halves {
    refused: u64,
    answered: bool,
    error: Option<CallError>,
}

impl Halves {
    /// Notes what came of one question; what it found.
    pub(super) fn add<F>(&mut self, halved: Halved<F>) -> Vec<F> {
        self.refused += halved.refused;
        self.answered |= halved.answered;
        self.error = halved.error.or(self.error.take());
        halved.found
    }

    /// What a question found that was asked again: its refusals were counted the first time.
    pub(super) fn add_again<F>(&mut self, halved: Halved<F>) -> Vec<F> {
        self.answered |= halved.answered;
        halved.found
    }

    /// How many names were refused; the site's refusal, if nothing but that came.
    pub(super) fn end(self) -> Result<u64, CallError> {
        match self.error {
            Some(error) if !self.answered => Err(error),
            _ => Ok(self.refused),
        }
    }
}
