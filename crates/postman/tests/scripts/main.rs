//! Scripts as users write them: what they can read, what they change, and what stops them.

mod chains;
mod left;
mod locale;
mod words;

use std::time::Duration;

use headcount_postman::model::Listen;
use headcount_postman::script::{
    Assertion, Change, EngineLimits, Event, Modules, Pool, ScriptInput, ScriptOutput, SentByScript,
    Session, run_script,
};
use serde_json::{Value, json};

/// These tests have no network; those in `tests/runs` do.
struct NoNetwork;

impl Session for NoNetwork {
    async fn send(&self, _: String) -> SentByScript {
        Err(("ECONNREFUSED".to_owned(), "connect ECONNREFUSED".to_owned()))
    }
}

fn input(target: Listen, body: &str) -> ScriptInput {
    let response =
        json!({"code": 200, "status": "OK", "responseTime": 12, "responseSize": body.len()});
    let headers =
        json!([{"key": "Content-Type", "value": "application/json"}, {"key": "X-A", "value": "1"}]);
    let request = json!({"method": "POST", "url": "http://h.example/a/b?x=1&y",
        "header": [{"key": "X-Sent", "value": "v"}], "body": {"mode": "raw", "raw": "{\"a\":1}"}});
    ScriptInput {
        target: Some(target),
        info: json!({"eventName": target.word(), "iteration": 2, "iterationCount": 5,
            "requestName": "r", "requestId": "id"})
        .to_string(),
        location: json!(["c", "r"]).to_string(),
        owner: "r".to_owned(),
        reference: "one".to_owned(),
        names: json!({"environment": "env"}).to_string(),
        globals: json!([["g", "global"]]).to_string(),
        collection: json!([["c", "collection"], ["typed", "1", "string"]]).to_string(),
        environment: json!([["e", "environment"], ["same", "environment"]]).to_string(),
        data: json!([["email", "ann@example.com"], ["same", "data"], ["count", 3]]).to_string(),
        local: json!([]).to_string(),
        request: request.to_string(),
        response: response.to_string(),
        headers: headers.to_string(),
        body: (target == Listen::Test).then(|| body.to_owned().into()),
        cookies: json!([{"name": "sid", "value": "7"}]).to_string(),
        is_whole: false,
    }
}

fn pool() -> Pool {
    Pool::new(EngineLimits::default(), Modules::none())
}

async fn run_in(pool: &Pool, target: Listen, script: &str) -> ScriptOutput {
    let body = r#"{"id": 7, "list": [1, 2], "name": "Ann", "nested": {"a": {"b": null}}}"#;
    run_script(pool, script, input(target, body), &NoNetwork).await
}

async fn test(script: &str) -> ScriptOutput {
    run_in(&pool(), Listen::Test, script).await
}

fn assertions(output: &ScriptOutput) -> Vec<&Assertion> {
    let only = |event: &Event| matches!(event, Event::Assertion(_));
    let all = output.events.iter().filter(|event| only(event));
    all.filter_map(|event| if let Event::Assertion(one) = event { Some(one) } else { None })
        .collect()
}

fn lines(output: &ScriptOutput) -> Vec<&str> {
    fn line(event: &Event) -> Option<&str> {
        if let Event::Console { text, .. } = event { Some(text) } else { None }
    }
    output.events.iter().filter_map(line).collect()
}

#[tokio::test]
async fn every_common_assertion_holds_and_its_opposite_does_not() {
    let holds = [
        "pm.response.to.have.status(200)",
        "pm.response.to.have.status('OK')",
        "pm.response.to.be.ok",
        "pm.response.to.be.success",
        "pm.response.to.be.json",
        "pm.response.to.be.withBody",
        "pm.response.to.have.body",
        "pm.response.to.have.header('content-type')",
        "pm.response.to.have.header('X-A', '1')",
        "pm.response.to.have.jsonBody('nested.a.b')",
        "pm.response.to.have.jsonBody('name', 'Ann')",
        "pm.response.to.have.responseTime.below(100)",
        "pm.response.to.not.be.error",
        "pm.response.to.not.have.status(404)",
        "pm.expect(pm.response.code).to.be.oneOf([200, 201])",
        "pm.expect(pm.response.json().list).to.be.an('array').that.is.not.empty",
        "pm.expect(pm.response.json()).to.have.property('id', 7)",
        "pm.expect(pm.response.json()).to.include.keys('id', 'name')",
        "pm.expect(pm.response.text()).to.include('Ann')",
        "pm.expect(pm.response.headers.get('x-a')).to.eql('1')",
        "pm.expect(pm.response.headers.has('X-B')).to.be.false",
        "pm.expect({a: [1, {b: 2}]}).to.deep.equal({a: [1, {b: 2}]})",
        "pm.expect(5).to.be.within(1, 9).and.at.least(5)",
        "pm.expect(() => { throw new TypeError('no') }).to.throw(TypeError, /no/)",
        "pm.expect('abc').to.match(/^a/).and.have.lengthOf(3)",
        "pm.request.to.have.header('X-Sent')",
        "pm.expect(pm.cookies.get('sid')).to.equal('7')",
        "pm.expect(pm.cookies.has('none')).to.be.false",
    ];
    let script: Vec<_> =
        holds.iter().map(|it| format!("pm.test({it:?}, () => {{ {it} }});")).collect();
    let output = test(&script.join("\n")).await;
    assert_eq!(output.error, None);
    assert_eq!(assertions(&output).len(), holds.len());
    for assertion in assertions(&output) {
        assert!(assertion.passed, "{assertion:?}");
    }
}

#[tokio::test]
async fn what_does_not_hold_says_so_in_newmans_words() {
    let cases = [
        (
            "pm.response.to.have.status(201)",
            "AssertionError: expected response to have status code 201 but got 200",
        ),
        (
            "pm.response.to.have.status('Created')",
            "AssertionError: expected response to have status reason 'Created' but got 'OK'",
        ),
        (
            "pm.expect(pm.response.code).to.be.oneOf([1, 2])",
            "AssertionError: expected 200 to be one of [ 1, 2 ]",
        ),
        (
            "pm.response.to.be.error",
            "AssertionError: expected response code to be 4XX or 5XX but found 200",
        ),
        (
            "pm.response.to.have.header('x-b')",
            "AssertionError: expected response to have header with key 'x-b'",
        ),
        (
            "pm.expect({a: 1}).to.have.property('b')",
            "AssertionError: expected { a: 1 } to have property 'b'",
        ),
        ("pm.expect('a').to.equal('b', 'why')", "AssertionError: why: expected 'a' to equal 'b'"),
        ("pm.expect.fail('said')", "AssertionError: said"),
        ("undefined.x", "TypeError: "),
        ("JSON.parse('<')", "JSONError: Unexpected token '<' at 1:1"),
        ("throw 'text'", "AssertionError: t"),
    ];
    for (check, wanted) in cases {
        let output = test(&format!("pm.test('t', () => {{ {check} }});")).await;
        let found = assertions(&output)[0].error.clone().unwrap().to_string();
        assert!(found.starts_with(wanted), "{check}: {found}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_reported_with_its_place() {
    let cases = [
        ("<html>x</html>", "Unexpected token '<' at 1:1\n<html>x</html>\n^"),
        ("", "No data, empty input at 1:1\n\n^"),
        ("{\"a\": 1,\n}", "Unexpected token '}' at 2:1\n}\n^"),
    ];
    for (body, wanted) in cases {
        let input = input(Listen::Test, body);
        let output = run_script(&pool(), "pm.response.json()", input, &NoNetwork).await;
        let error = output.error.unwrap();
        assert_eq!((error.name.as_str(), error.message.as_str()), ("JSONError", wanted), "{body}");
    }
}

#[tokio::test]
async fn variables_are_read_by_precedence_and_every_change_is_reported() {
    let output = test(
        "console.log(pm.variables.get('same'), pm.variables.get('e'), pm.variables.get('c'), pm.variables.get('g'),
            pm.environment.get('same'), pm.iterationData.get('count'), pm.variables.has('none'));
         pm.environment.set('new', {a: [1]}); pm.environment.unset('e'); pm.globals.clear();
         pm.collectionVariables.set('typed', 5); pm.variables.set('same', 'local');
         console.log(pm.variables.get('same'), pm.environment.has('e'), pm.collectionVariables.get('typed'));
         console.log(pm.variables.replaceIn('{{same}} {{c}} {{none}} {{$guid}}').replace(/[0-9a-f-]{36}/, 'GUID'));
         pm.environment.set('f', function () {}); pm.environment.set('u', undefined);",
    )
    .await;
    assert_eq!(output.error, None);
    let wanted = [
        "data environment collection global environment 3 false",
        "local false 5",
        "local collection {{none}} GUID",
    ];
    assert_eq!(lines(&output), wanted);
    let set = |scope: &str, key: &str, value: Value| Change::Set(scope.into(), key.into(), value);
    assert_eq!(
        output.changes,
        [
            set("environment", "new", json!({"a": [1]})),
            Change::Unset("environment".into(), "e".into()),
            Change::Clear("globals".into()),
            set("collectionVariables", "typed", json!("5")),
            set("variables", "same", json!("local")),
            set("environment", "f", json!(null)),
            set("environment", "u", json!(null)),
        ]
    );
}

#[tokio::test]
async fn the_legacy_names_work() {
    let output = test(
        "tests['code'] = responseCode.code === 200; tests['no'] = 0; tests[`time ${responseTime}`] = true;
         console.log(responseBody.length, responseHeaders['Content-Type'], data.email, environment.e, globals.g,
            iteration, request.method, request.url, request.data, postman.getResponseHeader('x-a'));
         postman.setEnvironmentVariable('n', 5); postman.setGlobalVariable('m', 'x'); postman.clearGlobalVariable('g');
         postman.setNextRequest('Next'); pm.test('first', () => {});",
    )
    .await;
    assert_eq!(output.error, None);
    let names: Vec<_> =
        assertions(&output).iter().map(|it| (it.name.clone(), it.passed, it.index)).collect();
    let wanted = [("first", true, 0), ("code", true, 1), ("no", false, 2), ("time 12", true, 3)];
    assert_eq!(names, wanted.map(|(name, passed, index)| (name.to_owned(), passed, index)));
    let error = assertions(&output)[2].error.clone().unwrap();
    assert_eq!(error.to_string(), "AssertionError: expected 0 to be truthy");
    let wanted = r#"70 application/json ann@example.com environment global 2 POST http://h.example/a/b?x=1&y {"a":1} 1"#;
    assert_eq!(lines(&output), [wanted]);
    assert_eq!(output.next, Some(json!("Next")));
    assert_eq!(output.changes[0], Change::Set("environment".into(), "n".into(), json!("5")));
}

#[tokio::test]
async fn the_legacy_objects_change_with_the_legacy_functions() {
    let output = test(
        "postman.setEnvironmentVariable('n', 5); environment.own = 1;
         console.log(environment.n === '5', typeof pm.environment.get('own'));
         postman.clearEnvironmentVariable('n'); pm.environment.set('later', 1);
         console.log(environment.n, environment.later, environment.e);
         postman.clearGlobalVariables(); console.log(Object.keys(globals).length);",
    )
    .await;
    assert_eq!(output.error, None);
    assert_eq!(lines(&output), ["true undefined", "undefined undefined environment", "0"]);
}

/// Newman ends at a rejected promise. Here the script fails, and its assertions are kept.
#[tokio::test]
async fn a_promise_that_nothing_catches_fails_its_script() {
    for (script, wanted) in [
        (
            "pm.test('a', async () => { await null; pm.expect(1).to.equal(2) })",
            "AssertionError: expected 1 to equal 2",
        ),
        ("Promise.reject(new TypeError('no'))", "TypeError: no"),
        ("setTimeout(async () => { throw new Error('late') }, 1)", "Error: late"),
        ("pm.sendRequest('http://x', async () => { throw 'text' })", "Error: text"),
    ] {
        let error = test(script).await.error.expect(script).to_string();
        assert_eq!(error, format!("{wanted}, in a promise that nothing catches"), "{script}");
    }
    for script in [
        "Promise.reject(new Error('no')).catch(() => {})",
        "const p = Promise.reject(1); p.then(() => {}, () => {})",
        "(async () => { try { await Promise.reject(1) } catch (e) {} })()",
    ] {
        assert_eq!(test(script).await.error, None, "{script}");
    }
}

#[tokio::test]
async fn what_is_thrown_and_no_error_has_no_name() {
    let output = test("pm.test('a', () => { throw 'text' }); pm.test('b', () => { throw { message: 'm', name: 'N' } }); throw 'last'").await;
    let found = assertions(&output);
    let errors: Vec<_> = found.iter().map(|it| it.error.clone().unwrap().to_string()).collect();
    assert_eq!(errors, ["AssertionError: a", "N: m"]);
    assert_eq!(output.error.unwrap().name, "");
}

#[tokio::test]
async fn a_request_is_changed_before_it_is_sent() {
    let output = run_in(
        &pool(),
        Listen::PreRequest,
        "pm.request.headers.upsert({key: 'x-sent', value: 'new'}); pm.request.headers.add({key: 'A', value: 'b'});
         pm.request.url.query.add({key: 'z', value: 'ä&'}); pm.request.body.update({mode: 'raw', raw: 'changed'});
         pm.request.method = 'PUT'; console.log(pm.request.url.getPath(), pm.request.url.getQueryString(),
            pm.info.eventName, pm.info.requestName, typeof responseBody, typeof pm.response, pm.execution.location.current);",
    )
    .await;
    assert_eq!(output.error, None);
    assert_eq!(lines(&output), ["/a/b x=1&y&z=ä%26 prerequest r undefined undefined r"]);
    let request: Value = serde_json::from_str(&output.request.unwrap()).unwrap();
    assert_eq!(request["method"], "PUT");
    assert_eq!(
        request["header"],
        json!([{"key": "X-Sent", "value": "new"}, {"key": "A", "value": "b"}])
            .as_array()
            .map(|it| {
                let mut all = it.clone();
                all[0]["key"] = json!("x-sent");
                Value::Array(all)
            })
            .unwrap()
    );
    assert_eq!(request["body"]["raw"], "changed");
}

#[tokio::test]
async fn skip_request_ends_the_script_and_is_no_function_in_a_test() {
    let output = run_in(
        &pool(),
        Listen::PreRequest,
        "pm.test('kept', () => {}); pm.execution.skipRequest(); pm.test('not', () => {}); throw 1",
    )
    .await;
    assert!(output.skipped);
    assert_eq!((assertions(&output).len(), output.error), (1, None));
    let output = test("pm.execution.skipRequest()").await;
    assert_eq!(
        output.error.unwrap().to_string(),
        "TypeError: pm.execution.skipRequest is not a function"
    );
}

#[tokio::test]
async fn timers_and_requests_of_a_script_are_waited_for() {
    let output = test(
        "setTimeout((word) => console.log('timer', word), 5, 'lost, as in Newman'); setImmediate(() => console.log('immediate'));
         const every = setInterval(() => { console.log('interval'); clearInterval(every) }, 1);
         const never = setTimeout(() => console.log('never'), 1); clearTimeout(never);
         pm.sendRequest('http://h', (error, response) => console.log(error.code, response.code));
         Promise.resolve().then(() => console.log('promise'));
         setTimeout(() => { throw new Error('vanishes') }, 0);
         pm.test('async', (done) => setTimeout(() => done(), 2));",
    )
    .await;
    assert_eq!(output.error, None);
    let mut found = lines(&output);
    assert_eq!(found.remove(0), "promise");
    found.sort_unstable();
    assert_eq!(found, ["ECONNREFUSED undefined", "immediate", "interval", "timer undefined"]);
    assert!(assertions(&output)[0].passed);
}

#[tokio::test]
async fn variables_that_contain_each_other_have_an_end_in_scripts_too() {
    let output = test(
        "for (let i = 0; i < 13; i++) pm.variables.set('a' + i, `{{a${i + 1}}}`.repeat(10));
         pm.variables.replaceIn('{{a0}}')",
    )
    .await;
    let error = output.error.unwrap().to_string();
    assert!(error.contains("makes a text too long"), "{error}");
}

#[tokio::test]
async fn a_script_is_stopped_for_time_memory_and_recursion() {
    let limits = EngineLimits {
        step: Duration::from_millis(300),
        whole: Duration::from_secs(1),
        memory: 48 * 1024 * 1024,
        requests: 20,
        ..EngineLimits::default()
    };
    let pool = Pool::new(limits, Modules::none());
    let cases = [
        ("while (true) {}", "ran for more than 0.3 s"),
        ("try { while (true) {} } catch (e) {} finally { while (true) {} }", "ran for more than"),
        ("pm.test('t', () => { while (true) {} })", "ran for more than"),
        ("(async () => { while (true) await 1 })()", "ran for more than"),
        ("JSON.stringify({ toJSON() { while (true) {} } })", "ran for more than"),
        ("setInterval(() => {}, 10)", "waited for more than 1 s"),
        ("(function f() { pm.sendRequest('http://a.test/', f) })()", "sent 20 requests and began"),
        ("let a = []; while (true) a.push(new Array(1000).fill('x'))", "out of memory"),
        ("const f = () => f(); f()", "call stack"),
        ("/(a+)+$/.test('a'.repeat(40) + 'b')", "ran for more than"),
    ];
    for (script, wanted) in cases {
        let output = run_in(&pool, Listen::Test, script).await;
        let error = output.error.unwrap_or_else(|| panic!("{script}: no error")).to_string();
        assert!(error.contains(wanted), "{script}: {error}");
        let next = run_in(&pool, Listen::Test, "pm.test('works', () => {})").await;
        assert_eq!((next.error, next.events.len()), (None, 1), "after {script}");
    }
}

#[tokio::test]
async fn a_script_sees_no_host_and_names_without_a_declaration_outlive_it() {
    let pool = pool();
    let output = run_in(
        &pool,
        Listen::Test,
        "left = 1; this.x = 2; console.log(typeof globalThis, typeof std, typeof os,
        typeof require('fs').readFileSync, typeof process, typeof Deno, typeof sdk, typeof x)",
    )
    .await;
    assert_eq!(output.error, None);
    assert_eq!(
        lines(&output),
        ["undefined undefined undefined undefined undefined undefined undefined undefined"]
    );
    let output = run_in(&pool, Listen::Test, "console.log(left, typeof x)").await;
    assert_eq!(lines(&output), ["1 undefined"]);
    let engine = pool.take().unwrap();
    assert_eq!(engine.leave().unwrap(), ["left"]);
    pool.give(engine);
    let output = run_in(&pool, Listen::Test, "console.log(typeof left)").await;
    assert_eq!(lines(&output), ["undefined"]);
}

#[tokio::test]
async fn an_error_names_its_line_and_keeps_what_came_before() {
    let output = test("pm.test('one', () => {});\nconst a = 1;\n  missing();\n").await;
    let error = output.error.unwrap();
    assert_eq!(
        (error.to_string().as_str(), error.line),
        ("ReferenceError: missing is not defined", Some(3))
    );
    assert_eq!(output.events.len(), 1);
    let output = test("const a = ;").await;
    assert_eq!(output.error.unwrap().name, "SyntaxError");
}

#[tokio::test]
async fn small_helpers_are_built_in() {
    let output = test(
        "console.log(btoa('a:b'), atob('YTpi'), require('uuid').v4().length,
        pm.response.reason(), pm.response.size().body > 0, [1, {a: 'x'}], null, new Error('e'))",
    )
    .await;
    assert_eq!(output.error, None);
    assert_eq!(lines(&output), ["YTpi a:b 36 OK true [ 1, { a: \"x\" } ] null Error: e"]);
}
