//! The bytes that are sent.

use headcount_postman::variables::Mode;
use serde_json::json;

use super::{Case, Server, collection, one};

#[tokio::test]
async fn values_are_encoded_for_their_place_and_in_newmans_way_on_request() {
    let raw = |text: &str| {
        json!({"method": "POST", "url": "{{base}}/p",
        "body": {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}})
    };
    let cases = [
        (json!("{{base}}/u/{{a}}/x"), "a\nx/y?z#1\n", "GET /u/x%2Fy%3Fz%231/x", "GET /u/x/y?z"),
        (
            json!("{{base}}/u?q={{a}}&b=1"),
            "a\nx&y=z+1\n",
            "GET /u?q=x%26y%3Dz%2B1&b=1",
            "GET /u?q=x&y=z+1&b=1",
        ),
        (json!("{{base}}/u/{{a}}"), "a\n50% ä\n", "GET /u/50%25%20%C3%A4", "GET /u/50%%20%C3%A4"),
        (
            json!("{{base}}{{a}}"),
            "a\n/u/Ann Lee/?q#\n",
            "GET /u/Ann%20Lee/%3Fq%23",
            "GET /u/Ann%20Lee/?q",
        ),
        (json!("{{base}}{{a}}?q={{a}}"), "a\n/u/\n", "GET /u/?q=%2Fu%2F", "GET /u/?q=/u/"),
        (json!("{{base}}/v{{a}}"), "a\n/u\n", "GET /v%2Fu", "GET /v/u"),
        (json!("{{base}}/u/{{a}}"), "a\n00712\n", "GET /u/00712", "GET /u/712"),
        (json!("{{base}}/u/{{a}}"), "a\n712020:ab-c\n", "GET /u/712020:ab-c", "GET /u/712020:ab-c"),
        (
            json!("{{base}}/u/{{a}}"),
            "a\n{{base}}\n",
            "GET /u/%7B%7Bbase%7D%7D",
            "GET /u/http://HOST",
        ),
        (
            raw(r#"{"a": "{{a}}"}"#),
            "a\nx\"y\\z\n",
            r#"POST /p  {"a": "x\"y\\z"}"#,
            r#"POST /p  {"a": "x"y\z"}"#,
        ),
        (raw(r#"{"a": {{a}}}"#), "a\n12\n", r#"POST /p  {"a": 12}"#, r#"POST /p  {"a": 12}"#),
        (
            raw("{\"a\": \"{{a}}\" // c\n}"),
            "a\nhttp://x\n",
            "POST /p  {\"a\": \"http://x\" \n}",
            "POST /p  {\"a\": \"http://x\" \n}",
        ),
    ];
    for (request, data, safe, newman) in cases {
        for (mode, wanted) in [(Mode::Safe, safe), (Mode::AsNewman, newman)] {
            let server = Server::start().await;
            let case = Case { data: Some(data), mode, ..Case::new(one(request.clone())) };
            case.run(&server).await;
            let sent =
                server.lines()[0].replace(server.url().trim_start_matches("http://"), "HOST");
            assert_eq!(sent, wanted, "{mode:?} {request}");
        }
    }
}

#[tokio::test]
async fn credentials_are_sent_as_the_nearest_folder_says() {
    let server = Server::start().await;
    let mut all = collection(json!([
        {"name": "inherits", "request": "{{base}}/1"},
        {"name": "f", "auth": {"type": "noauth"}, "item": [{"name": "none", "request": "{{base}}/2"}]},
        {"name": "own", "request": {"url": "{{base}}/3", "auth":
            {"type": "apikey", "apikey": [{"key": "key", "value": "X-K"}, {"key": "value", "value": "{{secret}}"}]}}},
    ]));
    all["auth"] = json!({"type": "bearer", "bearer": {"key": "token", "type": "string", "value": "{{secret}}"}});
    let case = Case { environment: json!({"secret": "s3cret"}), ..Case::new(all) };
    case.run(&server).await;
    assert_eq!(server.header(0, "authorization").as_deref(), Some("Bearer s3cret"));
    assert_eq!(server.header(1, "authorization"), None);
    assert_eq!(server.header(2, "x-k").as_deref(), Some("s3cret"));
    let server = Server::start().await;
    Case { mode: Mode::AsNewman, ..case }.run(&server).await;
    assert_eq!(server.header(0, "authorization"), None, "Newman does not understand one object");
}

#[tokio::test]
async fn scripts_change_requests_and_send_their_own() {
    let server = Server::start().await;
    let pre = "pm.sendRequest('BASE/before', (error, response) => {
        pm.environment.set('id', response.json().id); pm.request.headers.add({key: 'X-Id', value: '1'}); });";
    let pre = pre.replace("BASE", &server.url());
    let test = "pm.test('code', () => pm.response.to.have.status(200));
        pm.test('cookie', () => pm.expect(pm.cookies.get('sid')).to.equal('7'));
        pm.test('sent', () => pm.expect(pm.request.url.getPath()).to.equal('/u/7'));";
    let case =
        Case::new(collection(json!([{"name": "r", "request": "{{base}}/u/{{id}}", "event": [
        {"listen": "prerequest", "script": {"exec": [pre]}},
        {"listen": "test", "script": {"exec": test}}]}])));
    let (executions, stats) = case.run(&server).await;
    assert_eq!(server.lines(), ["GET /before", "GET /u/7"]);
    assert_eq!(server.header(1, "x-id").as_deref(), Some("1"));
    assert_eq!(server.header(1, "cookie").as_deref(), Some("sid=7"));
    assert_eq!((stats.requests.total, stats.assertions.total, stats.assertions.failed), (2, 3, 0));
    assert_eq!(executions[0].scripts, (1, 1));
}

#[tokio::test]
async fn what_pm_has_is_its_own_for_a_script_that_asks() {
    let server = Server::start().await;
    let scripts = [
        "pm.test('own', () => pm.expect(Object.keys(pm)).to.include.members(['response', 'test']));",
        "pm.test('own', () => pm.expect(Object.hasOwn(pm, 'response')).to.equal(true));",
        "var found = []; for (const name in pm) found.push(name);
         pm.test('own', () => pm.expect(found).to.include('response').and.not.include('_run'));",
        "delete pm.expect; pm.test('own', () => { if (pm.expect) throw new Error('still there'); });",
    ];
    let item = |script: &&str| json!({"name": "r", "request": "{{base}}/u", "event": [{"listen": "test", "script": {"exec": script}}]});
    let items: Vec<_> = scripts.iter().map(item).collect();
    let (executions, stats) = Case::new(collection(json!(items))).run(&server).await;
    assert_eq!((stats.assertions.total, stats.assertions.failed), (4, 0), "{executions:?}");
}

#[tokio::test]
async fn a_refusal_for_rate_is_an_answer_here_and_a_redirect_is_followed() {
    let server = Server::start().await;
    let items = json!([{"name": "a", "request": "{{base}}/slow-down"},
        {"name": "b", "request": {"method": "POST", "url": "{{base}}/move", "body": {"mode": "raw", "raw": "x"}}}]);
    let (executions, _) = Case::new(collection(items)).run(&server).await;
    assert_eq!(server.lines(), ["GET /slow-down", "POST /move  x", "GET /moved"]);
    let statuses: Vec<_> = executions.iter().map(|it| it.own().unwrap().status).collect();
    assert_eq!(statuses, [Some(429), Some(200)]);
    assert_eq!(server.header(2, "referer"), Some(format!("{}/move", server.url())));
}
