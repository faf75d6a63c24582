//! Requests that their scripts change, and the bytes that are sent for them.

use serde_json::{Value, json};

use super::{Case, Server, collection};

fn request() -> Value {
    json!({"method": "post", "url": "{{base}}/old?a=1&b=2",
        "header": [{"key": "x-LOWER", "value": "1"}],
        "body": {"mode": "raw", "raw": "old"}})
}

fn with_script(script: &str) -> Case {
    let event = json!([{"listen": "prerequest", "script": {"exec": script}}]);
    Case::new(collection(json!([{"name": "r", "request": request(), "event": event}])))
}

#[tokio::test]
async fn a_script_may_replace_every_part_of_its_request() {
    let cases = [
        ("", "POST /old?a=1&b=2  old"),
        ("pm.request.url = pm.variables.get('base') + '/new?x=1'", "POST /new?x=1  old"),
        ("pm.request.url.path = ['p']; pm.request.url.query.clear()", "POST /p  old"),
        ("pm.request.url.query.upsert({ key: 'a', value: '3' })", "POST /old?a=3&b=2  old"),
        ("pm.request.url.query.remove('a')", "POST /old?b=2  old"),
        ("pm.request.method = 'put'", "PUT /old?a=1&b=2  old"),
        ("pm.request.body = 'new'", "POST /old?a=1&b=2  new"),
        ("pm.request.body = { mode: 'urlencoded', urlencoded: 'c=d' }", "POST /old?a=1&b=2  c=d"),
        ("pm.request.body.raw = 'raw'", "POST /old?a=1&b=2  raw"),
        ("delete pm.request.body", "POST /old?a=1&b=2  old"),
    ];
    for (script, wanted) in cases {
        let server = Server::start().await;
        let (executions, _) = with_script(script).run(&server).await;
        assert_eq!(executions[0].script_failures().count(), 0, "{script}");
        assert_eq!(server.lines(), [wanted], "{script}");
    }
}

#[tokio::test]
async fn a_script_may_replace_headers_and_credentials() {
    let cases = [
        ("pm.request.headers.clear()", "x-lower", None),
        ("pm.request.headers.upsert({ key: 'X-Lower', value: '2' })", "x-lower", Some("2")),
        ("pm.request.headers.remove('X-LOWER')", "x-lower", None),
        ("pm.request.headers.add('X-New: n')", "x-new", Some("n")),
        (
            "pm.request.auth = { type: 'bearer', bearer: [{ key: 'token', value: 't' }] }",
            "authorization",
            Some("Bearer t"),
        ),
    ];
    for (script, name, wanted) in cases {
        let server = Server::start().await;
        with_script(script).run(&server).await;
        assert_eq!(server.header(0, name).as_deref(), wanted, "{script}");
    }
}
