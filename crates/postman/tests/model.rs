//! Collections in every exported form, and files that can't be used.

use headcount_postman::document::{Document, LoadError};
use headcount_postman::model::{Auth, AuthKind, Collection, FolderChoice, Listen, Scope};
use serde_json::{Value, json};

fn document(value: &Value) -> Document {
    Document::new("c.json", value.to_string().into_bytes()).unwrap()
}

fn read(value: &Value) -> Result<Collection, LoadError> {
    Collection::read(&document(value))
}

fn with_request(request: Value) -> Collection {
    read(&json!({"info": {"name": "c"}, "item": [{"name": "r", "request": request}]})).unwrap()
}

fn url(url: Value) -> String {
    with_request(json!({"method": "GET", "url": url})).items[0].request.url.text()
}

#[test]
fn addresses_are_read_in_every_shape() {
    let cases = [
        (json!("{{base}}/a?x=1"), "{{base}}/a?x=1"),
        (json!({"raw": "x", "host": ["{{base}}"], "path": ["a", "b"]}), "{{base}}/a/b"),
        (
            json!({"protocol": "http", "host": "h.example", "path": "/a/:id", "variable": [
            {"id": "id", "value": "7"}]}),
            "http://h.example/a/7",
        ),
        (
            json!({"host": "{{host}}", "path": "{{basePath}}v1/:a", "variable": [
            {"key": "a", "value": "{{b}}"}]}),
            "{{host}}/{{basePath}}v1/{{b}}",
        ),
        (
            json!({"host": ["h"], "port": 8080, "path": ["a"], "query": [
            {"key": "a", "value": "1"}, {"key": "off", "value": "2", "disabled": true},
            {"key": "b", "value": null}, {"key": "c", "value": ""}]}),
            "h:8080/a?a=1&b&c=",
        ),
        (json!({"host": ["h"], "path": ["a"], "query": [{"key": "a", "disabled": true}]}), "h/a"),
        (json!({"host": ["h"], "path": ""}), "h"),
        (json!({"host": ["h"], "path": "/"}), "h/"),
        (json!({"host": ["h"], "query": "a=1&b"}), "h?a=1&b"),
        (json!({"host": ["h"], "query": {"a": "1"}}), "h?a=1"),
        (
            json!({"host": ["h"], "query": [{"key": "a=b", "value": "c&d#{{e&f}}"}]}),
            "h?a%3Db=c%26d%23{{e&f}}",
        ),
        (json!({"host": ["h"], "path": [{"type": "string", "value": "a"}, null]}), "h/a/"),
        (json!({"auth": {"user": "u", "password": "p"}, "host": "h", "hash": "f"}), "u:p@h#f"),
    ];
    for (value, wanted) in cases {
        assert_eq!(url(value.clone()), wanted, "{value}");
    }
}

#[test]
fn an_address_of_raw_text_alone_is_kept_apart() {
    let collection = with_request(json!({"url": {"raw": "http://h/a"}}));
    assert_eq!(collection.items[0].request.url.raw_only.as_deref(), Some("http://h/a"));
    assert_eq!(collection.items[0].request.method, "GET");
}

#[test]
fn credentials_are_read_in_every_shape() {
    let cases = [
        (json!({"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]}), false),
        (json!({"type": "bearer", "bearer": {"token": "{{t}}"}}), false),
        (
            json!({"type": "bearer", "bearer": {"key": "token", "type": "string", "value": "{{t}}"}}),
            true,
        ),
    ];
    for (value, is_single) in cases {
        let collection = with_request(json!({"url": "h", "auth": value}));
        let params = vec![("token".to_owned(), "{{t}}".to_owned())];
        let wanted = Auth { kind: AuthKind::Bearer, params, is_single };
        assert_eq!(collection.items[0].auth, Some(wanted), "{value}");
    }
    let key = json!({"type": "apikey", "apikey": {"key": "X", "value": "v", "in": "query"}});
    let auth = with_request(json!({"url": "h", "auth": key})).items[0].auth.clone().unwrap();
    assert_eq!((auth.get("key"), auth.get("value")), (Some("X"), Some("v")));
}

#[test]
fn credentials_scripts_and_behavior_come_from_the_folders_around_a_request() {
    let event = |name: &str, listen: &str| {
        json!([{"listen": listen, "script": {"exec": [name]}}, {"listen": "test", "disabled": true,
            "script": {"exec": ["never()"]}}])
    };
    let collection = read(&json!({
        "info": {"name": "c", "_postman_id": "1"},
        "auth": {"type": "basic", "basic": {"username": "u", "password": "p"}},
        "event": event("collection", "test"),
        "protocolProfileBehavior": {"followRedirects": false, "disableBodyPruning": true},
        "item": [
            {"name": "folder", "event": event("folder", "test"), "auth": {"type": "noauth"},
             "protocolProfileBehavior": {"followRedirects": true},
             "item": [
                {"name": "inner", "event": event("inner", "prerequest"), "request": "h"},
                {"name": "own", "request": {"url": "h", "auth": {"type": "bearer"}}}]},
            {"name": "outer", "request": {"url": "h", "auth": null}},
        ],
    }))
    .unwrap();
    let items = &collection.items;
    let kinds = items.iter().map(|item| item.auth.as_ref().map(|auth| auth.kind));
    let wanted = [AuthKind::NoAuth, AuthKind::Bearer, AuthKind::Basic].map(Some);
    assert_eq!(kinds.collect::<Vec<_>>(), wanted);
    let scripts: Vec<_> =
        items[0].scripts.iter().map(|it| (it.listen, it.source.as_str())).collect();
    let wanted =
        [(Listen::Test, "collection"), (Listen::Test, "folder"), (Listen::PreRequest, "inner")];
    assert_eq!(scripts, wanted);
    assert_eq!(items[0].behavior.follow_redirects, Some(true));
    assert_eq!(items[0].behavior.disable_body_pruning, Some(true));
    assert_eq!(items[2].behavior.follow_redirects, Some(false));
}

#[test]
fn a_folder_or_a_request_is_chosen_by_name_or_id_in_the_order_of_the_collection() {
    let collection = read(&json!({"info": {"name": "c"}, "item": [
        {"name": "a", "item": [{"name": "1", "request": "h"}, {"name": "2", "request": "h"}]},
        {"name": "b", "id": "B", "item": [{"name": "3", "request": "h"}]},
        {"name": "4", "request": "h"}]}))
    .unwrap();
    let chosen = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        match collection.choose(&names) {
            FolderChoice::Items(items) => items.iter().map(|item| item.name.clone()).collect(),
            FolderChoice::Unknown(name) => format!("no {name}"),
        }
    };
    assert_eq!(chosen(&[]), "1234");
    assert_eq!(chosen(&["4", "a"]), "124");
    assert_eq!(chosen(&["B"]), "3");
    assert_eq!(chosen(&["2"]), "2");
    assert_eq!(chosen(&["a", "none"]), "no none");
}

#[test]
fn what_can_not_be_used_is_refused_with_its_place() {
    let cases = [
        (
            "{\n \"info\": }",
            "c.json, line 2, column 10: the file is not valid JSON: expected value",
        ),
        ("[]", "c.json, line 1, column 1: the collection must be an object, but it is a list"),
        (r#"{"values": []}"#, "this file is an environment, not a collection"),
        (r#"{"requests": [], "order": []}"#, "a collection of format 1"),
        (
            r#"{"info": {}, "item": [{"name": "A", "item": [{"name": "B"}]}]}"#,
            r#"c.json, line 1, column 46, in "A / B": "request" or "item" is missing"#,
        ),
        (
            r#"{"info": {}, "item": [{"name": "A", "request": {"auth": {"type": "hawk"}}}]}"#,
            r#"in "A": authentication of type "hawk" is not supported"#,
        ),
        (
            r#"{"info": {}, "item": [], "protocolProfileBehavior": {"tlsCipherSelection": ["x"]}}"#,
            "protocolProfileBehavior.tlsCipherSelection is not supported",
        ),
        (
            r#"{"info": {}, "item": [{"name": "A", "request": "h", "event": [
            {"listen": "test", "script": {"src": "a.js"}}]}]}"#,
            "line 2, column 50, in \"A\": a script in another file",
        ),
        (
            r#"{"info": {}, "item": [{"name": "A", "request": {"url": 5}}]}"#,
            "the URL must be a text or an object, but it is a number",
        ),
    ];
    for (text, wanted) in cases {
        let document = Document::new("c.json", text.as_bytes().to_vec()).unwrap();
        let error = Collection::read(&document).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}\nwanted {wanted}");
    }
}

#[test]
fn size_and_depth_are_bounded() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let error = Document::new("c.json", deep.into_bytes()).unwrap_err().to_string();
    assert_eq!(error, "c.json, line 1, column 121: values are nested more than 120 deep");
    let error = Document::new("c.json", vec![b' '; 64 * 1024 * 1024 + 1]).unwrap_err();
    assert_eq!(error.to_string(), "c.json: the file is larger than 64 MB");
    assert!(Document::new("c.json", vec![0xff]).is_err());
    assert!(Document::new("c.json", b"\xef\xbb\xbf[]".to_vec()).unwrap().root().is_ok());
}

#[test]
fn a_file_of_utf_16_is_decoded_by_its_mark() {
    let text = r#"{"name": "Zoë"}"#;
    let little = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes);
    let big = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes);
    for bytes in [little.collect::<Vec<_>>(), big.collect()] {
        assert_eq!(Document::new("c.json", bytes.clone()).unwrap().text(), text);
        let cut = bytes[..bytes.len() - 1].to_vec();
        assert!(Document::new("c.json", cut).is_err(), "half a character");
    }
}

#[test]
fn an_environment_is_read_as_newman_reads_it() {
    let scope = Scope::read(
        &document(&json!({"name": "e", "values": [
            {"key": "off", "value": "used", "enabled": false},
            {"key": "disabled", "value": "x", "disabled": true},
            {"key": "twice", "value": "1"}, {"key": "twice", "value": "2"},
            {"key": "kept", "value": "1"}, {"key": "kept", "value": "2", "disabled": true},
            {"key": "flag", "value": "false", "type": "boolean"},
            {"key": "count", "value": "7", "type": "number"},
            {"key": "text", "value": 7, "type": "string"},
            {"key": "nothing"},
        ]})),
        "an environment",
    )
    .unwrap();
    let value = |name: &str| scope.get(name).map(|it| it.value.clone());
    assert_eq!(value("off"), Some(Some(json!("used"))));
    assert_eq!(value("disabled"), None);
    assert_eq!(value("twice"), Some(Some(json!("2"))));
    assert_eq!(value("kept"), Some(Some(json!("1"))));
    assert_eq!(value("flag"), Some(Some(json!(true))));
    assert_eq!(value("count"), Some(Some(json!(7))));
    assert_eq!(value("text"), Some(Some(json!("7"))));
    assert_eq!(value("nothing"), Some(None));
}
