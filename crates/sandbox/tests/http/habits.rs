//! How clients speak HTTP: methods, headers and connections that a real site takes.

use std::io::{Read, Write};
use std::net::TcpStream;

use headcount_testkit::sandbox::basic;
use serde_json::json;

use crate::client::{As, Raw, Site};

/// Sends these bytes on one connection and returns all that comes back until the server closes it.
async fn exchange(site: &Site, parts: Vec<String>) -> String {
    let address = site.sandbox.card().url.strip_prefix("http://").unwrap().to_owned();
    let talk = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let mut answer = String::new();
        let (last, before) = parts.split_last().unwrap();
        for part in before {
            stream.write_all(part.as_bytes()).unwrap();
            // An interim answer ends with an empty line.
            let mut some = [0; 1024];
            let count = stream.read(&mut some).unwrap();
            answer.push_str(std::str::from_utf8(&some[..count]).unwrap());
        }
        stream.write_all(last.as_bytes()).unwrap();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    tokio::task::spawn_blocking(talk).await.unwrap()
}

fn head(site: &Site, request: &str, more: &str) -> String {
    let card = site.sandbox.card();
    let key = basic(&card.email, &card.api_token);
    format!("{request} HTTP/1.1\r\nHost: banc.ly\r\nAuthorization: Basic {key}\r\n{more}\r\n")
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let site = Site::new().await;
    let whole = site.get(As::Admin, "/rest/api/3/myself").await.expect(200);
    let bare = site.send(As::Admin, "HEAD", "/rest/api/3/myself", None).await.expect(200);
    assert!(bare.body.is_empty());
    let length = whole.body.len().to_string();
    assert_eq!(bare.header("content-length"), Some(length.as_str()));
    site.send(As::Nobody, "HEAD", "/rest/api/3/myself", None).await.expect(401);
    site.send(As::Admin, "HEAD", "/rest/api/3/nowhere", None).await.expect(404);
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let site = Site::new().await;
    let answer = site.send(As::Admin, "PUT", "/rest/api/3/group/user", None).await.expect(405);
    assert_eq!(answer.header("allow"), Some("POST, DELETE"));
    site.send(As::Admin, "HEAD", "/rest/api/3/group/user", None).await.expect(405);
}

#[tokio::test]
async fn paths_and_queries_as_clients_write_them() {
    let site = Site::new().await;
    let verna = site.account("vdillow@banc.ly").await;
    let colon = verna.replace(':', "%3A");
    for path in [
        "/rest/api/2/myself",
        "/rest/api/latest/myself",
        "/rest/api/3/myself/",
        "/rest/api/3/myself?expand=",
        "/rest/api/3/myself?expand=groups%2CapplicationRoles&expand=operations",
        "/rest/api/3/users/search?startAt=0&maxResults=%2050",
        "/rest/api/3/users/search/?startAt=0&maxResults=50&",
        &format!("/rest/api/3/user/?accountId={colon}"),
        &format!("/rest/api/3/user?accountId={verna}&_=1764460000000"),
    ] {
        site.get(As::Admin, path).await.expect(200);
    }
}

#[tokio::test]
async fn bodies_as_clients_send_them() {
    let site = Site::new().await;
    let card = site.sandbox.card().clone();
    let key = format!("Basic {}", basic(&card.email, &card.api_token));
    for (number, media) in
        ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
            .into_iter()
            .enumerate()
    {
        let body = json!({"name": format!("made {number}")}).to_string();
        let headers = [
            ("authorization", key.as_str()),
            ("content-type", media),
            ("accept", "*/*"),
            ("x-atlassian-token", "no-check"),
            ("x-experimentalapi", "opt-in"),
            ("x-atlassian-force-account-id", "true"),
        ];
        let raw = Raw { method: "POST", path: "/rest/api/3/group", headers: &headers, body: &body };
        let answer = site.keyring().send_raw(&raw).await.expect(201);
        assert_eq!(answer.header("content-encoding"), None);
    }
}

#[tokio::test]
async fn requests_in_a_row_on_one_connection() {
    let site = Site::new().await;
    let first = head(&site, "GET /rest/api/3/myself", "");
    let body = r#"{"name": "made"}"#;
    let more = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    let second = format!("{}{body}", head(&site, "POST /rest/api/3/group", &more));
    let third = head(&site, "GET /rest/api/3/group?groupname=made", "Connection: close\r\n");
    let answers = exchange(&site, vec![format!("{first}{second}{third}")]).await;
    let lines: Vec<_> = answers.lines().filter(|line| line.contains("HTTP/1.1 ")).collect();
    assert_eq!(lines.len(), 3, "{answers}");
    let status = |line: &str| line.split("HTTP/1.1 ").nth(1).unwrap()[..3].to_owned();
    assert_eq!(lines.into_iter().map(status).collect::<Vec<_>>(), ["200", "201", "200"]);
}

#[tokio::test]
async fn a_body_after_100_continue_and_in_chunks() {
    let site = Site::new().await;
    let body = r#"{"name": "made"}"#;
    let more = format!(
        "Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n",
        body.len()
    );
    let parts = vec![head(&site, "POST /rest/api/3/group", &more), body.to_owned()];
    let answers = exchange(&site, parts).await;
    assert!(answers.starts_with("HTTP/1.1 100 "), "{answers}");
    assert!(answers.contains("HTTP/1.1 201 "), "{answers}");

    let more =
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n";
    let chunks = "8\r\n{\"name\":\r\n8\r\n\"other\"}\r\n0\r\n\r\n";
    let whole = format!("{}{chunks}", head(&site, "POST /rest/api/3/group", more));
    let answers = exchange(&site, vec![whole]).await;
    assert!(answers.starts_with("HTTP/1.1 201 "), "{answers}");
}
