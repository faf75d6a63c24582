use super::*;
use headcount_model::user::AccountStatus;

fn person(id: &str, mail: Option<&str>) -> Person {
    Person { mail: mail.map(Into::into), ..Person::new(AccountId::parse(id).unwrap()) }
}

fn group(id: &str, name: &str) -> Group {
    Group { id: GroupId::new(id), name: name.into(), synced: None }
}

#[test]
fn mails_are_found_in_any_case_and_several_are_reported() {
    let mut directory = Directory::default();
    let a = directory.add_person(person("1", Some("Ann@Example.com")));
    assert_eq!(directory.people_by_mail("ann@example.COM "), FoundPerson::One(a));
    let b = directory.add_person(person("2", Some("ann@example.com")));
    assert_eq!(directory.people_by_mail("ann@example.com"), FoundPerson::Several(&[a, b]));
    assert_eq!(directory.people_by_mail("ann@example.org"), FoundPerson::Nobody);
}

#[test]
fn what_is_learnt_later_is_added_and_a_changed_mail_leaves_no_trace() {
    let mut directory = Directory::default();
    let a = directory.add_person(person("1", Some("old@example.com")));
    assert_eq!(directory.add_person(person("1", None)), a);
    assert_eq!(directory.person(a).mail.as_deref(), Some("old@example.com"));
    directory.add_person(person("1", Some("new@example.com")));
    assert_eq!(directory.people_by_mail("old@example.com"), FoundPerson::Nobody);
    assert_eq!(directory.people_by_mail("new@example.com"), FoundPerson::One(a));
}

#[test]
fn group_names_match_exactly_else_a_unique_one_in_another_case() {
    let mut directory = Directory::default();
    let upper = directory.add_group(group("g1", "Alpha"));
    assert_eq!(directory.group_by_name("ALPHA"), FoundGroup::One(upper));
    let lower = directory.add_group(group("g2", "alpha"));
    assert_eq!(directory.group_by_name("Alpha"), FoundGroup::One(upper));
    assert_eq!(directory.group_by_name("alpha"), FoundGroup::One(lower));
    assert_eq!(directory.group_by_name("ALPHA"), FoundGroup::Several(vec![upper, lower]));
    assert_eq!(directory.group_by_name("beta"), FoundGroup::Nothing);
}

#[test]
fn a_membership_that_was_not_read_is_unknown() {
    let mut directory = Directory::default();
    let a = directory.add_person(person("1", None));
    let g = directory.add_group(group("g1", "Alpha"));
    assert_eq!(directory.is_member(a, g), None);
    directory.members_read_of(g);
    assert_eq!(directory.is_member(a, g), Some(false));
    directory.add_member(a, g);
    assert_eq!(directory.is_member(a, g), Some(true));
}

fn everybody() -> Directory {
    Directory { lists_people: true, sees_every_mail: true, ..Directory::default() }
}

/// A sheet of wrong names against a large directory is reported in seconds: only the first names
/// are compared, each as often as it is there, and mails take nothing from groups.
#[test]
fn only_the_first_names_get_a_hint() {
    let mut people = everybody();
    people.add_person(person("1", Some("ann@example.com")));
    people.add_group(group("1", "Engineering"));
    let wrong = |n: usize| format!("ann{n:03}@example.com");
    for n in (0..1_000).chain([0, 999]) {
        assert_eq!(people.hint_mails(&wrong(n)), ["ann@example.com"], "{n}");
    }
    assert!(people.hint_mails("anne@example.com").is_empty());
    assert_eq!(people.hint_groups("Enginering"), ["Engineering"]);
    assert_eq!(people.nearest_mails("anne@example.com", 2), ["ann@example.com"]);
}

/// A user who is added later is found, too.
#[test]
fn the_nearest_are_of_all_users_who_are_there() {
    let mut people = everybody();
    people.add_person(person("1", Some("ann@example.com")));
    assert_eq!(people.nearest_mails("anne@example.com", 2), ["ann@example.com"]);
    people.add_person(person("2", Some("anna@example.com")));
    assert_eq!(people.nearest_mails("annna@example.com", 1), ["anna@example.com"]);
}

/// The nearest of a few is another user, and the right one may be hidden.
#[test]
fn no_user_is_near_if_not_all_are_known() {
    for lists_people in [true, false] {
        let mut asked =
            Directory { lists_people, sees_every_mail: !lists_people, ..Directory::default() };
        asked.add_person(person("1", Some("ann@example.com")));
        assert!(asked.nearest_mails("anne@example.com", 2).is_empty());
        assert!(asked.nearest_of_all_mails("anne@example.com", 2).is_empty());
        assert!(asked.hint_mails("anne@example.com").is_empty());
    }
}

/// Who is offered is looked for among all: another first letter is a slip, too.
#[test]
fn a_person_is_offered_out_of_all() {
    let mut people = everybody();
    people.add_person(person("1", Some("jsmith@example.com")));
    people.add_person(person("2", Some("ksmits@example.com")));
    assert_eq!(people.nearest_mails("ksmith@example.com", 2), ["ksmits@example.com"]);
    assert_eq!(people.nearest_of_all_mails("ksmith@example.com", 2).len(), 2);
}

/// A user of an export's columns is the same user as one that was added whole, also with long and foreign texts.
#[test]
fn users_of_an_export_are_kept_and_found_as_any_user() {
    let long = "n".repeat(300);
    let columns: [(&str, Option<&str>, Option<&str>); 5] = [
        ("a:1", Some("Ann@Example.com"), Some("Ann")),
        ("a:2", None, Some("Größe 山田")),
        ("a:3", Some("jo\u{308}rg@exämple.de"), None),
        ("a:4", Some("long@example.com"), Some(&long)),
        ("a:5", Some("ann@example.com"), None),
    ];
    let mut directory = Directory::default();
    for (id, mail, name) in columns {
        let status = Some(AccountStatus::Active);
        let (managed, org_admin) = (None, Some(true));
        directory.add_listed(&columns_of_people::Listed {
            id,
            mail,
            name,
            status,
            managed,
            org_admin,
        });
    }
    for (at, (id, mail, name)) in columns.into_iter().enumerate() {
        let index = PersonIndex(at as u32);
        assert_eq!(directory.person_by_id(&AccountId::parse(id).unwrap()), Some(index));
        assert_eq!((directory.account_id(index), directory.mail(index)), (id, mail));
        let whole = Person {
            name: name.map(Into::into),
            status: Some(AccountStatus::Active),
            org_admin: Some(true),
            ..person(id, mail)
        };
        assert_eq!(*directory.person(index), whole);
    }
    let several = FoundPerson::Several(&[PersonIndex(0), PersonIndex(4)]);
    assert_eq!(directory.people_by_mail("ANN@example.com"), several);
    assert_eq!(directory.people_by_mail("jörg@exämple.de"), FoundPerson::One(PersonIndex(2)));
    // New facts are added to it, and a changed email leaves no trace.
    directory.person_mut(PersonIndex(1)).on_site = Some(true);
    assert_eq!(directory.person(PersonIndex(1)).name.as_deref(), Some("Größe 山田"));
    assert_eq!(directory.person(PersonIndex(1)).on_site, Some(true));
    directory.add_person(person("a:1", Some("ann.new@example.com")));
    assert_eq!(directory.people_by_mail("ann@example.com"), FoundPerson::One(PersonIndex(4)));
    assert_eq!(directory.people_by_mail("ann.new@example.com"), FoundPerson::One(PersonIndex(0)));
    assert_eq!(directory.person(PersonIndex(0)).name.as_deref(), Some("Ann"));
}
