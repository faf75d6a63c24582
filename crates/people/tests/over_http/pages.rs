//! Pages that are empty, short or contradict themselves. They are detected before anything is planned: by a user
//! who must be on them, by their total, or by a second request.

use headcount_atlassian::CallErrorKind;
use headcount_model::group::GroupId;
use headcount_model::user::AccountId;
use headcount_people::directory::lookup::{LookupError, Witness, groups, memberships, people};
use headcount_people::directory::{Directory, FoundPerson, Group, Person};
use serde_json::{Value, json};

use crate::support::{Keys, Playground, Rogue, answer, quiet};

/// Sets the first answer of a call.
async fn first(play: &Playground, method: &str, path: &str, body: Value) {
    let answer = json!({ "status": 200, "body": body });
    play.fault(json!({ "method": method, "path": path, "answer": answer })).await;
}

async fn account(play: &Playground, mail: &str) -> AccountId {
    let path = format!("state?only=people&email={mail}");
    let state = play.control("GET", &path, Value::Null).await;
    AccountId::parse(state["people"][0]["account_id"].as_str().unwrap()).unwrap()
}

const SEARCH: &str = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/search";

#[tokio::test]
async fn an_empty_search_by_mail_is_asked_again() {
    let play = Playground::new(Keys::Both).await;
    first(&play, "POST", SEARCH, json!({ "data": [], "links": {} })).await;
    let mut directory = Directory::default();
    let me = Witness { account: None, mail: Some("admin@banc.ly") };
    let mails = ["vdillow@banc.ly".to_owned(), "nobody@banc.ly".to_owned()];
    people(&play.site, &mut directory, &mails, &[], me, &mut quiet).await.unwrap();
    assert!(matches!(directory.people_by_mail("vdillow@banc.ly"), FoundPerson::One(_)));
    assert!(directory.sees_every_mail, "the second answer shows own_account");
}

#[tokio::test]
async fn one_search_of_several_without_own_account_stops_the_look_up() {
    let play = Playground::new(Keys::Both).await;
    first(&play, "POST", SEARCH, json!({ "data": [], "links": {} })).await;
    let mut directory = Directory::default();
    let me = Witness { account: None, mail: Some("admin@banc.ly") };
    let mails: Vec<String> = (0..150).map(|n| format!("nobody{n}@banc.ly")).collect();
    let error = people(&play.site, &mut directory, &mails, &[], me, &mut quiet).await.unwrap_err();
    assert!(matches!(error, LookupError::Incredible { .. }), "{error:?}");
}

#[tokio::test]
async fn accounts_by_id_without_own_account_or_fewer_than_their_total_stop_the_look_up() {
    for body in [
        json!({ "total": 0, "isLast": true, "values": [] }),
        json!({ "total": 2, "isLast": true, "values": [{ "accountId": "a", "active": true }] }),
    ] {
        let play = Playground::new(Keys::Both).await;
        first(&play, "GET", "/rest/api/3/user/bulk", body.clone()).await;
        let mine = account(&play, "admin@banc.ly").await;
        let other = account(&play, "vdillow@banc.ly").await;
        let me = Witness { account: Some(&mine), mail: None };
        let mut directory = Directory::default();
        let found = people(&play.site, &mut directory, &[], &[other], me, &mut quiet).await;
        assert!(found.is_err(), "{body}: {found:?}");
    }
}

#[tokio::test]
async fn groups_that_do_not_add_up_stop_the_look_up() {
    for body in [
        r#"{"total":1,"isLast":true,"values":[]}"#,
        r#"{"total":2,"isLast":true,"values":[{"name":"g","groupId":"1"}]}"#,
        r#"{"total":0,"isLast":true,"values":[{"name":"g","groupId":"1"}]}"#,
    ] {
        let rogue = Rogue::saying(answer("200 OK", "", body)).await;
        let mut directory = Directory::default();
        let mut site = rogue.site();
        site.admin = None;
        let error = groups(&site, &mut directory, &["g".into()], &[], &mut quiet).await;
        let error = error.unwrap_err();
        assert_eq!(error.call().unwrap().kind, CallErrorKind::Odd, "{body}: {error:?}");
    }
}

#[tokio::test]
async fn an_empty_group_and_a_user_in_no_group_are_read_twice() {
    let play = Playground::new(Keys::Both).await;
    let (one, two) =
        (account(&play, "vdillow@banc.ly").await, account(&play, "akim@banc.ly").await);
    let state =
        play.control("GET", "state?only=groups&group=jira-software-users", Value::Null).await;
    let group = GroupId::new(state["groups"][0]["id"].as_str().unwrap());
    let named = |directory: &mut Directory| {
        directory.add_group(Group { id: group.clone(), name: "g".into(), synced: None })
    };

    let empty = json!({ "total": 0, "isLast": true, "values": [] });
    first(&play, "GET", "/rest/api/3/group/member", empty).await;
    let mut directory = Directory::default();
    let at = named(&mut directory);
    let people = [&one, &two].map(|id| directory.add_person(Person::new(id.clone())));
    let pairs = people.map(|person| (person, at));
    memberships(&play.site, &mut directory, &pairs, &mut quiet).await.unwrap();
    assert_eq!(directory.is_member(people[0], at), Some(true));

    first(&play, "GET", "/rest/api/3/user/groups", json!([])).await;
    let mut directory = Directory::default();
    let at = named(&mut directory);
    let person = directory.add_person(Person::new(one));
    memberships(&play.site, &mut directory, &[(person, at)], &mut quiet).await.unwrap();
    assert_eq!(directory.is_member(person, at), Some(true));
}
