//! Single users: create, read, remove from the site, and the caller's own account.

use serde_json::Value;

use super::errors::{error, field_error, must_administer, no_user, object};
use super::wire;
use crate::http::{Call, Edit, Reply};
use crate::org::{Change, Org, PersonIx, Product, Source, is_mail};

type Answer = Result<Reply, Reply>;

/// `GET /myself`
pub(crate) fn myself(call: &Call<'_>, org: &Org) -> Answer {
    let at = call.caller.person().ok_or_else(no_user)?;
    Ok(Reply::json(200, &wire::whole_user(call, org, at)))
}

/// `GET /user`. Assumption: a removed user is 404.
pub(crate) fn get_user(call: &Call<'_>, org: &Org) -> Answer {
    let at = queried_user(call, org)?;
    Ok(Reply::json(200, &wire::whole_user(call, org, at)))
}

/// `GET /user/groups`
pub(crate) fn user_groups(call: &Call<'_>, org: &Org) -> Answer {
    let at = queried_user(call, org)?;
    let groups = &org.person(at).groups;
    let names: Vec<_> = groups.iter().map(|at| wire::group_name(call, org, *at)).collect();
    Ok(Reply::json(200, &names))
}

/// `POST /user`: creates a user, which here means inviting.
///
/// - New email: 201, and a membership in the default group of each app.
/// - On the site with access to Jira: 201 too, so 201 does not mean "created" (description). A requested app that
///   is missing is given (the text of 2026 speaks of "new jira-products"; what happens to them is an assumption).
/// - On the site without access to Jira, including deactivated and suspended users: 400 (description).
/// - No seat left: 400 (description).
pub(crate) fn create_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_administer(call, org)?;
    let (email, products) = wanted_user(call)?;
    let known = org.find_email(&email);
    let on_site = known.filter(|at| org.person(*at).record.is_on_site());
    if let Some(at) = on_site {
        let person = org.person(at);
        if !person.record.is_active() || !person.has_any_product() {
            let text = format!(
                "The user with the email address '{email}' already exists but does not have access to Jira."
            );
            return Err(error(400, &text));
        }
    }
    let has = |product: &Product| on_site.is_some_and(|at| org.person(at).has(*product));
    let missing: Vec<_> = products.iter().copied().filter(|product| !has(product)).collect();
    if let Some(full) = missing.iter().find(|product| org.is_full(**product)) {
        let text = format!("The number of licensed users for {} is exceeded.", full.title());
        return Err(error(400, &text));
    }
    let at = match (on_site, known) {
        (Some(at), _) => at,
        (None, Some(at)) => {
            let account = org.person(at).record.account_id.clone();
            org.apply(Change::ReturnedUser { account });
            at
        }
        (None, None) => {
            org.create_person(&email).ok_or_else(|| error(500, "The user could not be created."))?
        }
    };
    org.give(at, &missing, on_site.is_none());
    let reply = Reply::json(201, &wire::whole_user(call, org, at));
    match on_site.is_some() && missing.is_empty() {
        true => Ok(reply.already()),
        false => Ok(reply),
    }
}

/// `DELETE /user`: removes the user from the site; the Atlassian account stays. Assumption: your own account
/// "cannot be removed", and neither can users that an identity provider created.
pub(crate) fn delete_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_administer(call, org)?;
    let at = queried_user(call, org)?;
    if call.caller.person() == Some(at) {
        return Err(error(400, "You cannot remove yourself."));
    }
    let record = &org.person(at).record;
    if record.source != Source::Invited {
        return Err(error(
            400,
            "The user is managed by an external directory and cannot be removed.",
        ));
    }
    let account = record.account_id.clone();
    org.apply(Change::RemovedUser { account });
    Ok(Reply::empty(204))
}

/// The user that the query names.
fn queried_user(call: &Call<'_>, org: &Org) -> Result<PersonIx, Reply> {
    for gone in ["username", "key"] {
        if call.query.filled(gone).is_some() && call.query.filled("accountId").is_none() {
            let text = format!("The '{gone}' parameter is no longer available; use 'accountId'.");
            return Err(error(400, &text));
        }
    }
    let account =
        call.query.filled("accountId").ok_or_else(|| match call.query.get("accountId") {
            Some(_) => no_user(),
            None => error(400, "The query parameter 'accountId' is required."),
        })?;
    on_site(org, account)
}

/// A user of the site, active or not.
pub(super) fn on_site(org: &Org, account: &str) -> Result<PersonIx, Reply> {
    let found = org.find(account);
    found.filter(|at| org.person(*at).record.is_on_site()).ok_or_else(no_user)
}

/// The email and apps of a creation, strictly read.
fn wanted_user(call: &Call<'_>) -> Result<(String, Vec<Product>), Reply> {
    let body = object(call)?;
    let email = match body.get("emailAddress") {
        Some(Value::String(email)) if is_mail(email) => email.clone(),
        Some(Value::String(_)) => {
            return Err(field_error("emailAddress", "You must specify a valid email address."));
        }
        Some(Value::Null) | None => {
            return Err(field_error("emailAddress", "You must specify an email address."));
        }
        Some(_) => return Err(field_error("emailAddress", "Expected a string.")),
    };
    let products = match body.get("products") {
        Some(Value::Array(products)) => products,
        // [Atlassian community 2729963]: the text that an administrator saw.
        Some(Value::Null) | None => {
            return Err(error(400, "You must specify the products that user can access."));
        }
        Some(_) => return Err(field_error("products", "Expected a list of strings.")),
    };
    let mut wanted = Vec::new();
    for product in products {
        let known = product.as_str().and_then(Product::from_key);
        let Some(known) = known else {
            let text = format!("Invalid product: {product}.");
            return Err(field_error("products", &text));
        };
        if wanted.contains(&known) {
            return Err(field_error("products", "The products must be unique."));
        }
        wanted.push(known);
    }
    Ok((email, wanted))
}
