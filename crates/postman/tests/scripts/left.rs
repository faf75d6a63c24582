//! What a script leaves in the engine for the next scripts.

use super::{Listen, assertions, lines, pool, run_in};

#[tokio::test]
async fn a_test_of_a_function_that_an_ended_script_made_is_reported() {
    let makers = [
        "utils = { check: function () { pm.test('late', () => { throw new Error('no') }) } }",
        "check = () => pm.test('late', () => { throw new Error('no') }); utils = { check }",
        "Object.prototype.check = function () { pm.test('late', () => { throw new Error('no') }) }; utils = {}",
    ];
    for maker in makers {
        let pool = pool();
        let first = run_in(&pool, Listen::PreRequest, maker).await;
        assert_eq!(first.error, None, "{maker}");
        let second = run_in(&pool, Listen::Test, "utils.check()").await;
        let found = assertions(&second);
        assert_eq!(found.len(), 1, "{maker}");
        assert!(!found[0].passed, "{maker}");
    }
}

#[tokio::test]
async fn a_text_that_is_evaluated_sees_pm() {
    let script = "eval('function check(code) { pm.test(\"code\", () => pm.expect(code).to.equal(1)) }'); check(2)";
    let output = run_in(&pool(), Listen::Test, script).await;
    assert!(!assertions(&output)[0].passed, "{output:?}");
}

#[tokio::test]
async fn a_function_that_gets_pm_sees_all_of_it() {
    let pool = pool();
    let maker = "show = (it) => console.log(it.environment.get('e'), it.globals.get('g'), it.request.method, it.iterationData.get('email'))";
    run_in(&pool, Listen::PreRequest, maker).await;
    let output = run_in(&pool, Listen::Test, "show(pm)").await;
    assert_eq!(lines(&output), ["environment global POST ann@example.com"]);
}

#[tokio::test]
async fn what_an_ended_script_does_later_changes_nothing_else() {
    let pool = pool();
    let maker = "late = () => { pm.environment.set('x', 1); pm.sendRequest('http://h.example', () => {}); \
                 pm.execution.setNextRequest(null); setTimeout(() => pm.test('never', () => {}), 1) }";
    run_in(&pool, Listen::Test, maker).await;
    let output = run_in(&pool, Listen::Test, "late()").await;
    assert_eq!((output.changes.len(), output.next.is_some()), (0, false));
    assert!(assertions(&output).is_empty(), "{output:?}");
}

#[tokio::test]
async fn an_old_answer_stays_the_old_one() {
    let pool = pool();
    run_in(&pool, Listen::Test, "old = () => pm.response.json().id").await;
    let input = super::input(Listen::Test, r#"{"id": 8}"#);
    let script = "console.log(old(), pm.response.json().id)";
    let output = super::run_script(&pool, script, input, &super::NoNetwork).await;
    assert_eq!(lines(&output), ["7 8"]);
}
