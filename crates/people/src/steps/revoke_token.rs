//! Revokes an API token of a managed account. No undo restores a token, so each revocation is verified.

use std::borrow::Cow;

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_engine::Observation;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::account;
use super::answers::{after_change, cannot};
use super::change::Step;
use super::current;
use super::kind::StepKind;
use super::spec::{
    About, KindSpec, Means, NO_DIFFERENCE, NotFound, Observing, Performing, SendError, Sends,
    Undone, UserGone, Way, any_state, nothing_more,
};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::RevokeToken,
    about: About::Token,
    does: |target, _| format!("revoke {} of {}", target.token_words(), target.who()),
    done: |target, _| format!("revoked {} of {}", target.token_words(), target.who()),
    planned: |step| KIND.in_words(step),
    also_planned: |step| format!("revoke {}", step.payload.target.token_words()),
    wanted,
    also_wanted: wanted,
    already: Reason::AlreadyGone,
    now: current::unseen,
    since_plan: any_state,
    differs: NO_DIFFERENCE,
    ways: &[Way {
        api: Api::Accounts,
        call: Endpoint::AdminRevokeToken,
        sends: Sends::Alone(send),
        observe,
    }],
    opposite: StepKind::RevokeToken,
    not_undoable,
    undo: nothing_more,
    user_gone: UserGone::Wanted,
    guards: Some(Job::RevokeTokens),
    takes_away: true,
    creates_user: false,
    mails: false,
    // A token that still exists after a 404 may not be revoked.
    not_found: NotFound::Gone { denied: Some(Reason::NotFound) },
    announced: None,
    read_back: true,
};

fn not_undoable(_: &Undone<'_>) -> Option<Cow<'static, str>> {
    Some("a revoked API token cannot be restored; its owner has to create a new one".into())
}

fn wanted(step: &Step) -> String {
    format!("{} revoked", step.payload.target.token_words())
}

fn send<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let (admin, account) = account::account(by, step)?;
        let token = step.payload.target.token.as_deref();
        let token = token.ok_or(SendError::Impossible("the plan does not name the API token"))?;
        Ok(after_change(by.spec, step, admin.revoke_token(permit, account, token).await?))
    })
}

fn observe<'a>(by: Means<'a>, step: &'a Step) -> Observing<'a> {
    Box::pin(async move {
        let (Some(account), Some(admin)) = (&step.payload.target.account, &by.site.admin) else {
            return Ok(cannot("no organization API key"));
        };
        let Some(tokens) = admin.tokens_of(account).await? else {
            return Ok(cannot("the organization does not show the user's API tokens"));
        };
        let is_there =
            tokens.iter().any(|one| step.payload.target.token.as_deref() == Some(&*one.id));
        Ok(match is_there {
            true => Observation::AsBefore { found: "the token exists".into() },
            false => {
                Observation::AsWanted { found: "the token no longer exists".into(), named: None }
            }
        })
    })
}
