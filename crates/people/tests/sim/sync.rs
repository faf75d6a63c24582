//! Random organizations and random lists: after `sync` the site is as the list says, within what the list owns, and
//! untouched outside; a second plan has nothing to send; an undo brings the site back. Troubles, deaths and limits come
//! in between.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use headcount_atlassian::pace::PaceSettings;
use headcount_engine::RunOptions;
use headcount_journal::{RowView, Run};
use headcount_model::outcome::Outcome;
use headcount_model::protected::Protected;
use headcount_model::reason::Reason;
use headcount_model::step::StepState;
use headcount_people::sync::Absent;
use headcount_sandbox::Config;
use serde_json::Value;

use super::company::Books;
use super::life::carry;
use super::process::{Death, Keys, Machine};
use super::roster::{DOMAIN, GIVING, GROUPS, PRODUCTS, Plan, draw, found, mail};
use super::weather::Weather;

/// The site as far as a list can change it.
#[derive(Clone, Debug, PartialEq)]
struct Site {
    /// Lifecycle and place, by email.
    people: BTreeMap<String, (String, String)>,
    /// Email and group.
    memberships: BTreeSet<(String, String)>,
    /// Email and app: the role `user` of a user's own.
    roles: BTreeSet<(String, String)>,
}

impl Site {
    fn of(books: &Books) -> Self {
        let text = |value: &Value, usual: &str| value.as_str().unwrap_or(usual).to_owned();
        let mails: BTreeMap<&String, String> =
            books.people.iter().map(|(id, one)| (id, text(&one["email"], ""))).collect();
        let names: BTreeMap<&String, &String> =
            books.groups.iter().map(|(id, name)| (id, name)).collect();
        let state = |one: &Value| (text(&one["lifecycle"], "active"), text(&one["place"], "here"));
        let people = books.people.values().map(|one| (text(&one["email"], ""), state(one)));
        let pair = |(account, group): &(String, String)| {
            Some((mails.get(account)?.clone(), (*names.get(group)?).clone()))
        };
        let of_own = |one: &Value| {
            let mail = text(&one["email"], "");
            let roles = one["roles"].as_object().cloned().unwrap_or_default();
            let is_user = |(_, roles): &(String, Value)| {
                roles.as_array().is_some_and(|roles| roles.iter().any(|role| role == "user"))
            };
            roles.into_iter().filter(is_user).map(move |(app, _)| (mail.clone(), app))
        };
        Self {
            people: people.collect(),
            memberships: books.memberships.iter().filter_map(pair).collect(),
            roles: books.people.values().flat_map(of_own).collect(),
        }
    }

    fn is_in(&self, mail: &str, group: usize) -> bool {
        self.memberships.contains(&(mail.to_owned(), GROUPS[group].to_owned()))
    }

    fn put(&mut self, mail: &str, group: usize, is_in: bool) {
        let pair = (mail.to_owned(), GROUPS[group].to_owned());
        match is_in {
            true => self.memberships.insert(pair),
            false => self.memberships.remove(&pair),
        };
    }

    fn has_access(&self, mail: &str) -> bool {
        let state = self.people.get(mail);
        state.is_some_and(|(lifecycle, place)| lifecycle == "active" && place != "removed")
    }

    fn leave_site(&mut self, mail: &str) {
        if let Some((_, place)) = self.people.get_mut(mail) {
            "removed".clone_into(place);
        }
        self.memberships.retain(|(of, _)| of != mail);
        self.roles.retain(|(of, _)| of != mail);
    }

    fn has(&self, mail: &str, product: usize) -> bool {
        let is_given = product == 0 && self.memberships.contains(&(mail.into(), GIVING.into()));
        is_given || self.roles.contains(&(mail.to_owned(), PRODUCTS[product].to_owned()))
    }

    /// Gives and takes the apps of a user who can use them.
    fn set_products(&mut self, mail: &str, wanted: &BTreeSet<usize>, own: &BTreeSet<usize>) {
        let is_active = self
            .people
            .get(mail)
            .is_some_and(|(lifecycle, place)| lifecycle == "active" && place == "here");
        if !is_active {
            return;
        }
        for (product, key) in PRODUCTS.iter().enumerate() {
            let role = (mail.to_owned(), (*key).to_owned());
            if wanted.contains(&product) && !self.has(mail, product) {
                self.roles.insert(role);
            } else if own.contains(&product) && !wanted.contains(&product) {
                self.roles.remove(&role);
            }
        }
    }

    /// The users that a list owns, and does not name.
    fn absent(&self, plan: &Plan) -> Vec<String> {
        let named: BTreeSet<String> = plan.rows.iter().map(|row| mail(row.number)).collect();
        let owned = plan.owned();
        let is_owned = |mail: &&String| {
            (plan.owns_domain && mail.ends_with(DOMAIN))
                || owned.iter().any(|group| self.is_in(mail, *group))
        };
        let all = self.people.keys().filter(is_owned).filter(|mail| self.has_access(mail));
        all.filter(|mail| !named.contains(*mail)).cloned().collect()
    }

    /// Without the memberships of suspended users that a list does not name, if there is only an API token: Jira shows a
    /// member who is suspended as it shows one who is deactivated.
    fn without(mut self, open: &BTreeSet<String>) -> Self {
        self.memberships.retain(|(mail, _)| !open.contains(mail));
        self
    }

    fn is_suspended(&self, mail: &str) -> bool {
        self.people.get(mail).is_some_and(|(_, place)| place == "suspended")
    }

    /// As the list wants it.
    fn wanted(&self, plan: &Plan, keys: Keys) -> Self {
        let (mut site, owned) = (self.clone(), plan.owned());
        for mail in self.absent(plan) {
            let state = site.people.get_mut(&mail).unwrap();
            match plan.absent {
                Absent::Keep => {}
                Absent::LeaveGroups => {
                    owned.iter().for_each(|group| site.put(&mail, *group, false))
                }
                Absent::Suspend => "suspended".clone_into(&mut state.1),
                Absent::Deactivate => "inactive".clone_into(&mut state.0),
                Absent::Remove => site.leave_site(&mail),
            }
        }
        for row in &plan.rows {
            let mail = mail(row.number);
            let Some((lifecycle, place)) = site.people.get_mut(&mail) else {
                if matches!(row.status, "active" | "") {
                    site.people.insert(mail.clone(), ("active".into(), "here".into()));
                    let groups = row.groups.iter().flatten().filter(|at| owned.contains(at));
                    groups.for_each(|at| site.put(&mail, *at, true));
                }
                continue;
            };
            match row.status {
                "active" => (*lifecycle, *place) = ("active".into(), "here".into()),
                "deactivated" => "inactive".clone_into(lifecycle),
                "suspended" if lifecycle == "active" => "suspended".clone_into(place),
                "gone" => site.leave_site(&mail),
                _ => {}
            }
            let joins = matches!(row.status, "active" | "");
            if let Some(products) = row.products.as_ref().filter(|_| joins && keys != Keys::Jira) {
                site.set_products(&mail, products, &plan.own_products);
            }
            let Some(groups) = row.groups.as_ref().filter(|_| row.status != "gone") else {
                continue;
            };
            for group in &owned {
                let is_named = groups.contains(group);
                if joins || !is_named {
                    site.put(&mail, *group, is_named);
                }
            }
        }
        site
    }

    /// Without the groups and roles that come with an app: a new user gets those by the way.
    fn compared(mut self, before: &Self) -> Self {
        self.memberships.retain(|(_, group)| GROUPS.contains(&group.as_str()));
        let is_removed =
            |mail: &String| self.people.get(mail).is_none_or(|(_, place)| place == "removed");
        self.roles.retain(|(mail, _)| before.people.contains_key(mail) && !is_removed(mail));
        self
    }
}

fn pending(machine: &Machine, run: &Run) -> u64 {
    machine.journal.counts(&run.id).unwrap().pending
}

/// Rows that no plan changes: what a list names and does not own, and what a group or a credential decides.
fn left(machine: &Machine, run: &Run) -> Vec<RowView> {
    let rows = machine.journal.rows(&run.id, 0, 10_000).unwrap();
    let skipped = rows.into_iter().filter(|row| row.outcome == Some(Outcome::Skipped));
    let skipped = skipped.inspect(|row| {
        let action = row.cells[0].as_str();
        let is_known = match row.reason {
            Some(Reason::NotOwned) => true,
            // With an API token alone, an unknown email may be a hidden one.
            Some(Reason::UserNotFound) => action == "remove",
            Some(Reason::ThroughGroup) => action == "revoke",
            Some(Reason::NotAllowed) => matches!(action, "grant" | "revoke"),
            _ => false,
        };
        assert!(is_known, "{row:?}");
    });
    skipped.collect()
}

/// The same in words, without apps that a group gives: the group may give one that the user also had directly.
fn in_words(left: &[RowView]) -> Vec<String> {
    let own = left.iter().filter(|row| row.reason != Some(Reason::ThroughGroup));
    own.map(|row| [0, 1, 3, 5].map(|at| row.cells[at].as_str()).join(" ")).collect()
}

/// Whether rows failed, or were skipped while the run was applied.
fn is_incomplete(machine: &Machine, run: &Run, skipped_in_plan: usize) -> bool {
    let counts = machine.journal.counts(&run.id).unwrap();
    counts.failed + counts.unknown > 0 || counts.skipped > skipped_in_plan as u64
}

/// How the rows of a run ended, in words.
fn endings(machine: &Machine, run: &Run) -> Vec<String> {
    let rows = machine.journal.rows(&run.id, 0, 10_000).unwrap();
    rows.iter().map(|row| format!("{:?} {:?} {}", row.cells, row.outcome, row.detail)).collect()
}

/// Later the site's index shows everything: while it lags, a list is compared with what was before.
async fn caught_up() {
    tokio::time::sleep(std::time::Duration::from_secs(700)).await;
}

async fn live(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let keys = [Keys::Both, Keys::Both, Keys::Org, Keys::Jira][rng.usize(..4)];
    let pace = PaceSettings {
        concurrency: [None, Some(1), Some(3)][rng.usize(..3)],
        rate: None,
        seed: rng.u64(..),
    };
    let network = rng.fork();
    let mut machine = Machine::with(Config::default(), pace, network, keys).await;
    let many = rng.usize(3..25);
    found(&machine, &mut rng, many, keys).await;
    let plan = draw(&mut rng, many, keys);
    let (list, rules) = (plan.text(), plan.rules());
    machine.tell(format!("{keys:?} {plan:?}"));
    let before = Site::of(&Books::read(&machine.net).await);
    machine.begin(Weather::calm());
    let run = match machine.plan_sync(&list, &rules).await {
        Ok(run) => run,
        Err(why) => {
            assert!(why.contains("fewer than half") || why.contains("names no user"), "{why}");
            let after = Site::of(&Books::read(&machine.net).await);
            assert_eq!(after, before, "a refused list changes nothing");
            return;
        }
    };
    let refused = left(&machine, &run);
    let how = RunOptions { canary: rng.u64(..3), max_failures: 0, ..RunOptions::default() };
    let mut after = Site::of(&carry(&mut machine, &mut rng, &run, how.clone()).await);
    machine.protect(Protected::default());
    let failed = is_incomplete(&machine, &run, refused.len());
    if failed {
        // What troubles and a changed profile left undone is still a difference, and the next sync makes it.
        machine.begin(Weather::calm());
        caught_up().await;
        let Ok(again) = machine.plan_sync(&list, &rules).await else { return };
        // No canary: while the index lags, its row would end `unknown`, and the run stop.
        let how = RunOptions { canary: 0, ..how.clone() };
        machine.stretch(&again, &how, Death::Never).await;
        after = Site::of(&Books::read(&machine.net).await);
    }
    let open = before.absent(&plan).into_iter().filter(|mail| before.is_suspended(mail));
    let open = open.filter(|_| keys == Keys::Jira).collect();
    assert_eq!(
        after.clone().compared(&before).without(&open),
        before.wanted(&plan, keys).compared(&before).without(&open),
        "the site is as the list wants it, and untouched outside\n{list}{:#?}",
        endings(&machine, &run)
    );
    machine.begin(Weather::calm());
    // While the index lags, the journal knows what its own runs did.
    if failed || rng.bool() {
        caught_up().await;
    }
    let again = machine.plan_sync(&list, &rules).await;
    // Without those that the list has removed or deactivated, the others may be fewer than half.
    if let Ok(again) = again {
        let open = machine.journal.steps(&again.id, StepState::Pending, 0, 100).unwrap();
        assert_eq!(
            pending(&machine, &again),
            0,
            "a second sync has nothing to send\n{list}{open:#?}"
        );
        assert_eq!(
            in_words(&left(&machine, &again)),
            in_words(&refused),
            "the same differences are left"
        );
    }
    if !failed {
        undo(&mut machine, &mut rng, &run, (&before, &after), how).await;
    }
}

/// After an undo the site is as before, except for users who were removed: no call brings back their memberships.
async fn undo(
    machine: &mut Machine,
    rng: &mut Rng,
    run: &Run,
    (before, after): (&Site, &Site),
    how: RunOptions,
) {
    let run = machine.run(run);
    let undo = machine.plan_undo(&run, true).await.unwrap();
    let mut end = Site::of(&carry(machine, rng, &undo, how.clone()).await);
    machine.protect(Protected::default());
    if is_incomplete(machine, &undo, 0) {
        machine.begin(Weather::calm());
        caught_up().await;
        let undo = machine.plan_undo(&run, true).await.unwrap();
        machine.stretch(&undo, &RunOptions { canary: 0, ..how }, Death::Never).await;
        end = Site::of(&Books::read(&machine.net).await);
    }
    let is_removed = |mail: &String| {
        let place = |site: &Site| site.people.get(mail).map(|(_, place)| place == "removed");
        place(before) == Some(false) && place(after) == Some(true)
    };
    let is_new = |mail: &String| !before.people.contains_key(mail);
    let kept = |site: &Site| {
        let mut site = site.clone().compared(before);
        site.people.retain(|mail, _| !is_removed(mail) && !is_new(mail));
        site.roles.retain(|(mail, _)| !is_removed(mail) && !is_new(mail));
        site.memberships.retain(|(mail, _)| !is_removed(mail) && !is_new(mail));
        site
    };
    let rows = || machine.journal.rows(&undo.id, 0, 10_000).unwrap();
    let left = || rows().into_iter().filter(|row| row.outcome != Some(Outcome::Changed));
    let left = || left().map(|row| format!("{:?} {:?} {}", row.cells, row.reason, row.detail));
    let (end_kept, wanted) = (kept(&end), kept(before));
    assert_eq!(
        end_kept,
        wanted,
        "the undo brings the site back; {:#?}",
        left().collect::<Vec<_>>()
    );
    for mail in after.people.keys().filter(|mail| is_new(mail)) {
        let place = end.people.get(mail).map(|(_, place)| place.as_str());
        assert_ne!(place, Some("here"), "{mail} stays");
    }
}

fn seeds(from: u64, until: u64) {
    for seed in (from..until)
        .filter(|seed| super::asked("HEADCOUNT_SIM_SEED").is_none_or(|one| one == *seed))
    {
        eprintln!("sync seed {seed}");
        super::clock().block_on(live(seed));
    }
}

#[test]
fn a_list_and_the_site_agree_afterwards_1() {
    seeds(0, 40);
}

#[test]
fn a_list_and_the_site_agree_afterwards_2() {
    seeds(40, 80);
}
