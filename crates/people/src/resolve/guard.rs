//! Who must not be touched: your own account, the protected, administrators, people and groups that
//! another system owns.
//!
//! Guards are pure and are asked again at every new plan, an undo's too. They run after "already
//! so": a row that needs no change is `unchanged` no matter which user it is about.

use crate::directory::exports::is_admin_role;
use crate::directory::{Group, Lifecycle, Person};
use crate::steps::{self, Before, No, Step};
use headcount_model::group::GroupId;
use headcount_model::protected::Protected;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountId, AccountType, mail_key};

fn no(reason: Reason, detail: impl Into<String>) -> Option<No> {
    Some(No::new(reason, detail))
}

/// What a job does to a user's access, and so which users it leaves alone.
#[derive(Clone, Copy, Debug)]
pub struct Touches {
    /// It takes something away: administrators are left alone.
    pub takes_away: bool,
    /// It can take your own access away: your own account is left alone.
    pub own_access: bool,
    /// Whether another system owns the user, and would reverse the change.
    pub owner: fn(&Person) -> Option<No>,
}

/// Who runs headcount, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnAccount {
    /// The account of the Jira token (`myself`).
    pub account: Option<AccountId>,
    /// The profile's mail address.
    pub mail: Option<String>,
}

impl OwnAccount {
    /// Whether anything is known: without it no user may be deactivated or removed.
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
    /// Who runs it.
    pub own_account: OwnAccount,
    /// What the profile protects.
    pub protected: Protected,
    /// Protected accounts whose address the site hides
    /// ([`hidden_accounts`](crate::plan::look_up::hidden_accounts)); only jobs that create users ask.
    pub hidden: Vec<AccountId>,
}

impl Guards {
    /// Whether a job may not touch this person.
    pub fn person(&self, touches: Touches, person: &Person, org_role: Option<&str>) -> Option<No> {
        if let Some(entry) = self.protected.person(&person.id, person.mail.as_deref()) {
            return no(Reason::Protected, protected_by(entry));
        }
        if person.mail.is_none() && self.protected.needs_mails() {
            let detail = "the site hides the address, so headcount cannot check whether the profile protects it";
            return no(Reason::Protected, detail);
        }
        // Who takes the own right away in the middle of a run is refused for all that follows.
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

    /// The same for an undo: what a run gave to an app, its undo removes.
    pub fn person_of_undo(&self, touches: Touches, person: &Person) -> Option<No> {
        let person = Person { account_type: None, ..person.clone() };
        self.person(touches, &person, None)
    }

    /// Whether no user may be created under this address: unless it is seen that no user is there,
    /// a user may be there that the profile protects. That every account was listed does not show it
    /// where some hide their address.
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

    /// Whether a planned step may not be sent any more: what can be seen from the step alone. What
    /// only the site can show is read again before it is sent. `touches`: what its kind does to a user
    /// who is there. `saw_every_mail`: what the plan's look-up claimed
    /// ([`saw_every_mail`](crate::plan::saw_every_mail)).
    ///
    /// The list may be another than when the plan was made. So it counts what the plan saw, never
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
            // Whoever was found has been asked about by account and address.
            let known = target.account.is_some();
            self.mail(mail, known || (saw_every_mail && step.payload.before == Before::Absent))
        };
        group.or_else(groups).or_else(person).or_else(mail)
    }

    /// Whether a job may not touch this group.
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

/// The source that the directory names: the site removes no user that an identity provider put there;
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

/// What the site says beforehand of deactivating and reactivating this account (the reasons are
/// those of the user management description, `lifecycle.enablement`).
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
