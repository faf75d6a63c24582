// `require`: what is built in, and what the folder of `--modules` holds.

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
sdk.btoa = (text) => {
  const bytes = String(text);
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes.charCodeAt(at), bytes.charCodeAt(at + 1), bytes.charCodeAt(at + 2)];
    const bits = ((a & 255) << 16) | ((b & 255) << 8) | (c & 255);
    encoded += alphabet[bits >> 18] + alphabet[(bits >> 12) & 63];
    encoded += at + 1 < bytes.length ? alphabet[(bits >> 6) & 63] : "=";
    encoded += at + 2 < bytes.length ? alphabet[bits & 63] : "=";
  }
  return encoded;
};
sdk.atob = (text) => {
  let decoded = "";
  let bits = 0;
  let count = 0;
  for (const letter of String(text).replace(/-/g, "+").replace(/_/g, "/")) {
    const value = alphabet.indexOf(letter);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      decoded += String.fromCharCode((bits >> count) & 255);
    }
  }
  return decoded;
};

const uuid = { v4: () => sdk.host.dynamic("$guid") };
Object.assign(uuid, { default: uuid, validate: (text) => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text) });

class EventEmitter {
  on(name, listener) {
    this._listeners = this._listeners || {};
    (this._listeners[name] = this._listeners[name] || []).push(listener);
    return this;
  }
  once(name, listener) {
    const once = (...values) => {
      this.removeListener(name, once);
      listener.apply(this, values);
    };
    return this.on(name, once);
  }
  removeListener(name, listener) {
    const all = (this._listeners || {})[name] || [];
    if (this._listeners) this._listeners[name] = all.filter((it) => it !== listener);
    return this;
  }
  removeAllListeners(name) {
    if (this._listeners) name ? delete this._listeners[name] : (this._listeners = {});
    return this;
  }
  listeners(name) {
    return ((this._listeners || {})[name] || []).slice();
  }
  emit(name, ...values) {
    const all = this.listeners(name);
    if (name === "error" && !all.length) throw values[0];
    all.forEach((listener) => listener.apply(this, values));
    return all.length > 0;
  }
}
EventEmitter.prototype.addListener = EventEmitter.prototype.on;
// Old packages call it without `new`.
const Emitter = function () {};
Emitter.prototype = EventEmitter.prototype;
Emitter.EventEmitter = Emitter;

const Stream = function () {};
Stream.prototype = Object.create(EventEmitter.prototype);
const inherits = (child, parent) => {
  child.super_ = parent;
  Object.setPrototypeOf(child.prototype, parent.prototype);
};

const decoded = (text) => {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch (_) {
    return text;
  }
};
const querystring = {
  escape: encodeURIComponent,
  unescape: decoded,
  stringify: (object, between = "&", equals = "=") => Object.keys(object || {}).flatMap((key) => [].concat(object[key]).map((value) => `${encodeURIComponent(key)}${equals}${encodeURIComponent(value === undefined || value === null ? "" : value)}`)).join(between),
  parse: (text, between = "&", equals = "=") => {
    const object = {};
    String(text).split(between).filter(Boolean).forEach((part) => {
      const at = part.indexOf(equals);
      const [key, value] = [decoded(at < 0 ? part : part.slice(0, at)), decoded(at < 0 ? "" : part.slice(at + equals.length))];
      object[key] = key in object ? [].concat(object[key], value) : value;
    });
    return object;
  },
};
Object.assign(querystring, { encode: querystring.stringify, decode: querystring.parse });

const normal = (path) => {
  const kept = [];
  path.split("/").forEach((part) => {
    if (part === ".." && kept.length && kept[kept.length - 1] !== "..") kept.pop();
    else if (part && part !== ".") kept.push(part);
  });
  return (path.startsWith("/") ? "/" : "") + kept.join("/");
};
const path = {
  sep: "/",
  normalize: normal,
  join: (...parts) => normal(parts.filter(Boolean).join("/")) || ".",
  basename: (file, end) => {
    const name = file.replace(/\/+$/, "").split("/").pop();
    return end && name.endsWith(end) ? name.slice(0, -end.length) : name;
  },
  dirname: (file) => file.replace(/\/[^/]*$/, "") || (file.startsWith("/") ? "/" : "."),
  extname: (file) => (/[^/.](\.[^/.]*)$/.exec(file) || ["", ""])[1],
};

const randomFill = (bytes) => {
  for (let at = 0; at < bytes.length; at++) bytes[at] = sdk.host.random() & 255;
  return bytes;
};

const builtIn = {
  uuid: () => uuid,
  chai: () => sdk.chai,
  atob: () => sdk.atob,
  btoa: () => sdk.btoa,
  events: () => Emitter,
  stream: () => ({ Stream, Readable: Stream, Writable: Stream, Transform: Stream }),
  string_decoder: () => ({ StringDecoder: class { write(text) { return String(text); } end() { return ""; } } }),
  timers: () => sdk.timers,
  util: () => ({ inherits, inspect: (value) => JSON.stringify(value), isArray: Array.isArray, deprecate: (it) => it }),
  punycode: () => ({ toASCII: (it) => it, toUnicode: (it) => it }),
  querystring: () => querystring,
  path: () => path,
  buffer: () => ({ Buffer: sdk.Buffer }),
  crypto: () => ({
    randomBytes: (size) => randomFill(sdk.Buffer.alloc(size || 4)),
    randomFillSync: randomFill,
    randomUUID: () => sdk.host.dynamic("$guid"),
  }),
  // What has no meaning without files and a network is empty, as in Newman.
  fs: () => ({}), http: () => ({}), https: () => ({}), zlib: () => ({}),
};

const cache = Object.create(null);
const load = (name, from) => {
  const plain = name.replace(/^node:/, "");
  const file = sdk.host.module(plain, from);
  if (file === undefined) {
    if (!from || !Object.prototype.hasOwnProperty.call(builtIn, plain)) throw new Error(`Cannot find module '${name}'`);
    return builtIn[plain]();
  }
  const [path, source] = file;
  if (cache[path]) return cache[path].exports;
  const module = (cache[path] = { exports: {}, id: path, loaded: false });
  if (path.endsWith(".json")) {
    module.exports = JSON.parse(source);
    return module.exports;
  }
  const inner = sdk.host.compile(`(function (exports, require, module, __filename, __dirname, global, console, process, setTimeout, clearTimeout, setImmediate, Buffer) {${source}\n})`, path);
  const process = { env: {}, nextTick: (task) => Promise.resolve().then(task), version: "v20.0.0", versions: {}, browser: true };
  const { setTimeout, clearTimeout, setImmediate } = sdk.timers;
  try {
    inner.call(module.exports, module.exports, (wanted) => load(wanted, path), module, path, path.replace(/\/[^/]*$/, ""), sdk.global, sdk.console(() => {}), process, setTimeout, clearTimeout, setImmediate, sdk.Buffer);
  } catch (error) {
    delete cache[path];
    throw error;
  }
  module.loaded = true;
  return module.exports;
};

const shared = ["buffer", "uuid", "chai", "atob", "btoa", "fs", "path", "http", "https", "zlib", "events", "stream", "util", "timers", "string_decoder", "querystring", "punycode"];
sdk.require = (name) => {
  const plain = String(name).replace(/^node:/, "");
  if (shared.includes(plain)) {
    return builtIn[plain]();
  }
  return load(plain, "");
};
