// Timers, the console, and what Postman adds to every text.

Object.defineProperty(String.prototype, "has", {
  value(part) {
    return typeof part === "string" && this.indexOf(part) !== -1;
  },
  configurable: true,
  writable: true,
});

let last = 0;
let timers = new Map();

const start = (task, delay, repeats, values) => {
  const id = ++last;
  const wait = Math.max(Number(delay) || 0, 0);
  timers.set(id, { task, due: sdk.host.now() + wait, wait: repeats ? Math.max(wait, 1) : undefined, values });
  return id;
};
const stop = (id) => {
  timers.delete(Number(id));
};

sdk.timers = {
  setTimeout: (task, delay, ...values) => start(task, delay, false, values),
  setInterval: (task, delay, ...values) => start(task, delay, true, values),
  setImmediate: (task, ...values) => start(task, 0, false, values),
  clearTimeout: stop,
  clearInterval: stop,
  clearImmediate: stop,
  reset: () => {
    if (timers.size) timers = new Map();
  },
  // The earliest moment at which a timer is due, in milliseconds; undefined without one.
  due: () => {
    let first;
    timers.forEach((timer) => {
      if (first === undefined || timer.due < first) first = timer.due;
    });
    return first;
  },
  // Runs the earliest timer. An error in it vanishes, as in Newman.
  fire: () => {
    let first;
    timers.forEach((timer, id) => {
      if (first === undefined || timer.due < timers.get(first).due) first = id;
    });
    const timer = timers.get(first);
    if (!timer) return;
    if (timer.wait === undefined) timers.delete(first);
    else timer.due = sdk.host.now() + timer.wait;
    try {
      if (typeof timer.task === "function") timer.task(...timer.values);
    } catch (error) {
      if (sdk.isStop(error)) throw error;
    }
  },
};

const shown = (value, depth, seen) => {
  if (typeof value === "string") return depth ? JSON.stringify(value) : value;
  if (typeof value === "function") return value.name ? `[Function: ${value.name}]` : "[Function]";
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  if (seen.includes(value)) return "[Circular]";
  if (depth > 4) return Array.isArray(value) ? "[Array]" : "[Object]";
  const inside = seen.concat([value]);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof RegExp) return String(value);
  const plain = typeof value.toJSON === "function" ? value.toJSON() : value;
  if (typeof plain !== "object" || plain === null) return String(plain);
  if (Array.isArray(plain)) return plain.length ? `[ ${plain.slice(0, 100).map((it) => shown(it, depth + 1, inside)).join(", ")} ]` : "[]";
  const keys = Object.keys(plain).slice(0, 100);
  return keys.length ? `{ ${keys.map((key) => `${key}: ${shown(plain[key], depth + 1, inside)}`).join(", ")} }` : "{}";
};

sdk.console = (note) => {
  const made = {};
  ["log", "warn", "debug", "info", "error"].forEach((level) => {
    made[level] = (...values) => {
      const text = values.map((value) => shown(value, 0, [])).join(" ");
      note({ kind: "console", level, text: text.length > 65536 ? `${text.slice(0, 65536)}…` : text });
    };
  });
  made.trace = made.debug;
  made.table = made.log;
  made.clear = () => {};
  return made;
};
