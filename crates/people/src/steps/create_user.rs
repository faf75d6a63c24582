//! Creates a user, or gives an existing one access to apps.

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::answers::after_created;
use super::change::Step;
use super::creation;
use super::current::{self, unseen};
use super::kind::StepKind;
use super::provisioning;
use super::spec::{
    About, KindSpec, Means, NotFound, Performing, Sends, UserGone, Way, nothing_more,
};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::CreateUser,
    about: About::User,
    does: |target, _| format!("create {}", target.who()),
    done: |target, _| format!("created {}", target.who()),
    planned,
    also_planned: planned,
    wanted: creation::on_the_site,
    also_wanted: creation::on_the_site,
    already: Reason::AlreadyThere,
    now: unseen,
    since_plan: current::account_since_plan,
    differs: creation::OTHER_PRODUCTS,
    ways: &[
        Way {
            api: Api::Jira,
            call: Endpoint::JiraCreateUser,
            sends: Sends::Alone(send),
            observe: creation::observe,
        },
        provisioning::CREATES,
    ],
    opposite: StepKind::RemoveUser,
    not_undoable: |undone| creation::not_undoable(undone).map(Into::into),
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::CreateUsers),
    takes_away: false,
    creates_user: true,
    mails: true,
    not_found: NotFound::Refused,
    announced: None,
    read_back: false,
};

fn planned(step: &Step) -> String {
    if step.api() == Some(Api::Provisioning) {
        let who = step.payload.target.who();
        return format!("create {who} in the identity provider's directory");
    }
    creation::planned(step, |products| {
        format!("create {} with {products}", step.payload.target.who())
    })
}

fn send<'a>(by: Means<'a>, step: &'a Step, permit: Permit) -> Performing<'a> {
    Box::pin(async move {
        let jira = by.jira()?;
        let mail = step.payload.target.mail.as_deref().unwrap_or_default();
        let mut created = jira.create_user(permit, mail, &step.payload.wanted.products).await?;
        if created.account.is_none() {
            // If no index shows the account yet either, the steps that need it are not sent.
            created.account = creation::account_of(by, mail).await.ok().flatten();
        }
        let performed = after_created(step, created, by.known);
        Ok(creation::after_given(by, step, performed).await)
    })
}
