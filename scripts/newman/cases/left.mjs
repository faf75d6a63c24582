// What a script leaves behind for the next ones: functions, names, prototypes.

import { collection, environment, item, script } from "./build.mjs";

const two = (name, first, second, more = {}) => ({ name: `left: ${name}`, collection: collection([item("a", "BASE/a", first), item("b", "BASE/b", second)], more.collection), ...more });
const before = (text) => ({ event: [script("prerequest", text)] });

export const cases = [
  { name: "left: a function with a failing test, by the collection's script", collection: collection([item("a", "BASE/a", { test: "utils.check(201)" })], before("utils = { check: function (code) { pm.test('code', function () { pm.expect(200).to.equal(code) }) } }")) },
  { name: "left: a function that gets pm", collection: collection([item("a", "BASE/a", { test: "check(pm, 201); check(pm, 200)" })], before("check = function (pm, code) { pm.test('code ' + code, () => { pm.response.to.have.status(code); pm.environment.set('done', code) }) }")), environment: environment({ e: "1" }) },
  { name: "left: a text that is evaluated", collection: collection([item("a", "BASE/a", { test: "eval(pm.globals.get('utils')); check(200); check(404)" })], before("pm.globals.set('utils', 'function check(code) { pm.test(\"code \" + code, () => pm.expect(pm.response.code).to.equal(code)) }')")) },
  { name: "left: a text of the environment that is evaluated", collection: collection([item("a", "BASE/a", { test: "var u = eval(pm.environment.get('utils')); u.check(404)" })]), environment: environment({ utils: "(function () { return { check: (code) => pm.test('code', () => pm.response.to.have.status(code)) } })()" }) },
  two("a test of the first request's script, called by the second", { test: "later = () => pm.test('late', () => { throw new Error('late') })" }, { test: "pm.test('own', () => {}); later()" }),
  two("an old answer", { test: "old = () => pm.response.json().url" }, { test: "pm.test(old() + pm.response.json().url, () => {})" }),
  two("variables of an ended script", { test: "keep = (v) => pm.environment.set('late', v); keep('in time')" }, { test: "keep('lost'); pm.test(String(pm.environment.get('late')), () => {})" }),
  two("a prototype", { pre: "Object.prototype.twice = function () { return this + this }; Array.prototype.last = function () { return this[this.length - 1] }" }, { test: "pm.test('a'.twice() + [1, 2].last(), () => {}); delete Object.prototype.twice" }),
  two("a request of an ended script", { test: "send = () => pm.sendRequest('BASE/never', () => {})" }, { test: "send(); pm.test('goes on', () => {})" }),
  two("a timer of an ended script", { test: "wait = () => setTimeout(() => pm.test('never', () => {}), 1)" }, { test: "wait(); setTimeout(() => pm.test('own', () => {}), 5)" }),
  two("a name over iterations", { pre: "typeof count === 'undefined' ? count = 1 : count++" }, { test: "pm.test('count ' + count, () => {})" }, { args: ["-n", "3"] }),
  two("a function declared without var is gone", { test: "function gone() {} ; var lost = 1; const also = 2" }, { test: "pm.test([typeof gone, typeof lost, typeof also].join(), () => {})" }),
  two("setNextRequest of an ended script", { test: "jump = () => pm.execution.setNextRequest(null)" }, { test: "jump()" }, { args: ["-n", "2"] }),
  two("chai, extended", { pre: "const chai = require('chai'); chai.use((_, utils) => utils.addMethod(_.Assertion.prototype, 'shout', function () { this.assert(this._obj === this._obj.toUpperCase(), 'no shout', 'a shout') }))" }, { test: "pm.test('shout', () => pm.expect('a').to.shout())" }),
  two("tests of the legacy form", { test: "mark = (name, value) => { tests[name] = value }" }, { test: "mark('lost', false); tests['own'] = true" }),
];
