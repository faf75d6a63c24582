//! Every call once, with the sandbox's answer.

use headcount_atlassian::endpoint::Endpoint;
use headcount_atlassian::proxy::Proxies;
use headcount_atlassian::records::Change;
use headcount_atlassian::{CallErrorKind, Effect};
use headcount_model::group::GroupId;
use headcount_model::user::{AccountId, AccountStatus, Lifecycle, Privilege, Product};
use serde_json::{Value, json};

use crate::support::{Keys, Playground, permit};

const VERNA: &str = "e2345d51eaa4xxx984e377ce";
const OSLO: &str = "d6750b14-1aa8-4ab2-xxxx-a6d44016da32";

fn id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

#[tokio::test]
async fn jira_shows_the_own_account_and_the_users_it_sees() {
    let play = Playground::new(Keys::Jira).await;
    let jira = play.site.jira.as_ref().unwrap();
    let me = jira.myself().await.unwrap();
    assert_eq!(me.mail.as_deref(), Some("admin@banc.ly"));

    let found = jira.search_users("vdillow@banc.ly").await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].id.as_str(), found[0].status), (VERNA, Some(AccountStatus::Active)));

    let facts = jira.user(&id(VERNA)).await.unwrap().unwrap();
    assert_eq!(facts.products, Some(vec![Product::JiraSoftware]));
    assert!(facts.groups_complete);
    let names: Vec<_> = facts.groups.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["jira-software-users"]);
    assert_eq!(jira.user(&id("nobody")).await.unwrap(), None);
    assert_eq!(jira.groups_of(&id("nobody")).await.unwrap(), None);

    let groups = jira.groups_of(&id(VERNA)).await.unwrap().unwrap();
    assert_eq!(&*groups[0].name, "jira-software-users");
    let bulk = jira.users_by_id(&[&id(VERNA), &id("nobody"), &me.id]).await.unwrap();
    assert_eq!(bulk.len(), 2);
    let everybody = jira.list_users(0, 1000).await.unwrap();
    assert!(everybody.len() > 10 && everybody.iter().any(|facts| facts.id == me.id));
}

#[tokio::test]
async fn a_user_is_created_seen_and_taken_off_again() {
    let play = Playground::new(Keys::Jira).await;
    let jira = play.site.jira.as_ref().unwrap();
    let endpoint = Endpoint::JiraCreateUser;
    let products = [Product::JiraSoftware];
    let created =
        jira.create_user(permit(&play.site, endpoint), "new@banc.ly", &products).await.unwrap();
    assert_eq!(created.status, 201);
    let account = created.account.unwrap();
    // A repeated call is no error, and it proves nothing.
    let again =
        jira.create_user(permit(&play.site, endpoint), "new@banc.ly", &products).await.unwrap();
    assert_eq!(again.account.as_ref(), Some(&account));

    let bad = jira.create_user(permit(&play.site, endpoint), "no mail", &products).await;
    let error = bad.unwrap_err();
    assert_eq!((error.kind.clone(), error.effect), (CallErrorKind::BadRequest, Effect::None));
    assert!(!error.words.is_empty(), "{error:?}");

    let permit = permit(&play.site, Endpoint::JiraRemoveUser);
    assert_eq!(jira.remove_user(permit, &account).await, Ok(Change::Done { status: 204 }));
    assert_eq!(jira.user(&account).await.unwrap(), None);
}

#[tokio::test]
async fn a_full_product_is_a_matter_of_licenses() {
    let play = Playground::new(Keys::Jira).await;
    let jira = play.site.jira.as_ref().unwrap();
    let permit = permit(&play.site, Endpoint::JiraCreateUser);
    let products = [Product::JiraProductDiscovery];
    let error = jira.create_user(permit, "seatless@banc.ly", &products).await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Licence, "{error}");
}

#[tokio::test]
async fn memberships_change_and_already_so_is_distinguished() {
    let play = Playground::new(Keys::Jira).await;
    let jira = play.site.jira.as_ref().unwrap();
    let (group, account) = (GroupId::new(OSLO), id(VERNA));
    let add = || permit(&play.site, Endpoint::JiraAddMember);
    let remove = || permit(&play.site, Endpoint::JiraRemoveMember);
    assert_eq!(jira.add_member(add(), &group, &account).await, Ok(Change::Done { status: 201 }));
    assert_eq!(
        jira.add_member(add(), &group, &account).await,
        Ok(Change::AlreadySo { status: 400 })
    );
    let page = jira.members(&group, 0).await.unwrap();
    assert_eq!((page.total, page.is_last, page.members.len()), (Some(1), true, 1));
    assert_eq!(
        jira.remove_member(remove(), &group, &account).await,
        Ok(Change::Done { status: 200 })
    );
    assert_eq!(
        jira.remove_member(remove(), &group, &account).await,
        Ok(Change::AlreadySo { status: 400 })
    );
    let error = jira.add_member(add(), &group, &id("nobody")).await.unwrap_err();
    assert_eq!((error.kind, error.effect), (CallErrorKind::NotFound, Effect::None));
    let error = jira.add_member(add(), &GroupId::new("no group"), &account).await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::NotFound);
}

#[tokio::test]
async fn awkward_group_names_are_found_as_they_are() {
    let play = Playground::new(Keys::Both).await;
    let names =
        ["Finance, Europe", "Team #7", "R&D", "50% club + friends", "Größe/Maß", " padded "];
    let jira = play.site.jira.as_ref().unwrap();
    let mut found: Vec<_> =
        jira.groups_by_name(&names).await.unwrap().into_iter().map(|group| group.name).collect();
    found.sort();
    let mut wanted = names.map(Box::<str>::from);
    wanted.sort();
    assert_eq!(found, wanted);
    let products = jira.products().await.unwrap().products;
    let discovery = products.iter().find(|one| one.product == Product::JiraProductDiscovery);
    assert_eq!(discovery.unwrap().seats_left, Some(0));
    assert_eq!(discovery.unwrap().groups.len(), 1);
    let software = products.iter().find(|one| one.product == Product::JiraSoftware).unwrap();
    assert_eq!(software.seats_left, None);
    let offered = jira.suggest_groups("CLUB +").await.unwrap();
    assert_eq!(&*offered[0].name, "50% club + friends");

    let admin = play.site.admin.as_ref().unwrap();
    let of_org = admin.groups_by_name(&["R&D", "idp-everyone"]).await.unwrap();
    let synced: Vec<_> = of_org.iter().map(|group| (&*group.name, group.synced)).collect();
    assert!(synced.contains(&("R&D", Some(false))), "{synced:?}");
    assert!(synced.contains(&("idp-everyone", Some(true))), "{synced:?}");
}

#[tokio::test]
async fn the_organization_is_found_by_its_key_and_sees_all_users() {
    let play = Playground::new(Keys::Org).await;
    let admin = play.site.admin.as_ref().unwrap();
    assert_eq!(admin.org().await.unwrap(), play.sandbox.card().org_id);
    let mails = ["VDILLOW@banc.ly", "dnkosi@banc.ly", "hvinter@banc.ly", "nobody@banc.ly"];
    let found = admin.users_by_mail(&mails).await.unwrap();
    assert_eq!(found.len(), 3);
    let gone = found.iter().find(|facts| facts.mail.as_deref() == Some("dnkosi@banc.ly")).unwrap();
    assert_eq!(gone.status, Some(AccountStatus::Inactive));
    let me = admin.users_by_mail(&["admin@banc.ly"]).await.unwrap();
    assert_eq!(me[0].org_admin, Some(true));
    assert_eq!(admin.users_by_id(&[&me[0].id]).await.unwrap(), me);
    assert!(admin.count_managed_active().await.unwrap() > Some(10));
}

#[tokio::test]
async fn managed_accounts_are_looked_at_deactivated_and_reactivated() {
    let play = Playground::new(Keys::Org).await;
    let admin = play.site.admin.as_ref().unwrap();
    let verna = id(VERNA);
    assert_eq!(admin.manage(&verna, Privilege::Enablement).await, Ok(Lifecycle::Allowed));
    let off = || permit(&play.site, Endpoint::AdminDeactivate);
    let on = || permit(&play.site, Endpoint::AdminActivate);
    assert_eq!(
        admin.deactivate(off(), &verna, Some("On leave")).await,
        Ok(Change::Done { status: 204 })
    );
    let profile = admin.profile(&verna).await.unwrap().unwrap();
    assert_eq!(profile.status, Some(AccountStatus::Inactive));
    assert_eq!(admin.deactivate(off(), &verna, None).await, Ok(Change::AlreadySo { status: 409 }));
    assert_eq!(admin.activate(on(), &verna).await, Ok(Change::Done { status: 204 }));
    assert_eq!(admin.activate(on(), &verna).await, Ok(Change::AlreadySo { status: 409 }));

    let mails = ["ssolheim@banc.ly", "uadeyemi@contractor.example"];
    let found = admin.users_by_mail(&mails).await.unwrap();
    let of = |mail: &str| {
        found.iter().find(|facts| facts.mail.as_deref() == Some(mail)).unwrap().id.clone()
    };
    let synced = of("ssolheim@banc.ly");
    assert_eq!(
        admin.manage(&synced, Privilege::Enablement).await,
        Ok(Lifecycle::Refused("externalDirectory.scim".into()))
    );
    let error = admin.deactivate(off(), &synced, None).await.unwrap_err();
    assert_eq!(
        error.kind,
        CallErrorKind::Forbidden { key: Some("externalDirectory.scim".to_owned()) }
    );
    let outside = of("uadeyemi@contractor.example");
    assert!(matches!(
        admin.manage(&outside, Privilege::Enablement).await,
        Ok(Lifecycle::NotManaged(_))
    ));
    assert_eq!(admin.profile(&outside).await, Ok(None));
}

#[tokio::test]
async fn a_wrong_key_is_a_refused_credential_and_never_shows() {
    let play = Playground::new(Keys::Both).await;
    let url = play.sandbox.card().url.clone();
    let access = crate::support::access(&url);
    let limits = headcount_atlassian::Limits::default();
    let transport = headcount_atlassian::transport::Transport::network(&limits, &Proxies::none());
    let site = crate::support::open(&access, transport, limits);
    for error in [
        site.jira.as_ref().unwrap().myself().await.unwrap_err(),
        site.admin.as_ref().unwrap().orgs().await.unwrap_err(),
    ] {
        assert_eq!((error.kind.clone(), error.status), (CallErrorKind::Credential, Some(401)));
        let shown = format!("{error} {error:?} {site:?}");
        assert!(!shown.contains(crate::support::TOKEN) && !shown.contains("org-key"), "{shown}");
    }
}

#[tokio::test]
async fn a_change_is_sent_once_whatever_is_answered_and_a_read_again() {
    let play = Playground::new(Keys::Jira).await;
    let jira = play.site.jira.as_ref().unwrap();
    let (group, account) = (GroupId::new(OSLO), id(VERNA));
    for (fault, kind, effect) in [
        (json!({"answer": {"status": 503}}), CallErrorKind::Server, Effect::Unknown),
        (json!({"drop": "before"}), CallErrorKind::Lost, Effect::Unknown),
        (json!({"answer": {"status": 429}}), CallErrorKind::RateLimited, Effect::None),
    ] {
        let mut fault = fault;
        fault["path"] = json!("/rest/api/3/group/user");
        play.fault(fault).await;
        play.control("DELETE", "log", Value::Null).await;
        let endpoint = Endpoint::JiraAddMember;
        let permit = play.site.pacer.ready(endpoint).await;
        let error = jira.add_member(permit, &group, &account).await.unwrap_err();
        assert_eq!((error.kind, error.effect), (kind, effect));
        assert_eq!(play.asked("group/user").await, 1);
    }
    for fault in [
        json!({"answer": {"status": 502, "body": "<html>bad</html>"}, "times": 2}),
        json!({"drop": "before", "times": 2}),
        json!({"half_body": true}),
    ] {
        let mut fault = fault;
        let half = fault["half_body"] == json!(true);
        fault["path"] = json!("/rest/api/3/myself");
        play.fault(fault).await;
        let answer = jira.myself().await;
        assert!(answer.is_ok(), "half body: {half}: {answer:?}");
    }
}

#[tokio::test]
async fn half_an_answer_settles_what_needs_none_of_it_and_nothing_else() {
    let play = Playground::new(Keys::Jira).await;
    let jira = play.site.jira.as_ref().unwrap();
    play.fault(json!({"path": "/rest/api/3/group/user", "half_body": true})).await;
    let permit_for = |endpoint| permit(&play.site, endpoint);
    let done =
        jira.add_member(permit_for(Endpoint::JiraAddMember), &GroupId::new(OSLO), &id(VERNA)).await;
    assert_eq!(done, Ok(Change::Done { status: 201 }));

    play.fault(json!({"path": "/rest/api/3/user", "half_body": true, "times": 1})).await;
    let products = [Product::JiraSoftware];
    let error = jira
        .create_user(permit_for(Endpoint::JiraCreateUser), "half@banc.ly", &products)
        .await
        .unwrap_err();
    assert_eq!((error.kind, error.effect), (CallErrorKind::Lost, Effect::Unknown));

    play.fault(json!({"path": "/rest/api/3/user", "garbage": true, "times": 1})).await;
    let error = jira
        .create_user(permit_for(Endpoint::JiraCreateUser), "garbage@banc.ly", &products)
        .await
        .unwrap_err();
    assert_eq!((error.kind.clone(), error.effect), (CallErrorKind::Odd, Effect::Unknown));
    assert!(!error.evidence.is_empty(), "{error:?}");
}
