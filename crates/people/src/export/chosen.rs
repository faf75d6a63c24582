//! The users of the organization, each with the decision of the filters.

use jiff::Timestamp;

use super::asked_groups::AskedGroups;
use super::error::ExportError;
use super::organization::{all_users, not_whole};
use super::plain_listing::kind;
use super::{Exported, Progress, Way};
use crate::choose::{
    AppFacts, Apps, Facts, Filters, LastUse, Status, Tally, Verdict, judge, moment,
};
use crate::directory::lookup::{Witness, is_closed};
use headcount_atlassian::Site;
use headcount_atlassian::admin::{Admin, USE};
use headcount_atlassian::records::ListedPerson;
use headcount_model::user::mail_key;

/// What a listing shows, in its order.
pub(crate) enum Found<'a> {
    /// The apps, once, before the first user.
    Apps(&'a Apps),
    /// A user, and whether the filters list the user.
    User(&'a ListedPerson, Verdict),
}

/// Lists all users of all directories and every managed account in none, and decides about each.
pub(crate) async fn chosen(
    (site, admin): (&Site, &Admin),
    own_account: Witness<'_>,
    filters: &Filters,
    progress: Progress<'_>,
    each: &mut (dyn FnMut(Found<'_>) -> Result<(), ExportError> + Send),
) -> Result<Exported, ExportError> {
    let mut exported = Exported::by(Way::Organization);
    let mut pages = admin.all_people(None, USE).await?;
    // The first page shows whether the organization has these calls at all.
    let first = pages.next().await?;
    let apps = match admin.apps().await {
        Err(error)
            if is_closed(&error) && !filters.uses_activity() && filters.products.is_empty() =>
        {
            exported.no_apps = true;
            Apps::default()
        }
        apps => Apps::of(apps?),
    };
    let chosen_apps = apps.named(&filters.products)?;
    let groups = match filters.groups.is_empty() && filters.not_groups.is_empty() {
        true => AskedGroups::default(),
        false => AskedGroups::read(site, admin, filters).await?,
    };
    let now = now(site);
    each(Found::Apps(&apps))?;
    let mut own_account_seen = false;
    let mut tally = Tally::default();
    all_users(admin, None, (first, pages), progress, &mut |person| {
        let listed = &person.person;
        let same_mail = own_account.mail.map(mail_key) == listed.mail.as_deref().map(mail_key);
        own_account_seen |=
            own_account.account == Some(&listed.id) || (listed.mail.is_some() && same_mail);
        let facts = facts(person, &apps, &groups, filters);
        let unlisted = facts.apps.iter().flatten().any(|one| one.app.is_none());
        exported.unlisted += u64::from(unlisted);
        let verdict = judge(filters, chosen_apps.as_deref(), &facts, now);
        if tally.add(verdict) {
            exported.people += 1;
            exported.hidden += u64::from(listed.mail.is_none());
        }
        each(Found::User(person, verdict))
    })
    .await?;
    if own_account.account.is_some() && !own_account_seen {
        return Err(not_whole("it leaves out the account that runs headcount"));
    }
    exported.tally = Some(tally);
    Ok(exported)
}

/// The site's clock: a computer's clock that is set ahead would make users inactive.
pub(crate) fn now(site: &Site) -> Timestamp {
    site.clock.now().map_or_else(Timestamp::now, |time| time.at_least)
}

fn facts<'a>(
    listed: &'a ListedPerson,
    apps: &Apps,
    groups: &AskedGroups,
    filters: &Filters,
) -> Facts<'a> {
    let person = &listed.person;
    let roles = |roles: &Vec<Box<str>>| roles.iter().map(|role| role.to_string()).collect();
    let uses = |uses: &Vec<headcount_atlassian::records::AppUse>| {
        let of = uses.iter().map(|one| AppFacts {
            app: apps.by_id(&one.app),
            has: Some(true),
            last: LastUse::of_stamp(one.last.as_deref()),
        });
        of.collect()
    };
    Facts {
        kind: kind(listed, filters),
        status: person.standing.map(Status::Is),
        email: person.mail.as_deref(),
        added: listed.added.as_deref().and_then(moment).map(Into::into),
        managed: person.managed,
        synced: person.synced,
        roles: listed.roles.as_ref().map(roles),
        in_group: groups.is_wanted(&person.id),
        in_excluded_group: groups.is_excluded(&person.id),
        apps: listed.apps.as_ref().map(uses),
    }
}
