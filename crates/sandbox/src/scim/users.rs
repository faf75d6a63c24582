//! Users of the identity provider's directory.

use serde_json::{Map, Value};

use super::attributes::{OF_USER, settable};
use super::errors::{Answer, error, invalid, must_be_directory, no_user, object, reply};
use super::patch::patch;
use super::{query, wire};
use crate::http::{Call, Edit, Reply};
use crate::org::{
    Change, Lifecycle, Org, PersonIx, PersonRecord, Place, Provisioned, Source, is_mail,
    new_provisioned_id,
};

/// `GET …/Users`: a filter of `userName` or `externalId`, by `eq` only (description). Assumption: the case of a
/// `userName` does not matter. [RFC 7643, 4.1.1]
pub(crate) fn list_users(call: &Call<'_>, org: &Org) -> Answer {
    must_be_directory(call)?;
    let filter = query::filter(call, &["userName", "externalId"])?;
    let fits = |at: &PersonIx| {
        let own = org.person(*at).record.provisioned.as_deref();
        match (&filter, own) {
            (None, _) => true,
            (Some(("userName", wanted)), Some(own)) => {
                own.text("userName").to_lowercase() == wanted.to_lowercase()
            }
            (Some((_, wanted)), Some(own)) => own.text("externalId") == wanted,
            (Some(_), None) => false,
        }
    };
    let all: Vec<_> = org.provisioned_people().filter(fits).collect();
    Ok(reply(200, &query::page(call, &all, |at| shown(call, org, *at))?))
}

fn shown(call: &Call<'_>, org: &Org, at: PersonIx) -> Value {
    match org.person(at).record.provisioned.as_deref() {
        Some(own) => query::chosen(call, wire::user(call, org, at, own)),
        None => Value::Null,
    }
}

/// The user in the path.
fn found(call: &Call<'_>, org: &Org) -> Result<PersonIx, Reply> {
    must_be_directory(call)?;
    org.find_provisioned(call.param(1)).ok_or_else(no_user)
}

/// `GET …/Users/{userId}`
pub(crate) fn get_user(call: &Call<'_>, org: &Org) -> Answer {
    let at = found(call, org)?;
    Ok(reply(200, &shown(call, org, at)))
}

/// What the attributes of a user mean for the account.
struct Account {
    email: String,
    name: String,
    /// `None` if the attributes do not say it.
    active: Option<bool>,
    /// Everything but `active`.
    attributes: Map<String, Value>,
}

impl Account {
    /// Checks the attributes. The description requires `userName` and an email of a verified domain, one of them
    /// primary. Assumptions: the 400 for another domain; without a primary email the first one counts.
    fn read(org: &Org, mut attributes: Map<String, Value>) -> Result<Self, Reply> {
        let active = attributes.remove("active").and_then(|active| active.as_bool());
        let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
        if attributes.get("userName").map(text).is_none_or(|name| name.is_empty()) {
            return Err(invalid("'userName' is required."));
        }
        let emails = attributes.get("emails").and_then(Value::as_array);
        let emails = emails.map_or(&[][..], Vec::as_slice);
        let primary = emails.iter().find(|email| email["primary"] == true).or(emails.first());
        let email = primary.map(|email| text(&email["value"])).unwrap_or_default();
        if !is_mail(&email) {
            return Err(invalid("'emails' must have the user's email address."));
        }
        if !org.is_claimed(&email) {
            return Err(invalid("The domain of the email address is not verified."));
        }
        let part = |name: &str| {
            let value = attributes.get("name").map(|parts| text(&parts[name]));
            value.filter(|value| !value.is_empty())
        };
        let both = || {
            let parts: Vec<_> = ["givenName", "familyName"].into_iter().filter_map(part).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        };
        let shown = attributes.get("displayName").map(text).filter(|name| !name.is_empty());
        let name = shown.or_else(|| part("formatted")).or_else(both);
        let name = name.unwrap_or_else(|| email.clone());
        Ok(Self { email, name, active, attributes })
    }

    /// Refuses a `userName` or an email that another user has.
    fn must_be_unique(&self, org: &Org, own: Option<PersonIx>) -> Result<(), Reply> {
        let name = self.attributes["userName"].as_str().unwrap_or_default().to_lowercase();
        let taken = org.provisioned_people().filter(|at| Some(*at) != own).any(|at| {
            let record = org.person(at).record.provisioned.as_deref();
            record.is_some_and(|record| record.text("userName").to_lowercase() == name)
        });
        let mail = org.find_email(&self.email).filter(|at| Some(*at) != own);
        let linked = mail.is_some_and(|at| org.person(at).record.source != Source::Invited);
        match taken || linked || (own.is_some() && mail.is_some()) {
            true => Err(error(409, "uniqueness", "A user with this name or email exists.")),
            false => Ok(()),
        }
    }
}

/// `POST …/Users`: a new user, or the link to a managed account that has the email (description). Assumptions: the
/// user is on the site, without apps; a deactivated account is active again unless the body says otherwise.
pub(crate) fn create_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    must_be_directory(call)?;
    let wanted = Account::read(org, settable(OF_USER, &object(call)?)?)?;
    wanted.must_be_unique(org, None)?;
    let id = new_provisioned_id(call.now_ms, call.number);
    let record = Provisioned {
        id: id.clone().into(),
        attributes: wanted.attributes.clone(),
        changed_ms: call.now_ms,
    };
    let at = match org.find_email(&wanted.email) {
        Some(at) => {
            if !org.person(at).record.managed {
                return Err(invalid("The organization does not manage the account."));
            }
            let account = org.person(at).record.account_id.clone();
            org.apply(Change::Provisioned { account: account.clone(), record: Box::new(record) });
            if matches!(org.person(at).record.place, Place::Removed | Place::Never) {
                org.consequence(Change::ReturnedUser { account });
            }
            settle(org, call, at, &wanted, wanted.active.or(Some(true)));
            at
        }
        None => create(org, call, &wanted, record)
            .ok_or_else(|| error(500, "", "The user could not be created."))?,
    };
    let shown = shown(call, org, at);
    Ok(reply(201, &shown).header("Location", wire::location(call, "Users", &id)))
}

fn create(
    org: &mut Edit<'_>,
    call: &Call<'_>,
    wanted: &Account,
    record: Provisioned,
) -> Option<PersonIx> {
    let mut person = PersonRecord::new(&org.next_account_id(), &wanted.email, &wanted.name);
    person.source = Source::Scim;
    person.added_ms = call.now_ms;
    person.provisioned = Some(Box::new(record));
    if wanted.active == Some(false) {
        person.lifecycle = Lifecycle::Inactive;
        person.changed_ms = call.now_ms;
    }
    org.apply(Change::CreatedUser { person })?.person
}

/// Makes the account follow its attributes.
fn settle(org: &mut Edit<'_>, call: &Call<'_>, at: PersonIx, to: &Account, active: Option<bool>) {
    let record = &org.person(at).record;
    let account = record.account_id.clone();
    let (mail, name) = (*record.email != *to.email, *record.name != *to.name);
    let lifecycle = record.lifecycle;
    if mail {
        let email = to.email.as_str().into();
        org.apply(Change::ChangedEmail { account: account.clone(), email });
    }
    if name {
        let name = to.name.as_str().into();
        org.apply(Change::ChangedName { account: account.clone(), name });
    }
    let at_ms = call.now_ms;
    match (active, lifecycle) {
        (Some(true), Lifecycle::Inactive) => drop(org.apply(Change::Activated { account, at_ms })),
        (Some(false), Lifecycle::Active) => drop(org.apply(Change::Deactivated { account, at_ms })),
        _ => {}
    }
}

/// Replaces the attributes of a user, and answers with the user.
fn write(call: &Call<'_>, org: &mut Edit<'_>, at: PersonIx, new: Map<String, Value>) -> Answer {
    let wanted = Account::read(org, new)?;
    wanted.must_be_unique(org, Some(at))?;
    let Some(own) = org.person(at).record.provisioned.as_deref().cloned() else {
        return Err(no_user());
    };
    let before = org.effects.len();
    settle(org, call, at, &wanted, wanted.active);
    if own.attributes != wanted.attributes {
        let account = org.person(at).record.account_id.clone();
        let attributes = wanted.attributes;
        let record = Box::new(Provisioned { attributes, changed_ms: call.now_ms, ..own });
        let change = Change::Provisioned { account, record };
        match org.effects.len() > before {
            true => org.consequence(change),
            false => drop(org.apply(change)),
        }
    }
    let reply = reply(200, &shown(call, org, at));
    Ok(if org.effects.len() > before { reply } else { reply.already() })
}

/// `PUT …/Users/{userId}`: attributes that are not named are cleared (description). Assumption: without `active` the
/// state stays.
pub(crate) fn replace_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = found(call, org)?;
    let new = settable(OF_USER, &object(call)?)?;
    write(call, org, at, new)
}

/// `PATCH …/Users/{userId}`: `active: false` deactivates the account, and `true` reactivates it. Assumption: the user
/// stays in the directory; the description says 404 only for a user who was deleted.
pub(crate) fn patch_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = found(call, org)?;
    let body = object(call)?;
    let own = org.person(at).record.provisioned.as_deref();
    let mut attributes = own.map(|own| own.attributes.clone()).unwrap_or_default();
    patch(OF_USER, &mut attributes, &body)?;
    write(call, org, at, attributes)
}

/// `DELETE …/Users/{userId}`: deactivates the account and deletes the record; the user can be created again, with a new
/// id (description; the documentation of 2026 calls it unlinking). Assumption: memberships in the identity provider's
/// groups end.
pub(crate) fn delete_user(call: &Call<'_>, org: &mut Edit<'_>) -> Answer {
    let at = found(call, org)?;
    let account = org.person(at).record.account_id.clone();
    if org.person(at).record.lifecycle == Lifecycle::Active {
        org.apply(Change::Deactivated { account: account.clone(), at_ms: call.now_ms });
    }
    org.unlink_person(at);
    Ok(Reply::empty(204))
}
