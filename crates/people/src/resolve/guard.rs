//! The users and groups that must not be changed: your own account, protected ones, administrators, and those that
//! another system owns. Also the warnings to check before a plan is applied. Pure.
//!
//! Guards check every new plan, including the plan of an undo. They run after "already so": a row that needs no change
//! is `unchanged`, whichever user it names.
//!
//! A warning is stored with a step and shown with the plan; it is no reason to leave a row out. No call of these
//! credentials shows which groups make their members administrators. The groups that Atlassian creates (`site-admins`,
//! `org-admins`, `jira-administrators`, `confluence-administrators`, `system-administrators`, followed by a site's name
//! in newer organizations) say it in their names, and so do groups that people create for it. A name is only a hint
//! (an assumption).

use crate::directory::exports::is_admin_role;
use crate::directory::{Directory, Group, GroupIndex, Lifecycle, Person};
use crate::steps::{self, Before, No, Note, Step, Wanted};
use headcount_model::group::GroupId;
use headcount_model::protected::Protected;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountId, AccountStatus, AccountType, Standing, mail_key};

fn no(reason: Reason, detail: impl Into<String>) -> Option<No> {
    Some(No::new(reason, detail))
}

/// What a job does to a user's access, which decides the users that it may not change.
#[derive(Clone, Copy, Debug)]
pub struct Touches {
    /// It takes something away, so administrators are not changed.
    pub takes_away: bool,
    /// It can take your own access away, so your own account is not changed.
    pub own_access: bool,
    /// Whether another system owns the user, and would reverse the change.
    pub owner: fn(&Person) -> Option<No>,
    /// Whether the job can also go through the identity provider's directory.
    pub scim: bool,
}

/// The credential's own account, as far as known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnAccount {
    /// The account of the Jira token (`myself`).
    pub account: Option<AccountId>,
    /// The profile's email address.
    pub mail: Option<String>,
}

impl OwnAccount {
    /// Whether anything is known. If not, no user may be deactivated or removed.
    pub fn is_known(&self) -> bool {
        self.account.is_some() || self.mail.is_some()
    }

    fn is(&self, person: &Person) -> bool {
        let same_mail = match (&self.mail, &person.mail) {
            (Some(mine), Some(theirs)) => mail_key(mine) == mail_key(theirs),
            _ => false,
        };
        self.account.as_ref() == Some(&person.id) || same_mail
    }
}

/// All guards of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guards {
    /// The credential's own account.
    pub own_account: OwnAccount,
    /// The users and groups that the profile protects.
    pub protected: Protected,
    /// Protected accounts whose email the site hides ([`hidden_accounts`](crate::plan::look_up::hidden_accounts));
    /// only for jobs that create users.
    pub hidden: Vec<AccountId>,
}

impl Guards {
    /// Why a job may not change this user, if it may not.
    pub fn person(&self, touches: Touches, person: &Person, org_role: Option<&str>) -> Option<No> {
        if let Some(entry) = self.protected.person(&person.id, person.mail.as_deref()) {
            return no(Reason::Protected, protected_by(entry));
        }
        if person.mail.is_none() && self.protected.needs_mails() {
            let detail = "the site hides the address, so headcount cannot check whether the profile protects it";
            return no(Reason::Protected, detail);
        }
        // A change that takes your own access away in the middle of a run would make all later ones fail.
        if touches.own_access && self.own_account.is(person) {
            return no(Reason::OwnAccount, "this is the account that runs headcount");
        }
        let kind = person.account_type.and_then(AccountType::no_person);
        if let Some(kind) = kind.filter(|_| touches.takes_away || touches.own_access) {
            return no(Reason::NotAPerson, format!("{} is {kind}, not a person", person.shown()));
        }
        let is_admin = person.org_admin == Some(true) || org_role.is_some_and(is_admin_role);
        if touches.takes_away && is_admin {
            return no(Reason::OrgAdmin, "the user is an organization administrator");
        }
        (touches.owner)(person)
    }

    /// The same for an undo, which also removes what a run gave to an app.
    pub fn person_of_undo(&self, touches: Touches, person: &Person) -> Option<No> {
        let person = Person { account_type: None, ..person.clone() };
        self.person(touches, &person, None)
    }

    /// Why no user may be created under this email, if so. Unless it is certain that no user has the email, it may
    /// be that of a user that the profile protects. A list of all accounts does not make it certain if some hide
    /// their email.
    pub fn mail(&self, mail: &str, nobody_is_there: bool) -> Option<No> {
        if nobody_is_there {
            return None;
        }
        if let Some(entry) = self.protected.mail(mail) {
            return no(Reason::Protected, protected_by(entry));
        }
        let hidden = self.hidden.first()?;
        let detail = format!(
            "{mail} may be the hidden address of the protected account “{hidden}”; add an organization API key to check"
        );
        no(Reason::Protected, detail)
    }

    /// Why no user may get this email as a new one, if so: a user with a protected email is protected, also from an
    /// undo.
    pub fn new_mail(&self, mail: &str) -> Option<No> {
        let entry = self.protected.mail(mail)?;
        no(Reason::Protected, format!("the new address {mail} is {}", protected_by(entry)))
    }

    /// Why a planned step may not be sent any more, as far as the step alone shows it. What only the site can show
    /// is read again before the step is sent. `touches`: what its kind does to an existing user. `saw_every_mail`:
    /// the plan's own statement ([`saw_every_mail`](crate::plan::saw_every_mail)).
    ///
    /// The profile's list may have changed since the plan was made. So the facts that the plan saw count, never
    /// that the plan had no objection.
    pub fn step(&self, touches: Option<Touches>, step: &Step, saw_every_mail: bool) -> Option<No> {
        let target = &step.payload.target;
        let group = target.group.as_ref().and_then(|id| {
            let name = target.group_name.as_deref().unwrap_or_default().into();
            self.group(&Group { id: id.clone(), name, synced: None })
        });
        let groups = || {
            let names = step.payload.wanted.group_names.iter().map(String::as_str);
            // A journal of an earlier version has no names.
            let names = names.chain(std::iter::repeat(""));
            let of = |id: &GroupId, name: &str| Group {
                id: id.clone(),
                name: name.into(),
                synced: None,
            };
            step.payload
                .wanted
                .groups
                .iter()
                .zip(names)
                .find_map(|(id, name)| self.group(&of(id, name)))
        };
        let person = || {
            let id = target.account.clone()?;
            let mail = target.mail.as_deref().map(Into::into);
            self.person(touches?, &Person { mail, ..Person::new(id) }, None)
        };
        let mail = || {
            let mail =
                target.mail.as_deref().filter(|_| steps::of(step.payload.kind).creates_user)?;
            // A user who was found was looked up by account and email.
            let known = target.account.is_some();
            self.mail(mail, known || (saw_every_mail && step.payload.before == Before::Absent))
        };
        let new_mail = || self.new_mail(step.payload.wanted.email.as_deref()?);
        group.or_else(groups).or_else(person).or_else(mail).or_else(new_mail)
    }

    /// Why a job may not change this group, if it may not.
    pub fn group(&self, group: &Group) -> Option<No> {
        if let Some(entry) = self.protected.group(&group.id, &group.name) {
            return no(Reason::Protected, protected_by(entry));
        }
        if group.synced == Some(true) {
            let detail = "an identity provider manages the group; change it there";
            return no(Reason::IdentityProvider, detail);
        }
        None
    }
}

fn protected_by(entry: &str) -> String {
    format!("protected: “{entry}” is in the profile's list")
}

/// It makes no difference who owns the user.
pub fn anyone(_: &Person) -> Option<No> {
    None
}

/// The owner that the directory names: the site does not remove a user that an identity provider added, because
/// they would come back.
pub fn directory_owner(person: &Person) -> Option<No> {
    if person.synced != Some(true) {
        return None;
    }
    let who = person.shown();
    no(
        Reason::IdentityProvider,
        format!("an identity provider manages {who}; make the change there"),
    )
}

/// What the site says beforehand about deactivating and reactivating this account (reasons of the user management
/// description, `lifecycle.enablement`).
pub fn lifecycle(person: &Person) -> Option<No> {
    let who = person.shown();
    match &person.lifecycle {
        // The user management description: 404 `accountNotFound` or `notFound`.
        Some(Lifecycle::NotManaged(words))
            if matches!(&**words, "accountNotFound" | "notFound") =>
        {
            no(
                Reason::UserNotFound,
                format!("the organization has no account {}; check the id", person.id),
            )
        }
        Some(Lifecycle::NotManaged(words)) => no(
            Reason::Unmanaged,
            format!(
                "the organization does not manage {who} ({words}); suspend or remove the user instead"
            ),
        ),
        Some(Lifecycle::Refused(key)) if key.starts_with("externalDirectory") => no(
            Reason::IdentityProvider,
            format!("{} manages {who}; make the change there", provider(key)),
        ),
        Some(Lifecycle::Refused(key)) if &**key == "administrative.notMyself" => {
            no(Reason::OwnAccount, "the site reports that this is the credential's own account")
        }
        Some(Lifecycle::Refused(key)) => {
            no(Reason::NotAllowed, format!("the site does not allow this change for {who}: {key}"))
        }
        Some(Lifecycle::Unreadable(words)) => no(
            Reason::NotSent,
            format!("headcount could not check whether {who} can be changed: {words}"),
        ),
        Some(Lifecycle::Allowed) => None,
        None => directory_owner(person),
    }
}

fn provider(key: &str) -> &'static str {
    match key {
        "externalDirectory.google" => "Google Workspace",
        _ => "an identity provider (SCIM)",
    }
}

/// The effects and warnings of adding a user to a group; `None` if the user is yet to be created.
pub(crate) fn of_addition(
    person: Option<&Person>,
    group: GroupIndex,
    directory: &Directory,
) -> Wanted {
    let has = person.and_then(|person| person.products.as_deref()).unwrap_or_default();
    let gives = directory.given_by(group);
    let given = gives.iter().filter(|product| !has.contains(product));
    let mut notes = Vec::new();
    if directory.asked_for_products && directory.gives_apps(group).is_none() {
        notes.push(Note::AppsUnseen);
    }
    if makes_administrators(&directory.group(group).name) {
        notes.push(Note::Administrators);
    }
    let opens = directory.group_size(group).and_then(|(_, apps)| apps).unwrap_or(0);
    // `gives` has the apps of Jira already.
    if opens as usize > gives.len() {
        notes.push(Note::OpensApps);
    }
    notes.extend(person.and_then(rests));
    Wanted { gives: given.copied().collect(), notes, ..Wanted::default() }
}

/// The warning for a user who cannot sign in.
pub(crate) fn rests(person: &Person) -> Option<Note> {
    match (person.status, person.standing) {
        (Some(AccountStatus::Inactive), _) | (_, Some(Standing::Deactivated)) => {
            Some(Note::Deactivated)
        }
        (_, Some(Standing::Suspended)) => Some(Note::Suspended),
        _ => None,
    }
}

/// Whether a group's name says that its members are administrators.
pub(crate) fn makes_administrators(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| matches!(word, "admin" | "admins" | "administrator" | "administrators"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_make_administrators_say_so_in_a_word_of_their_own() {
        for name in [
            "site-admins",
            "org-admins",
            "jira-administrators",
            "confluence-administrators-acme",
            "Jira Admins (EU)",
            "ADMIN",
        ] {
            assert!(makes_administrators(name), "{name}");
        }
        for name in ["administration", "badminton", "houston-sales", "administrative-staff", ""] {
            assert!(!makes_administrators(name), "{name}");
        }
    }
}
