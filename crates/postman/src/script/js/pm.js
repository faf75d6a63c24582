// The `pm` object of one script, and what scripts had before it.

const begin = (run, name, skipped) => ({ kind: "assertion", name: String(name), skipped: Boolean(skipped), passed: true, error: null, index: run.tested++ });
const fail = (one, error) => {
  one.passed = false;
  const found = sdk.errorOf(error);
  // Of something thrown that is no error, Newman names the test.
  const isNamed = typeof error === "object" && error !== null && error.message !== undefined;
  one.error = Object.assign(found, { name: found.name || "AssertionError", message: isNamed ? found.message : one.name });
};
// A check that takes a function calls it when it is done.
const testLater = (run, one, check) => {
  try {
    check((error) => {
      if (one.error) return;
      if (error) fail(one, error);
      run.note(one);
    });
  } catch (error) {
    if (sdk.isStop(error)) throw error;
    fail(one, error);
    run.note(one);
  }
};
// It holds no `pm`, which holds it: see run.js.
const tester = (run) => {
  const test = (name, check) => {
    const one = begin(run, name, false);
    if (typeof check === "function" && check.length) {
      testLater(run, one, check);
      return run.pm;
    }
    try {
      if (typeof check === "function") check();
    } catch (error) {
      if (sdk.isStop(error)) throw error;
      fail(one, error);
    }
    run.note(one);
    return run.pm;
  };
  test.skip = (name) => {
    run.note(begin(run, name, true));
    return run.pm;
  };
  test.index = () => run.tested;
  return test;
};

// `run`: the state of one script; see run.js.

const scope = (name, layers = () => undefined) => (run, pm) => new sdk.VariableScope(JSON.parse(run.input[name]), (change) => {
  if (!run.isOver) run.out.changes.push([name, ...change]);
}, layers(pm), JSON.parse(run.input.names)[name]);

const request = (run) => {
  const made = new sdk.Request(JSON.parse(run.input.request));
  Object.defineProperty(made, "to", { get: () => sdk.chai.expect(made).to });
  run.request = made;
  return made;
};

const response = (run) => {
  const { response: text, hasBody } = run.input;
  const value = JSON.parse(text);
  value.header = () => JSON.parse(run.input.headers);
  value.cookie = () => JSON.parse(run.input.cookies);
  return new sdk.Response(value, hasBody ? () => run.body() : undefined, hasBody ? () => run.bytes() : undefined);
};

const execution = (run) => ({
  location: Object.assign(JSON.parse(run.input.location), { current: run.input.owner }),
  setNextRequest(name) {
    run.out.next = name === undefined ? null : name;
  },
  skipRequest() {
    if (run.input.target !== "prerequest") throw new TypeError("pm.execution.skipRequest is not a function");
    run.out.skipped = true;
    run.finish();
    throw sdk.skip;
  },
});

// Objects of the package postman-collection, or with such in them, as the JSON that they stand for.
const plain = (made) => {
  if (typeof made !== "object" || made instanceof sdk.Url) return made;
  try {
    return JSON.parse(JSON.stringify(made));
  } catch (error) {
    if (sdk.isStop(error)) throw error;
    return made;
  }
};

const sender = (run, pm) => (made, callback) => {
  if (!made) {
    if (typeof callback === "function") callback.call(pm, new Error("sendrequest: nothing to request"));
    return pm;
  }
  const sent = made instanceof sdk.Request ? made : new sdk.Request(plain(made));
  run.send(sent, typeof callback === "function" ? callback.bind(pm) : undefined);
  return pm;
};

const lazy = (makers, isWritable) => sdk.lazy((pm) => pm._run, makers, isWritable);
const before = Object.assign(lazy({
  globals: scope("globals"),
  environment: scope("environment"),
  collectionVariables: scope("collectionVariables"),
  iterationData: ({ input }) => new sdk.VariableScope(JSON.parse(input.data)),
  variables: scope("variables", (pm) => [pm.iterationData, pm.environment, pm.collectionVariables, pm.globals]),
  request,
  cookies: ({ input }) => sdk.cookies(JSON.parse(input.cookies)),
}, false), lazy({
  info: ({ input }) => JSON.parse(input.info),
  expect: () => sdk.chai.expect,
  visualizer: () => ({ set() {}, clear() {} }),
  execution,
  sendRequest: sender,
  test: tester,
}, true));
const after = Object.assign({}, before, lazy({ response }, false));

// To make all of these properties for each script takes longer than most scripts. A script that only names members
// of `pm`, and does nothing else with it, can't see that they are its prototype's.
const members = { before: Object.create(Object.prototype, before), after: Object.create(Object.prototype, after) };

sdk.pm = (run) => {
  const isTest = run.input.target === "test";
  if (!run.input.isWhole) {
    const pm = Object.create(isTest ? members.after : members.before);
    pm._run = run;
    return pm;
  }
  const pm = Object.create(Object.prototype, isTest ? after : before);
  Object.defineProperty(pm, "_run", { value: run });
  return pm;
};

// The old objects of values: `postman` changes them, `pm` does not.
const legacy = (run, name) => (run.legacy[name] = run.legacy[name] || run.pm[name].toObject());
const inLegacy = (run, name, change) => run.legacy[name] && change(run.legacy[name]);
const legacySet = (run, name) => (key, value) => {
  inLegacy(run, name, (values) => (values[key] = sdk.texted(value)));
  run.pm[name].set(key, sdk.texted(value));
};
const legacyUnset = (run, name) => (key) => {
  inLegacy(run, name, (values) => delete values[key]);
  run.pm[name].unset(key);
};
const legacyClear = (run, name) => () => {
  inLegacy(run, name, (values) => Object.keys(values).forEach((key) => delete values[key]));
  run.pm[name].clear();
};

// What is visible to a script next to `pm`, by name. Each is made where a script mentions it.
const visible = {
  pm: ({ pm }) => pm,
  console: (run) => sdk.console((event) => run.note(event)),
  require: () => sdk.require,
  JSON: () => sdk.JSON,
  Buffer: () => sdk.Buffer,
  globalThis: () => undefined,
  atob: () => sdk.atob,
  btoa: () => sdk.btoa,
  tests: (run) => (run.tests = {}),
  globals: (run) => legacy(run, "globals"),
  environment: (run) => legacy(run, "environment"),
  data: ({ pm }) => pm.iterationData.toObject(),
  iteration: ({ pm }) => pm.info.iteration,
  request: ({ pm }) => ({
    id: pm.info.requestId,
    name: pm.info.requestName,
    description: pm.request.description,
    headers: pm.request.headers.toObject(true, false, true, true),
    method: pm.request.method,
    url: pm.request.url.toString(),
    data: pm.request.body ? sdk.bodyData(pm.request.body) : {},
  }),
  postman: (run) => ({
    setEnvironmentVariable: legacySet(run, "environment"),
    getEnvironmentVariable: (key) => run.pm.environment.get(key),
    clearEnvironmentVariable: legacyUnset(run, "environment"),
    clearEnvironmentVariables: legacyClear(run, "environment"),
    setGlobalVariable: legacySet(run, "globals"),
    getGlobalVariable: (key) => run.pm.globals.get(key),
    clearGlobalVariable: legacyUnset(run, "globals"),
    clearGlobalVariables: legacyClear(run, "globals"),
    setNextRequest: (name) => {
      run.out.next = name === undefined ? null : name;
    },
    getResponseCookie: (name) => run.pm.cookies.one(String(name)),
    getResponseHeader: (name) => run.pm.response && run.pm.response.headers.get(name),
  }),
};
// A function that an ended script has left behind starts no timer.
Object.keys(sdk.timers).filter((name) => /^(set|clear)/.test(name)).forEach((name) => {
  // Newman hands on no further arguments.
  visible[name] = (run) => (first, time) => (run.isOver ? undefined : sdk.timers[name](first, time));
});
Object.entries({ _: "lodash", CryptoJS: "crypto-js", tv4: "tv4", cheerio: "cheerio", Backbone: "backbone" }).forEach(([name, packed]) => {
  if (sdk.host.has(packed)) visible[name] = () => sdk.require(packed);
});
if (sdk.host.has("xml2js")) visible.xml2Json = () => sdk.xml2Json;

const visibleToTests = Object.assign({}, visible, {
  responseBody: ({ pm }) => pm.response.text(),
  responseCode: ({ pm }) => pm.response.details(),
  responseTime: ({ pm }) => pm.response.responseTime,
  responseHeaders: ({ pm }) => pm.response.headers.toObject(true, true),
  responseCookies: ({ pm }) => pm.cookies.all(),
});
sdk.visible = (target) => (target === "test" ? visibleToTests : visible);

sdk.texted = (value) => (value === false || value ? String(value) : value);

sdk.bodyData = (body) => {
  if (body.mode === "raw") return body.raw || {};
  const list = body[body.mode];
  return list && list.toObject ? list.toObject(true, true, true) : {};
};

// Newman's own: the first element of a list of one in place of the list.
sdk.xml2Json = (text) => {
  let parsed = {};
  const options = { explicitArray: false, async: false, trim: true, mergeAttrs: false };
  sdk.require("xml2js").parseString(text, options, (_, result) => {
    parsed = result;
  });
  return parsed;
};
