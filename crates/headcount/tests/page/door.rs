//! Attacks on the page that must fail: by direct HTTP requests, and from another page in the browser.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::browser::Browser;
use crate::harness::World;
use crate::page::{Page, Ui};

/// Sends one request as written and returns the complete answer.
fn raw(ui: &Ui, request: &str) -> String {
    let host = ui.origin().strip_prefix("http://").expect("an address");
    let request = request.replace("HOST", host);
    let mut stream = TcpStream::connect(host).expect("the page is up");
    stream.write_all(request.as_bytes()).expect("the request is taken");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[track_caller]
fn refused(answer: &str, status: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    assert!(!answer.contains("What do you want to do?"), "{answer}");
    closed(answer);
}

/// The headers of every answer.
#[track_caller]
fn closed(answer: &str) {
    for line in [
        "content-security-policy: default-src 'none'; script-src 'self';",
        "frame-ancestors 'none'",
        "x-frame-options: DENY",
        "x-content-type-options: nosniff",
        "cache-control: no-store",
        "cross-origin-resource-policy: same-origin",
    ] {
        assert!(answer.contains(line), "no “{line}” in {answer}");
    }
    assert!(!answer.to_lowercase().contains("access-control-allow"), "{answer}");
}

/// Signs in by direct requests and returns the cookie.
fn enter(ui: &Ui) -> String {
    let path = ui.address.strip_prefix(ui.origin()).expect("a path");
    let answer =
        raw(ui, &format!("GET {path} HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n\r\n"));
    closed(&answer);
    let line = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    assert!(line.contains("; HttpOnly") && line.contains("; SameSite=Strict"), "{line}");
    line.split(';').next().expect("a pair").to_owned()
}

#[test]
fn no_request_is_accepted_without_the_cookie() {
    let world = World::new();
    let ui = Ui::start(&world);
    for path in [
        "/",
        "/runs/last",
        "/new/add",
        "/templates/add.csv",
        "/runs/1/report.csv",
        "/runs/1/events",
    ] {
        let get = format!("GET {path} HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n\r\n");
        refused(&raw(&ui, &get), "403");
        let with = get.replace("connection", "cookie: headcount=x; a=b\r\nconnection");
        refused(&raw(&ui, &with), "403");
    }
    // Style and script are the same for all users and contain no data.
    let style = "GET /assets/page.css HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n\r\n";
    assert!(raw(&ui, style).starts_with("HTTP/1.1 200"));
}

#[test]
fn the_token_works_once() {
    let world = World::new();
    let ui = Ui::start(&world);
    let path = ui.address.strip_prefix(ui.origin()).expect("a path").to_owned();
    let get = format!("GET {path} HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n");
    // A browser that only prefetches does not use up the token.
    refused(&raw(&ui, &format!("{get}sec-purpose: prefetch\r\n\r\n")), "403");
    refused(
        &raw(&ui, "GET /enter?token= HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n\r\n"),
        "403",
    );
    refused(&raw(&ui, "GET /enter HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n\r\n"), "403");
    let cookie = enter(&ui);
    refused(&raw(&ui, &format!("{get}\r\n")), "403");
    let home =
        format!("GET / HTTP/1.1\r\nhost: HOST\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n");
    let answer = raw(&ui, &home);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("What do you want to do?"));
    closed(&answer);
    // A cookie that differs in one letter is not accepted.
    let mut other = cookie.clone();
    let last = if other.pop() == Some('0') { '1' } else { '0' };
    other.push(last);
    refused(&raw(&ui, &home.replace(&cookie, &other)), "403");
}

/// DNS rebinding: another host name for this address.
#[test]
fn other_hosts_are_refused() {
    let world = World::new();
    let ui = Ui::start(&world);
    let cookie = enter(&ui);
    let port = ui.origin().rsplit(':').next().expect("a port").to_owned();
    let get = |host: &str| {
        format!("GET / HTTP/1.1\r\n{host}cookie: {cookie}\r\nconnection: close\r\n\r\n")
    };
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("localhost:{port}"),
        "127.0.0.1".into(),
        format!("127.0.0.1:{port}.evil.example"),
    ] {
        refused(&raw(&ui, &get(&format!("host: {host}\r\n"))), "421");
    }
    refused(&raw(&ui, &get(&format!("host: HOST\r\nhost: evil.example:{port}\r\n"))), "4");
    let absolute =
        get("host: HOST\r\n").replace("GET /", &format!("GET http://evil.example:{port}/"));
    refused(&raw(&ui, &absolute), "421");
}

/// Changes are accepted only from this page, with or without a cookie.
#[test]
fn posts_of_elsewhere_are_refused() {
    let world = World::new();
    world.run("member add samples/member-add.csv --plan").exit(0);
    let ui = Ui::start(&world);
    let cookie = enter(&ui);
    let run = "run list";
    let id = world.run(run).stdout.split_whitespace().next().expect("a run").to_owned();
    let port: u16 =
        ui.origin().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let post = |more: &str| {
        format!(
            "POST /runs/{id}/start HTTP/1.1\r\nhost: HOST\r\ncookie: {cookie}\r\n{more}connection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: 0\r\n\r\n"
        )
    };
    for more in [
        String::new(),
        "origin: null\r\n".into(),
        "origin: http://evil.example\r\n".into(),
        format!("origin: http://127.0.0.1:{}\r\n", port - 1),
        format!("origin: https://127.0.0.1:{port}\r\n"),
        format!("origin: http://127.0.0.1:{port}.evil.example\r\n"),
        format!("origin: http://127.0.0.1:{port}\r\nsec-fetch-site: cross-site\r\n"),
        format!("origin: http://127.0.0.1:{port}\r\nsec-fetch-site: same-site\r\n"),
    ] {
        refused(&raw(&ui, &post(&more)), "403");
    }
    // A GET of an address that changes something changes nothing.
    let get = format!(
        "GET /runs/{id}/start HTTP/1.1\r\nhost: HOST\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"
    );
    assert!(raw(&ui, &get).starts_with("HTTP/1.1 405"));
    world.nothing_sent();
    assert!(world.run(run).stdout.contains("planned"));
}

/// Another page in the same browser: it posts a form, frames the page, links to it, loads its script, reads it.
#[test]
fn another_page_in_the_same_browser_gets_nothing() {
    let world = World::new();
    world.run("member add samples/member-add.csv --plan").exit(0);
    let page = Page::open(world);
    let id = page.world.run("run list").stdout.split_whitespace().next().expect("a run").to_owned();
    let origin = page.ui.as_ref().expect("the page").origin().to_owned();
    let evil = evil(&format!(
        "<form id=f method=post action='{origin}/runs/{id}/start'><input name=canary></form>\
         <a id=a href='{origin}/runs/{id}'>look</a><iframe id=i src='{origin}/'></iframe>"
    ));
    let browser = &page.browser;
    browser.go(&evil);
    let read = "const done = arguments[arguments.length - 1];
                fetch(ORIGIN, { credentials: 'include' }).then((a) => a.text()).then(done, () => done('refused'));";
    assert_eq!(browser.script_later(&read.replace("ORIGIN", &format!("'{origin}/'"))), "refused");
    let post = "const done = arguments[arguments.length - 1];
                fetch(ORIGIN, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '' })
                    .then((a) => done(a.status), () => done('refused'));";
    browser.script_later(&post.replace("ORIGIN", &format!("'{origin}/runs/{id}/start'")));
    let framed = browser.script(
        "try { return document.getElementById('i').contentDocument?.body?.innerText ?? 'nothing' }
         catch (error) { return 'nothing' }",
        &[],
    );
    assert!(!framed.to_string().contains("What do you want"), "{framed}");
    browser.click("#a");
    browser.wait("it is refused", || {
        browser.shows("You came from another website")
            || browser.shows("Only the browser that opened this page")
    });
    browser.go(&evil);
    browser.script("document.getElementById('f').submit()", &[]);
    browser.says("Only the browser that opened this page");
    page.world.nothing_sent();
    assert!(page.world.run("run list").stdout.contains("planned"));
}

/// The address of a hostile page on another port of this computer.
fn evil(body: &str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    let body = format!("<!doctype html><title>evil</title>{body}");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n";
            let _ = write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len());
        }
    });
    address
}

/// Two programs on one computer, two browsers: neither sees the other's runs.
#[test]
fn one_page_does_not_open_the_other() {
    let (one, other) = (World::new(), World::new());
    one.run("member add samples/member-add.csv --plan").exit(0);
    let (ui_one, ui_other) = (Ui::start(&one), Ui::start(&other));
    let browser = Browser::start();
    browser.go(&ui_other.address);
    browser.says("What do you want to do?");
    browser.says("Nothing yet.");
    browser.go(&format!("{}/", ui_one.origin()));
    browser.says("Only the browser that opened this page");
    browser.lacks("member-add");
}

/// Too much data is refused before it fills the disk, and an upload needs the form's own page.
#[test]
fn a_sheet_that_is_too_large_is_refused() {
    let world = World::new();
    let ui = Ui::start(&world);
    let cookie = enter(&ui);
    let origin = ui.origin().to_owned();
    for path in ["/sheets", "/sheets/any/exports"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: HOST\r\ncookie: {cookie}\r\norigin: {origin}\r\nconnection: close\r\n\
             content-type: multipart/form-data; boundary=b\r\ncontent-length: {}\r\n\r\n",
            10_u64.pow(12)
        );
        let answer = raw(&ui, &head);
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
        assert!(answer.contains("is larger than 256 MB"), "{answer}");
        closed(&answer);
    }
}
