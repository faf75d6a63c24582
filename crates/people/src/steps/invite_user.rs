//! Invites a user to the organization.

use headcount_atlassian::Endpoint;
use headcount_atlassian::pace::Permit;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;
use headcount_model::words::many;

use super::change::Step;
use super::creation;
use super::current::{self, unseen};
use super::kind::StepKind;
use super::spec::{About, Inviting, KindSpec, Means, NotFound, Sends, UserGone, Way, nothing_more};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::InviteUser,
    about: About::User,
    does: |target, _| format!("invite {}", target.who()),
    done: |target, _| format!("created {}", target.who()),
    planned,
    also_planned: planned,
    wanted: creation::on_the_site,
    also_wanted: creation::on_the_site,
    already: Reason::AlreadyThere,
    now: unseen,
    since_plan: current::account_since_plan,
    differs: "other products or groups for the same user; write all of them in one row",
    ways: &[Way {
        api: Api::Invitations,
        call: Endpoint::AdminInvite,
        sends: Sends::InPacks(invite),
        observe: creation::observe,
    }],
    opposite: StepKind::RemoveUser,
    not_undoable: |undone| creation::not_undoable(undone).map(Into::into),
    undo: nothing_more,
    user_gone: UserGone::NotUndoable,
    guards: Some(Job::CreateUsers),
    takes_away: false,
    creates_user: true,
    mails: false,
    not_found: NotFound::Refused,
    announced: None,
    read_back: false,
};

fn planned(step: &Step) -> String {
    creation::planned(step, |products| {
        let groups = match step.payload.wanted.groups.len() as u64 {
            0 => String::new(),
            groups => format!(" and {}", many(groups, "group")),
        };
        format!("invite {} with {products}{groups}", step.payload.target.who())
    })
}

fn invite<'a>(by: Means<'a>, steps: Vec<&'a Step>, permit: Permit) -> Inviting<'a> {
    Box::pin(async move {
        let admin = by.admin()?;
        let mail = |step: &&'a Step| step.payload.target.mail.as_deref().unwrap_or_default();
        let mails: Vec<&str> = steps.iter().map(mail).collect();
        let Some(first) = steps.first() else { return Ok((0, Vec::new())) };
        let wanted = &first.payload.wanted;
        let text = wanted.message.as_deref();
        Ok(admin.invite(permit, &mails, &wanted.resources, &wanted.groups, text).await?)
    })
}
