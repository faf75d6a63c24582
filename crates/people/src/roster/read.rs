//! Reads a roster, and the groups that filters name.

use super::{Roster, RosterUser, Seat};
use crate::choose::{AppFacts, Apps, Filters, LastUse, moment};
use crate::directory::lookup::Witness;
use crate::export::{self, AskedGroups, ExportError, Found, Progress};
use crate::resolve::Guards;
use headcount_atlassian::Site;
use headcount_atlassian::admin::Admin;
use headcount_atlassian::records::{AppUse, ListedPerson};

/// Reads all users of the organization with their apps.
///
/// # Errors
/// As of [`users`](crate::export::users); there is no organization API key.
pub async fn read(
    site: &Site,
    own_account: Witness<'_>,
    guards: &Guards,
    progress: Progress<'_>,
) -> Result<Roster, ExportError> {
    let admin = admin(site)?;
    // Of the beginning: a later time would make users inactive for longer.
    let at = export::now(site);
    let (mut apps, mut users) = (Apps::default(), Vec::new());
    let everyone = Filters::default();
    let listing = export::chosen((site, admin), own_account, &everyone, progress, &mut |found| {
        match found {
            Found::Apps(of) => apps = of.clone(),
            Found::User(listed, _) => users.push(user(listed, &apps, guards)),
        }
        Ok(())
    })
    .await?;
    Ok(Roster { apps, users, at, listing })
}

/// Reads who is in the groups that the filters name.
///
/// # Errors
/// A name means no group, or several; a group's members are not all shown.
pub async fn groups(site: &Site, filters: &Filters) -> Result<AskedGroups, ExportError> {
    AskedGroups::read(site, admin(site)?, filters).await
}

fn admin(site: &Site) -> Result<&Admin, ExportError> {
    let needs = "an organization API key";
    site.admin.as_ref().ok_or(ExportError::NoWay { what: "the users with their last use", needs })
}

fn user(listed: &ListedPerson, apps: &Apps, guards: &Guards) -> RosterUser {
    let person = &listed.person;
    let of = |one: &AppUse| AppFacts {
        app: apps.by_id(&one.app),
        has: Some(true),
        last: LastUse::of_stamp(one.last.as_deref()),
    };
    let uses = listed.apps.as_ref().map(|uses| uses.iter().map(of).collect());
    let seat = match export::seats_of(listed, apps) {
        None => Seat::Unknown,
        Some(apps) if apps.is_empty() => Seat::Free,
        Some(_) => Seat::Taken,
    };
    RosterUser {
        id: person.id.clone(),
        name: person.name.clone(),
        mail: person.mail.clone(),
        standing: person.standing,
        uses,
        kind: person.account_type,
        added: listed.added.as_deref().and_then(moment).map(Into::into),
        managed: person.managed,
        synced: person.synced,
        org_admin: person.org_admin,
        roles: listed.roles.as_ref().map(|roles| roles.clone().into_boxed_slice()),
        seat,
        is_kept: export::is_kept(guards, person),
    }
}
