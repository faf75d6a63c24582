//! Errors have V8's messages, with the place in the script.

use super::{assertions, test};

/// A script, Newman 6.2.2's report of it, and the line and column of the error.
const WORDS: [(&str, &str, (u32, u32)); 33] = [
    ("undefined.x", "TypeError: Cannot read properties of undefined (reading 'x')", (1, 1)),
    ("null.x = 1", "TypeError: Cannot set properties of null (setting 'x')", (1, 1)),
    ("missing()", "ReferenceError: missing is not defined", (1, 1)),
    ("const o = {};\n\n  o.foo()", "TypeError: o.foo is not a function", (3, 5)),
    ("const o = {a: {}};\n  o.a.foo(1, 2)", "TypeError: o.a.foo is not a function", (2, 7)),
    ("pm.response.json().foo()", "TypeError: pm.response.json(...).foo is not a function", (1, 20)),
    ("const f = 1; f()", "TypeError: f is not a function", (1, 14)),
    ("const q = 5; new q()", "TypeError: q is not a constructor", (1, 18)),
    ("new pm.nothing()", "TypeError: pm.nothing is not a constructor", (1, 5)),
    ("const a = 1; a = 2", "TypeError: Assignment to constant variable.", (1, 14)),
    ("b; let b = 1", "ReferenceError: Cannot access 'b' before initialization", (1, 1)),
    ("const a = ;", "SyntaxError: Unexpected token ';'", (1, 11)),
    ("let a = 1; let a = 2;", "SyntaxError: Identifier 'a' has already been declared", (1, 18)),
    ("const [x] = undefined", "TypeError: undefined is not iterable", (1, 1)),
    ("new Date('x').toISOString()", "RangeError: Invalid time value", (1, 14)),
    ("function f() { f() } f()", "RangeError: Maximum call stack size exceeded", (1, 15)),
    ("JSON.parse('<html>')", "JSONError: Unexpected token '<' at 1:1\n<html>\n^", (1, 5)),
    ("JSON.parse(undefined)", "JSONError: \"undefined\" is not valid JSON", (1, 12)),
    (
        "JSON.parse('{\"a\":')",
        "JSONError: No value found for key a at 1:6\n{\"a\":\n     ^",
        (1, 5),
    ),
    ("new Array(-1)", "RangeError: Invalid array length", (1, 5)),
    ("[].reduce((a, b) => a)", "TypeError: Reduce of empty array with no initial value", (1, 3)),
    ("if (x {", "SyntaxError: Unexpected token '{'", (1, 7)),
    ("var s = \"abc", "SyntaxError: Invalid or unexpected token", (1, 9)),
    ("pm.test('x', () => {", "SyntaxError: Unexpected end of input", (2, 3)),
    ("let v = 1 2", "SyntaxError: Unexpected number", (1, 11)),
    ("decodeURIComponent('%')", "URIError: URI malformed", (1, 1)),
    ("x = y + 1", "ReferenceError: y is not defined", (1, 5)),
    (
        "await 1",
        "SyntaxError: await is only valid in async functions and the top level bodies of modules",
        (1, 7),
    ),
    (
        "pm.environment.get('a').split(',')",
        "TypeError: Cannot read properties of undefined (reading 'split')",
        (1, 15),
    ),
    ("1 = 2", "SyntaxError: Invalid left-hand side in assignment", (1, 5)),
    ("function () {}", "SyntaxError: Function statements require a function name", (1, 10)),
    ("(() => {})().x", "TypeError: Cannot read properties of undefined (reading 'x')", (1, 7)),
    ("postman.foo()", "TypeError: postman.foo is not a function", (1, 9)),
];

#[tokio::test]
async fn an_error_has_v8s_words_and_its_place() {
    for (script, wanted, place) in WORDS {
        let error = test(script).await.error.unwrap();
        assert_eq!(error.to_string(), wanted, "{script}");
        assert_eq!((error.line, error.column), (Some(place.0), Some(place.1)), "{script}");
    }
}

#[tokio::test]
async fn an_error_in_a_test_has_its_place_too() {
    let output = test("pm.test('a', () => {\n  pm.response.foo()\n})").await;
    let error = assertions(&output)[0].error.clone().unwrap();
    assert_eq!(error.to_string(), "TypeError: pm.response.foo is not a function");
    assert_eq!((error.line, error.column), (Some(2), Some(15)));
}
