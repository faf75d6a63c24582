//! Rows one after the other or at the same time, and the result of each.

use headcount_postman::check::{Order, order};
use headcount_postman::run::{RowOutcome, RowResult};
use headcount_postman::variables::Mode;
use serde_json::{Value, json};

use super::{Case, Server, collection, one};

fn with_scripts(pre: &str, test: &str, request: &str) -> Value {
    collection(json!([{"name": "r", "request": request, "event": [
        {"listen": "prerequest", "script": {"exec": pre}}, {"listen": "test", "script": {"exec": test}}]}]))
}

#[tokio::test]
async fn rows_run_at_the_same_time_only_where_no_script_reads_what_an_earlier_row_wrote() {
    let server = Server::start().await;
    let cases = [
        ("", "", "{{base}}/{{a}}", "no script sets a variable"),
        ("pm.environment.set('v', 1)", "", "{{base}}/{{v}}", "every variable"),
        (
            "let x = 1; x += 1; const {y, z: q} = {}; for (const k of []) {}; [1].map((n) => n)",
            "",
            "{{base}}",
            "no script",
        ),
        ("", "pm.environment.set('v', 1)", "{{base}}/{{v}}", "turn: \"r\" uses {{v}} before"),
        (
            "pm.environment.set('n', (pm.environment.get('n') || 0) + 1)",
            "",
            "{{base}}",
            "turn: the prerequest script of \"r\" reads",
        ),
        ("left = 1", "", "{{base}}", "turn: the prerequest script of \"r\" assigns left in line 1"),
        (
            "pm.environment.set('v' + 1, 1)",
            "",
            "{{base}}",
            "turn: the prerequest script of \"r\" changes variables in line 1",
        ),
        ("pm.variables.clear()", "", "{{base}}", "turn: "),
        (
            "pm.environment.set('v', 1)",
            "pm.execution.setNextRequest('r')",
            "{{base}}",
            "turn: the test script of \"r\" may jump",
        ),
        (
            "pm.environment.set('v', 1)",
            "postman.setNextRequest(null)",
            "{{base}}",
            "every variable",
        ),
        ("// left = 1", "pm.test('x = 1', () => {})", "{{base}}", "no script"),
    ];
    for (pre, test, request, wanted) in cases {
        let case = Case { data: Some("a\n1\n"), ..Case::new(with_scripts(pre, test, request)) };
        let found = match order(&case.load(&server).unwrap()) {
            Order::Parallel(reason) => reason,
            Order::InTurn(reason) => format!("turn: {reason}"),
        };
        assert!(found.starts_with(wanted), "{pre} / {test}: {found}");
    }
}

#[tokio::test]
async fn rows_at_the_same_time_are_reported_in_order_and_share_nothing() {
    let server = Server::start().await;
    let pre = "pm.environment.set('v', pm.iterationData.get('a'))";
    let test = "pm.test(pm.environment.get('v'), () => pm.expect(pm.response.json().path).to.equal('/' + data.a))";
    let case = Case {
        data: Some("a\n1\n2\n3\n4\n5\n6\n7\n8\n"),
        concurrency: 4,
        ..Case::new(with_scripts(pre, test, "{{base}}/{{v}}"))
    };
    let (executions, stats) = case.run(&server).await;
    let names = executions.iter().map(|it| it.assertions().next().unwrap().name.clone());
    assert_eq!(names.collect::<String>(), "12345678");
    assert_eq!((stats.iterations.total, stats.assertions.failed), (8, 0));
    let has_cookie = (0..8).any(|request| server.header(request, "cookie").is_some());
    assert!(!has_cookie, "each row has a jar of its own");
}

#[tokio::test]
async fn variables_and_cookies_go_from_row_to_row_in_turn() {
    let server = Server::start().await;
    let pre = "pm.environment.set('n', (pm.environment.get('n') || 0) + 1)";
    let case =
        Case { data: Some("a\n1\n2\n3\n"), ..Case::new(with_scripts(pre, "", "{{base}}/{{n}}")) };
    case.run(&server).await;
    assert_eq!(server.lines(), ["GET /1", "GET /2", "GET /3"]);
    assert_eq!(server.header(2, "cookie").as_deref(), Some("sid=7"));
}

#[tokio::test]
async fn a_row_has_an_outcome() {
    let server = Server::start().await;
    let post = |path: &str| json!({"method": "POST", "url": format!("{{{{base}}}}{path}")});
    let lost = json!({"method": "POST", "url": "http://127.0.0.1:1/"});
    let cases = [
        (json!("{{base}}/x"), Mode::Safe, RowOutcome::Unchanged, ""),
        (post("/x"), Mode::Safe, RowOutcome::Changed, ""),
        (
            post("/status/404"),
            Mode::Safe,
            RowOutcome::Failed,
            "the site answered 404, and no test looks at it",
        ),
        (post("/status/404"), Mode::AsNewman, RowOutcome::Changed, ""),
        (lost, Mode::Safe, RowOutcome::Failed, "connect ECONNREFUSED 127.0.0.1:1"),
    ];
    for (request, mode, outcome, detail) in cases {
        let (executions, _) = Case { mode, ..Case::new(one(request.clone())) }.run(&server).await;
        let mut row = RowResult::default();
        row.add(&executions[0], mode);
        assert_eq!(row.outcome, outcome, "{request}");
        assert!(row.detail.ends_with(detail), "{}", row.detail);
    }
}
