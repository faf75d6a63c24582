//! Resolves a row of `user create`: its user is created or gets access to apps, and is added to their groups.
//!
//! With an invitation, all of it is one step. With Jira, the groups are steps of their own:
//!
//! - A user who is already on the site, with a known account, needs no creation before they are added to a group; a
//!   membership that was read is `already-member`.
//! - For all others, the account is known only after the creation, so adding them to groups waits for it.
//! - A group that is not certainly one, is protected, or belongs to an identity provider stops the whole row, because a
//!   user with only a part of the groups is worse than none.

use crate::steps::{Before, NewStep, No, StepKind, Target, Wanted, list};
use std::collections::BTreeSet;

use crate::directory::{Directory, FoundPerson, GroupIndex, Person, PersonIndex};
use crate::lookup::{LookingUp, Lookup};
use crate::resolve::find::{find_by_mail, find_group, mixed_scripts};
use crate::resolve::{Part, Resolved, Resolver, Spec, of_addition, unchanged};
use crate::rows::{Intent, WhichGroup};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::user::{AccountStatus, Product, mail_key};

/// The data with which a row is resolved.
struct Creation<'a> {
    mail: &'a str,
    name: Option<&'a str>,
    products: Option<&'a [Product]>,
    groups: &'a [WhichGroup],
    directory: &'a Directory,
    spec: &'a Spec,
    with: Resolver<'a>,
}

/// The users who exist already, their apps and groups, and the free seats.
pub(super) fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        lookup.read_newcomers().await?;
        let people = lookup.people();
        lookup.read_access(&people).await?;
        lookup.read_groups().await?;
        let pairs = lookup.pairs();
        lookup.read_owners(&pairs).await?;
        lookup.read_memberships(&pairs).await
    })
}

/// Resolves a row of `user create`.
pub(super) fn resolve(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    let Resolver { directory, spec, .. } = with;
    let mail = intent.user.as_ref().and_then(|user| user.mail.as_deref()).unwrap_or_default();
    let (name, products) = (intent.name.as_deref(), intent.products.as_deref());
    let creation = Creation { mail, name, products, groups: &intent.groups, directory, spec, with };
    match spec.is_provisioning() {
        true => creation.provision(),
        false => creation.resolve(),
    }
}

/// The user that was found.
struct Found {
    person: Option<PersonIndex>,
    /// The state before; `Err` if the user has every app already, in words.
    before: Result<Before, String>,
}

impl Creation<'_> {
    fn resolve(&self) -> Result<Resolved, No> {
        if let Some(no) = mixed_scripts(self.mail) {
            return Err(no);
        }
        let products = self.products.unwrap_or(&self.spec.products);
        let resources = resources(products, self.spec)?;
        let groups = self.find_groups()?;
        let found = self.find(products)?;
        let is_in = |group: GroupIndex| {
            found.person.is_some_and(|at| self.directory.is_member(at, group) == Some(true))
        };
        let missing: Vec<_> = groups.iter().copied().filter(|group| !is_in(*group)).collect();
        if let (Err(detail), true) = (&found.before, missing.is_empty()) {
            let detail = match groups.is_empty() {
                true => detail.clone(),
                false => format!("{detail}, in {}", self.names(&groups)),
            };
            return Ok(unchanged(Reason::AlreadyThere, detail));
        }
        let invites = self.spec.invite.is_some();
        self.guard(&found, if invites { &groups } else { &missing })?;
        let invited_into = if invites { groups.as_slice() } else { &[] };
        let (mut notes, mut gives) = (BTreeSet::new(), BTreeSet::new());
        for &group in invited_into {
            let given = self.given(&found, group);
            notes.extend(given.notes);
            gives.extend(given.gives);
        }
        let (notes, gives) = (notes.into_iter().collect(), gives.into_iter().collect());
        let invited_into = || invited_into.iter().map(|&at| self.directory.group(at));
        let wanted = Wanted {
            products: products.to_vec(),
            notes,
            gives,
            resources,
            groups: invited_into().map(|group| group.id.clone()).collect(),
            group_names: invited_into().map(|group| group.name.to_string()).collect(),
            // Jira sends its own text, whatever it gets.
            message: self.spec.message.clone().filter(|_| invites),
            ..Wanted::default()
        };
        if invites {
            let before = found.before.clone().unwrap_or(Before::Present);
            return Ok(Resolved::Step(Box::new(self.creation(&found, before, wanted)?)));
        }
        let creation = found.before.clone().ok();
        let creation = creation.map(|before| self.creation(&found, before, wanted)).transpose()?;
        Ok(match (creation, groups.is_empty()) {
            (Some(step), true) => Resolved::Step(Box::new(step)),
            (creation, _) => Resolved::Parts(self.parts(&found, creation, &groups)?),
        })
    }

    /// Resolves a row that goes through the identity provider's directory, which gives no apps.
    fn provision(&self) -> Result<Resolved, No> {
        if let Some(no) = mixed_scripts(self.mail) {
            return Err(no);
        }
        if self.products.is_some_and(|products| !products.is_empty()) {
            let detail = "the identity provider's directory gives no products; leave them out, and add the \
                          user to a group that gives them";
            return Err(No::new(Reason::NotAllowed, detail));
        }
        let groups = self.find_groups()?;
        let found = self.find(&[])?;
        let Some(at) = found.person else {
            self.guard(&found, &groups)?;
            let before = found.before.clone().unwrap_or(Before::Unseen);
            let step = self.creation(&found, before, Wanted::default())?;
            return Ok(match groups.is_empty() {
                true => Resolved::Step(Box::new(step)),
                false => Resolved::Parts(self.parts(&found, Some(step), &groups)?),
            });
        };
        let who = self.directory.person(at).shown();
        let is_in = |group: &GroupIndex| self.directory.is_member(at, *group) == Some(true);
        let missing: Vec<_> = groups.iter().copied().filter(|group| !is_in(group)).collect();
        // A creation would hand the account over to the identity provider, which this job does not decide.
        self.guard(&found, &missing)?;
        if missing.is_empty() {
            let detail = format!("{who} is already in the identity provider's directory");
            return Ok(unchanged(Reason::AlreadyThere, detail));
        }
        Ok(Resolved::Parts(self.parts(&found, None, &groups)?))
    }

    /// The creation, if there is one, then each group.
    fn parts(
        &self,
        found: &Found,
        creation: Option<NewStep>,
        groups: &[GroupIndex],
    ) -> Result<Vec<Part>, No> {
        // A user whose apps were read is on the site, so their groups need no other step.
        let waits = creation.as_ref().is_some_and(|step| step.before != Before::Present);
        let mut parts: Vec<Part> = creation.into_iter().map(Part::new).collect();
        for &group in groups {
            let mut part = Part::new(self.addition(found, group)?);
            if part.step.before == Before::Member(true) {
                let detail = format!(
                    "{} is already a member of {}",
                    part.step.target.who(),
                    part.step.target.which()
                );
                part.settled = Some((Outcome::Unchanged, Reason::AlreadyMember, detail));
            } else {
                part.needs = waits.then_some(0);
            }
            parts.push(part);
        }
        Ok(parts)
    }

    /// The groups of the cell, each once; or all that is wrong with them.
    fn find_groups(&self) -> Result<Vec<GroupIndex>, No> {
        let mut groups = Vec::new();
        let mut wrong: Option<No> = None;
        for group in self.groups {
            match (find_group(group, self.directory), &mut wrong) {
                (Ok(at), _) if groups.contains(&at) => {}
                (Ok(at), _) => groups.push(at),
                (Err(no), Some(first)) => first.detail += &format!("; and {}", no.detail),
                (Err(no), None) => wrong = Some(no),
            }
        }
        wrong.map_or(Ok(groups), Err)
    }

    fn find(&self, products: &[Product]) -> Result<Found, No> {
        let (mail, directory) = (self.mail, self.directory);
        Ok(match directory.people_by_mail(mail) {
            FoundPerson::Nobody if directory.sees_every_account => {
                Found { person: None, before: Ok(Before::Absent) }
            }
            FoundPerson::Nobody => Found { person: None, before: Ok(Before::Unseen) },
            FoundPerson::Several(_) => {
                return Err(find_by_mail(mail, directory).err().unwrap_or_else(|| {
                    let detail = format!("several accounts have the email {mail}");
                    No::new(Reason::UserAmbiguous, detail)
                }));
            }
            FoundPerson::One(at) => {
                Found { person: Some(at), before: present(directory.person(at), products)? }
            }
        })
    }

    /// Checks the guards for the row's user and groups.
    fn guard(&self, found: &Found, groups: &[GroupIndex]) -> Result<(), No> {
        let (directory, spec) = (self.directory, self.spec);
        for &group in groups {
            self.with.guard_group(group).map_err(|no| {
                let name = &directory.group(group).name;
                No { detail: format!("{name}: {}", no.detail), ..no }
            })?;
        }
        if let Some(at) = found.person {
            return self.with.guard_user(directory.person(at), None);
        }
        let nobody = found.before == Ok(Before::Absent) && directory.sees_every_mail;
        spec.guards.mail(self.mail, nobody).map_or(Ok(()), Err)
    }

    fn target(&self, found: &Found) -> Target {
        let account = found.person.map(|at| self.directory.person(at).id.clone());
        let (mail, name) = (Some(self.mail.to_owned()), self.name.map(ToOwned::to_owned));
        Target { account, mail, name, ..Target::default() }
    }

    fn creation(&self, found: &Found, before: Before, wanted: Wanted) -> Result<NewStep, No> {
        let invites = self.spec.invite.is_some();
        let kind = if invites { StepKind::InviteUser } else { StepKind::CreateUser };
        self.with.step(kind, mail_key(self.mail), self.target(found), before, wanted)
    }

    fn addition(&self, found: &Found, group: GroupIndex) -> Result<NewStep, No> {
        let named = self.directory.group(group);
        let before = match found.person {
            Some(at) => self.directory.is_member(at, group).map_or(Before::Unseen, Before::Member),
            // A user who does not exist is in no group.
            None if found.before == Ok(Before::Absent) => Before::Member(false),
            None => Before::Unseen,
        };
        let target = Target {
            group: Some(named.id.clone()),
            group_name: Some(named.name.to_string()),
            ..self.target(found)
        };
        // Neither an email nor an account id contains a space, and only an email contains an @.
        let subject = match &target.account {
            Some(account) => format!("{account} {}", named.id),
            None => format!("{} {}", mail_key(self.mail), named.id),
        };
        self.with.step(StepKind::AddMember, subject, target, before, self.given(found, group))
    }

    /// The apps of a group that the row does not give anyway.
    fn given(&self, found: &Found, group: GroupIndex) -> Wanted {
        let person = found.person.map(|at| self.directory.person(at));
        let mut wanted = of_addition(person, group, self.directory);
        let gets = self.products.unwrap_or(&self.spec.products);
        wanted.gives.retain(|product| !gets.contains(product));
        wanted
    }

    fn names(&self, groups: &[GroupIndex]) -> String {
        let names: Vec<&str> = groups.iter().map(|&at| &*self.directory.group(at).name).collect();
        names.join(", ")
    }
}

/// The organization's resource names of these apps; empty if users are not invited.
fn resources(products: &[Product], spec: &Spec) -> Result<Vec<String>, No> {
    let Some(known) = &spec.invite else { return Ok(Vec::new()) };
    let resource = |product: &Product| {
        known.get(product).cloned().ok_or_else(|| {
            let detail = format!("the organization lists no {product} for this site");
            No::new(Reason::NotAllowed, detail)
        })
    };
    products.iter().map(resource).collect()
}

/// A user who exists already: the state before, or (`Err`) that nothing is missing.
fn present(person: &Person, wanted: &[Product]) -> Result<Result<Before, String>, No> {
    let who = person.shown();
    match person.status {
        Some(AccountStatus::Inactive) => {
            let detail = format!("{who} is deactivated; reactivate the account first");
            return Err(No::new(Reason::AccountInactive, detail));
        }
        Some(AccountStatus::Closed) => {
            return Err(No::new(
                Reason::AccountClosed,
                format!("the account of {who} was deleted"),
            ));
        }
        Some(AccountStatus::Active) | None => {}
    }
    Ok(match &person.products {
        Some(has) if wanted.iter().all(|product| has.contains(product)) => {
            Err(format!("{who} is already on the site, with {}", list(wanted)))
        }
        Some(_) => Ok(Before::Present),
        None => Ok(Before::Unseen),
    })
}
