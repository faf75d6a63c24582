//! Lists and their differences, from text and a directory made by hand.

use headcount_model::group::GroupId;
use headcount_model::protected::Protected;
use headcount_model::user::{AccountId, AccountStatus, Standing};
use headcount_sheet::{Input, Options, Source};

use super::check::check;
use super::difference::{differences, owned};
use super::look_up::{Seen, SeenApps};
use super::rules::Scope;
use super::{Absent, List, ListError, ReadList, Reader, Rules};
use crate::directory::{Directory, Group, GroupIndex, Person, PersonIndex};
use crate::resolve::find::find_person;
use crate::rows::{WhichGroup, open};

fn read(text: &str) -> ReadList {
    let again = |options: &Options| {
        let input = Input::Bytes(text.as_bytes().to_vec());
        open(Source { name: "list.csv".into(), input }, options)
    };
    Reader::read_all(&Options::default(), &again).unwrap()
}

fn list(text: &str) -> List {
    let read = read(text);
    assert_eq!(read.bad, 0, "{:?}", read.problems);
    read.list
}

/// A site with groups `a`, `b`, `c` and these users: email, state, groups.
struct Site {
    directory: Directory,
    groups: Vec<GroupIndex>,
    members: Vec<Vec<PersonIndex>>,
    of_domains: Vec<PersonIndex>,
}

impl Site {
    fn of(users: &[(&str, Standing, &str)]) -> Self {
        let mut directory = Directory::default();
        directory.sees_every_mail = true;
        let names = ["a", "b", "c"];
        let groups: Vec<_> = names
            .iter()
            .map(|name| {
                let id = GroupId::new(&format!("id-{name}"));
                directory.add_group(Group { id, name: (*name).into(), synced: Some(false) })
            })
            .collect();
        let mut members = vec![Vec::new(); names.len()];
        let mut of_domains = Vec::new();
        for (at, (mail, standing, of)) in users.iter().enumerate() {
            let inactive = *standing == Standing::Deactivated;
            let status = if inactive { AccountStatus::Inactive } else { AccountStatus::Active };
            let person = directory.add_person(Person {
                mail: Some((*mail).into()),
                status: Some(status),
                standing: Some(*standing),
                ..Person::new(AccountId::parse(&format!("id{at}")).unwrap())
            });
            if mail.ends_with("@own.example") {
                of_domains.push(person);
            }
            for (place, name) in names.iter().enumerate() {
                if of.contains(name) {
                    directory.add_member(person, groups[place]);
                    members[place].push(person);
                }
            }
        }
        groups.iter().for_each(|group| directory.members_read_of(*group));
        Self { directory, groups, members, of_domains }
    }

    fn seen(&self, list: &List, rules: &Rules) -> Result<Seen, ListError> {
        let scope = Scope::of(list, rules, &self.directory)?;
        let members = self.groups.iter().copied().zip(self.members.iter().cloned());
        let members = members.filter(|(group, _)| scope.groups.contains(group)).collect();
        let users = list.users.iter().map(|one| find_person(&one.user, &self.directory));
        let of_domains =
            if rules.own_domains.is_empty() { Vec::new() } else { self.of_domains.clone() };
        let apps = SeenApps::default();
        Ok(Seen { users: users.collect(), scope, members, of_domains, apps, sees_active: true })
    }

    /// The differences in words: action, user, groups, and why it is left.
    fn differences(&self, text: &str, rules: &Rules) -> Result<Vec<String>, ListError> {
        let list = list(text);
        let seen = self.seen(&list, rules)?;
        let (owned, absent) = owned(&seen, &self.directory);
        let counts_half = seen.scope.is_explicit;
        let protected = Protected::new(["kept@own.example".to_owned()]);
        check(&list, (&owned, &absent), counts_half, &protected, &self.directory)?;
        let found = differences(&list, &seen, &absent, rules, &self.directory)?;
        let words = found.into_iter().map(|found| {
            let name = |group: &WhichGroup| group.name.clone().unwrap_or_default();
            let groups: Vec<_> = found.group.iter().chain(&found.groups).map(name).collect();
            let why = found.refused.map(|no| no.reason.word()).unwrap_or_default();
            let mail = found.user.mail.unwrap_or_default();
            let words = [found.action.word(), &mail, &groups.join("+"), why];
            words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
        });
        Ok(words.collect())
    }
}

fn own_groups(names: &[&str]) -> Rules {
    let own_groups = names.iter().map(|name| WhichGroup::named((*name).to_owned())).collect();
    Rules { own_groups, ..Rules::default() }
}

fn own_domain(absent: Absent) -> Rules {
    Rules { own_domains: vec!["own.example".into()], absent, ..Rules::default() }
}

#[test]
fn each_status_has_its_difference_in_the_safe_order() {
    use Standing::{Active, Deactivated, NotInvited, Suspended};
    let site = Site::of(&[
        ("active@x.example", Active, "ab"),
        ("off@x.example", Deactivated, "a"),
        ("away@x.example", Suspended, ""),
        ("left@x.example", NotInvited, ""),
    ]);
    for (status, mail, wanted) in [
        ("active", "active", &[][..]),
        ("active", "off", &["activate off@x.example"]),
        ("active", "away", &["restore away@x.example"]),
        ("active", "left", &["create left@x.example"]),
        ("active", "new", &["create new@x.example"]),
        ("", "active", &[]),
        ("", "off", &[]),
        ("", "away", &[]),
        ("", "left", &["create left@x.example"]),
        ("", "new", &["create new@x.example"]),
        ("deactivated", "active", &["deactivate active@x.example"]),
        ("deactivated", "off", &[]),
        ("deactivated", "away", &["deactivate away@x.example"]),
        ("deactivated", "new", &["deactivate new@x.example user-not-found"]),
        ("suspended", "active", &["suspend active@x.example"]),
        ("suspended", "off", &[]),
        ("suspended", "away", &[]),
        ("suspended", "new", &["suspend new@x.example user-not-found"]),
        ("gone", "active", &["remove active@x.example"]),
        ("gone", "off", &["remove off@x.example"]),
        ("gone", "left", &[]),
        ("gone", "new", &[]),
    ] {
        let text = format!("email,status\n{mail}@x.example,{status}\n");
        let found = site.differences(&text, &Rules::default()).unwrap();
        assert_eq!(found, wanted, "{mail} {status}");
    }
    let all = "email,status,groups\nactive@x.example,deactivated,\naway@x.example,gone,\n\
               off@x.example,active,a;b\nnew@x.example,active,a; c\nleft@x.example,suspended,\n";
    assert_eq!(
        site.differences(all, &Rules::default()).unwrap(),
        [
            "create new@x.example a+c",
            "activate off@x.example",
            "join off@x.example b",
            "leave active@x.example a",
            "leave active@x.example b",
            "suspend left@x.example",
            "deactivate active@x.example",
            "remove away@x.example",
        ]
    );
}

#[test]
fn groups_are_compared_only_where_the_list_says_and_owns_them() {
    let user = |mail, groups| (mail, Standing::Active, groups);
    let site = Site::of(&[
        user("ann@x.example", "ab"),
        user("bob@x.example", "abc"),
        user("cem@x.example", "a"),
    ]);
    let none = Rules::default();
    for (text, rules, wanted) in [
        // Without the column, groups are not said; an empty cell says none of those that the list names.
        ("email\nann@x.example\n", &none, &[][..]),
        ("email,groups\nann@x.example,\nbob@x.example,a\n", &none, &["leave ann@x.example a"]),
        ("email,groups\nann@x.example,\n", &none, &[]),
        ("email,groups\nann@x.example,\n", &own_groups(&["b"]), &["leave ann@x.example b"]),
        // A list of memberships names no other users.
        ("Email,Group\nann@x.example,a\nbob@x.example,c\n", &none, &["leave bob@x.example a"]),
        (
            "Email,Group\ncem@x.example,b\nnew@x.example,b\n",
            &none,
            &["join cem@x.example b", "join new@x.example b user-not-found"],
        ),
        // A group that the list does not own, and one that does not exist: then the user leaves no group.
        (
            "email,groups\ncem@x.example,b; c\nann@x.example,a;b\nbob@x.example,a;b\n",
            &own_groups(&["b", "a"]),
            &["join cem@x.example b", "join cem@x.example c not-owned", "leave cem@x.example a"],
        ),
        (
            "email,groups\nbob@x.example,\"a, b\"\nann@x.example,a;b\n",
            &none,
            &["join bob@x.example a, b"],
        ),
        (
            "email,groups\nnew@x.example,a;c\nann@x.example,a;b\nbob@x.example,a;b\n",
            &own_groups(&["a", "b"]),
            &["create new@x.example a", "join new@x.example c not-owned"],
        ),
    ] {
        assert_eq!(site.differences(text, rules).unwrap(), wanted, "{text}{rules:?}");
    }
}

#[test]
fn absent_users_are_changed_only_as_far_as_the_list_owns_them() {
    let user = |mail, standing, groups| (mail, standing, groups);
    let site = Site::of(&[
        user("ann@own.example", Standing::Active, "a"),
        user("bob@own.example", Standing::Active, "a"),
        user("cem@own.example", Standing::Suspended, ""),
        user("off@own.example", Standing::Deactivated, ""),
        user("guest@other.example", Standing::Active, "a"),
    ]);
    let text = "email,groups\nann@own.example,a\nbob@own.example,a\n";
    for (absent, wanted) in [
        (Absent::Keep, &[][..]),
        (Absent::LeaveGroups, &["leave guest@other.example a"]),
        (Absent::Suspend, &[]),
        (Absent::Deactivate, &["deactivate cem@own.example"]),
        (Absent::Remove, &["remove cem@own.example"]),
    ] {
        assert_eq!(site.differences(text, &own_domain(absent)).unwrap(), wanted, "{absent:?}");
    }
    let alone = Rules { absent: Absent::Deactivate, ..own_groups(&["a"]) };
    assert_eq!(site.differences(text, &alone), Err(ListError::NoDomain));
    let outside =
        "email,status\nguest@other.example,deactivated\nann@own.example,\nbob@own.example,\n";
    let found = site.differences(outside, &own_domain(Absent::Keep)).unwrap();
    assert_eq!(found, ["deactivate guest@other.example not-owned"]);
}

#[test]
fn a_list_that_was_cut_off_is_refused() {
    let user = |mail| (mail, Standing::Active, "a");
    let mut users = vec![user("ann@own.example"), user("bob@own.example"), user("cem@own.example")];
    let site = Site::of(&users);
    let own = own_domain(Absent::Keep);
    assert_eq!(
        site.differences("email\nann@own.example\n", &own),
        Err(ListError::Half { listed: 1, owned: 3 })
    );
    assert_eq!(site.differences("email\nann@own.example\nbob@own.example\n", &own), Ok(Vec::new()));
    users.push(user("kept@own.example"));
    let site = Site::of(&users);
    let refused =
        site.differences("email\nann@own.example\nbob@own.example\ncem@own.example\n", &own);
    assert_eq!(refused, Err(ListError::Protected { users: vec!["kept@own.example".into()] }));
    let group = own_groups(&["no such group"]);
    assert!(matches!(
        site.differences("email\nann@own.example\n", &group),
        Err(ListError::OwnGroup(_))
    ));
}

#[test]
fn two_rows_about_one_user_are_named_with_both_lines() {
    for (text, wanted) in [
        (
            "email,status\nann@x.example,active\nbob@x.example,\nANN@x.example,gone\n",
            "line 4: the row names the same user as line 2",
        ),
        ("email,status\nann@x.example,retired\n", "“retired” is no status of a user"),
        ("email,status,groups\nann@x.example,gone,a\n", "the user is gone, and names groups"),
    ] {
        let read = read(text);
        let problems: Vec<_> = read.problems.iter().map(ToString::to_string).collect();
        assert_eq!(read.bad, 1, "{text}{problems:?}");
        assert!(problems.join("\n").contains(wanted), "{problems:?}");
    }
    let site = Site::of(&[("ann@x.example", Standing::Active, "")]);
    let twice = "accountId,email\nid0,\n,ann@x.example\n";
    let refused = site.differences(twice, &Rules::default()).unwrap_err().to_string();
    assert_eq!(refused, "line 2 and line 3 are about the same user, ann@x.example");
}
