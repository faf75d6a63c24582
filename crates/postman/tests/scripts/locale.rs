//! Dates and numbers by language, `Buffer`, and the other names of Postman's sandbox.

use super::{lines, test};

/// An expression and its value in Node 20 with `TZ=UTC`, as Newman shows it.
const VALUES: [(&str, &str); 31] = [
    ("new Date(0).toString().slice(0, 28)", "Thu Jan 01 1970 00:00:00 GMT"),
    ("new Date(0).toLocaleString('en-US', {timeZone: 'UTC'})", "1/1/1970, 12:00:00 AM"),
    ("new Date(0).toLocaleDateString('en-US', {timeZone: 'UTC'})", "1/1/1970"),
    ("new Date(0).toLocaleDateString('en-GB', {timeZone: 'UTC'})", "01/01/1970"),
    ("new Date(0).toLocaleDateString('de-DE', {timeZone: 'UTC'})", "1.1.1970"),
    ("new Date(0).toLocaleDateString('sv-SE', {timeZone: 'UTC'})", "1970-01-01"),
    ("new Date(0).toLocaleDateString('en-CA', {timeZone: 'UTC'})", "1970-01-01"),
    ("new Date(0).toLocaleString('sv', {timeZone: 'UTC'})", "1970-01-01 00:00:00"),
    (
        "new Date(0).toLocaleDateString('en-US', {year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC'})",
        "01/01/1970",
    ),
    (
        "new Date(0).toLocaleDateString('en-US', {weekday: 'long', month: 'long', day: 'numeric', year: 'numeric', timeZone: 'UTC'})",
        "Thursday, January 1, 1970",
    ),
    ("new Date(0).toLocaleTimeString('en-US', {hour12: false, timeZone: 'UTC'})", "24:00:00"),
    (
        "new Date(0).toLocaleTimeString('en-US', {hour: '2-digit', minute: '2-digit', timeZone: 'UTC'})",
        "12:00 AM",
    ),
    ("(1234567.891).toLocaleString()", "1,234,567.891"),
    ("(1234.5).toLocaleString('de-DE')", "1.234,5"),
    ("(-1234.5).toLocaleString('en-US', {style: 'currency', currency: 'USD'})", "-$1,234.50"),
    ("(0.256).toLocaleString('en-US', {style: 'percent'})", "26%"),
    ("(5).toLocaleString('en-US', {minimumFractionDigits: 2})", "5.00"),
    ("'a'.localeCompare('B')", "-1"),
    ("'a'.localeCompare('A')", "-1"),
    ("'ä'.localeCompare('z')", "-1"),
    ("'a10'.localeCompare('a9', undefined, {numeric: true})", "1"),
    ("'a'.localeCompare('á', undefined, {sensitivity: 'base'})", "0"),
    ("typeof Intl", "undefined"),
    ("Buffer.from('äbc').toString('base64')", "w6RiYw=="),
    ("Buffer.from('YWJj', 'base64').toString()", "abc"),
    ("Buffer.from('abc').toString('hex')", "616263"),
    ("Buffer.byteLength('ä€😀')", "9"),
    ("Buffer.concat([Buffer.from('a'), Buffer.from('b')]).toString()", "ab"),
    ("new Buffer('a:b').toString('base64')", "YTpi"),
    ("pm.response.stream.toString().slice(0, 8)", "{\"id\": 7"),
    ("pm.environment.name", "env"),
];

#[tokio::test]
async fn values_are_those_of_node() {
    let script: Vec<_> =
        VALUES.iter().map(|(it, _)| format!("console.log(String({it}));")).collect();
    let output = test(&script.join("\n")).await;
    assert_eq!(output.error, None);
    for ((expression, wanted), found) in VALUES.iter().zip(lines(&output)) {
        assert_eq!(&found, wanted, "{expression}");
    }
}
