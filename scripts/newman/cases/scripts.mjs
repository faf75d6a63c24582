// Scripts.

import { collection, environment, item, one, script } from "./build.mjs";

const test = (name, text, more = {}) => one(name, "BASE/x", { scripts: { test: text }, ...more });
const pre = (name, text, more = {}) => one(name, "BASE/x", { scripts: { pre: text }, ...more });

export const cases = [
  test("test: passes and fails", "pm.test('a', () => {}); pm.test('b', () => { throw new Error('no') }); pm.test.skip('c'); pm.test('d')"),
  test("test: response", "pm.test('status', () => { pm.response.to.have.status(200); pm.response.to.be.ok; pm.response.to.be.json });\npm.test('header', () => pm.response.to.have.header('x-test', 'no'));\npm.test('body', () => pm.response.to.have.jsonBody('list.1', 2));\npm.test('error', () => pm.response.to.be.error)"),
  test("test: chai", "const j = pm.response.json();\npm.test('1', () => pm.expect(j.id).to.equal(8));\npm.test('2', () => pm.expect(j).to.have.property('none'));\npm.test('3', () => pm.expect(j.list).to.eql([1, 3]));\npm.test('4', () => pm.expect(j.name).to.match(/x/));\npm.test('5', () => pm.expect(j.list).to.include.members([1]));\npm.test('6', () => pm.expect(j).to.be.an('array'));\npm.test('7', () => pm.expect(undefined).to.exist)"),
  test("test: texts of errors", "pm.test('1', () => pm.expect('a').to.equal('b', 'why'));\npm.test('2', () => pm.expect.fail('said'));\npm.test('3', () => pm.expect({ a: { b: [1] } }).to.deep.equal({ a: { b: [2] } }));\npm.test('4', () => pm.expect(() => {}).to.throw());\npm.test('5', () => pm.expect([1, 2, 3]).to.have.lengthOf(2));\npm.test('6', () => pm.expect(5).to.be.within(6, 7));\npm.test('7', () => pm.expect(null).to.be.a('string'))"),
  one("test: no JSON", "BASE/html", { scripts: { test: "pm.test('json', () => pm.response.json()); pm.test('to', () => pm.response.to.be.json); pm.test('path', () => pm.response.to.have.jsonBody('a'))" } }),
  one("test: no content", "BASE/status/204", { scripts: { test: "pm.test('json', () => pm.response.json()); pm.test('body', () => pm.response.to.have.body); pm.test('empty', () => pm.expect(pm.response.text()).to.equal(''))" } }),
  one("test: a status without tests", "BASE/status/404", { safer: "\"exit\"", skip: true }),
  one("test: statuses by name", "BASE/status/404", { scripts: { test: "pm.test('1', () => pm.response.to.be.notFound); pm.test('2', () => pm.response.to.be.clientError); pm.test('3', () => pm.response.to.be.unauthorized); pm.test('4', () => pm.response.to.have.status('Not Found')); pm.test('5', () => pm.response.to.not.be.success)" } }),
  test("test: legacy", "tests['code'] = responseCode.code === 200; tests['body'] = responseBody.has; tests['name'] = responseCode.name === 'OK'; pm.test('first', () => {})"),
  test("test: legacy with JSON", "var data = JSON.parse(responseBody); tests['id'] = data.id === 7; postman.setEnvironmentVariable('id', data.id)"),
  test("test: async", "pm.test('later', (done) => setTimeout(() => done(), 5)); pm.test('fails', (done) => setTimeout(() => done(new Error('late')), 1))"),
  test("test: a script error", "pm.test('before', () => {});\nmissing();\npm.test('after', () => {})"),
  test("test: a syntax error", "const a = ;"),
  test("test: names outlive a script", "left = 1; pm.test('t', () => pm.expect(typeof left).to.equal('number'))"),
  test("test: scopes", "pm.environment.set('a', 1); pm.globals.set('b', 'x'); pm.collectionVariables.set('c', null); pm.variables.set('d', [1]);\npm.test('get', () => { pm.expect(pm.environment.get('a')).to.equal(1); pm.expect(pm.variables.get('b')).to.equal('x'); pm.expect(pm.variables.has('none')).to.be.false; pm.expect(pm.variables.get('e')).to.equal('env') });\npm.test('replace', () => pm.expect(pm.variables.replaceIn('{{a}}{{b}}{{c}}{{d}}{{e}}{{none}}')).to.equal('1xnull1env{{none}}'));\npm.environment.unset('a'); pm.test('gone', () => pm.expect(pm.environment.has('a')).to.be.false)", { environment: environment({ e: "env" }) }),
  test("test: response members", "pm.test('t', () => { pm.expect(pm.response.code).to.equal(200); pm.expect(pm.response.status).to.equal('OK'); pm.expect(pm.response.reason()).to.equal('OK'); pm.expect(pm.response.headers.get('Content-Type')).to.include('json'); pm.expect(pm.response.headers.has('x-test')).to.be.true; pm.expect(pm.response.responseTime).to.be.a('number'); pm.expect(pm.response.text()).to.include('Ann') })"),
  test("test: info", "pm.test(JSON.stringify([pm.info.eventName, pm.info.iteration, pm.info.iterationCount, pm.info.requestName]), () => {})", { args: ["-n", "2"] }),
  test("test: the request as it was sent", "pm.test(pm.request.method + pm.request.url.getPath() + pm.request.url.getQueryString() + pm.request.headers.get('accept'), () => {})"),
  test("test: atob and btoa", "pm.test(btoa('ä:b') + atob('YTpi'), () => {})"),
  test("test: iteration data", "pm.test(pm.iterationData.get('a') + '|' + data.b + '|' + JSON.stringify(pm.iterationData.toObject()), () => {})", { data: '[{"a": "1", "b": "x"}]' }),
  pre("pre: sets what the request uses", "pm.environment.set('v', 'set')", { collection: collection([item("r", "BASE/{{v}}", { pre: "pm.environment.set('v', 'set')" })]) }),
  pre("pre: changes the request", "pm.request.headers.add({ key: 'X-New', value: 'n' }); pm.request.headers.upsert({ key: 'accept', value: 'a' }); pm.request.url.query.add({ key: 'q', value: 'v w' })"),
  pre("pre: replaces the address", "pm.request.url = 'BASE/elsewhere?x=1'", { skip: true }),
  { name: "pre: replaces the body", collection: collection([item("r", { method: "POST", url: "BASE/x", body: { mode: "raw", raw: "a" } }, { pre: "pm.request.body.update({ mode: 'raw', raw: 'b' })" })]) },
  pre("pre: an error, and the request is sent", "missing()"),
  pre("pre: skip", "pm.test('kept', () => {}); pm.execution.skipRequest()"),
  pre("pre: assertions", "pm.test('in pre', () => pm.expect(1).to.equal(2))"),
  pre("send: one", "pm.sendRequest('BASE/s', (error, response) => { pm.environment.set('s', response.json().id); pm.test('sent', () => pm.expect(response.code).to.equal(200)) })", { collection: collection([item("r", "BASE/{{s}}", { pre: "pm.sendRequest('BASE/s', (error, response) => { pm.environment.set('s', response.json().id); pm.test('sent', () => pm.expect(response.code).to.equal(200)) })" })]) }),
  pre("send: an object", "pm.sendRequest({ url: 'BASE/s?x=1', method: 'POST', header: { 'X-S': 's' }, body: { mode: 'raw', raw: '{\"a\":1}' } }, () => {})"),
  pre("send: a form", "pm.sendRequest({ url: 'BASE/s', method: 'POST', body: { mode: 'urlencoded', urlencoded: [{ key: 'a', value: 'b c' }] } }, () => {})"),
  pre("send: refused", "pm.sendRequest('http://127.0.0.1:1/', (error, response) => pm.test('error', () => pm.expect(error.code).to.equal('ECONNREFUSED')))"),
  pre("send: in a send", "pm.sendRequest('BASE/1', () => pm.sendRequest('BASE/2', () => pm.sendRequest('BASE/3', () => {})))"),
  { name: "order: collection, folder, request", collection: collection([{ name: "f", event: [script("prerequest", "pm.variables.set('log', (pm.variables.get('log') || '') + 'f')"), script("test", "pm.test('f', () => {})")], item: [item("r", "BASE/{{log}}", { pre: "pm.variables.set('log', pm.variables.get('log') + 'r')", test: "pm.test('r', () => {})" })] }], { event: [script("prerequest", "pm.variables.set('log', 'c')"), script("test", "pm.test('c', () => {})")] }) },
  test("console: is no failure", "console.log('a', { b: 1 }); console.error(new Error('x'))"),
  test("require: uuid", "pm.test('uuid', () => pm.expect(require('uuid').v4()).to.match(/^[0-9a-f-]{36}$/))"),
].filter(({ skip }) => !skip);
