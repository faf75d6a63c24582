//! Lookups: what is found, what certainly does not exist, what cannot be known, and how many requests are sent.

use headcount_atlassian::CallErrorKind;
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, AccountStatus, Privilege, Product};
use headcount_people::directory::lookup::{
    COUNTING, Counted, LookupError, Witness, all_users, count_people, groups, lifecycles,
    memberships, people, products_of,
};
use headcount_people::directory::{
    Directory, FoundGroup, FoundPerson, GroupIndex, Lifecycle, Person, PersonIndex,
};
use headcount_sandbox::Config;
use serde_json::{Value, json};

use crate::support::{Keys, Playground, Rogue, answer, impatient, quiet};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn only(found: FoundPerson<'_>) -> PersonIndex {
    match found {
        FoundPerson::One(index) => index,
        other => panic!("{other:?}"),
    }
}

async fn find(play: &Playground, mails: &[&str]) -> (Directory, Vec<PersonIndex>) {
    let mut directory = Directory::default();
    people(&play.site, &mut directory, &texts(mails), &[], Witness::default(), &mut quiet)
        .await
        .unwrap();
    let found = mails.iter().map(|mail| only(directory.people_by_mail(mail))).collect();
    (directory, found)
}

async fn group(play: &Playground, directory: &mut Directory, name: &str) -> GroupIndex {
    groups(&play.site, directory, &texts(&[name]), &[], &mut quiet).await.unwrap();
    match directory.group_by_name(name) {
        FoundGroup::One(index) => index,
        other => panic!("{name}: {other:?}"),
    }
}

#[tokio::test]
async fn the_organization_finds_all_users_in_one_call_for_a_hundred_mails() {
    let play = Playground::new(Keys::Both).await;
    let mut mails: Vec<String> = (0..150).map(|n| format!("nobody{n}@banc.ly")).collect();
    mails.extend(texts(&["vdillow@banc.ly", "dnkosi@banc.ly", "hvinter@banc.ly"]));
    let mut directory = Directory::default();
    let mut done = 0;
    people(&play.site, &mut directory, &mails, &[], Witness::default(), &mut |more| done += more)
        .await
        .unwrap();
    assert_eq!(done, 153);
    assert_eq!(directory.people().len(), 3);
    assert!(directory.sees_every_mail && directory.sees_every_account);
    // Two calls for all users, and two more that search again for the user who was not found.
    assert_eq!(play.asked("users/search").await, 4);
    let gone = only(directory.people_by_mail("dnkosi@banc.ly"));
    assert_eq!(directory.person(gone).status, Some(AccountStatus::Inactive));
}

#[tokio::test]
async fn jira_alone_says_what_it_cannot_see() {
    let play = Playground::new(Keys::Jira).await;
    let mut directory = Directory::default();
    let mails =
        texts(&["VDillow@banc.ly", "akim@banc.ly", "hvinter@banc.ly", "dnkosi@banc.ly", "x@y.z"]);
    people(&play.site, &mut directory, &mails, &[], Witness::default(), &mut quiet).await.unwrap();
    assert!(!directory.sees_every_mail && !directory.sees_every_account);
    only(directory.people_by_mail("vdillow@banc.ly"));
    only(directory.people_by_mail("akim@banc.ly"));
    for unseen in ["hvinter@banc.ly", "dnkosi@banc.ly", "x@y.z"] {
        assert_eq!(directory.people_by_mail(unseen), FoundPerson::Nobody, "{unseen}");
    }
    assert!(!directory.is_hidden("x@y.z"));
}

#[tokio::test]
async fn ids_are_found_whichever_key_there_is() {
    for (keys, gone_is_found) in [(Keys::Jira, true), (Keys::Org, true), (Keys::Both, true)] {
        let play = Playground::new(keys).await;
        let org = Playground::new(Keys::Org).await;
        let (directory, found) = find(&org, &["dnkosi@banc.ly"]).await;
        let gone = directory.person(found[0]).id.clone();
        let verna = id("e2345d51eaa4xxx984e377ce");
        let ids = [verna.clone(), gone.clone(), id("0000")];
        let mut directory = Directory::default();
        let mut done = 0;
        people(&play.site, &mut directory, &[], &ids, Witness::default(), &mut |more| done += more)
            .await
            .unwrap();
        assert_eq!(done, 3);
        assert!(directory.person_by_id(&verna).is_some());
        assert_eq!(directory.person_by_id(&gone).is_some(), gone_is_found);
        assert_eq!(directory.person_by_id(&id("0000")), None);
    }
}

#[tokio::test]
async fn groups_are_found_by_odd_names_and_ids_and_who_owns_them() {
    for keys in [Keys::Both, Keys::Jira, Keys::Org] {
        let play = Playground::new(keys).await;
        let mut directory = Directory::default();
        let names = texts(&[
            "Finance, Europe",
            "Team #7",
            "R&D",
            "50% club + friends",
            "Größe/Maß",
            "idp-everyone",
            "HOUSTON-sales",
            "oslo-enginering",
        ]);
        let ids = [GroupId::new("0b200647-b447-4eaf-xxxx-55ec31a7d4c9"), GroupId::new("none")];
        let mut done = 0;
        groups(&play.site, &mut directory, &names, &ids, &mut |more| done += more).await.unwrap();
        assert_eq!(done, 10);
        for name in &names[..7] {
            assert!(matches!(directory.group_by_name(name), FoundGroup::One(_)), "{name}");
        }
        assert_eq!(directory.group_by_name("oslo-enginering"), FoundGroup::Nothing);
        assert!(directory.group_by_id(&ids[0]).is_some());
        assert_eq!(directory.group_by_id(&ids[1]), None);
        let FoundGroup::One(synced) = directory.group_by_name("idp-everyone") else { panic!() };
        let known = (keys != Keys::Jira).then_some(true);
        assert_eq!(directory.group(synced).synced, known);
    }
}

#[tokio::test]
async fn two_groups_that_differ_in_case_are_both_reported() {
    let play = Playground::new(Keys::Both).await;
    let mut directory = Directory::default();
    groups(&play.site, &mut directory, &texts(&["ALPHA"]), &[], &mut quiet).await.unwrap();
    assert!(
        matches!(directory.group_by_name("ALPHA"), FoundGroup::Several(both) if both.len() == 2)
    );
}

/// Only the suggestions show a group whose name differs in case. Without them, a plan could create it again, so
/// planning stops. A name that Jira can't search for does not stop it.
#[tokio::test]
async fn without_the_suggestions_no_group_is_known_to_be_absent() {
    for (status, stops) in [(401, true), (403, true), (404, true), (400, false)] {
        let play = Playground::new(Keys::Jira).await;
        let answer = json!({"status": status});
        play.fault(json!({"path": "/rest/api/3/groups/picker", "times": 0, "answer": answer}))
            .await;
        let mut directory = Directory::default();
        let found = groups(&play.site, &mut directory, &texts(&["CLUB"]), &[], &mut quiet).await;
        assert_eq!(found.is_err(), stops, "{status}: {found:?}");
    }
}

#[tokio::test]
async fn memberships_are_read_by_the_way_with_fewer_calls() {
    let config = Config { people: Some(400), ..Config::default() };
    let play = Playground::with(Keys::Both, config).await;
    let members: Vec<Value> = (0..60)
        .map(|n| json!({"email": format!("m{n}@banc.ly"), "name": format!("M {n}")}))
        .collect();
    let joins: Vec<Value> =
        (0..60).map(|n| json!({"email": format!("m{n}@banc.ly"), "group": "sixty"})).collect();
    play.control(
        "POST",
        "seed",
        json!({"people": members, "groups": [{"name": "sixty"}, {"name": "empty"}], "memberships": joins}),
    )
    .await;
    let mails: Vec<String> = (0..60).map(|n| format!("m{n}@banc.ly")).collect();
    let mails: Vec<&str> = mails.iter().map(String::as_str).collect();
    let (mut directory, found) = find(&play, &mails).await;
    let sixty = group(&play, &mut directory, "sixty").await;
    let empty = group(&play, &mut directory, "empty").await;

    // Many users, two groups: by pages. The list of the empty group is read twice.
    let pairs: Vec<_> = found.iter().flat_map(|&at| [(at, sixty), (at, empty)]).collect();
    let mut done = 0;
    memberships(&play.site, &mut directory, &pairs, &mut |more| done += more).await.unwrap();
    assert_eq!(done, 120);
    for &at in &found {
        assert_eq!(directory.is_member(at, sixty), Some(true));
        assert_eq!(directory.is_member(at, empty), Some(false));
    }
    assert_eq!((play.asked("group/member").await, play.asked("user/groups").await), (4, 0));
    // All known already: no request.
    memberships(&play.site, &mut directory, &pairs, &mut quiet).await.unwrap();
    assert_eq!(play.asked("group/member").await, 4);

    // One user, two groups: by user.
    let (mut directory, found) = find(&play, &["m1@banc.ly"]).await;
    let sixty = group(&play, &mut directory, "sixty").await;
    let empty = group(&play, &mut directory, "empty").await;
    let pairs = [(found[0], sixty), (found[0], empty)];
    memberships(&play.site, &mut directory, &pairs, &mut quiet).await.unwrap();
    assert_eq!(directory.is_member(found[0], sixty), Some(true));
    assert_eq!(directory.is_member(found[0], empty), Some(false));
    assert_eq!((play.asked("group/member").await, play.asked("user/groups").await), (4, 1));
}

#[tokio::test]
async fn lifecycles_are_looked_at_one_by_one() {
    let play = Playground::new(Keys::Org).await;
    let mails =
        ["vdillow@banc.ly", "dnkosi@banc.ly", "gabiola@banc.ly", "uadeyemi@contractor.example"];
    let (mut directory, mut found) = find(&play, &mails).await;
    found.push(directory.add_person(Person::new(id("unheard-of"))));
    lifecycles(&play.site, &mut directory, &found, Privilege::Enablement, &mut quiet)
        .await
        .unwrap();
    let of = |at: usize| directory.person(found[at]);
    assert_eq!(of(0).lifecycle, Some(Lifecycle::Allowed));
    assert_eq!((of(0).managed, of(0).status), (Some(true), Some(AccountStatus::Active)));
    assert_eq!(of(1).status, Some(AccountStatus::Inactive));
    assert_eq!(of(2).lifecycle, Some(Lifecycle::Refused("externalDirectory.google".into())));
    assert_eq!(of(2).synced, Some(true));
    for at in [3, 4] {
        assert!(matches!(of(at).lifecycle, Some(Lifecycle::NotManaged(_))));
        assert_eq!(of(at).managed, Some(false));
    }
    let (by_mail, me) = find(&play, &["admin@banc.ly"]).await;
    let me = directory.add_person(Person::new(by_mail.person(me[0]).id.clone()));
    lifecycles(&play.site, &mut directory, &[me], Privilege::Enablement, &mut quiet).await.unwrap();
    assert_eq!(directory.person(me).org_admin, Some(true), "also of somebody known by id alone");
    let jira = Playground::new(Keys::Jira).await;
    let error = lifecycles(&jira.site, &mut directory, &found, Privilege::Enablement, &mut quiet)
        .await
        .unwrap_err();
    assert!(matches!(error, LookupError::NoWay { .. }));
}

#[tokio::test]
async fn products_of_two_users_and_a_listing_of_all() {
    let play = Playground::new(Keys::Both).await;
    let (mut directory, found) = find(&play, &["vdillow@banc.ly", "nnoaccess@banc.ly"]).await;
    products_of(&play.site, &mut directory, &found, &mut quiet).await.unwrap();
    assert_eq!(directory.person(found[0]).products, Some(vec![Product::JiraSoftware]));
    assert_eq!(directory.person(found[1]).products, Some(vec![]));

    let me = play.site.jira.as_ref().unwrap().myself().await.unwrap().id;
    let mut directory = Directory::default();
    let all = all_users(&play.site, &mut directory, 10, &me, &mut quiet).await.unwrap();
    assert!(all.complete && all.people == directory.people().len() as u64, "{all:?}");
    assert_eq!(all.hidden, 1);
    assert!(!directory.sees_every_account, "somebody's mail is hidden");
    let mut directory = Directory::default();
    let cut = all_users(&play.site, &mut directory, 1, &me, &mut quiet).await.unwrap();
    assert!(!cut.complete);
    let count = count_people(&play.site, Counted::OfTheSite, COUNTING).await.unwrap();
    assert_eq!(count, Some(all.active));
}

/// No user can search for a deactivated person's address; hidden, it may belong to any user.
#[tokio::test]
async fn a_deactivated_persons_hidden_address_leaves_every_absence_open() {
    let play = Playground::new(Keys::Jira).await;
    let gone = json!({"email": "gone@banc.ly", "lifecycle": "inactive", "hidden_email": true});
    play.control("POST", "seed", json!({"people": [gone]})).await;
    let me = play.site.jira.as_ref().unwrap().myself().await.unwrap().id;
    let mut directory = Directory::default();
    let all = all_users(&play.site, &mut directory, 10, &me, &mut quiet).await.unwrap();
    assert_eq!((all.hidden, all.hidden_active, all.complete), (2, 1, true));
    assert!(!directory.sees_every_mail && !directory.sees_every_account);
}

#[tokio::test]
async fn a_listing_without_own_account_proves_nothing() {
    let play = Playground::new(Keys::Jira).await;
    let mut directory = Directory::default();
    let all = all_users(&play.site, &mut directory, 10, &id("stranger"), &mut quiet).await.unwrap();
    assert!(!all.complete && !directory.sees_every_account);
}

#[tokio::test]
async fn a_refused_key_and_an_unreachable_site_stop_the_look_up() {
    for (status, kind) in [
        ("401 Unauthorized", CallErrorKind::Credential),
        ("500 Internal Server Error", CallErrorKind::Server),
    ] {
        let rogue = Rogue::saying(answer(status, "", "{}")).await;
        let mut directory = Directory::default();
        let error = people(
            &rogue.site(),
            &mut directory,
            &texts(&["a@b.c"]),
            &[],
            Witness::default(),
            &mut quiet,
        )
        .await
        .unwrap_err();
        assert_eq!(error.call().map(|call| call.kind.clone()), Some(kind));
    }
}

/// A group and three users of the sandbox; the first two are members.
async fn asked_about(play: &Playground) -> (Directory, [PersonIndex; 3], GroupIndex) {
    let joins =
        ["vdillow@banc.ly", "ftoten2@banc.ly"].map(|mail| json!({"email": mail, "group": "odd"}));
    play.control("POST", "seed", json!({"groups": [{"name": "odd"}], "memberships": joins})).await;
    let mails = ["vdillow@banc.ly", "ftoten2@banc.ly", "amelmeth@banc.ly"];
    let (mut directory, found) = find(play, &mails).await;
    let group = group(play, &mut directory, "odd").await;
    (directory, found.try_into().unwrap(), group)
}

fn told(directory: &Directory, people: [PersonIndex; 3], group: GroupIndex) -> [Option<bool>; 3] {
    people.map(|person| directory.is_member(person, group))
}

/// The group's total counts app accounts that the list leaves out, or members are missing, or others add users
/// meanwhile, or each read fails. Then the named users are read one by one, and the group is reported.
#[tokio::test]
async fn memberships_of_a_list_that_cannot_be_believed_are_asked_person_by_person() {
    let body = |body: &str| {
        let body: Value = serde_json::from_str(body).unwrap();
        json!({"answer": {"status": 200, "body": body}})
    };
    for odd in [
        body(r#"{"total":3,"isLast":true,"values":[]}"#),
        body(r#"{"total":2,"isLast":false,"values":[{"accountId":"a"}]}"#),
        body(r#"{"total":2,"isLast":true,"values":[{"accountId":"a"}]}"#),
        body(r#"{"isLast":false,"values":[{"accountId":"a"}]}"#),
        body(r#"{"total":0,"isLast":true,"values":[{"accountId":"a"}]}"#),
        json!({"answer": {"status": 500, "body": {}}}),
        json!({"answer": {"status": 200, "body": "<html>Sign in</html>"}}),
        json!({"garbage": true}),
    ] {
        let mut play = Playground::new(Keys::Both).await;
        play.reopen_with(impatient());
        let (mut directory, people, group) = asked_about(&play).await;
        let mut fault = odd.clone();
        fault["path"] = json!("/rest/api/3/group/member");
        fault["times"] = json!(0);
        play.fault(fault).await;
        let pairs = people.map(|person| (person, group));
        memberships(&play.site, &mut directory, &pairs, &mut quiet).await.unwrap();
        let found = told(&directory, people, group);
        assert_eq!(found, [Some(true), Some(true), Some(false)], "{odd}");
        assert!(play.asked("user/groups").await >= 3, "{odd}");
        let doubts: Vec<_> = directory.doubts().map(|(group, _)| group.name.to_string()).collect();
        assert_eq!(doubts, ["odd"], "{odd}");
    }
}

/// One user whose groups can't be read does not stop other rows. If no user can be read, the error is the site's.
#[tokio::test]
async fn memberships_of_one_person_who_cannot_be_read_stay_unknown() {
    for odd in [
        json!({"answer": {"status": 500, "body": {}}}),
        json!({"answer": {"status": 200, "body": "<html>Sign in</html>"}}),
        json!({"garbage": true}),
    ] {
        let mut play = Playground::new(Keys::Both).await;
        play.reopen_with(impatient());
        let (mut directory, people, group) = asked_about(&play).await;
        let all = |path: &str| {
            let mut fault = odd.clone();
            fault["path"] = json!(path);
            fault["times"] = json!(0);
            fault
        };
        let mut one = all("/rest/api/3/user/groups");
        one["mentions"] = json!(directory.person(people[1]).id.as_str());
        let faults = [all("/rest/api/3/group/member"), one];
        play.control("POST", "faults", json!({ "faults": faults })).await;
        let pairs = people.map(|person| (person, group));
        memberships(&play.site, &mut directory, &pairs, &mut quiet).await.unwrap();
        assert_eq!(told(&directory, people, group), [Some(true), None, Some(false)], "{odd}");
        play.fault(all("/rest/*")).await;
        let (mut fresh, people, group) = {
            let mut fresh = Directory::default();
            let people =
                people.map(|at| fresh.add_person(Person::new(directory.person(at).id.clone())));
            let group = fresh.add_group(directory.group(group).clone());
            (fresh, people, group)
        };
        let pairs = people.map(|person| (person, group));
        let error = memberships(&play.site, &mut fresh, &pairs, &mut quiet).await.unwrap_err();
        assert!(error.call().is_some(), "{odd}: {error:?}");
        assert_eq!(told(&fresh, people, group), [None; 3], "nothing was believed");
    }
}

/// The site fails at one of many names each time: that name stays unknown, and the others are found.
#[tokio::test]
async fn names_the_site_fails_at_leave_the_others_found() {
    let mut play = Playground::new(Keys::Both).await;
    play.reopen_with(impatient());
    let fault = json!({
        "path": SEARCH, "mentions": "odd@banc.ly", "times": 0, "answer": {"status": 500, "body": {}},
    });
    play.fault(fault).await;
    let mut directory = Directory::default();
    let mails = texts(&["vdillow@banc.ly", "odd@banc.ly", "new@banc.ly", "akim@banc.ly"]);
    people(&play.site, &mut directory, &mails, &[], ME, &mut quiet).await.unwrap();
    only(directory.people_by_mail("vdillow@banc.ly"));
    only(directory.people_by_mail("akim@banc.ly"));
    assert!(!directory.sees_every_mail && !directory.sees_every_account);
}

#[tokio::test]
async fn pages_that_never_end_stop_the_look_up() {
    let page = r#"{"data":[],"links":{"next":"again"}}"#;
    let rogue = Rogue::saying(answer("200 OK", "", page)).await;
    let mut directory = Directory::default();
    let error = people(
        &rogue.site(),
        &mut directory,
        &texts(&["a@b.c"]),
        &[],
        Witness::default(),
        &mut quiet,
    )
    .await
    .unwrap_err();
    let call = error.call().unwrap();
    assert!(call.words.contains("never end"), "{call}");

    let rogue = Rogue::saying(answer("200 OK", "", r#"[{"accountId":"a"}]"#)).await;
    let error =
        all_users(&rogue.site(), &mut directory, 50, &id("a"), &mut quiet).await.unwrap_err();
    assert!(matches!(error, LookupError::Incredible { .. }), "{error:?}");
}

const SEARCH: &str = "/admin/v2/*";
const ME: Witness<'_> = Witness { account: None, mail: Some("Admin@banc.ly") };

#[tokio::test]
async fn a_search_that_refuses_every_question_finds_no_strangers() {
    let play = Playground::new(Keys::Both).await;
    let refusal = json!({"path": SEARCH, "times": 0, "answer": {"status": 400, "body": {}}});
    play.fault(refusal).await;
    for mails in [&["vdillow@banc.ly"][..], &["vdillow@banc.ly", "akim@banc.ly", "new@banc.ly"]] {
        for own_account in [Witness::default(), ME] {
            let mut directory = Directory::default();
            let mails = texts(mails);
            let error = people(&play.site, &mut directory, &mails, &[], own_account, &mut quiet)
                .await
                .unwrap_err();
            assert_eq!(error.call().unwrap().kind, CallErrorKind::BadRequest);
            assert!(!directory.sees_every_mail && !directory.sees_every_account);
        }
    }
    let mut directory = Directory::default();
    let error = groups(&play.site, &mut directory, &texts(&["R&D"]), &[], &mut quiet).await;
    assert!(error.unwrap_err().call().is_some());
}

#[tokio::test]
async fn a_mail_that_alone_is_refused_is_not_known() {
    let play = Playground::new(Keys::Both).await;
    let refusal = json!({
        "path": SEARCH, "mentions": "odd@banc.ly", "times": 0,
        "answer": {"status": 400, "body": {}},
    });
    play.fault(refusal).await;
    let mut directory = Directory::default();
    let mails = texts(&["vdillow@banc.ly", "odd@banc.ly", "new@banc.ly", "akim@banc.ly"]);
    people(&play.site, &mut directory, &mails, &[], ME, &mut quiet).await.unwrap();
    only(directory.people_by_mail("vdillow@banc.ly"));
    only(directory.people_by_mail("akim@banc.ly"));
    assert!(!directory.sees_every_mail && !directory.sees_every_account);
}

#[tokio::test]
async fn a_search_that_does_not_show_the_own_account_proves_no_user_absent() {
    let play = Playground::new(Keys::Both).await;
    let me = play.site.jira.as_ref().unwrap().myself().await.unwrap().id;
    let mails = texts(&["new@banc.ly"]);
    let stranger = id("stranger");
    let by_id = Witness { account: Some(&me), mail: None };
    let no_one = Witness { account: Some(&stranger), mail: None };
    let elsewhere = Witness { account: None, mail: Some("me@elsewhere.example") };
    for (own_account, sees) in [(ME, true), (by_id, true), (no_one, false), (elsewhere, false)] {
        let mut directory = Directory::default();
        people(&play.site, &mut directory, &mails, &[], own_account, &mut quiet).await.unwrap();
        assert_eq!((directory.sees_every_mail, directory.sees_every_account), (sees, sees));
    }
    // The same site, but the key shows no user.
    let nobody = json!({"data": [], "links": {}});
    play.fault(json!({"path": SEARCH, "times": 0, "answer": {"status": 200, "body": nobody}}))
        .await;
    for own_account in [ME, by_id] {
        let mut directory = Directory::default();
        people(&play.site, &mut directory, &mails, &[], own_account, &mut quiet).await.unwrap();
        assert!(!directory.sees_every_mail && !directory.sees_every_account);
    }
}

/// A share is a part of the users that the job can change: without deactivated users, and for a job on the site
/// without users of the organization who are not on the site.
#[tokio::test]
async fn a_share_is_of_the_users_that_the_job_can_change() {
    let play = Playground::new(Keys::Both).await;
    let on_site = count_people(&play.site, Counted::OfTheSite, COUNTING).await.unwrap().unwrap();
    let managed = count_people(&play.site, Counted::Managed, COUNTING).await.unwrap().unwrap();
    let others: Vec<Value> = (0..300)
        .map(|n| json!({"email": format!("gone{n}@banc.ly"), "lifecycle": "inactive"}))
        .chain((0..200).map(|n| json!({"email": format!("away{n}@banc.ly"), "place": "removed"})))
        .collect();
    play.control("POST", "seed", json!({"people": others})).await;
    let count = async |counted| count_people(&play.site, counted, COUNTING).await.unwrap();
    assert_eq!(count(Counted::OfTheSite).await, Some(on_site));
    assert_eq!(count(Counted::Managed).await, Some(managed + 200));
    // An organization without the count: the pages of the list of managed accounts are counted.
    let none = json!({"status": 404, "body": {}});
    play.fault(json!({"path": "/admin/v2/*", "times": 0, "answer": none})).await;
    assert_eq!(count(Counted::Managed).await, Some(managed + 200));
    play.fault(json!({"path": "/admin/v1/orgs/*", "times": 0, "answer": none})).await;
    assert_eq!(count(Counted::Managed).await, None);

    let org = Playground::new(Keys::Org).await;
    // With the organization API key alone, users are removed from the directory.
    let in_directory = count_people(&org.site, Counted::OfTheSite, COUNTING).await.unwrap();
    assert!(in_directory.is_some_and(|count| count <= on_site), "{in_directory:?}");
    let jira = Playground::new(Keys::Jira).await;
    assert_eq!(count_people(&jira.site, Counted::Managed, COUNTING).await.unwrap(), None);
}
