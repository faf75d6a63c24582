// Runs one script and keeps what it did. The host calls `begin`, then `answer` and `tick` while
// something is under way, then `end`.

const NAMES = /[A-Za-z_$][\w$]*/g;
// Functions that may outlive their script: on a prototype, in an undeclared name, or made from text.
const LEAVES = /\b(prototype|__proto__|defineProperty|eval|Function)\b|^\s*[A-Za-z_$][\w$]*\s*=[^=]*(function\b|=>|\{)/m;
const compiled = new Map();
const baseline = new Set();
let kept = Object.create(null);
let run;

// Compiled once for each script; its parameters are the names that it mentions.
const compile = (source, values) => {
  let scripts = compiled.get(values);
  if (!scripts) compiled.set(values, (scripts = new Map()));
  let found = scripts.get(source);
  if (!found) {
    const names = Object.keys(values);
    const words = new Set(source.match(NAMES) || []);
    const used = words.has("eval") || words.has("Function") ? names : names.filter((name) => words.has(name));
    const open = `(function (${used.join(", ")}) {`;
    const name = `script-${sdk.sources.size + 1}`;
    sdk.sources.set(name, { text: source, before: open.length });
    found = { used, call: sdk.host.compile(`${open}${source}\n})`, name), leaves: LEAVES.test(source), namesNull: /\bnull\b/.test(source) };
    scripts.set(source, found);
  }
  return found;
};

const legacyTests = () => {
  const names = Object.keys(run.tests || {});
    names.forEach((name) => {
    const value = run.tests[name];
    const error = value ? null : { name: "AssertionError", message: `expected ${String(value)} to be truthy` };
    run.note({ kind: "assertion", name, skipped: false, passed: Boolean(value), error, index: run.tested++ });
  });
};

const EMPTY = {
  __proto__: null, target: "", info: "{}", location: "{}", names: "{}", globals: "[]", collectionVariables: "[]", environment: "[]", data: "[]",
  variables: "[]", request: "{}", response: "{}", headers: "[]", cookies: "[]",
};

// The state of one script. It is in no circle of references once the script has ended: QuickJS frees what
// is in none at once, and looks through the whole heap for the others.
class Run {
  constructor(input) {
    // The host leaves out what is empty.
    this.input = Object.setPrototypeOf(input, EMPTY);
    this.out = { events: [], changes: [], error: null };
    this.sends = [];
    // How many assertions there were.
    this.tested = 0;
    this.callbacks = new Map();
    this.legacy = {};
    this.pm = sdk.pm(this);
  }
  // A function that an ended script has left behind reports to the script that calls it.
  note(event) {
    const open = this.isOver ? run : this;
    if (open.isOver) return;
    if (open.input.reference !== this.input.reference) event.of = this.input.reference;
    open.out.events.push(event);
  }
  finish() {
    this.isOver = true;
  }
  send(request, callback) {
    const id = this.callbacks.size + 1;
    this.callbacks.set(id, callback);
    if (!this.isOver) this.sends.push([id, JSON.stringify(request)]);
  }
  body() {
    if (!("text" in this)) this.text = sdk.host.body();
    return this.text;
  }
  bytes() {
    if (!("octets" in this)) this.octets = sdk.host.bytes();
    return this.octets;
  }
}

// Rejected promises that nothing has caught so far, with the reasons. They end Newman; here the script
// fails.
const rejected = new Map();
const reject = (promise, reason, isHandled) => {
  if (isHandled || reason === sdk.skip) rejected.delete(promise);
  else rejected.set(promise, reason);
};
const uncaught = () => {
  const [reason] = rejected.values();
  if (rejected.size && !run.isOver && !run.out.error) {
    const error = sdk.errorOf(reason);
    run.out.error = Object.assign(error, { message: `${error.message}, in a promise that nothing catches` });
  }
  rejected.clear();
};

const begin = (source, input) => {
  sdk.timers.reset();
  rejected.clear();
  run = new Run(input);
  const { out } = run;
  const values = sdk.visible(input.target);
  try {
    const { used, call, leaves, namesNull } = compile(source, values);
    sdk.namesNull = namesNull;
    // What a script leaves behind may read the answer when the next one is there.
    if (leaves && input.hasBody) {
      run.body();
      run.bytes();
    }
    call.apply({}, used.map((name) => values[name](run)));
  } catch (error) {
    if (error !== sdk.skip) {
      out.error = sdk.errorOf(error);
      if (sdk.isStop(error)) throw error;
    }
  }
  legacyTests();
  run.tests = undefined;
};

const answer = (id, error, response) => {
  const callback = run.callbacks.get(id);
  run.callbacks.delete(id);
  if (!callback) return;
  try {
    if (error) callback(Object.assign(new Error(error.message), error), new sdk.Response({}));
    else {
      const { body, cookie, ...rest } = JSON.parse(response);
      callback(null, new sdk.Response(rest, () => body, () => sdk.Buffer.from(body)), { cookies: sdk.cookies(cookie || []) });
    }
  } catch (thrown) {
    // An error in a callback vanishes, as in Newman.
    if (sdk.isStop(thrown)) throw thrown;
  }
};

// What the host has to send and to wait for.
const pending = () => {
  uncaught();
  if (!run.sends.length && sdk.timers.due() === undefined) return "";
  const sends = run.isOver ? [] : run.sends;
  run.sends = [];
  return JSON.stringify({ sends, due: run.isOver || run.out.skipped ? undefined : sdk.timers.due() });
};

// Most scripts have only assertions that hold: their names say it all.
const allPassed = (out, request) => !request && out.error === null && out.changes.length === 0 && !("next" in out) && !out.skipped
  && out.events.every((event, at) => event.kind === "assertion" && event.passed && !event.skipped && event.index === at && !("of" in event));

const end = () => {
  const { out, request } = run;
  if (request) out.request = JSON.stringify(request);
  run.isOver = true;
  run.pm = undefined;
  return allPassed(out, request) ? JSON.stringify(out.events.map((event) => event.name)) : JSON.stringify(out);
};

// Names that scripts made without declaring them: they outlive the script, and are taken away and
// given back where several rows share this engine.
const own = () => Object.getOwnPropertyNames(sdk.global).filter((name) => !baseline.has(name) && Object.getOwnPropertyDescriptor(sdk.global, name).configurable);
const leave = () => {
  kept = Object.create(null);
  own().forEach((name) => {
    kept[name] = sdk.global[name];
    delete sdk.global[name];
  });
  return Object.keys(kept).join(",");
};

Object.getOwnPropertyNames(sdk.global).forEach((name) => baseline.add(name));
sdk.entry = { begin, answer, pending, end, leave, reject, tick: () => sdk.timers.fire() };
