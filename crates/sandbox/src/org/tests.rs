use super::*;

fn org() -> Org {
    let mut org = Org::default();
    for (id, email, name) in [
        ("a1", "Ann@banc.ly", "Ann Ross"),
        ("b2", "bob@banc.ly", "Bob van Ann"),
        ("c3", "cy@banc.ly", "Cy Zoë"),
    ] {
        org.apply(&Change::CreatedUser { person: PersonRecord::new(id, email, name) });
    }
    for (id, name, grants) in [
        ("g1", "Alpha", None),
        ("g2", "alpha", None),
        ("g3", "jira-users", Some(Product::JiraSoftware)),
    ] {
        let mut group = GroupRecord::new(id, name);
        group.grants = grants;
        org.apply(&Change::CreatedGroup { group });
    }
    org.finish_loading();
    org
}

fn add(account: &str, group: &str) -> Change {
    Change::AddedMember { account: account.into(), group: group.into() }
}

#[test]
fn a_change_that_is_already_so_is_none() {
    let mut org = org();
    assert!(org.apply(&add("a1", "g1")).is_some());
    assert!(org.apply(&add("a1", "g1")).is_none());
    assert!(org.apply(&add("a1", "nowhere")).is_none());
    assert!(org.apply(&add("nobody", "g1")).is_none());
    let ann = org.find("a1").unwrap();
    let alpha = org.find_group("g1").unwrap();
    assert!(org.is_member(ann, alpha));
    assert_eq!(org.person(ann).groups, [alpha]);
}

#[test]
fn seats_follow_membership_and_activity() {
    let mut org = org();
    let used = |org: &Org| org.seats(Product::JiraSoftware).used;
    org.apply(&add("a1", "g3"));
    org.apply(&add("b2", "g3"));
    assert_eq!(used(&org), 2);
    let account: Box<str> = "a1".into();
    org.apply(&Change::Deactivated { account: account.clone(), at_ms: 5 });
    assert_eq!(used(&org), 1);
    org.apply(&Change::Activated { account: account.clone(), at_ms: 6 });
    assert_eq!(used(&org), 2);
    org.apply(&Change::RemovedUser { account });
    assert_eq!(used(&org), 1);
    org.apply(&Change::SetSeats { product: Product::JiraSoftware, seats: Some(1) });
    assert!(org.is_full(Product::JiraSoftware));
    org.apply(&Change::RemovedGroup { group: "g3".into() });
    assert_eq!(used(&org), 0);
    assert!(org.find_group("g3").is_none());
}

#[test]
fn search_takes_prefixes_of_names_and_mails_and_active_people_only() {
    let mut org = org();
    let names = |org: &Org, query: &str| -> Vec<String> {
        let found = org.search(query, 1000);
        found.iter().map(|at| org.person(*at).record.account_id.to_string()).collect()
    };
    assert_eq!(names(&org, "ann"), ["b2", "a1"]);
    assert_eq!(names(&org, "ANN@b"), ["a1"]);
    assert_eq!(names(&org, "zo"), ["c3"]);
    assert_eq!(names(&org, "nn"), Vec::<String>::new());
    org.apply(&Change::Suspended { account: "a1".into() });
    assert_eq!(names(&org, "ann"), ["b2"]);
}

#[test]
fn a_hidden_mail_is_found_whole_only() {
    let mut org = org();
    let mut person = PersonRecord::new("d4", "dee@banc.ly", "Dee");
    person.hidden_email = true;
    org.apply(&Change::CreatedUser { person });
    assert!(org.search("dee@ba", 10).is_empty());
    assert_eq!(org.search("dee@banc.ly", 10).len(), 1);
}

#[test]
fn names_that_differ_in_case_are_two_groups() {
    let org = org();
    assert_eq!(org.groups_named("ALPHA").count(), 2);
    assert_eq!(org.find_group_name("alpha"), org.find_group("g2"));
    assert_eq!(org.find_group_name("ALPHA"), None);
}

#[test]
fn a_snapshot_makes_the_same_organization() {
    let mut one = org();
    one.apply(&add("a1", "g3"));
    one.apply(&add("b2", "g1"));
    one.apply(&Change::RemovedUser { account: "c3".into() });
    one.apply(&Change::RemovedGroup { group: "g2".into() });
    let mut two = Org::default();
    for change in one.snapshot() {
        two.apply(&change);
    }
    two.finish_loading();
    let all = |org: &Org| org.snapshot().collect::<Vec<_>>();
    assert_eq!(all(&one), all(&two));
    assert_eq!(two.seats(Product::JiraSoftware).used, 1);
}

/// Checks the derived lists, which keep pages fast in a large organization, by counting again.
fn check_what_is_kept(org: &Org) {
    let ever = org.people().filter(|(_, one)| one.record.place != Place::Never);
    assert_eq!(org.ever_here(), ever.map(|(at, _)| at).collect::<Vec<_>>());
    let managed = org.people().filter(|(_, one)| one.record.managed).count();
    assert_eq!(org.managed_count(), managed);
    let alive: Vec<_> = org.groups().filter(|(_, group)| group.alive).map(|(at, _)| at).collect();
    assert_eq!(org.alive_groups(), alive);
    for at in alive {
        let group = org.group(at);
        let active = group.members.iter().filter(|at| org.person(**at).record.is_active());
        assert_eq!(group.active, active.copied().collect::<Vec<_>>());
        assert!(group.members.iter().all(|one| org.person(*one).groups.contains(&at)));
    }
    for product in Product::ALL {
        let gives = |at: &GroupIx| org.group(*at).record.grants == Some(product);
        let used = org.people().filter(|(_, one)| {
            let count = one.groups.iter().filter(|at| gives(at)).count();
            assert_eq!(usize::from(one.access[product.ix()]), count);
            one.record.is_active() && count > 0
        });
        assert_eq!(org.seats(product).used as usize, used.count());
    }
}

/// Any change of users, groups and memberships.
fn any_change() -> impl proptest::strategy::Strategy<Value = Change> {
    use proptest::prelude::*;
    let account = prop::sample::select(vec!["a1", "b2", "c3", "d4"]).prop_map(Box::<str>::from);
    let group = prop::sample::select(vec!["g1", "g2", "g3"]).prop_map(Box::<str>::from);
    (account, group, 0..15_u8, any::<bool>()).prop_map(|(account, group, kind, yes)| match kind {
        0..=3 => Change::AddedMember { account, group },
        4 => Change::RemovedMember { account, group },
        5 => Change::RemovedUser { account },
        6 => Change::ReturnedUser { account },
        7 => Change::Deactivated { account, at_ms: 1 },
        8 => Change::Activated { account, at_ms: 2 },
        9 => Change::ScheduledDeletion { account, at_ms: 3 },
        10 => Change::Closed { account, at_ms: 4 },
        11 => Change::Suspended { account },
        12 => Change::Restored { account },
        13 => Change::ChangedClaim { account, managed: yes },
        _ if yes => {
            Change::SetGrant { group, product: Some(Product::JiraCore), role: AppRole::User }
        }
        _ => Change::RemovedGroup { group },
    })
}

proptest::proptest! {
    #[test]
    fn what_is_kept_for_pages_stays_true(changes in proptest::collection::vec(any_change(), 0..60)) {
        let mut org = org();
        let mut never = PersonRecord::new("d4", "dee@banc.ly", "Dee");
        never.place = Place::Never;
        org.apply(&Change::CreatedUser { person: never });
        for change in &changes {
            org.apply(change);
        }
        check_what_is_kept(&org);
        // A state file restores the same organization.
        let mut again = Org::default();
        for change in org.snapshot() {
            again.apply(&change);
        }
        again.finish_loading();
        check_what_is_kept(&again);
        let records = |org: &Org| org.people().map(|(_, one)| one.record.clone()).collect::<Vec<_>>();
        assert_eq!(records(&again), records(&org));
        assert_eq!(again.next_to_close(), org.next_to_close());
    }
}
