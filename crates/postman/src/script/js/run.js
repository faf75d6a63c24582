// Runs one script and keeps what it did. The host calls `begin`, then `answer` and `tick` while
// something is under way, then `end`.

sdk.skip = { isStop: true };
sdk.isStop = (error) => error === sdk.skip || (error instanceof Error && error.message === "interrupted");

sdk.errorOf = (error) => {
  if (error === null || error === undefined || typeof error !== "object") return { name: "Error", message: String(error) };
  const line = /:(\d+)(?::(\d+))?\)?\n?/.exec(String(error.stack || "").split("\n").find((it) => it.includes("script:")) || "");
  return { name: String(error.name || "Error"), message: String(error.message === undefined ? "" : error.message), line: line ? Number(line[1]) : undefined };
};

const NAMES = /[A-Za-z_$][\w$]*/g;
const compiled = new Map();
const baseline = new Set();
let kept = Object.create(null);
let run;

// Compiled once for each script; its parameters are the names that it mentions.
const compile = (source, names) => {
  const key = `${names.length}\n${source}`;
  let found = compiled.get(key);
  if (!found) {
    const words = new Set(source.match(NAMES) || []);
    const used = words.has("eval") || words.has("Function") ? names : names.filter((name) => words.has(name));
    found = { used, call: sdk.host.compile(`(function (${used.join(", ")}) {${source}\n})`, "script") };
    compiled.set(key, found);
  }
  return found;
};

const legacyTests = () => {
  let index = run.pm.test.index();
  Object.keys(run.tests || {}).forEach((name) => {
    const value = run.tests[name];
    const error = value ? null : { name: "AssertionError", message: `expected ${String(value)} to be truthy` };
    run.note({ kind: "assertion", name, skipped: false, passed: Boolean(value), error, index: index++ });
  });
};

const begin = (source, input) => {
  const out = { events: [], changes: [], error: null };
  sdk.timers.reset();
  run = {
    input,
    out,
    sends: [],
    callbacks: new Map(),
    note: (event) => {
      if (run && run.out === out && !run.isOver) out.events.push(event);
    },
    finish: () => {
      run.isOver = true;
    },
    send: (request, callback) => {
      const id = run.callbacks.size + 1;
      run.callbacks.set(id, callback);
      if (!run.isOver) run.sends.push([id, JSON.stringify(request)]);
    },
  };
  run.pm = sdk.pm(run);
  const values = sdk.visible(run);
  try {
    const { used, call } = compile(source, Object.keys(values));
    call.apply({}, used.map((name) => values[name]()));
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
      callback(null, new sdk.Response(rest, () => body), { cookies: sdk.cookies(cookie || []) });
    }
  } catch (thrown) {
    // An error in a callback vanishes, as in Newman.
    if (sdk.isStop(thrown)) throw thrown;
  }
};

// What the host has to send and to wait for.
const pending = () => {
  const sends = run.isOver ? [] : run.sends;
  run.sends = [];
  return JSON.stringify({ sends, due: run.isOver || run.out.skipped ? undefined : sdk.timers.due() });
};

const end = () => {
  const { out, request } = run;
  if (request) out.request = JSON.stringify(request);
  run.isOver = true;
  return JSON.stringify(out);
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
sdk.entry = { begin, answer, pending, end, leave, tick: () => sdk.timers.fire() };
