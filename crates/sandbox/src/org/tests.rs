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
fn a_snapshot_makes_the_same_organisation() {
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
