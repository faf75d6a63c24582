//! chai, with its innermost functions in a form that costs QuickJS less. They do the same: chai calls them for every
//! word of a chain, and an `arguments` object alone costs as much as the rest of such a function.

/// chai 4.4.1, the version in Postman's sandbox, as npm has it.
const CHAI: &str = include_str!("vendor/chai.js");

/// What is replaced, and by what. Each text is in chai exactly once.
const FASTER: [(&str, &str); 9] = [
    // The flags of a new assertion, in the same order.
    (
        "    flag(this, 'ssfi', ssfi || Assertion);
    flag(this, 'lockSsfi', lockSsfi);
    flag(this, 'object', obj);
    flag(this, 'message', msg);
    flag(this, 'eql', config.deepEqual || util.eql);
",
        "    this.__flags = { __proto__: null, ssfi: ssfi || Assertion, lockSsfi, object: obj, message: msg, eql: config.deepEqual || util.eql };
",
    ),
    (
        "function flag(obj, key, value) {
  var flags = obj.__flags || (obj.__flags = Object.create(null));
  if (arguments.length === 3) {
    flags[key] = value;",
        "function flag(obj, key, ...value) {
  var flags = obj.__flags || (obj.__flags = Object.create(null));
  if (value.length === 1) {
    flags[key] = value[0];",
    ),
    (
        "function transferFlags(assertion, object, includeAll) {",
        "function transferFlags(assertion, object, ...given) {
  if (given.length !== 1) {
    if (!object.__flags) object.__flags = Object.create(null);
    Object.assign(object.__flags, assertion.__flags || (assertion.__flags = Object.create(null)));
    return;
  }
  var includeAll = given[0];",
    ),
    ("  includeAll = arguments.length === 3 ? includeAll : true;\n", ""),
    (
        "Assertion.prototype.assert = function (expr, msg, negateMsg, expected, _actual, showDiff) {
    var ok = util.test(this, arguments);",
        "Assertion.prototype.assert = function (...values) {
    var ok = util.test(this, values);
    if (ok) return;
    var msg, expected = values[3], _actual = values[4], showDiff = values[5];",
    ),
    ("msg = util.getMessage(this, arguments);", "msg = util.getMessage(this, values);"),
    ("var actual = util.getActual(this, arguments);", "var actual = util.getActual(this, values);"),
    ("var operator = util.getOperator(this, arguments);", "var operator = util.getOperator(this, values);"),
    // Of a list it is known without a chain of its own.
    (
        "new Assertion(list, flagMsg, ssfi, true).to.be.an('array');",
        "if (!Array.isArray(list) || Symbol.toStringTag in list) new Assertion(list, flagMsg, ssfi, true).to.be.an('array');",
    ),
];

/// The text that is compiled.
pub(super) fn source() -> String {
    FASTER.iter().fold(CHAI.to_owned(), |text, (slow, fast)| text.replacen(slow, fast, 1))
}

#[cfg(test)]
mod tests {
    use super::{CHAI, FASTER, source};

    #[test]
    fn each_replaced_text_is_in_chai_once() {
        for (slow, fast) in FASTER {
            assert_eq!(CHAI.matches(slow).count(), 1, "{slow}");
            assert!(source().contains(fast), "{fast}");
        }
    }
}
