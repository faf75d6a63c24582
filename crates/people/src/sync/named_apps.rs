//! Apps that a list does not name by Jira's keys: the organization's list of apps says which are meant, as for
//! `access grant`.

use std::borrow::Cow;
use std::collections::HashMap;

use headcount_atlassian::Site;
use headcount_atlassian::admin::Resources;
use headcount_model::user::Product;

use super::error::{ListError, SyncError};
use super::list::{List, ListedUser, OtherApp};
use crate::directory::Apps;
use crate::directory::lookup::LookupError;

/// The list with the apps that its names mean. `ids`: the ids of Jira's apps on this site.
///
/// # Errors
/// A name is not certainly an app, or there is no organization API key to read the apps with.
pub(super) async fn with_apps<'l>(
    list: &'l List,
    site: &Site,
    ids: Option<&Resources>,
) -> Result<Cow<'l, List>, SyncError> {
    let names = |one: &&ListedUser| !one.named_apps.is_empty();
    let Some(first) = list.users.iter().find(names) else { return Ok(Cow::Borrowed(list)) };
    let Some(admin) = &site.admin else {
        let (place, name) = (first.place.clone(), first.named_apps.join(", "));
        return Err(ListError::AppWithoutKey { place, name }.into());
    };
    let apps = Apps::of(admin.apps().await.map_err(LookupError::from)?);
    Ok(Cow::Owned(resolved(list, &apps, ids)?))
}

/// What a name means.
#[derive(Clone, Debug)]
enum Meant {
    Product(Product),
    Other(OtherApp),
}

/// Resolves the names. Pure.
pub(super) fn resolved(
    list: &List,
    apps: &Apps,
    ids: Option<&Resources>,
) -> Result<List, ListError> {
    let (mut list, mut known) = (list.clone(), HashMap::new());
    for user in &mut list.users {
        for name in std::mem::take(&mut user.named_apps) {
            let meant = match known.get(&name) {
                Some(meant) => Meant::clone(meant),
                None => {
                    let meant = meant(&name, apps, ids).map_err(|why| {
                        let place = user.place.clone();
                        ListError::App { place, why }
                    })?;
                    known.insert(name, meant.clone());
                    meant
                }
            };
            match meant {
                Meant::Product(product) => {
                    let products = user.products.get_or_insert_default();
                    if !products.contains(&product) {
                        products.push(product);
                    }
                }
                Meant::Other(app) if user.apps.contains(&app) => {}
                Meant::Other(app) => user.apps.push(app),
            }
        }
    }
    Ok(list)
}

fn meant(name: &str, apps: &Apps, ids: Option<&Resources>) -> Result<Meant, String> {
    let found = apps.named(&[name.to_owned()]).map_err(|unknown| unknown.to_string())?;
    match found.as_deref().unwrap_or_default() {
        [app] => {
            let app = &apps.0[*app];
            let own = ids.into_iter().flatten().find(|(_, id)| Apps::same_id(id, &app.id));
            Ok(match own {
                Some((product, _)) => Meant::Product(*product),
                None => Meant::Other(OtherApp { id: app.id.clone(), name: app.heading.clone() }),
            })
        }
        several => {
            let names: Vec<_> = several.iter().map(|at| apps.0[*at].heading.as_str()).collect();
            Err(format!("several apps are called “{name}”: {}", names.join(", ")))
        }
    }
}
