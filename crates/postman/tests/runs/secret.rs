//! How exports and reports show secrets.

use headcount_postman::model::Scope;
use headcount_postman::report::{export_environment, failures};
use headcount_postman::run::{Secrets, State};
use headcount_postman::variables::{Mode, Scopes};
use serde_json::json;

use super::{Case, Server, one};

#[tokio::test]
async fn a_secret_that_came_in_is_left_out_of_the_export_and_one_of_a_script_is_written() {
    let server = Server::start().await;
    let environment = json!({"apiToken": "came-in-1", "plain": "p"});
    for (mode, left_out) in [(Mode::Safe, vec!["apiToken"]), (Mode::AsNewman, vec![])] {
        let case =
            Case { environment: environment.clone(), mode, ..Case::new(one(json!("{{base}}"))) };
        let run = case.load(&server).unwrap();
        let mut state = State::new(&run);
        let scope: &mut Scope = &mut state.scopes.environment;
        scope.set("token", Some("of-the-login".into()), None);
        let exported = export_environment(&run, &state, &Secrets::of(&run));
        assert_eq!(exported.left_out, left_out, "{mode:?}");
        let text = exported.json.to_string();
        assert!(text.contains("of-the-login") && text.contains("plain"), "{text}");
        assert_eq!(text.contains("came-in-1"), mode == Mode::AsNewman, "{text}");
        assert!(!text.contains(Secrets::MASK), "{text}");
    }
}

#[tokio::test]
async fn a_masked_value_is_no_value() {
    let server = Server::start().await;
    for mode in [Mode::Safe, Mode::AsNewman] {
        let environment = json!({"token": Secrets::MASK});
        let case = Case { environment, mode, ..Case::new(one(json!("{{base}}/{{token}}"))) };
        let error = case.load(&server).map(|_| "loaded").unwrap_err().to_string();
        assert!(error.starts_with("the variable token holds"), "{error}");
    }
}

#[tokio::test]
async fn a_cell_that_signs_its_row_in_is_masked_whatever_its_column_is_called() {
    let server = Server::start().await;
    let header = json!([{"key": "Authorization", "value": "Bearer {{login}}"}]);
    let request = one(json!({"url": "{{base}}/x", "header": header}));
    let cases = [
        (json!({"login": "{{code}}"}), "code,name\ncell-one,Ann\ncell-two,Bo\n"),
        (
            json!({"login": "{{c{{part}}}}", "part": "ode"}),
            "code,name\ncell-one,Ann\ncell-two,Bo\n",
        ),
        (json!({"login": "given"}), "password,name\ncell-one,Ann\ncell-two,Bo\n"),
    ];
    for (environment, data) in cases {
        let case = Case { environment, data: Some(data), ..Case::new(request.clone()) };
        let run = case.load(&server).unwrap();
        let of_files = Secrets::of(&run);
        for (number, cell) in ["cell-one", "cell-two"].into_iter().enumerate() {
            let scopes = Scopes { data: run.row(number).unwrap(), ..run.scopes.clone() };
            let shown = of_files.and(&run, &scopes).masked(&format!("Ann sent {cell}"));
            assert_eq!(shown, format!("Ann sent {}", Secrets::MASK), "{data}");
        }
        let mut written = run.scopes.clone();
        written.environment.write("token", Some("of-a-script".into()));
        assert!(of_files.and(&run, &written).are_in("of-a-script"));
    }
}

#[tokio::test]
async fn a_column_that_a_request_uses_as_a_secret_is_one_whatever_its_heading() {
    let server = Server::start().await;
    let body = |raw: &str| json!({"url": "{{base}}/x", "method": "POST", "body": {"mode": "raw", "raw": raw}});
    let form = json!({"mode": "urlencoded", "urlencoded": [{"key": "pin", "value": "{{Temp}}"}]});
    let auth = json!({"type": "basic", "basic": [{"key": "username", "value": "{{email}}"},
        {"key": "password", "value": "{{Temp}}"}]});
    let requests = [
        body(r#"{"email": "{{email}}", "password": "{{Temp}}"}"#),
        body(r#"{"email": "{{email}}", "credentials": {"value": "a-{{Temp}}"}}"#),
        body(r#"{"email": "{{email}}", "pin": {{Temp}}}"#),
        body("email={{email}}&secret={{Temp}}"),
        body("<a><email>{{email}}</email><password>{{Temp}}</password></a>"),
        json!({"url": "{{base}}/x?token={{Temp}}&mail={{email}}"}),
        json!({"url": "{{base}}/x", "header": [{"key": "X-Api-Key", "value": "{{Temp}}"}]}),
        json!({"url": "{{base}}/x", "method": "POST", "body": form}),
        json!({"url": "{{base}}/x", "auth": auth}),
        body(r#"{"email": "{{email}}", "password": "{{start}}"}"#),
    ];
    for request in requests {
        let case = Case {
            environment: json!({"start": "{{Temp}}"}),
            data: Some("email,Temp\na@b.c,12345678\n"),
            ..Case::new(one(request.clone()))
        };
        let run = case.load(&server).unwrap();
        let secrets = Secrets::of(&run);
        assert!(secrets.are_column("Temp") && !secrets.are_column("email"), "{request}");
        let scopes = Scopes { data: run.row(0).unwrap(), ..run.scopes.clone() };
        assert!(secrets.and(&run, &scopes).are_in("note: 12345678"), "{request}");
    }
}

#[tokio::test]
async fn a_secret_that_is_used_as_a_name_is_masked_and_not_exported() {
    let server = Server::start().await;
    let environment = json!({"apiToken": "came-in-1"});
    let case = Case { environment, ..Case::new(one(json!("{{base}}"))) };
    let run = case.load(&server).unwrap();
    let secrets = Secrets::of(&run);
    let mut state = State::new(&run);
    state.scopes.environment.set("came-in-1", Some("1".into()), None);
    let exported = export_environment(&run, &state, &secrets);
    let mut shown = json!({"came-in-1": "1", "list": [{"x came-in-1": 2}]});
    secrets.masked_value(&mut shown);
    for text in [format!("{exported:?}"), shown.to_string()] {
        assert!(!text.contains("came-in-1"), "{text}");
    }
}

#[tokio::test]
async fn secrets_in_answers_are_masked_with_the_cookies() {
    let server = Server::start().await;
    let case = Case::new(one(json!("{{base}}/x")));
    let run = case.load(&server).unwrap();
    let (mut executions, _) = case.run(&server).await;
    let sent = &mut executions[0].requests[0];
    let answer = json!({"refresh_token": "SRV-1", "user": {"apiKey": "SRV-2"}, "id": 7});
    sent.body = answer.to_string().into();
    assert_eq!(sent.cookies[0].value, "7");
    let shown = Secrets::of(&run).masked_execution(&executions[0]);
    let sent = &shown.requests[0];
    assert_eq!(sent.cookies[0].value, Secrets::MASK);
    let text = String::from_utf8_lossy(&sent.body);
    assert!(!text.contains("SRV-") && text.contains("\"id\":7"), "{text}");
}

#[tokio::test]
async fn credentials_in_headers_and_addresses_are_masked() {
    let server = Server::start().await;
    let request = json!({"url": "{{base}}/x?token=abcdefgh&page=2",
        "header": [{"key": "Authorization", "value": "Basic dXNlcjpwYXNzd29yZA=="}]});
    let run = Case::new(one(request.clone())).load(&server).unwrap();
    let secrets = Secrets::of(&run);
    let mut shown =
        json!({"request": request, "answer": "you sent dXNlcjpwYXNzd29yZA== and password"});
    secrets.masked_value(&mut shown);
    let text = shown.to_string();
    for secret in ["abcdefgh", "dXNlcjpwYXNzd29yZA", "and password"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(text.contains("page=2"), "{text}");
}

#[tokio::test]
async fn a_refusal_that_no_test_looks_at_is_among_the_failures() {
    let server = Server::start().await;
    for (mode, wanted) in [(Mode::Safe, 1), (Mode::AsNewman, 0)] {
        let case = Case { mode, ..Case::new(one(json!("{{base}}/status/404"))) };
        let (executions, _) = case.run(&server).await;
        let found = failures(&executions[0], mode);
        assert_eq!(found.len(), wanted, "{found:?}");
        let told =
            found.iter().all(|it| it.message == "the site answered 404, and no test looks at it");
        assert!(told, "{found:?}");
    }
}
