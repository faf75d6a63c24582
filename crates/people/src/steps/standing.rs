//! Users in the organization's directory: suspends, restores and removes them.

use headcount_atlassian::admin::Admin;
use headcount_atlassian::records::{Change, PersonRecord};
use headcount_atlassian::{CallError, CallErrorKind};
use headcount_engine::{Observation, Performed};
use headcount_model::user::{AccountId, Standing};

use super::answers::{after_change, cannot, not_read};
use super::change::Step;
use super::spec::{Means, SendError};

/// Sends a change of a user of the directory.
pub(super) async fn change<'a, F>(
    by: Means<'a>,
    step: &'a Step,
    call: impl FnOnce(&'a Admin, &'a AccountId) -> F + Send,
) -> Result<Performed, SendError>
where
    F: Future<Output = Result<Change, CallError>> + Send,
{
    let admin = home(by).await?;
    let account = step.payload.target.account.as_ref().ok_or_else(SendError::unnamed)?;
    Ok(after_change(by.spec, step, call(admin, account).await?))
}

/// The directory that changes go to. It is read once for each client; while it cannot be read, nothing is sent.
pub(super) async fn home<'a>(by: Means<'a>) -> Result<&'a Admin, SendError> {
    let admin = by.admin()?;
    let Err(error) = admin.find_home().await else { return Ok(admin) };
    let not_sent = matches!(error.kind, CallErrorKind::Credential | CallErrorKind::Redirected);
    match not_sent || error.passes_by_itself() {
        true => Err(SendError::Unsent(Performed::NotSent(not_read(&error)))),
        false => Err(error.into()),
    }
}

/// Whether the state of a step's user in the directory is `wanted`, or one from which the step can be done
/// (`is_before`).
pub(super) async fn observe(
    by: Means<'_>,
    step: &Step,
    wanted: Standing,
    is_before: impl FnOnce(Standing) -> bool + Send,
) -> Result<Observation, CallError> {
    let (Some(account), Some(admin)) = (&step.payload.target.account, &by.site.admin) else {
        return Ok(cannot("no organization API key"));
    };
    let user = admin.user(account).await?;
    Ok(standing_or_not(user.as_ref(), wanted, is_before))
}

/// `user` is `None` if the directory does not know the account.
fn standing_or_not(
    user: Option<&PersonRecord>,
    wanted: Standing,
    is_before: impl FnOnce(Standing) -> bool,
) -> Observation {
    let standing = match user {
        None => Standing::NotInvited,
        Some(user) => match user.standing {
            Some(standing) => standing,
            None => return cannot("the directory does not show the state of the user"),
        },
    };
    let found = standing.word().to_owned();
    match (standing == wanted, is_before(standing)) {
        (true, _) => Observation::AsWanted { found, named: None },
        (false, true) => Observation::AsBefore { found },
        (false, false) => Observation::Otherwise { found },
    }
}
