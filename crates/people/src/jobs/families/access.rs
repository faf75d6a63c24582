//! Jobs with a user or a group, an app and a role in each row.

use crate::directory::{Apps, Directory, Held, Person, PersonIndex};
use crate::jobs::{Exports, Template};
use crate::lookup::{LookingUp, Lookup, LookupBack};
use crate::resolve::{Resolved, Resolver, rests, target, unchanged};
use crate::rows::Intent;
use crate::steps::{Before, Emailed, No, Note, StepKind, Target, Wanted, without_access};
use headcount_model::app_role::AppRole;
use headcount_model::reason::Reason;

/// The content of a row, in the page's words.
pub(in crate::jobs) const NEEDS: &str =
    "a user (email or account id) or a group, an app, and optionally a role in each row";

/// The jobs' template.
pub(in crate::jobs) const TEMPLATE: Template =
    (&["Email", "Product", "Role"], &["jane@example.com", "jira-software", "user"]);

/// Only the site shows who has which app now.
pub(in crate::jobs) const NO_EXPORTS: Exports = Exports { users: false, groups: false };

/// Reads the users, the groups with their members, and their roles in apps.
pub(in crate::jobs) fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        lookup.read_people().await?;
        lookup.read_groups().await?;
        let (people, groups) = (lookup.people(), lookup.groups());
        lookup.read_roles(&people, &groups).await
    })
}

/// Reads the same for an undo.
pub(in crate::jobs) fn look_up_undo(mut lookup: LookupBack<'_>) -> LookingUp<'_> {
    Box::pin(async move { lookup.read_roles().await })
}

/// Resolves a row that grants a role.
pub(in crate::jobs) fn grant(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    let wanted = Role::of(intent, with)?;
    if !intent.groups.is_empty() {
        return wanted.of_group(intent, with, StepKind::GrantGroupRole);
    }
    let at = with.user(intent)?;
    let person = with.directory.person(at);
    if !intent.comes_back
        && let Some(no) = without_access(person)
    {
        return Err(no);
    }
    if let Some(held) = wanted.held(at, with)? {
        let how = wanted.how(at, held, with);
        let words = wanted.words();
        return Ok(unchanged(
            Reason::AlreadyHasRole,
            format!("{} already has {words}{how}", person.shown()),
        ));
    }
    with.guard_user(person, intent.org_role.as_deref())?;
    let notes = rests(person).into_iter().collect();
    wanted.step(
        at,
        with,
        StepKind::GrantRole,
        Before::Absent,
        Wanted { notes, ..Wanted::default() },
    )
}

/// Resolves a row that revokes a role.
pub(in crate::jobs) fn revoke(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    let wanted = Role::of(intent, with)?;
    if !intent.groups.is_empty() {
        return wanted.of_group(intent, with, StepKind::RevokeGroupRole);
    }
    let at = with.user(intent)?;
    let person = with.directory.person(at);
    let (who, words) = (person.shown(), wanted.words());
    let Some(held) = wanted.held(at, with)? else {
        let others = with.directory.access.other_roles(at, wanted.app, wanted.role);
        let others: Vec<_> = others.into_iter().map(AppRole::word).collect();
        let others = match others.is_empty() {
            true => String::new(),
            false => format!("; there, the user has {}", others.join(", ")),
        };
        return Ok(unchanged(Reason::HasNoRole, format!("{who} does not have {words}{others}")));
    };
    with.guard_user(person, intent.org_role.as_deref())?;
    let how = wanted.how(at, held, with);
    match held.direct {
        Some(true) => {}
        Some(false) if held.by_group => {
            let detail = format!(
                "{who} has {words}{how}, not directly; remove the user from the group, or revoke the role from the group"
            );
            return Err(No::new(Reason::ThroughGroup, detail));
        }
        Some(false) => {
            let detail = format!(
                "the site shows that {who} has {words}, but not as a role of the user's own"
            );
            return Err(No::new(Reason::NotAllowed, detail));
        }
        None => {
            let detail = format!("the site does not show through what {who} has {words}");
            return Err(No::new(Reason::NotSent, detail));
        }
    }
    let keeps = held.by_group || held.other;
    let notes = keeps.then_some(Note::KeepsThroughGroup).into_iter().collect();
    wanted.step(
        at,
        with,
        StepKind::RevokeRole,
        Before::Present,
        Wanted { notes, ..Wanted::default() },
    )
}

/// The advice for a cell with several apps, of which none is called like the whole cell.
fn one_a_row(apps: &Apps, name: &str) -> &'static str {
    let mut names = name.split([',', ';']).map(str::trim).filter(|name| !name.is_empty());
    let is_list =
        name.contains([',', ';']) && names.all(|name| apps.named(&[name.to_owned()]).is_ok());
    if is_list { "; write each app in a row of its own" } else { "" }
}

/// The role that a row asks for.
struct Role {
    /// The app's place among the organization's.
    app: usize,
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    role: AppRole,
}

impl Role {
    /// The app of a row, if it is certainly one.
    fn of(intent: &Intent, with: Resolver<'_>) -> Result<Self, No> {
        let (name, role) = intent.access.clone().unwrap_or_default();
        let apps = &with.directory.access.apps;
        let found = apps.named(std::slice::from_ref(&name));
        let found = found.map_err(|error| {
            No::new(Reason::AppNotFound, format!("{error}{}", one_a_row(apps, &name)))
        })?;
        match found.as_deref().unwrap_or_default() {
            [app] => {
                let one = &apps.0[*app];
                Ok(Self { app: *app, id: one.id.clone(), name: one.heading.clone(), role })
            }
            several => {
                let names: Vec<_> = several.iter().map(|at| apps.0[*at].heading.as_str()).collect();
                let detail = format!("several apps are called “{name}”: {}", names.join(", "));
                Err(No::new(Reason::AppAmbiguous, detail))
            }
        }
    }

    /// In words: `the role user in Jira - acme`.
    fn words(&self) -> String {
        self.target(Target::default()).role_words()
    }

    fn target(&self, of: Target) -> Target {
        let (app, app_name) = (Some(self.id.clone()), Some(self.name.clone()));
        Target { app, app_name, role: Some(self.role), ..of }
    }

    /// How a user has the role, or that this is not known.
    fn held(&self, at: PersonIndex, with: Resolver<'_>) -> Result<Option<Held>, No> {
        with.directory.access.held(at, self.app, self.role).ok_or_else(|| {
            let who = with.directory.person(at).shown();
            No::new(Reason::NotSent, format!("headcount could not read the roles of {who}"))
        })
    }

    /// Through what a user has the role, to follow it.
    fn how(&self, at: PersonIndex, held: Held, with: Resolver<'_>) -> String {
        let groups = with.directory.access.through(at, self.app, self.role);
        let groups: Vec<_> = groups.iter().map(|name| format!("“{name}”")).collect();
        let through = match groups.as_slice() {
            [] if held.by_group => Some("through a group that the site does not name".to_owned()),
            [] => None,
            [one] => Some(format!("through the group {one}")),
            several => Some(format!("through the groups {}", several.join(", "))),
        };
        let direct = (held.direct == Some(true)).then(|| "directly".to_owned());
        let words: Vec<_> = direct.into_iter().chain(through).collect();
        match words.as_slice() {
            [] => String::new(),
            words => format!(" {}", words.join(" and ")),
        }
    }

    fn step(
        &self,
        at: PersonIndex,
        with: Resolver<'_>,
        kind: StepKind,
        before: Before,
        wanted: Wanted,
    ) -> Result<Resolved, No> {
        let person = with.directory.person(at);
        let target = self.target(target(person));
        let subject = target.with_part(person.id.as_str());
        Ok(with.step(kind, subject, target, before, wanted)?.into())
    }

    /// A row with a group: its members get or lose the role.
    fn of_group(
        &self,
        intent: &Intent,
        with: Resolver<'_>,
        kind: StepKind,
    ) -> Result<Resolved, No> {
        let at = with.group(intent)?;
        let group = with.directory.group(at);
        let grants = kind == StepKind::GrantGroupRole;
        let (name, words) = (&group.name, self.words());
        let access = &with.directory.access;
        let unread = |what: &str| {
            No::new(Reason::NotSent, format!("headcount could not read {what} of “{name}”"))
        };
        match (access.gives(&group.id, self.app, self.role), grants) {
            (None, _) => return Err(unread("the roles")),
            (Some(true), true) => {
                let detail = format!("the group “{name}” already has {words}");
                return Ok(unchanged(Reason::AlreadyHasRole, detail));
            }
            (Some(false), false) => {
                let detail = format!("the group “{name}” does not have {words}");
                return Ok(unchanged(Reason::HasNoRole, detail));
            }
            (Some(_), _) => {}
        }
        with.guard_group(at)?;
        let members = access.members(at).ok_or_else(|| unread("the members"))?;
        if !grants {
            let guard = |person: &Person| with.guard_user(person, None).err();
            keeps_access(members, with.directory, guard).map_or(Ok(()), Err)?;
        }
        let target = self.target(Target {
            group: Some(group.id.clone()),
            group_name: Some(name.to_string()),
            ..Target::default()
        });
        let subject = target.with_part(group.id.as_str());
        let before = if grants { Before::Absent } else { Before::Present };
        let wanted = if grants { emailing(members, with.directory) } else { Wanted::default() };
        Ok(with.step(kind, subject, target, before, wanted)?.into())
    }
}

/// Why an app is not taken from a group: a member that `guard` refuses has to keep it. That an identity provider owns
/// a member, or that a member is an app, does not matter, because the group's role is changed and not the member.
pub(crate) fn keeps_access(
    members: &[PersonIndex],
    directory: &Directory,
    guard: impl Fn(&Person) -> Option<No>,
) -> Option<No> {
    members.iter().map(|&at| directory.person(at)).find_map(|person| {
        let no = guard(person)?;
        let is_owned = matches!(no.reason, Reason::IdentityProvider | Reason::NotAPerson);
        let detail = format!("the member {}: {}", person.shown(), no.detail);
        (!is_owned).then(|| No::new(no.reason, detail))
    })
}

/// The users that Atlassian emails when their group gets an app (support page “Edit a group”).
pub(crate) fn emailing(members: &[PersonIndex], directory: &Directory) -> Wanted {
    let shown = members.iter().map(|&at| directory.person(at).shown().to_owned());
    let first = shown.take(Emailed::NAMED).collect();
    let emailed = Some(Emailed { users: members.len() as u64, first });
    let notes = if members.is_empty() { Vec::new() } else { vec![Note::EmailsMembers] };
    Wanted { emailed, notes, ..Wanted::default() }
}
