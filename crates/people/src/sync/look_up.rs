//! Reads from the site the users and groups that a list names or owns: one call for 100 users, and one for each page of
//! members of the groups that the list owns. No call is made for a single membership.

use std::collections::{BTreeSet, HashMap, HashSet};

use headcount_atlassian::Site;
use headcount_atlassian::admin::Resources;
use headcount_journal::{Journal, Run};
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, AccountStatus, Privilege, Product, Standing, mail_key};

use super::error::SyncError;
use super::list::List;
use super::rules::{Rules, Scope, domains};
use crate::directory::lookup::{self, Progress, UserApps, Witness};
use crate::directory::{Directory, FoundPerson, GroupIndex, Lifecycle, Person, PersonIndex};
use crate::resolve::OwnAccount;
use crate::resolve::find::find_person;
use crate::rows::{OtherReading, WantedStatus, WhichGroup};
use crate::steps::No;

/// How many groups are looked up at a time.
const GROUPS: usize = 1_000;

/// How many calls a list of all users (1,000 in each call) may take even for a short list of users.
const LISTING: u32 = 50;

/// What is looked up with.
pub(super) struct LookUp<'a> {
    pub journal: &'a mut Journal,
    pub run: &'a Run,
    pub site: &'a Site,
    /// The ids of the site's apps.
    pub apps: Option<&'a Resources>,
    pub own_account: &'a OwnAccount,
    pub directory: &'a mut Directory,
    pub progress: Progress<'a>,
}

/// What the site shows about a list.
#[derive(Debug)]
pub(super) struct Seen {
    /// The user of each entry of the list, or why it is not certainly one.
    pub users: Vec<Result<PersonIndex, No>>,
    /// What the list owns.
    pub scope: Scope,
    /// The members of the groups that it owns.
    pub members: Vec<(GroupIndex, Vec<PersonIndex>)>,
    /// The users of the domains that it owns.
    pub of_domains: Vec<PersonIndex>,
    /// The apps of the users whose rows say them.
    pub apps: SeenApps,
    /// Whether a user of the list that was not found certainly cannot use the site.
    pub sees_active: bool,
}

/// The apps of the users whose rows say them.
#[derive(Debug, Default)]
pub(super) struct SeenApps {
    /// The ids of the site's apps; `None` without an organization API key.
    pub ids: Option<Resources>,
    /// The apps of Jira that each user has, in whichever way.
    pub has: HashMap<PersonIndex, BTreeSet<Product>>,
    /// The ids of all apps of the users whose rows name other apps.
    pub all: UserApps,
}

impl<'a> LookUp<'a> {
    /// Reads everything that the difference needs.
    pub async fn read(&mut self, list: &List, rules: &Rules) -> Result<Seen, SyncError> {
        self.groups(list, rules).await?;
        let domains = domains(rules);
        let of_domains = match domains.is_empty() {
            true => Vec::new(),
            false => {
                lookup::users_of_domains(self.site, self.directory, &domains, self.progress).await?
            }
        };
        let is_complete = self.users(list).await?;
        let scope = Scope::of(list, rules, self.directory)?;
        let groups: Vec<GroupIndex> = scope.groups.iter().copied().collect();
        let members =
            lookup::whole_groups(self.site, self.directory, &groups, self.progress).await?;
        let users: Vec<_> =
            list.users.iter().map(|one| find_person(&one.user, self.directory)).collect();
        self.doubted(list, &users, &groups).await?;
        self.resting(&users, &members).await?;
        let apps = self.read_apps(list, &users).await?;
        let gone = list.users.iter().zip(&users);
        let gone = gone.filter(|(one, _)| one.status == Some(WantedStatus::Gone));
        let gone: Vec<_> = gone.filter_map(|(_, at)| at.as_ref().ok().copied()).collect();
        self.residents(&gone).await?;
        let sees_active = is_complete || self.directory.sees_every_mail;
        Ok(Seen { users, scope, members, of_domains, apps, sees_active })
    }

    fn witness(&self) -> Witness<'a> {
        let OwnAccount { account, mail } = self.own_account;
        Witness { account: account.as_ref(), mail: mail.as_deref() }
    }

    async fn groups(&mut self, list: &List, rules: &Rules) -> Result<(), SyncError> {
        let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for group in list.groups().chain(rules.groups_owned(list)) {
            note(group, &mut names, &mut ids);
        }
        let (names, ids): (Vec<String>, Vec<GroupId>) =
            (names.into_iter().collect(), ids.into_iter().collect());
        for names in names.chunks(GROUPS) {
            lookup::groups(self.site, self.directory, names, &[], self.progress).await?;
        }
        for ids in ids.chunks(GROUPS) {
            lookup::groups(self.site, self.directory, &[], ids, self.progress).await?;
        }
        Ok(())
    }

    /// Reads the users of the list that are not known yet. Returns whether a list of all users showed every email of an
    /// active one.
    async fn users(&mut self, list: &List) -> Result<bool, SyncError> {
        let accounts: BTreeSet<AccountId> =
            list.users.iter().filter_map(|one| one.user.account.clone()).collect();
        let accounts: Vec<_> = accounts.into_iter().collect();
        let witness = Witness { mail: None, ..self.witness() };
        lookup::people(self.site, self.directory, &[], &accounts, witness, self.progress).await?;
        let wanted = list.users.iter().filter_map(|one| one.user.mail.as_deref()).map(mail_key);
        let mut mails: BTreeSet<String> = wanted.collect();
        let is_unknown = |mail: &String, directory: &Directory| {
            directory.people_by_mail(mail) == FoundPerson::Nobody
        };
        mails.retain(|mail| is_unknown(mail, self.directory));
        let listed = self.list_all_users(mails.len()).await?;
        mails.retain(|mail| is_unknown(mail, self.directory));
        let (sees, is_complete) = listed;
        if !is_complete {
            let mails: Vec<String> = mails.into_iter().collect();
            let witness = self.witness();
            lookup::people(self.site, self.directory, &mails, &[], witness, self.progress).await?;
            self.directory.sees_every_account |= sees;
        }
        Ok(is_complete)
    }

    /// With an API token alone, a list of all users is cheaper than a search for each email. Returns whether every
    /// account was seen, and every email of an active one.
    async fn list_all_users(&mut self, wanted: usize) -> Result<(bool, bool), SyncError> {
        let (None, Some(_), Some(own)) =
            (&self.site.admin, &self.site.jira, &self.own_account.account)
        else {
            return Ok((false, false));
        };
        let calls = LISTING.max(wanted.min(1_000) as u32);
        let listed = lookup::all_users(self.site, self.directory, calls, own, &mut |_| {}).await?;
        if !listed.complete {
            return Ok((false, false));
        }
        // A 201 that names one of these accounts created no user.
        let is_here = |person: &Person| {
            !matches!(person.status, Some(AccountStatus::Inactive | AccountStatus::Closed))
        };
        let here = self.directory.people().filter(|(_, person)| is_here(person));
        let ids: Vec<String> = here.map(|(_, person)| person.id.as_str().to_owned()).collect();
        self.journal.add_known_before(&self.run.id, ids.iter().map(String::as_str))?;
        self.directory.sees_every_account = true;
        Ok((true, listed.hidden_active == 0))
    }

    /// Reads the memberships of listed users in groups whose lists contradict themselves.
    async fn doubted(
        &mut self,
        list: &List,
        users: &[Result<PersonIndex, No>],
        groups: &[GroupIndex],
    ) -> Result<(), SyncError> {
        let doubted: Vec<_> =
            groups.iter().copied().filter(|at| self.directory.doubt(*at).is_some()).collect();
        let says = list.users.iter().zip(users).filter(|(one, _)| one.groups.is_some());
        let people: Vec<_> = says.filter_map(|(_, at)| at.as_ref().ok().copied()).collect();
        let pairs = doubted.iter().flat_map(|group| people.iter().map(|at| (*at, *group)));
        let pairs: Vec<_> = pairs.collect();
        Ok(lookup::memberships(self.site, self.directory, &pairs, self.progress).await?)
    }

    /// Reads the state of members that the list does not name and that Jira shows as inactive: Jira shows suspended users
    /// like deactivated ones, and only the organization shows the difference.
    async fn resting(
        &mut self,
        users: &[Result<PersonIndex, No>],
        members: &[(GroupIndex, Vec<PersonIndex>)],
    ) -> Result<(), SyncError> {
        if self.site.admin.is_none() {
            return Ok(());
        }
        let listed: HashSet<_> = users.iter().flatten().copied().collect();
        let is_unclear = |at: &PersonIndex| {
            let person = self.directory.person(*at);
            person.standing.is_none()
                && person.status == Some(AccountStatus::Inactive)
                && !listed.contains(at)
        };
        let all = members.iter().flat_map(|(_, members)| members).copied();
        let unclear: BTreeSet<PersonIndex> = all.filter(is_unclear).collect();
        let mail = |at: &PersonIndex| self.directory.person(*at).mail.as_deref().map(mail_key);
        let mails: Vec<String> = unclear.iter().filter_map(mail).collect();
        // The claims are about the emails of the list.
        let claims = (self.directory.sees_every_mail, self.directory.sees_every_account);
        let witness = self.witness();
        lookup::people(self.site, self.directory, &mails, &[], witness, self.progress).await?;
        (self.directory.sees_every_mail, self.directory.sees_every_account) = claims;
        let is_open = |at: &PersonIndex| self.directory.person(*at).standing.is_none();
        let hidden: Vec<_> = unclear.into_iter().filter(is_open).collect();
        let (site, directory) = (self.site, &mut *self.directory);
        match hidden.as_slice() {
            [] => Ok(()),
            hidden => Ok(lookup::standings(site, directory, hidden, self.progress).await?),
        }
    }

    /// Reads which of these users are still there, before they are removed.
    pub async fn residents(&mut self, people: &[PersonIndex]) -> Result<(), SyncError> {
        let is_open =
            |at: &PersonIndex| self.directory.person(*at).standing != Some(Standing::NotInvited);
        let open: Vec<_> = people.iter().copied().filter(is_open).collect();
        if open.is_empty() {
            return Ok(());
        }
        let (site, directory) = (self.site, &mut *self.directory);
        match site.jira {
            Some(_) => Ok(lookup::on_site(site, directory, &open, self.progress).await?),
            None => Ok(lookup::standings(site, directory, &open, self.progress).await?),
        }
    }

    /// Reads what the guards need to know about users that are to be changed, and no earlier read has shown.
    pub async fn facts(&mut self, changes: &Changes) -> Result<(), SyncError> {
        let (site, directory) = (self.site, &mut *self.directory);
        let is_open = |at: &PersonIndex| directory.person(*at).org_admin.is_none();
        let open: Vec<_> = changes.people.iter().copied().filter(is_open).collect();
        if !open.is_empty() {
            lookup::organization_facts(site, directory, &open).await?;
        }
        if changes.creates || !changes.joined.is_empty() {
            let joined: Vec<_> = changes.joined.iter().copied().collect();
            lookup::products(site, directory, &joined).await?;
        }
        // Unlike the search, this read does not lag, and it shows through what a user has an app.
        if site.admin.is_some() && !changes.roles.is_empty() {
            let people: Vec<_> = changes.roles.iter().copied().collect();
            lookup::roles(site, directory, &people, &[], self.progress).await?;
        }
        self.accounts(&changes.accounts).await
    }

    /// Whether the organization manages these accounts. If the search for users shows that and their state, no call is
    /// made for each of them.
    async fn accounts(&mut self, accounts: &BTreeSet<PersonIndex>) -> Result<(), SyncError> {
        if self.site.admin.is_none() {
            return Ok(());
        }
        let mut open = Vec::new();
        for &at in accounts {
            let person = self.directory.person_mut(at);
            match (person.managed, person.status, person.synced) {
                (Some(true), Some(_), Some(_)) => {}
                (Some(false), ..) => {
                    let words = "no domain that the organization has claimed".into();
                    person.lifecycle = Some(Lifecycle::NotManaged(words));
                }
                _ => open.push(at),
            }
        }
        if open.is_empty() {
            return Ok(());
        }
        let (site, directory) = (self.site, &mut *self.directory);
        let privilege = Privilege::Enablement;
        Ok(lookup::lifecycles(site, directory, &open, privilege, self.progress).await?)
    }
}

/// The users and groups that differences change.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The users who exist.
    pub people: BTreeSet<PersonIndex>,
    /// Those whose accounts are deactivated or reactivated.
    pub accounts: BTreeSet<PersonIndex>,
    /// The users who get or lose an app.
    pub roles: BTreeSet<PersonIndex>,
    /// The groups that users join.
    pub joined: BTreeSet<GroupIndex>,
    /// Whether users are created.
    pub creates: bool,
}

/// Notes a group's names and ids, in each way to read its cell.
fn note(group: &WhichGroup, names: &mut BTreeSet<String>, ids: &mut BTreeSet<GroupId>) {
    match (&group.id, &group.name) {
        (Some(id), _) => drop(ids.insert(id.clone())),
        (None, Some(name)) => drop(names.insert(name.clone())),
        (None, None) => {}
    }
    match &group.other {
        Some(OtherReading::Id(id)) => drop(ids.insert(id.clone())),
        Some(OtherReading::Name(name)) => {
            names.extend([name.clone(), name.to_lowercase(), name.to_uppercase()]);
        }
        None => {}
    }
}
