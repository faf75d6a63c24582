// Variables and data.

import { collection, environment, item, one } from "./build.mjs";

const echo = "BASE/{{a}}/{{b}}/{{c}}/{{d}}";
const scopes = {
  collection: collection([item("r", echo)], { variable: ["b", "c", "d"].map((key) => ({ key, value: `collection-${key}` })) }),
  environment: environment({ c: "environment-c", d: "environment-d" }),
  globals: { values: ["a", "b", "c", "d"].map((key) => ({ key, value: `global-${key}` })) },
};
const json = (raw) => ({ method: "POST", url: "BASE/post", body: { mode: "raw", raw, options: { raw: { language: "json" } } } });
const get = (path) => `BASE/${path}`;

export const cases = [
  { name: "precedence: files", ...scopes },
  { name: "precedence: data", ...scopes, data: "d\ndata-d\n" },
  { name: "precedence: options", ...scopes, args: ["--env-var", "d=option", "--global-var", "a=x"] },
  one("names: nested", get("{{name_{{k}}}}"), { environment: environment({ k: "x", name_x: "found" }) }),
  one("names: chains", get("{{a}}"), { environment: environment({ a: "<{{b}}>", b: "{{c}}", c: "end" }) }),
  one("names: a circle", get("{{a}}"), { environment: environment({ a: "{{a}}" }), safer: "{{a}}" }),
  one("names: not trimmed", get("{{ a }}"), { environment: environment({ a: "1" }), safer: "no value for {{ a }}" }),
  one("names: without a value", get("{{none}}"), { safer: "no value for {{none}}" }),
  one("names: that differ in case", get("{{Email}}"), { data: "email\nx\n", safer: "differs only in case" }),
  one("names: in headers, body, credentials", { method: "POST", url: get("x"), header: [{ key: "{{k}}", value: "{{v}}" }], body: { mode: "raw", raw: "{{v}}" }, auth: { type: "bearer", bearer: [{ key: "token", value: "{{v}}" }] } }, { environment: environment({ k: "X-K", v: "value" }) }),
  one("names: in a form", { method: "POST", url: get("x"), body: { mode: "urlencoded", urlencoded: [{ key: "{{k}}", value: "{{v}}" }] } }, { environment: environment({ k: "k&", v: "v=" }) }),
  one("names: not in the method", { method: "GET", url: get("{{m}}") }, { environment: environment({ m: "POST" }) }),
  one("names: with a base of several segments", { method: "GET", url: { host: ["{{base}}"], path: ["x"] } }, { environment: environment({ base: "BASE/api/v1" }) }),
  one("environment: not enabled is used", get("{{a}}"), { environment: { values: [{ key: "a", value: "used", enabled: false }] } }),
  one("environment: twice", get("{{a}}"), { environment: { values: [{ key: "a", value: "1" }, { key: "a", value: "2" }] } }),
  { name: "collection: disabled", collection: collection([item("r", get("{{a}}"))], { variable: [{ key: "a", value: "1", disabled: true }, { key: "b", value: "2" }] }), globals: { values: [{ key: "a", value: "g" }] } },
  { name: "values: that are no texts", collection: collection([item("r", get("{{n}}/{{t}}/{{o}}/{{l}}/{{z}}"))], { variable: [{ key: "n", value: 5 }, { key: "t", value: true }, { key: "o", value: { a: 1 } }, { key: "l", value: [1, 2] }, { key: "z", value: null }] }) },
  one("data: CSV with numbers", get("{{a}}/{{b}}/{{c}}"), { data: "a,b,c\n00712,5e3,1.50\n", safer: "/00712/5e3/1.50" }),
  one("data: CSV in quotes", get("{{a}}/{{b}}"), { data: 'a,b\n"00712","x ""y"""\n' }),
  one("data: CSV with blanks", get("{{a}}/{{b}}"), { data: "a , b\n x , y \n" }),
  one("data: rows that lack cells", get("{{a}}/x{{b}}"), { data: "a,b\n1\n", safer: "/1/x\"" }),
  one("data: several rows", get("{{a}}"), { data: "a\n1\n2\n3\n" }),
  one("data: fewer iterations than rows", get("{{a}}"), { data: "a\n1\n2\n3\n", args: ["-n", "2"] }),
  one("data: more iterations than rows", get("{{a}}"), { data: "a\n1\n2\n", args: ["-n", "4"] }),
  one("data: a byte order mark", get("{{a}}"), { data: "\ufeffa\n1\n" }),
  one("data: JSON", get("{{a}}/{{b}}"), { data: '[{"a": 1, "b": "x"}, {"a": "2", "b": true}]' }),
  one("data: JSON that is one object", get("x"), { data: '{"a": 1}', safer: "must be a list" }),
  one("data: null", get("{{a}}"), { data: '[{"a": null}]', safer: "no value for {{a}}" }),
  one("data: an empty cell in the path", get("users/{{a}}/x"), { data: 'a,b\n"",1\n', safer: "is empty" }),
  one("data: separators in the path", get("users/{{a}}/x"), { data: 'a\n"x/y?z#1"\n', safer: "/users/x%2Fy%3Fz%231/x" }),
  one("data: dots in the path", get("users/{{a}}/x"), { data: "a\n..\n", safer: "another address" }),
  one("data: separators in the query", get("x?q={{a}}&b=1"), { data: 'a\n"x&y=z+1"\n', safer: "q=x%26y%3Dz%2B1&b=1" }),
  one("data: quotes in JSON", json('{"a": "{{a}}"}'), { data: 'a\n"x""y\\z"\n', safer: '{\\"a\\": \\"x\\\\\\"y\\\\\\\\z\\"}' }),
  one("data: a number in JSON", json('{"a": {{a}}}'), { data: "a\n12\n" }),
  one("data: no number in JSON", json('{"a": {{a}}}'), { data: "a\nx\n", safer: "not valid JSON" }),
  one("data: names in cells", get("{{a}}"), { data: "a\n{{b}}\n", environment: environment({ b: "secret" }), safer: "%7B%7Bb%7D%7D" }),
  { name: "data: shadows the credentials", safer: "takes the place of a variable", collection: collection([item("r", get("x"))], { auth: { type: "basic", basic: [{ key: "username", value: "{{email}}" }, { key: "password", value: "p" }] } }), environment: environment({ email: "admin" }), data: "email\nrow\n" },
  one("data: a column that is not used", get("x"), { data: "a,b\n1,2\n" }),
];
