//! The apps of the list's users, and how they differ from the site's.
//!
//! Only users who are active, or become so, are compared: the site gives no app to others. A user gets the apps that the
//! row names and the user does not have in any way. A user loses an app only if the list owns it.

use std::collections::BTreeSet;

use headcount_atlassian::admin::Resources;
use headcount_model::reason::Reason;
use headcount_model::user::Product;

use super::difference::{Comparison, Difference};
use super::error::SyncError;
use super::list::{List, ListedUser, OtherApp};
use super::look_up::{LookUp, SeenApps};
use crate::directory::lookup::{self, UserApps};
use crate::directory::{Apps, PersonIndex};
use crate::jobs::Action;
use crate::resolve::rests;
use crate::rows::WantedStatus;
use crate::steps::No;

impl LookUp<'_> {
    /// Reads which apps the users have whose rows say it. Without an organization API key, Jira is asked for each user.
    pub(super) async fn read_apps(
        &mut self,
        list: &List,
        users: &[Result<PersonIndex, No>],
    ) -> Result<SeenApps, SyncError> {
        let says = list.users.iter().zip(users).filter(|(one, _)| one.products.is_some());
        let says = says.filter(|(one, _)| is_to_be_active(one));
        let people: Vec<_> = says.filter_map(|(_, at)| at.as_ref().ok().copied()).collect();
        if people.is_empty() {
            return Ok(SeenApps::default());
        }
        let (site, directory) = (self.site, &mut *self.directory);
        let Some(ids) = self.apps else {
            lookup::products_of(site, directory, &people, self.progress).await?;
            let of = |at: PersonIndex| {
                let has = directory.person(at).products.as_ref()?;
                Some((at, has.iter().copied().collect()))
            };
            let has = people.into_iter().filter_map(of).collect();
            return Ok(SeenApps { has, ..SeenApps::default() });
        };
        let mut found = lookup::user_apps(site, directory, &people, self.progress).await?;
        let has = people.into_iter().map(|at| (at, held(&found, at, ids))).collect();
        let others = list.users.iter().zip(users).filter(|(one, _)| !one.apps.is_empty());
        let others: BTreeSet<_> = others.filter_map(|(_, at)| at.as_ref().ok()).collect();
        found.retain(|at, _| others.contains(at));
        Ok(SeenApps { has, ids: Some(ids.clone()), all: found })
    }
}

/// The products of this site among a user's apps.
fn held(found: &UserApps, at: PersonIndex, ids: &Resources) -> BTreeSet<Product> {
    let apps = found.get(&at).map_or(&[][..], Vec::as_slice);
    let is_it = |product: &Product, id: &str| {
        // An app without an id is named by its key.
        apps.iter().any(|app| Apps::same_id(app, id) || Product::from_key(app) == Some(*product))
    };
    ids.iter().filter(|(product, id)| is_it(product, id)).map(|(product, _)| *product).collect()
}

/// Whether the list wants the user to be able to use apps.
fn is_to_be_active(one: &ListedUser) -> bool {
    match one.status {
        Some(WantedStatus::Active) | None => true,
        Some(WantedStatus::Deactivated | WantedStatus::Suspended | WantedStatus::Gone) => false,
    }
}

impl Comparison<'_> {
    /// The differences in the apps of a user that the site has. `status`: what changes the user's state.
    pub(super) fn of_apps(
        &self,
        one: &ListedUser,
        at: PersonIndex,
        status: Option<Action>,
        found: &mut Vec<Difference>,
    ) {
        let (Some(wanted), Some(has)) = (&one.products, self.seen.apps.has.get(&at)) else {
            return;
        };
        let comes_back = matches!(status, Some(Action::Activate | Action::Restore));
        if rests(self.directory.person(at)).is_some() && !comes_back {
            return;
        }
        let missing = wanted.iter().filter(|product| !has.contains(product));
        let extra = self.own_products.iter();
        let extra = extra.filter(|product| has.contains(product) && !wanted.contains(product));
        let missing = missing.map(|product| (Action::Grant, *product));
        let differing: BTreeSet<_> =
            missing.chain(extra.map(|product| (Action::Revoke, *product))).collect();
        for (action, product) in differing {
            let app = self.seen.apps.ids.as_ref().and_then(|ids| ids.get(&product)).cloned();
            let refused = match self.scope.owns_mail(self.mail_of(one, Some(at))) {
                false => Some(self.not_owned_user(one, Some(at))),
                true => app.is_none().then(|| self.no_app(product)),
            };
            found.push(Difference {
                products: Some(vec![product]),
                app,
                comes_back,
                refused,
                ..self.difference(action, at, Some(one))
            });
        }
    }

    /// The other apps that the row names and the user does not have.
    pub(super) fn of_other_apps(
        &self,
        one: &ListedUser,
        at: PersonIndex,
        status: Option<Action>,
        found: &mut Vec<Difference>,
    ) {
        let comes_back = matches!(status, Some(Action::Activate | Action::Restore));
        if rests(self.directory.person(at)).is_some() && !comes_back {
            return;
        }
        let has = self.seen.apps.all.get(&at).map_or(&[][..], Vec::as_slice);
        let is_missing = |app: &&OtherApp| !has.iter().any(|has| Apps::same_id(has, &app.id));
        for app in one.apps.iter().filter(is_missing) {
            let is_owned = self.scope.owns_mail(self.mail_of(one, Some(at)));
            found.push(Difference {
                app: Some(app.id.clone()),
                app_name: Some(app.name.clone()),
                comes_back,
                refused: (!is_owned).then(|| self.not_owned_user(one, Some(at))),
                ..self.difference(Action::Grant, at, Some(one))
            });
        }
    }

    /// The other apps of a user who is created first: only a user who is in the organization can get them.
    pub(super) fn other_apps_of_new(&self, one: &ListedUser) -> Vec<Difference> {
        let later = |app: &OtherApp| {
            let detail = format!(
                "this plan creates the user; the next `sync` of the list grants {}",
                app.name
            );
            Difference {
                app_name: Some(app.name.clone()),
                refused: Some(No::new(Reason::NotInDirectory, detail)),
                ..self.unknown(Action::Grant, one)
            }
        };
        one.apps.iter().map(later).collect()
    }

    /// Why the access to an app cannot be changed.
    fn no_app(&self, product: Product) -> No {
        let detail = match self.seen.apps.ids {
            Some(_) => format!("the organization lists no {product} for this site"),
            None => format!("access to {product} can only be changed with an organization API key"),
        };
        No::new(Reason::NotAllowed, detail)
    }
}
