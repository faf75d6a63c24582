//! Deactivates and reactivates managed accounts, and reads their state.

use headcount_atlassian::CallError;
use headcount_atlassian::admin::Admin;
use headcount_engine::Observation;
use headcount_model::user::{AccountId, AccountStatus};

use super::answers::cannot;
use super::change::Step;
use super::observation::facts;
use super::spec::{Means, SendError};

/// The organization and the account of a step.
pub(super) fn account<'a>(
    by: Means<'a>,
    step: &'a Step,
) -> Result<(&'a Admin, &'a AccountId), SendError> {
    let account = step.payload.target.account.as_ref();
    by.site
        .admin
        .as_ref()
        .zip(account)
        .ok_or(SendError::Impossible("there is no organization API key, or no account"))
}

/// Whether the account of a step has this state.
pub(super) async fn observe(
    by: Means<'_>,
    step: &Step,
    wanted: AccountStatus,
) -> Result<Observation, CallError> {
    let (Some(account), Some(admin)) = (&step.payload.target.account, &by.site.admin) else {
        return Ok(cannot("no organization API key"));
    };
    let profile = admin.profile(account).await?;
    let now = now(by, account).await;
    Ok(state_or_not(wanted, profile.and_then(|person| person.status), now.as_deref()))
}

/// The user as Jira shows them now: state, apps, groups. It is only for people to read, so a failed read does not
/// matter.
async fn now(by: Means<'_>, account: &AccountId) -> Option<String> {
    let user = by.site.jira.as_ref()?.user(account).await.ok()??;
    Some(facts(&user))
}

/// `now` is the user as the site shows them now, if that was read.
fn state_or_not(
    wanted: AccountStatus,
    status: Option<AccountStatus>,
    now: Option<&str>,
) -> Observation {
    let found = |status: AccountStatus| match now {
        Some(now) => format!("account {}; on the site: {now}", status.word()),
        None => status.word().to_owned(),
    };
    match status {
        None => cannot("headcount could not read the account's state"),
        Some(status) if status == wanted => {
            Observation::AsWanted { found: found(status), named: None }
        }
        Some(AccountStatus::Closed) => {
            Observation::Otherwise { found: found(AccountStatus::Closed) }
        }
        Some(status) => Observation::AsBefore { found: found(status) },
    }
}
