//! Chains of chai's words, compared with chai 4.4.1 in Node.

use super::test;

/// The error that a script throws, or what it logs.
async fn result(script: &str) -> String {
    let output = test(script).await;
    match output.error {
        Some(error) => error.to_string(),
        None => super::lines(&output).join("\n"),
    }
}

#[tokio::test]
async fn a_word_that_chai_does_not_have_is_an_error() {
    let cases = [
        (
            "pm.expect(1).to.equil(1)",
            "Error: Invalid Chai property: equil. Did you mean \"equal\"?",
        ),
        ("pm.expect(1).to.be.tru", "Error: Invalid Chai property: tru. Did you mean \"true\"?"),
        ("pm.expect(1).xyzzyplugh", "Error: Invalid Chai property: xyzzyplugh"),
        ("pm.expect([1]).to.include.xyzzyplugh", "Error: Invalid Chai property: xyzzyplugh"),
        (
            "pm.expect(1).equal.foo",
            "Error: Invalid Chai property: equal.foo. See docs for proper usage of \"equal\".",
        ),
        (
            "require('chai').use((c) => c.Assertion.addMethod('mine', () => {})); pm.expect(1).mine.foo",
            "Error: Invalid Chai property: mine.foo. See docs for proper usage of \"mine\".",
        ),
        (
            "pm.response.to.have.statuss(200)",
            "Error: Invalid Chai property: statuss. Did you mean \"status\"?",
        ),
        ("console.log(pm.expect(1).to.then, pm.expect(1).toJSON)", "undefined undefined"),
        ("console.log(pm.expect(1).to.hasOwnProperty('x'))", "false"),
        ("console.log(require('chai').Assertion.prototype.foo)", "undefined"),
        ("console.log(JSON.stringify(pm.expect(1).to))", "{\"__flags\":{\"object\":1}}"),
        (
            "const { config } = require('chai'); config.useProxy = false; console.log(pm.expect(1).equil); \
             config.useProxy = true; pm.expect(1).equil",
            "Error: Invalid Chai property: equil. Did you mean \"equal\"?",
        ),
    ];
    for (script, wanted) in cases {
        assert_eq!(result(script).await, wanted, "{script}");
    }
}

#[tokio::test]
async fn each_word_of_a_chain_is_an_assertion_of_its_own() {
    let cases = [
        ("const e = pm.expect(1).to; e.not.equal(2); e.equal(1)", "expected 1 to not equal 1"),
        ("const e = pm.expect(1); e.to.not.equal(2); e.to.equal(2)", "expected 1 to equal 2"),
        (
            "pm.expect([1, 2]).to.have.length.above(5)",
            "expected [ 1, 2 ] to have a length above 5 but got 2",
        ),
        ("pm.expect(4).to.be.oneOf([1, 2])", "expected 4 to be one of [ 1, 2 ]"),
        (
            "pm.expect({a: 1}).to.have.property('a').that.is.a('string')",
            "expected 1 to be a string",
        ),
        (
            "pm.expect(pm.response).to.have.property('status', 'Gone')",
            "expected PostmanResponse{ id: undefined, …(9) } to have property 'status' of 'Gone', but got 'OK'",
        ),
        ("pm.expect(1).to.be.ok.and.equal(2)", "expected 1 to equal 2"),
    ];
    for (script, wanted) in cases {
        assert_eq!(result(script).await, format!("AssertionError: {wanted}"), "{script}");
    }
}
