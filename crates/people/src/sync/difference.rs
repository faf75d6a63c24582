//! The difference between a list and the site. Pure.
//!
//! A user whose row names a group that is not certainly one leaves no group: the name may be that of a group that the
//! user is in. A user who is to be suspended, deactivated or gone joins no group.

use std::collections::{BTreeSet, HashMap, HashSet};

use headcount_model::app_role::AppRole;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountStatus, AccountType, Product, Standing};

use super::error::ListError;
use super::list::{List, ListedUser, Place};
use super::look_up::{Changes, Seen};
use super::rules::{Absent, Rules, Scope};
use crate::directory::{Directory, GroupIndex, Person, PersonIndex};
use crate::jobs::Action;
use crate::resolve::find::only_group;
use crate::rows::{WantedStatus, WhichGroup, WhichUser};
use crate::steps::No;

/// One thing in which the site differs from the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// What makes the site match.
    pub action: Action,
    /// The user, as the site knows it, or as the list names it.
    pub user: WhichUser,
    /// The user's name, as the list or the site has it.
    pub name: Option<String>,
    /// The user, if the site has it.
    pub person: Option<PersonIndex>,
    /// The group to join or to leave.
    pub group: Option<WhichGroup>,
    /// The groups of a user who is created.
    pub groups: Vec<WhichGroup>,
    /// The apps of a user who is created (`None`: the default), or the app that a user gets or loses.
    pub products: Option<Vec<Product>>,
    /// The id of the app that a user gets or loses.
    pub app: Option<String>,
    /// The app's name, if it is none of Jira's.
    pub app_name: Option<String>,
    /// Whether an earlier difference activates or restores the user.
    pub comes_back: bool,
    /// The row of the list; `None`: the list does not name the user.
    pub place: Option<Place>,
    /// Why it is left as it is.
    pub refused: Option<No>,
    /// That a run of the last minutes has made it already, which the site does not show yet.
    pub done: Option<(Reason, String)>,
}

impl Difference {
    /// Whether it is to be made.
    pub fn is_open(&self) -> bool {
        self.refused.is_none() && self.done.is_none()
    }

    /// The role that a user gets or loses, as a step names it.
    pub fn role_part(&self) -> Option<String> {
        self.app.as_ref().map(|app| format!("{app} {}", AppRole::default().word()))
    }
}

/// The users that the list owns on the site, and those of them that it does not name. Apps, help desk customers, and
/// users without access do not count.
pub(super) fn owned(
    seen: &Seen,
    directory: &Directory,
) -> (BTreeSet<PersonIndex>, Vec<PersonIndex>) {
    let members = seen.members.iter().flat_map(|(_, members)| members);
    let all = members.chain(&seen.of_domains).copied();
    let counts = |at: &PersonIndex| has_access(directory.person(*at));
    let owned: BTreeSet<_> = all.filter(counts).collect();
    let listed: HashSet<_> = seen.users.iter().flatten().collect();
    let absent = owned.iter().copied().filter(|at| !listed.contains(at)).collect();
    (owned, absent)
}

/// Whether a user is a person who can use the site, or is only suspended.
fn has_access(person: &Person) -> bool {
    let is_person = person.account_type.and_then(AccountType::no_person).is_none();
    let is_out = matches!(
        person.standing,
        Some(Standing::NotInvited | Standing::Deactivated | Standing::Deleted)
    );
    let is_closed = matches!(person.status, Some(AccountStatus::Inactive | AccountStatus::Closed));
    is_person && !is_out && !is_closed
}

/// All differences, in the order in which they are safe to make; equal actions in the order of the list.
///
/// # Errors
/// Two rows are about the same user.
pub(super) fn differences(
    list: &List,
    seen: &Seen,
    absent: &[PersonIndex],
    rules: &Rules,
    directory: &Directory,
) -> Result<Vec<Difference>, ListError> {
    let rule = rules.absent;
    let mut entries: HashMap<PersonIndex, &ListedUser> = HashMap::new();
    for (one, at) in list.users.iter().zip(&seen.users) {
        let Ok(at) = at else { continue };
        if let Some(earlier) = entries.insert(*at, one) {
            return Err(ListError::SameUser {
                first: earlier.place.clone(),
                second: one.place.clone(),
                user: directory.person(*at).shown().to_owned(),
            });
        }
    }
    let own_products = &rules.own_products;
    let with = Comparison { seen, scope: &seen.scope, own_products, directory };
    let mut found = Vec::new();
    for (one, at) in list.users.iter().zip(&seen.users) {
        match at {
            Ok(at) => with.of_user(one, *at, &mut found),
            Err(no) => with.of_unknown(one, no, &mut found),
        }
    }
    for (group, members) in &seen.members {
        for member in members {
            let leaves = match entries.get(member) {
                Some(one) => with.is_to_leave(one, *group),
                None => rule == Absent::LeaveGroups && absent.binary_search(member).is_ok(),
            };
            if leaves {
                let entry = entries.get(member).copied();
                let group = Some(with.named(*group));
                found.push(Difference { group, ..with.difference(Action::Leave, *member, entry) });
            }
        }
    }
    found.extend(absent.iter().filter_map(|at| with.of_absent(*at, rule)));
    found.sort_by_key(|difference| difference.action);
    Ok(found)
}

/// The users and groups that the differences change.
pub(super) fn changes(found: &[Difference], directory: &Directory) -> Changes {
    let mut changes = Changes::default();
    for difference in found.iter().filter(|difference| difference.is_open()) {
        changes.people.extend(difference.person);
        let group = difference.group.as_ref().and_then(|group| only_group(group, directory));
        match difference.action {
            Action::Create => {
                changes.creates = true;
                let groups = difference.groups.iter();
                changes.joined.extend(groups.filter_map(|group| only_group(group, directory)));
            }
            Action::Join => changes.joined.extend(group),
            Action::Activate | Action::Deactivate => changes.accounts.extend(difference.person),
            Action::Grant | Action::Revoke => changes.roles.extend(difference.person),
            Action::Restore | Action::Leave | Action::Suspend | Action::Remove => {}
        }
    }
    changes
}

/// What the list and the site are compared with.
pub(super) struct Comparison<'a> {
    pub seen: &'a Seen,
    pub scope: &'a Scope,
    pub own_products: &'a [Product],
    pub directory: &'a Directory,
}

impl Comparison<'_> {
    /// The differences of a user that the site has.
    fn of_user(&self, one: &ListedUser, at: PersonIndex, found: &mut Vec<Difference>) {
        let action = status_action(one, self.directory.person(at));
        let is_owned = self.scope.owns_mail(self.mail_of(one, Some(at)));
        if action == Some(Action::Create) {
            return self.creation(one, Some(at), is_owned, found);
        }
        if let Some(action) = action {
            let refused = (!is_owned).then(|| self.not_owned_user(one, Some(at)));
            found.push(Difference { refused, ..self.difference(action, at, Some(one)) });
        }
        if !joins(one) {
            return;
        }
        self.of_apps(one, at, action, found);
        self.of_other_apps(one, at, action, found);
        for group in one.groups.iter().flatten() {
            let known = only_group(group, self.directory);
            if known.and_then(|group| self.directory.is_member(at, group)) == Some(true) {
                continue;
            }
            let refused = known.and_then(|group| self.not_owned_group(group));
            let group = Some(group.clone());
            found.push(Difference {
                group,
                refused,
                ..self.difference(Action::Join, at, Some(one))
            });
        }
    }

    /// The differences of a user that the site does not have, or that is not certainly one.
    fn of_unknown(&self, one: &ListedUser, no: &No, found: &mut Vec<Difference>) {
        let is_absent = no.reason == Reason::UserNotFound;
        if is_absent && one.is_to_be_there() && one.user.mail.is_some() {
            let is_owned = self.scope.owns_mail(self.mail_of(one, None));
            return self.creation(one, None, is_owned, found);
        }
        let action = match one.status {
            // Only if the email of every active user was seen, a user who was not found is certainly gone.
            Some(WantedStatus::Gone) if is_absent && self.seen.sees_active => return,
            Some(WantedStatus::Gone) => Action::Remove,
            Some(WantedStatus::Deactivated) => Action::Deactivate,
            Some(WantedStatus::Suspended) => Action::Suspend,
            Some(WantedStatus::Active) => Action::Create,
            None if one.has_row && one.groups.iter().flatten().next().is_none() => Action::Create,
            None => Action::Join,
        };
        let refused = Some(no.clone());
        if action != Action::Join {
            return found.push(Difference { refused, ..self.unknown(action, one) });
        }
        for group in one.groups.iter().flatten() {
            let (group, refused) = (Some(group.clone()), refused.clone());
            found.push(Difference { group, refused, ..self.unknown(action, one) });
        }
    }

    /// A user who is created, together with the groups that the list owns.
    fn creation(
        &self,
        one: &ListedUser,
        person: Option<PersonIndex>,
        is_owned: bool,
        found: &mut Vec<Difference>,
    ) {
        let mut groups = Vec::new();
        for group in one.groups.iter().flatten() {
            let known = only_group(group, self.directory);
            match known.and_then(|known| self.not_owned_group(known)) {
                None => groups.push(group.clone()),
                Some(no) => {
                    let (group, refused) = (Some(group.clone()), Some(no));
                    found.push(Difference { group, refused, ..self.unknown(Action::Join, one) });
                }
            }
        }
        found.extend(self.other_apps_of_new(one));
        let mail = self.mail_of(one, person).map(ToOwned::to_owned);
        let refused = (!is_owned).then(|| self.not_owned_user(one, person));
        found.push(Difference {
            user: WhichUser { account: None, mail },
            person,
            groups,
            products: one.products.clone(),
            refused,
            ..self.unknown(Action::Create, one)
        });
    }

    /// Whether a member of an owned group is to leave it: the row says the groups, and this one is not among them.
    fn is_to_leave(&self, one: &ListedUser, group: GroupIndex) -> bool {
        let Some(named) = &one.groups else { return false };
        // Who is removed from the site leaves every group with it.
        if one.status == Some(WantedStatus::Gone) {
            return false;
        }
        let named: Option<Vec<_>> =
            named.iter().map(|named| only_group(named, self.directory)).collect();
        named.is_some_and(|named| !named.contains(&group))
    }

    /// What happens to a user that the list owns and does not name.
    fn of_absent(&self, at: PersonIndex, rule: Absent) -> Option<Difference> {
        let person = self.directory.person(at);
        let action = match rule {
            Absent::Keep | Absent::LeaveGroups => return None,
            Absent::Suspend => Action::Suspend,
            Absent::Deactivate => Action::Deactivate,
            Absent::Remove => Action::Remove,
        };
        let is_open = self.scope.has_user(person) && !action.is_done(person);
        is_open.then(|| self.difference(action, at, None))
    }

    pub(super) fn mail_of<'s>(
        &'s self,
        one: &'s ListedUser,
        at: Option<PersonIndex>,
    ) -> Option<&'s str> {
        let known = at.and_then(|at| self.directory.person(at).mail.as_deref());
        one.user.mail.as_deref().or(known)
    }

    pub(super) fn not_owned_user(&self, one: &ListedUser, at: Option<PersonIndex>) -> No {
        let who = self.mail_of(one, at).unwrap_or("the user");
        No::new(Reason::NotOwned, format!("the list does not own the mail domain of {who}"))
    }

    fn not_owned_group(&self, group: GroupIndex) -> Option<No> {
        let name = &self.directory.group(group).name;
        let detail = format!("the list does not own the group “{name}”");
        (!self.scope.groups.contains(&group)).then(|| No::new(Reason::NotOwned, detail))
    }

    fn named(&self, group: GroupIndex) -> WhichGroup {
        let group = self.directory.group(group);
        WhichGroup { id: Some(group.id.clone()), name: Some(group.name.to_string()), other: None }
    }

    /// A difference of a user that the site has.
    pub(super) fn difference(
        &self,
        action: Action,
        at: PersonIndex,
        one: Option<&ListedUser>,
    ) -> Difference {
        let person = self.directory.person(at);
        let mail = person.mail.as_deref().map(ToOwned::to_owned);
        Difference {
            action,
            user: WhichUser { account: Some(person.id.clone()), mail },
            name: person.name.as_deref().map(ToOwned::to_owned),
            person: Some(at),
            group: None,
            groups: Vec::new(),
            products: None,
            app: None,
            app_name: None,
            comes_back: false,
            place: one.map(|one| one.place.clone()),
            refused: None,
            done: None,
        }
    }

    /// A difference of a user that only the list names.
    pub(super) fn unknown(&self, action: Action, one: &ListedUser) -> Difference {
        Difference {
            action,
            user: one.user.clone(),
            name: one.name.clone(),
            person: None,
            group: None,
            groups: Vec::new(),
            products: None,
            app: None,
            app_name: None,
            comes_back: false,
            place: Some(one.place.clone()),
            refused: None,
            done: None,
        }
    }
}

/// Whether the list compares the groups that a user is to join.
fn joins(one: &ListedUser) -> bool {
    match one.status {
        Some(WantedStatus::Active) | None => true,
        Some(WantedStatus::Deactivated | WantedStatus::Suspended | WantedStatus::Gone) => false,
    }
}

/// What gives a user the state that the list wants. A deactivated account has no access, so it also counts as suspended:
/// nothing is activated to be suspended.
fn status_action(one: &ListedUser, person: &Person) -> Option<Action> {
    let is_inactive = person.status == Some(AccountStatus::Inactive)
        || person.standing == Some(Standing::Deactivated);
    let is_away = person.standing == Some(Standing::NotInvited) || person.on_site == Some(false);
    let unless_done = |action: Action| (!action.is_done(person)).then_some(action);
    match one.status {
        None => (is_away && one.has_row).then_some(Action::Create),
        Some(WantedStatus::Active) if is_inactive => Some(Action::Activate),
        Some(WantedStatus::Active) if person.standing == Some(Standing::Suspended) => {
            Some(Action::Restore)
        }
        Some(WantedStatus::Active) if person.status == Some(AccountStatus::Closed) => {
            Some(Action::Activate)
        }
        Some(WantedStatus::Active) => is_away.then_some(Action::Create),
        Some(WantedStatus::Suspended) if is_inactive => None,
        Some(WantedStatus::Suspended) => unless_done(Action::Suspend),
        Some(WantedStatus::Deactivated) => unless_done(Action::Deactivate),
        Some(WantedStatus::Gone) => unless_done(Action::Remove),
    }
}
