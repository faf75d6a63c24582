//! Invites a user to the organization.

use headcount_atlassian::Endpoint;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::creation;
use super::kind::StepKind;
use super::spec::{About, KindSpec, NotFound, Sends, Way};

pub(super) static KIND: KindSpec = KindSpec {
    kind: StepKind::InviteUser,
    about: About::User,
    does: |target, _| format!("invite {}", target.who()),
    done: |target, _| format!("created {}", target.who()),
    wanted: creation::on_the_site,
    also_wanted: creation::on_the_site,
    already: Reason::AlreadyThere,
    ways: &[Way {
        api: Api::Invitations,
        call: Endpoint::AdminInvite,
        sends: Sends::InPacks,
        observe: creation::observe,
    }],
    opposite: StepKind::RemoveUser,
    guards: Some(Job::CreateUsers),
    takes_away: false,
    creates_user: true,
    not_found: NotFound::Refused,
    is_announced: false,
};
