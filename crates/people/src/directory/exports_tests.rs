use super::exports::{Notices, read_groups, read_users};
use super::*;
use crate::rows::open;
use headcount_model::user::AccountStatus;
use headcount_sheet::{Input, Options, Sheet, SheetError, Source};

const PLAIN: &str = "\
User id,User name,email,User status,Added to org,Org role,Last seen in Jira - acme
5b10a,Ann Example,ann@example.com,Active,3 Jan 2024,,Never accessed
712020:b,Ben Example,Ben@Example.com,Deactivated,3 Jan 2024,Organization admin,28 Apr 2024
";

const PIVOT: &str = "\
Group id,Group name,User id,User name,email,User status,Added to org,Org role
g-1,oslo,5b10a,Ann Example,ann@example.com,Active,3 Jan 2024,
g-2,\"Finance, Europe\",5b10a,Ann Example,ann@example.com,Active,3 Jan 2024,
g-1,oslo,712020:b,Ben Example,ben@example.com,Suspended,3 Jan 2024,
,,c,Cy Example,cy@example.com,Active,3 Jan 2024,
";

fn sheet(text: &str) -> Sheet {
    let input = Input::Bytes(text.as_bytes().to_vec());
    open(Source { name: "export.csv".to_owned(), input }, &Options::default()).unwrap()
}

fn users(text: &str) -> (Directory, Notices) {
    let mut directory = Directory::default();
    let notices = read_users(&mut directory, sheet(text), &Options::default()).unwrap();
    (directory, notices)
}

fn groups(text: &str) -> (Directory, Notices) {
    let mut directory = Directory::default();
    let notices = read_groups(&mut directory, sheet(text), &Options::default()).unwrap();
    (directory, notices)
}

fn person<'a>(directory: &'a Directory, mail: &str) -> &'a Person {
    match directory.people_by_mail(mail) {
        FoundPerson::One(index) => directory.person(index),
        other => panic!("{mail}: {other:?}"),
    }
}

fn told(notices: &Notices) -> Vec<(u64, &str)> {
    notices.first.iter().map(|problem| (problem.line, problem.what.as_str())).collect()
}

#[test]
fn a_plain_export_shows_ids_states_and_administrators() {
    let (directory, notices) = users(PLAIN);
    assert_eq!(notices, Notices { rows: 2, added: 2, ..Notices::default() });
    let ann = person(&directory, "ANN@example.com");
    assert_eq!((ann.id.as_str(), ann.name.as_deref()), ("5b10a", Some("Ann Example")));
    assert_eq!((ann.status, ann.org_admin), (Some(AccountStatus::Active), None));
    assert_eq!(ann.managed, None);
    let ben = person(&directory, "ben@example.com");
    assert_eq!((ben.status, ben.org_admin), (Some(AccountStatus::Inactive), Some(true)));
    assert!(directory.sees_every_mail);
    assert!(!directory.sees_every_account, "an export may be old, or of some groups only");
}

#[test]
fn a_pivot_export_is_a_list_of_people_and_of_groups_duplicates_and_all() {
    let (directory, notices) = users(PIVOT);
    assert_eq!((notices.rows, notices.added), (4, 3));
    assert_eq!(told(&notices), []);
    assert_eq!(person(&directory, "ann@example.com").id.as_str(), "5b10a");

    let (directory, notices) = groups(PIVOT);
    assert_eq!((notices.rows, notices.added), (4, 2));
    assert_eq!(told(&notices), []);
    let FoundGroup::One(finance) = directory.group_by_name("Finance, Europe") else { panic!() };
    assert_eq!(directory.group(finance).id.as_str(), "g-2");
    assert_eq!(directory.people().len(), 0, "who is in which group is asked of the site");
}

/// Only a list of all users shows who is there: managed accounts are not all users, and a list with
/// groups may be of some groups alone.
#[test]
fn a_list_of_some_users_is_not_taken_for_all() {
    assert!(users(PLAIN).0.lists_people);
    assert!(!users(PIVOT).0.lists_people);
    let managed = users("Atlassian ID,email,name\n5b10a,ann@example.com,Ann\n").0;
    assert!(!managed.lists_people);
}

#[test]
fn managed_accounts_are_managed() {
    let text = "Name;Email;Atlassian ID;Status\nAnn;ann@example.com;5b10a;Active\n";
    let (directory, _) = users(text);
    let ann = person(&directory, "ann@example.com");
    assert_eq!((ann.managed, ann.name.as_deref()), (Some(true), Some("Ann")));
}

#[test]
fn a_flat_export_has_no_group_ids_and_the_error_says_how_to_get_them() {
    let flat = sheet("User id,User name,email,Group name\n1,A,a@b.co,\"x, y\"\n");
    let error = read_groups(&mut Directory::default(), flat, &Options::default()).unwrap_err();
    assert!(matches!(error, SheetError::MissingColumn { .. }));
    assert!(error.to_string().contains("Pivot to column"), "{error}");
}

#[test]
fn contradictions_are_kept_and_reported_once() {
    let text = "User id,User name,email\n\
                1,A,ann@example.com\n\
                2,B,ANN@example.com\n\
                2,B,ann@example.com\n\
                3,C,cy@example.com\n\
                3,C,cy@example.org\n\
                3,C,cy@example.com\n";
    let (directory, notices) = users(text);
    assert_eq!(
        told(&notices),
        [
            (3, "ANN@example.com is the address of 1 on an earlier line and of 2 on this line"),
            (
                6,
                "the account 3 is cy@example.com on an earlier line and cy@example.org on this line"
            ),
        ]
    );
    assert!(matches!(directory.people_by_mail("ann@example.com"), FoundPerson::Several([_, _])));
    assert_eq!(person(&directory, "cy@example.com").id.as_str(), "3");

    let text = "Group id,Group name\ng1,oslo\ng1,Oslo\ng1,OSLO\ng2,oslo\ng3,OSLO\n";
    let (directory, notices) = groups(text);
    assert_eq!(
        told(&notices),
        [
            (3, "the group g1 is called “oslo” on an earlier line and “Oslo” on this line"),
            (5, "“oslo” is also the name of another group on an earlier line"),
        ]
    );
    assert!(matches!(directory.group_by_name("oslo"), FoundGroup::Several(_)));
    assert!(matches!(directory.group_by_name("OSLO"), FoundGroup::One(_)));
}

#[test]
fn a_row_is_used_as_far_as_it_can_be_and_the_rest_is_reported() {
    let text = "User id,User name,email\n\
                1,A,\n\
                5.12E+15,B,ben@example.com\n\
                3,C,not a mail\n\
                4,D\n\
                ,,\n\
                5,E,eve@example.com\n";
    let (directory, notices) = users(text);
    // Cells that a row lacks at its end are empty: 4 hides the address.
    assert_eq!(notices.added, 4);
    assert_eq!(told(&notices).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(directory.people_by_mail("ben@example.com"), FoundPerson::Nobody);
    assert!(!directory.sees_every_mail, "somebody's address is not in the file");
    let id = AccountId::parse("3").unwrap();
    assert_eq!(directory.person(directory.person_by_id(&id).unwrap()).mail, None);
}

#[test]
fn notices_do_not_grow_with_the_file() {
    let text = format!("User id,User name,email\n{}", "#N/A,A,a@b.co\n".repeat(5_000));
    let (_, notices) = users(&text);
    assert_eq!((notices.first.len(), notices.more), (50, 4_950));
}

/// An export is joined by the same keys as the site's answers.
#[test]
fn an_export_is_joined_whatever_its_spelling() {
    let text = "User id,User name,email\n\
                1,A,jo\u{308}rg@banc.ly\n\
                2,B,anna@exämple.de\n\
                3,C,ev\u{200b}e@banc.ly\n";
    let (directory, _) = users(text);
    for (written, id) in [
        ("jörg@banc.ly", "1"),
        ("JO\u{308}RG@banc.ly", "1"),
        ("anna@xn--exmple-cua.de", "2"),
        ("eve@banc.ly\u{a0}", "3"),
    ] {
        assert_eq!(person(&directory, written).id.as_str(), id, "{written:?}");
    }
    let text =
        "Group id,Group name\nD6750B14-1AA8-4AB2-9999-A6D44016DA32,Gro\u{308}ße\u{a0}/ Maß\n";
    let (directory, _) = groups(text);
    assert!(matches!(directory.group_by_name("größe / maß"), FoundGroup::One(_)));
    let id = GroupId::new("d6750b14-1aa8-4ab2-9999-a6d44016da32");
    assert!(directory.group_by_id(&id).is_some());
}
