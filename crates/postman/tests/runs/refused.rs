//! What stops a run before anything is sent.

use headcount_postman::variables::Mode;
use serde_json::{Value, json};

use super::{Case, Server, collection, one};

fn script(text: &str) -> Value {
    collection(json!([{"name": "r", "request": "{{base}}/x",
        "event": [{"listen": "test", "script": {"exec": ["// first", text]}}]}]))
}

fn auth() -> Value {
    let mut all = one(json!("{{base}}/x"));
    all["auth"] = json!({"type": "basic", "basic": {"username": "{{mail}}", "password": "p"}});
    all
}

/// Credentials whose variables are empty, as in an exported environment.
#[tokio::test]
async fn nothing_is_sent_where_a_credential_is_empty() {
    let server = Server::start().await;
    let of = |kind: &str, params: Value| {
        let mut all = one(json!("{{base}}/x"));
        all["auth"] = json!({"type": kind, kind: params});
        all
    };
    let header = |value: &str| {
        one(json!({"url": "{{base}}/x", "header": [{"key": "authorization", "value": value}]}))
    };
    let refused = [
        (of("bearer", json!({"token": "{{none}}"})), "the bearer token {{none}}"),
        (of("bearer", json!({"token": " {{none}} "})), "the bearer token {{none}}"),
        (
            of("basic", json!({"username": "{{mail}}", "password": "{{none}}"})),
            "the password {{none}}",
        ),
        (of("basic", json!({"username": "{{none}}", "password": "X"})), "the user name {{none}}"),
        (of("apikey", json!({"key": "k", "value": "{{none}}"})), "the API key {{none}}"),
        (
            of("apikey", json!({"key": "{{none}}", "value": "v"})),
            "the name of the API key {{none}}",
        ),
        (of("oauth2", json!({"accessToken": "{{none}}"})), "the access token {{none}}"),
        (header("Bearer {{none}}"), "the value {{none}} of the header authorization"),
        (header("{{none}}{{blank}}"), "the value {{none}} of the header authorization"),
    ];
    let environment = || json!({"mail": "admin", "none": "", "blank": " "});
    for (collection, what) in refused {
        let case = Case { environment: environment(), ..Case::new(collection.clone()) };
        let error = case.load(&server).map(|_| "loaded").unwrap_err().to_string();
        let wanted = format!(
            r#"row 1, "r": {what} is empty, so the request would be sent without a credential"#
        );
        assert!(error.contains(&wanted), "{wanted}\n{error}");
        let case =
            Case { environment: environment(), mode: Mode::AsNewman, ..Case::new(collection) };
        assert!(case.load(&server).is_ok(), "{what}: as Newman");
    }
    // Empty in the collection itself, or filled in by a script: as Newman.
    let mut login = of("bearer", json!({"token": "{{none}}"}));
    login["event"] =
        json!([{"listen": "test", "script": {"exec": "pm.environment.set('none', 1)"}}]);
    for collection in [
        of("bearer", json!({"token": ""})),
        of("bearer", json!([])),
        of("basic", json!({"username": "{{none}}", "password": "{{mail}}"})),
        of("basic", json!({"username": "{{mail}}", "password": ""})),
        of("noauth", json!({"token": "{{none}}"})),
        header("Bearer x{{none}}"),
        header("{{mail}} {{none}}"),
        login,
    ] {
        let case = Case { environment: environment(), ..Case::new(collection.clone()) };
        let loaded = case.load(&server).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(loaded, Ok(()), "{collection}");
    }
    // A cell that is empty stops its row alone.
    let case =
        Case { data: Some("t,n\na,1\n,2\n"), ..Case::new(of("bearer", json!({"token": "{{t}}"}))) };
    let error = case.load(&server).map(|_| "loaded").unwrap_err().to_string();
    assert!(error.contains(r#"row 2, "r": the bearer token {{t}} is empty"#), "{error}");
}

#[tokio::test]
async fn nothing_is_sent_where_something_is_missing() {
    let server = Server::start().await;
    let raw = json!({"method": "POST", "url": "{{base}}/p", "body": {"mode": "raw", "raw": "{\"a\": {{a}}}",
        "options": {"raw": {"language": "json"}}}});
    let cases = [
        (
            one(json!("{{base}}/{{nme}}")),
            Some("name\nx\n"),
            r#""r": no value for {{nme}}; did you mean "name"?"#,
        ),
        (one(json!("{{base}}/{{Email}}")), Some("email\nx\n"), r#""email" differs only in case"#),
        (
            one(json!("{{base}}/u/{{a}}/x")),
            Some("a,b\n,1\n"),
            r#"row 1, "r": the path segment {{a}} is empty"#,
        ),
        (
            one(json!("{{base}}/u/{{a}}/x")),
            Some("a\nok\n..\n"),
            r#"row 2, "r": the path segment {{a}} is "..""#,
        ),
        (one(json!("{{base}}/u/:id/x")), None, "the path variable :id has no value"),
        (
            one(json!("{{base}}{{a}}")),
            Some("a\n/u/x/\n/u//x\n"),
            r#"row 2, "r": the path segment /u//x is empty"#,
        ),
        (
            one(json!("{{base}}{{a}}/x")),
            Some("a\n/u/x\n/u/..\n"),
            r#"row 2, "r": the path segment /u/.. is "..""#,
        ),
        (
            one(json!("{{base}}/u/{{a}}/x")),
            Some("a,b\nok,1\nfine,x\nwell,y\n,y\n"),
            r#"row 4, "r": the path segment {{a}} is empty"#,
        ),
        (
            one(raw.clone()),
            Some("a\ntrue\nnull\ntrueish\n"),
            r#"row 3, "r": the body is not valid JSON at line 1"#,
        ),
        (one(raw), Some("a\nx\n"), r#"row 1, "r": the body is not valid JSON at line 1"#),
        (one(json!("{{base}}/{{loop}}")), None, "no value for {{loop}}"),
        (auth(), Some("mail\nx\n"), r#"the column "mail" of the data file takes the place"#),
        (one(json!("{{base}}/x")), Some("a\n"), "data.csv: there is no row below the headings"),
        (one(json!("{{base}}/x")), Some("a,a\n1,2\n"), "data.csv: two columns are called a"),
        (
            one(json!("{{base}}/x")),
            Some("a\n1,2\n"),
            "data.csv, line 2: the row has 2 cells, but there are 1 headings",
        ),
        (
            one(json!("{{base}}/x")),
            Some("a\n\"1\n"),
            "data.csv, line 2: a quote is opened and never closed",
        ),
        (one(json!("{{base}}/x")), Some("__proto__\n1\n"), "a column is called __proto__"),
        (one(json!("{{base}}/x")), Some("{\"a\": 1}"), "the JSON must be a list of objects"),
        (
            one(
                json!({"method": "POST", "url": "{{base}}/x", "body": {"mode": "file", "file": {"src": "none.txt"}}}),
            ),
            None,
            r#"the file "none.txt" can't be read"#,
        ),
    ];
    for (collection, data, wanted) in cases {
        let environment = json!({"mail": "admin", "loop": "{{loop}}"});
        let case = Case { data, environment, ..Case::new(collection) };
        let error = case.load(&server).map(|_| "loaded").unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}\nwanted {wanted}");
    }
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn what_scripts_use_and_is_not_there_is_named_with_its_line() {
    let server = Server::start().await;
    let cases = [
        ("pm.vault.get('x')", "pm.vault is not supported"),
        ("pm['vault'].get('x')", "pm.vault is not supported"),
        ("pm.require('npm:x')", "pm.require is not supported"),
        ("const jar = pm.cookies.jar()", "pm.cookies.jar is not supported"),
        ("pm.execution.runRequest('x')", "pm.execution.runRequest is not supported"),
        ("postman.unknown()", "postman.unknown is not supported"),
        (
            "require('lodash')",
            "require(\"lodash\") is not supported; run `npm install lodash@4.17.21`",
        ),
        ("_.get({}, 'a')", "_ without the package lodash is not supported"),
        ("CryptoJS.MD5('x')", "CryptoJS without the package crypto-js"),
        (
            "require('postman-collection')",
            "require(\"postman-collection\") is not supported; run `npm install postman-collection@4.4.0`",
        ),
        (
            "require('csv-parse/lib/sync')",
            "require(\"csv-parse/lib/sync\") is not supported; run `npm install csv-parse@1.2.4`",
        ),
        (
            "require('left-pad')",
            "require(\"left-pad\") is not supported; headcount has no such package",
        ),
    ];
    for (text, wanted) in cases {
        for mode in [Mode::Safe, Mode::AsNewman] {
            let case = Case { mode, ..Case::new(script(text)) };
            let error = case.load(&server).map(|_| "loaded").unwrap_err().to_string();
            assert!(error.contains(&format!("\"r\", test script, line 2: {wanted}")), "{error}");
        }
    }
    let fine = [
        "// pm.vault.get",
        "'pm.vault.get(x)'",
        "const _ = {}; _.get",
        "({ moment: 1 })",
        "x._ === 1",
        "require('uuid').v4()",
        "pm.visualizer.set('')",
        "pm.execution.location",
        "pm.response?.json()",
        "Buffer.from('x')",
        "require('buffer').Buffer",
        "pm.response.to.have.jsonSchema({})",
    ];
    for text in fine {
        Case::new(script(text)).load(&server).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}
