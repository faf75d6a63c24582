// Lists of headers, parameters and variables with the methods of Postman's collection SDK.
// Each file here is the body of a function that gets `sdk` and adds to it.

// What the SDK's lists take in place of a function: an object to match, a name, a name and a value.
const matcher = (rule, context) => {
  if (typeof rule === "function") return context ? rule.bind(context) : rule;
  if (Array.isArray(rule)) return (it) => it && it[rule[0]] === rule[1];
  if (rule && typeof rule === "object") return (it) => it && Object.keys(rule).every((key) => it[key] === rule[key]);
  if (rule === undefined || rule === null) return (it) => it;
  return (it) => it && it[rule];
};

// The properties of an object, each made when it is first asked for: most scripts ask for few. `of` gives
// what they are made of, with the object itself.
sdk.lazy = (of, makers, isWritable) => {
  const keep = (object, name, value) => {
    Object.defineProperty(object, name, { value, writable: isWritable, enumerable: true, configurable: true });
    return value;
  };
  const property = (name, make) => ({
    get() {
      return keep(this, name, make(of(this), this));
    },
    set: isWritable ? function (value) {
      keep(this, name, value);
    } : undefined,
    enumerable: true,
    configurable: true,
  });
  return Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, property(name, make)]));
};

// What goes out of the engine: lists lose the plural of their name, and what is no property is kept.
const plain = (object) => {
  const made = {};
  Object.keys(object).forEach((key) => {
    const value = object[key];
    if (value === undefined) return;
    const name = value instanceof PropertyList && key.endsWith("s") ? key.slice(0, -1) : key;
    made[name] = value && typeof value.toJSON === "function" ? value.toJSON() : value;
  });
  return made;
};

class Property {
  constructor(value) {
    Object.assign(this, value);
  }
  valueOf() {
    return this.value;
  }
  toString() {
    return `${this.key}=${this.value}`;
  }
  update(value) {
    Object.assign(this, value);
  }
  toJSON() {
    return Object.assign({}, this);
  }
}

class Header extends Property {
  constructor(value, name) {
    super(typeof value !== "string" ? value : typeof name === "string" ? { key: name, value } : Header.parseSingle(value));
    this.update(this);
  }
  update(value) {
    const { key, value: content, system, disabled } = value || {};
    this.key = key || "";
    this.value = content === undefined ? "" : content;
    if (system !== undefined) this.system = system;
    if (disabled !== undefined) this.disabled = disabled;
  }
  toString() {
    return `${this.key}: ${this.value}`;
  }
  static parse(text) {
    const lines = String(text).match(/^\S+:.*$/gm) || [];
    return lines.map((line) => ({ key: /^(\S+):/.exec(line)[1], value: /^\S+:(.*)$/.exec(line)[1].trim() }));
  }
  static parseSingle(line) {
    const at = line.indexOf(":") < 0 ? line.length : line.indexOf(":");
    return { key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
  }
  static unparse(headers, separator = "\r\n") {
    return [...headers].filter((it) => it && !it.disabled).map((it) => it + separator).join("");
  }
  static create(value, name) {
    return new Header(value, name);
  }
  static isHeader(value) {
    return value instanceof Header;
  }
}

const reserved = (text, equals) => {
  if (typeof text !== "string") return text;
  const pattern = equals ? /\{\{[^{}]*\}\}|[&#=]/g : /\{\{[^{}]*\}\}|[&#]/g;
  return text.replace(pattern, (found) => (found.length > 1 ? found : encodeURIComponent(found)));
};

class QueryParam extends Property {
  constructor(value) {
    super(typeof value === "string" ? QueryParam.parse(value)[0] : value);
    if (!("key" in this)) this.key = null;
    if (!("value" in this)) this.value = null;
  }
  valueOf() {
    return typeof this.value === "string" ? this.value : "";
  }
  toString() {
    const key = typeof this.key === "string" ? reserved(this.key, true) : "";
    return typeof this.value === "string" ? `${key}=${reserved(this.value, false)}` : key;
  }
  static parse(text) {
    return String(text).split("&").map((part, at, all) => {
      if (part === "" && at !== all.length - 1) return { key: null, value: null };
      const equals = part.indexOf("=");
      return equals < 0 ? { key: part, value: null } : { key: part.slice(0, equals), value: part.slice(equals + 1) };
    });
  }
}

class Variable extends Property {
  get() {
    return this.value;
  }
  set(value) {
    this.value = value;
  }
  toString() {
    return this.value === null ? "null" : this.value === undefined ? "" : String(this.value);
  }
}

class PropertyList {
  constructor(Type, items, ignoresCase) {
    this.members = [];
    Object.defineProperty(this, "Type", { value: Type });
    Object.defineProperty(this, "ignoresCase", { value: Boolean(ignoresCase) });
    this.populate(items);
  }
  _same(one, other) {
    if (typeof one !== "string" || typeof other !== "string") return one === other;
    return this.ignoresCase ? one.toLowerCase() === other.toLowerCase() : one === other;
  }
  _make(item) {
    return item instanceof this.Type ? item : new this.Type(item);
  }
  populate(items) {
    if (typeof items === "string" && this.Type.parse) items = this.Type.parse(items);
    if (items instanceof PropertyList) items = items.members;
    // An object of headers has a name in each of its keys.
    if (items && typeof items === "object" && !Array.isArray(items) && this.Type === Header) {
      items = Object.keys(items).map((key) => ({ key, value: items[key] }));
    }
    (items === undefined || items === null ? [] : [].concat(items)).forEach((item) => this.add(item));
  }
  repopulate(items) {
    this.clear();
    this.populate(items);
  }
  assimilate(source, prune) {
    const items = source instanceof PropertyList ? source.members : source || [];
    items.forEach((item) => this.upsert(item));
    if (prune) this.members = this.members.filter((it) => items.some((item) => this._same(item.key, it.key)));
  }
  add(item) {
    if (item !== undefined && item !== null) this.members.push(this._make(item));
  }
  append(item) {
    this.insert(item);
  }
  insert(item, before) {
    const at = before === undefined || before === null ? -1 : this.indexOf(before);
    this.members.splice(at < 0 ? this.members.length : at, 0, this._make(item));
  }
  insertAfter(item, after) {
    this.insert(item, this.idx(this.indexOf(after) + 1));
  }
  prepend(item) {
    this.insert(item, this.idx(0));
  }
  upsert(item) {
    if (item === undefined || item === null) return null;
    const found = this.one(item.key);
    if (found) found.update(item);
    else this.add(item);
    return !found;
  }
  remove(what) {
    if (what === undefined || what === null) return;
    const goes = typeof what === "function" ? what
      : typeof what === "string" ? (it) => this._same(it.key, what)
      : (it) => it === what;
    this.members = this.members.filter((it) => !goes(it));
  }
  clear() {
    this.members = [];
  }
  one(key) {
    for (let at = this.members.length - 1; at >= 0; at--) {
      if (this._same(this.members[at].key, key)) return this.members[at];
    }
    return undefined;
  }
  get(key) {
    const found = this.one(key);
    return found && found.valueOf();
  }
  has(item, value) {
    const found = typeof item === "string" ? this.members.filter((it) => this._same(it.key, item))
      : this.members.filter((it) => it === item);
    if (arguments.length < 2) return found.length > 0;
    return found.some((it) => it.valueOf() === value);
  }
  all() {
    return this.members.slice();
  }
  idx(at) {
    return this.members[at];
  }
  indexOf(item) {
    return this.members.indexOf(typeof item === "string" ? this.one(item) : item);
  }
  count() {
    return this.members.length;
  }
  each(visit, context) {
    this.members.forEach((it, at, all) => visit.call(context || this, it, at, all));
  }
  map(visit, context) {
    return this.members.map(typeof visit === "string" ? (it) => it[visit] : visit, context || this);
  }
  filter(rule, context) {
    return this.members.filter((it, at, all) => matcher(rule, context)(it, at, all));
  }
  find(rule, context) {
    return this.members.find((it, at, all) => matcher(rule, context)(it, at, all));
  }
  reduce(visit, start) {
    return arguments.length < 2 ? this.members.reduce(visit) : this.members.reduce(visit, start);
  }
  toObject(excludeDisabled, caseSensitive, multiValue, sanitizeKeys) {
    const object = {};
    this.members.forEach((it) => {
      if ((excludeDisabled && it.disabled) || (sanitizeKeys && !it.key)) return;
      const key = this.ignoresCase && !caseSensitive ? String(it.key).toLowerCase() : it.key;
      const value = it.valueOf();
      if ((multiValue || this.Type === Header) && Object.prototype.hasOwnProperty.call(object, key)) {
        object[key] = [].concat(object[key], value);
      } else {
        object[key] = value;
      }
    });
    return object;
  }
  toString() {
    if (this.Type === Header) return Header.unparse(this.members);
    return this.members.map(String).join(this.Type === QueryParam ? "&" : "; ");
  }
  contentSize() {
    return this.members.length ? Header.unparse(this.members).length : 0;
  }
  toJSON() {
    return this.members.map((it) => (it.toJSON ? it.toJSON() : it));
  }
  [Symbol.iterator]() {
    return this.members[Symbol.iterator]();
  }
}

Object.assign(sdk, { plain, Property, Header, QueryParam, Variable, PropertyList });
