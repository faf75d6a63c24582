// The order of requests: folders, setNextRequest, bail.

import { collection, item } from "./build.mjs";

const three = (scripts = {}, more = {}) => collection(["a", "b", "c"].map((name) => item(name, `BASE/${name}`, scripts[name])), more);
const next = (value) => ({ test: `postman.setNextRequest(${value})` });
const folders = collection([
  { name: "f", item: [item("1", "BASE/1"), { name: "g", item: [item("2", "BASE/2")] }] },
  { name: "h", item: [item("3", "BASE/3")] },
]);
const failing = { b: { test: "pm.test('no', () => { throw new Error('no') })" } };

export const cases = [
  { name: "next: forward", collection: three({ a: next("'c'") }) },
  { name: "next: null", collection: three({ a: next("null") }), args: ["-n", "2"] },
  { name: "next: unknown", collection: three({ a: next("'none'") }), args: ["-n", "2"] },
  { name: "next: empty", collection: three({ a: next("''") }) },
  { name: "next: back, once", collection: three({ b: { test: "if (!pm.environment.get('seen')) { pm.environment.set('seen', 1); pm.execution.setNextRequest('a') }" } }) },
  { name: "next: by a pre-request script", collection: three({ a: { pre: "pm.execution.setNextRequest('c')" } }) },
  { name: "next: of two of one name the last", collection: collection([item("a", "BASE/1", next("'b'")), item("b", "BASE/2", next("null")), item("x", "BASE/3"), item("b", "BASE/4")]) },
  { name: "next: a folder's name", collection: collection([item("a", "BASE/1", next("'f'")), { name: "f", item: [item("b", "BASE/2")] }]) },
  { name: "folder: one", collection: folders, args: ["--folder", "f"] },
  { name: "folder: inner", collection: folders, args: ["--folder", "g"] },
  { name: "folder: two, in the collection's order", collection: folders, args: ["--folder", "h", "--folder", "g"] },
  { name: "folder: a request", collection: folders, args: ["--folder", "2"] },
  { name: "folder: unknown", collection: folders, args: ["--folder", "none"], safer: "no folder or request" },
  { name: "bail: at an assertion", collection: three(failing), args: ["--bail"] },
  { name: "bail: folder, not at an assertion", collection: three(failing), args: ["--bail", "folder"] },
  { name: "bail: at a pre-request error", collection: three({ b: { pre: "missing()" } }), args: ["--bail"] },
  { name: "exit code: suppressed", collection: three(failing), args: ["-x"] },
  { name: "iterations: variables go on", collection: collection([item("r", "BASE/{{n}}", { pre: "pm.environment.set('n', (pm.environment.get('n') || 0) + 1)" })]), args: ["-n", "3"] },
  { name: "iterations: local variables go on", collection: collection([item("r", "BASE/x", { pre: "pm.variables.set('n', (pm.variables.get('n') || 0) + 1)", test: "pm.test('n ' + pm.variables.get('n'), () => {})" })]), args: ["-n", "3"] },
  { name: "iterations: names without a declaration go on", collection: collection([item("r", "BASE/x", { test: "pm.test('before ' + typeof counter, () => {}); counter = 1" })]), args: ["-n", "2"] },
  { name: "iterations: changes of a request do not", collection: collection([item("r", "BASE/x", { pre: "pm.request.headers.add({ key: 'X-N', value: String(pm.info.iteration) })" })]), args: ["-n", "2"] },
];
