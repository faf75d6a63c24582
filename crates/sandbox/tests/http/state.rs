//! The state file: an answered change survives every end of the process.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use headcount_sandbox::{Config, SandboxError, start};
use serde_json::{Value, json};

use headcount_testkit::sandbox::recorded;

use crate::client::{As, Site};

const STATE: &str = "HEADCOUNT_SANDBOX_TEST_STATE";

fn config(path: &Path) -> Config {
    recorded(Config { state: Some(path.to_owned()), ..Config::default() })
}

async fn add(site: &Site, email: &str, group: &str) {
    let account = site.account(email).await;
    let path = format!("/rest/api/3/group/user?groupname={group}");
    site.post(As::Admin, &path, json!({"accountId": account})).await.expect(201);
}

async fn snapshot(site: &Site) -> Value {
    site.control("GET", "state", None).await
}

#[tokio::test]
async fn a_stopped_sandbox_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let site = Site::with(config(&path)).await;
    assert!(!site.sandbox.reloaded());
    add(&site, "vdillow@banc.ly", "hanoi-legal").await;
    let made = json!({"emailAddress": "new@banc.ly", "products": ["jira-software"]});
    site.post(As::Admin, "/rest/api/3/user", made).await.expect(201);
    site.delete(As::Admin, "/rest/api/3/group?groupname=Alpha").await.expect(200);
    let seats = json!({"people": [{"email": "seeded@banc.ly"}], "seats": [{"product": "jira-core", "seats": 5}]});
    site.control("POST", "seed", Some(seats)).await;
    let before = snapshot(&site).await;
    site.sandbox.stop().await;

    let site = Site::with(config(&path)).await;
    assert!(site.sandbox.reloaded());
    assert_eq!(snapshot(&site).await, before);
    let events = format!("/admin/v1/orgs/{}/events", site.sandbox.card().org_id);
    let events = site.get(As::Org, &events).await.expect(200).json();
    assert_eq!(events["data"].as_array().unwrap().len(), 4, "the product's group too");
    assert_eq!(events["data"][3]["attributes"]["actor"]["email"], "admin@banc.ly");
}

#[tokio::test]
async fn a_torn_last_line_is_cut_off_and_damage_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let site = Site::with(config(&path)).await;
    add(&site, "vdillow@banc.ly", "hanoi-legal").await;
    let before = snapshot(&site).await;
    site.sandbox.stop().await;
    let whole = std::fs::read(&path).unwrap();
    let mut torn = whole.clone();
    torn.extend_from_slice(b"{\"change\":{\"do\":\"added-mem");
    std::fs::write(&path, torn).unwrap();
    let site = Site::with(config(&path)).await;
    assert_eq!(snapshot(&site).await, before);
    site.sandbox.stop().await;
    assert_eq!(std::fs::read(&path).unwrap(), whole);

    let text = String::from_utf8(whole).unwrap();
    let damaged = text.replacen("claimed-domain", "claimed-domian", 1);
    std::fs::write(&path, damaged).unwrap();
    let Err(error) = start(config(&path)).await else { panic!("damage is not told") };
    assert!(matches!(error, SandboxError::State { line: 6, .. }), "{error}");
    assert!(error.to_string().contains("--reset"));

    std::fs::write(&path, text.replacen("\"headcount_sandbox\":1", "\"headcount_sandbox\":2", 1))
        .unwrap();
    let Err(error) = start(config(&path)).await else { panic!("a newer file is taken") };
    assert!(error.to_string().contains("version 2"), "{error}");

    let reset = Config { reset: true, ..config(&path) };
    let site = Site::with(reset).await;
    assert!(!site.sandbox.reloaded());
}

#[tokio::test]
async fn two_sandboxes_cannot_share_a_state_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let first = Site::with(config(&path)).await;
    let Err(error) = start(config(&path)).await else { panic!("both started") };
    assert!(matches!(error, SandboxError::Busy { .. }), "{error}");
    first.sandbox.stop().await;
    start(config(&path)).await.unwrap();
}

#[tokio::test]
async fn a_reset_is_durable_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let site = Site::with(config(&path)).await;
    let fresh = snapshot(&site).await["memberships"].clone();
    add(&site, "vdillow@banc.ly", "hanoi-legal").await;
    site.control("POST", "reset", None).await;
    assert_eq!(site.summary().await["requests"], 0);
    site.sandbox.stop().await;
    let site = Site::with(config(&path)).await;
    assert_eq!(snapshot(&site).await["memberships"], fresh);
}

/// A long list of changes is folded into a new snapshot. The audit log stays.
#[tokio::test]
async fn the_file_does_not_grow_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let site = Site::with(config(&path)).await;
    let account = site.account("vdillow@banc.ly").await;
    let user = format!("/rest/api/3/group/user?groupname=hanoi-legal&accountId={account}");
    for _ in 0..300 {
        add(&site, "vdillow@banc.ly", "hanoi-legal").await;
        site.delete(As::Admin, &user).await.expect(200);
    }
    let before = snapshot(&site).await;
    site.sandbox.stop().await;
    let long = std::fs::read(&path).unwrap();
    let site = Site::with(config(&path)).await;
    assert_eq!(snapshot(&site).await, before);
    assert_eq!(before["counts"]["events"], 600);
    site.sandbox.stop().await;
    let folded = std::fs::read(&path).unwrap();
    assert_ne!(long, folded);
    let site = Site::with(config(&path)).await;
    assert_eq!(snapshot(&site).await, before);
}

/// Not a test: the process that the next test kills.
#[tokio::test]
#[ignore = "a child process of another test"]
async fn child() {
    let Some(path) = std::env::var_os(STATE) else {
        return;
    };
    let sandbox = start(config(Path::new(&path))).await.unwrap();
    println!("CARD{}", sandbox.card().url);
    std::future::pending::<()>().await;
}

fn spawn(path: &Path) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "state::child", "--ignored", "--nocapture"])
        .env(STATE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let card = lines
        .map_while(Result::ok)
        .find_map(|line| line.split_once("CARD").map(|(_, url)| url.to_owned()));
    (child, card.expect("the child prints its address"))
}

#[tokio::test]
async fn every_answered_change_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let people = 300;
    // The users are added first.
    let site = Site::with(config(&path)).await;
    let seed: Vec<_> = (0..people).map(|n| json!({"email": format!("k{n}@banc.ly")})).collect();
    let made = site.control("POST", "seed", Some(json!({"people": seed}))).await;
    site.sandbox.stop().await;

    let (mut child, url) = spawn(&path);
    let client = Site::client_of(&url);
    let mut tasks = tokio::task::JoinSet::new();
    for account in made["accounts"].as_array().unwrap().clone() {
        let client = client.clone();
        tasks.spawn(async move {
            let body = json!({"accountId": account});
            let path = "/rest/api/3/group/user?groupname=hanoi-legal";
            let answer = client.try_send(As::Admin, "POST", path, Some(&body)).await;
            (account, answer.map(|answer| answer.status))
        });
    }
    let mut answered = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let (account, status) = done.unwrap();
        if status == Ok(201) {
            answered.push(account);
        }
        if answered.len() == 100 {
            child.kill().unwrap();
        }
    }
    // Killed again, in case many requests had no answer.
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(answered.len() >= 100, "{}", answered.len());

    let site = Site::with(config(&path)).await;
    let group = site.group("hanoi-legal").await;
    let state = site.control("GET", "state?only=memberships&group=hanoi-legal", None).await;
    let members = state["memberships"].as_array().unwrap();
    for account in answered {
        let membership = json!({"account": account, "group": group});
        assert!(members.contains(&membership), "{account} was answered and is lost");
    }
}
