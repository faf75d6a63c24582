// Lists of headers, parameters and variables with the methods of Postman's collection SDK.
// Each file here is the body of a function that gets `sdk` and adds to it.

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
    super(typeof value === "string" && name === undefined ? Header.parse(value)[0] : name === undefined ? value : { key: name, value });
    if (this.value === undefined || this.value === null) this.value = "";
    if (typeof this.value !== "string") this.value = String(this.value);
  }
  toString() {
    return `${this.key}: ${this.value}`;
  }
  static parse(text) {
    return String(text).split(/\r?\n/).filter((line) => line.trim()).map((line) => {
      const at = line.indexOf(":");
      return at < 0 ? { key: line.trim(), value: "" } : { key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
    });
  }
  static create(value, name) {
    return new Header(value, name);
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
    if (typeof items === "string") items = this.Type.parse ? this.Type.parse(items) : [];
    if (items instanceof PropertyList) items = items.members;
    if (items && !Array.isArray(items) && typeof items === "object") {
      items = Object.keys(items).map((key) => ({ key, value: items[key] }));
    }
    (items || []).forEach((item) => item && this.add(item));
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
    this.remove(item && item.key);
    this.add(item);
  }
  insert(item, before) {
    const at = this.members.indexOf(typeof before === "string" ? this.one(before) : before);
    this.members.splice(at < 0 ? this.members.length : at, 0, this._make(item));
  }
  prepend(item) {
    this.members.unshift(this._make(item));
  }
  upsert(item) {
    if (item === undefined || item === null) return null;
    const made = this._make(item);
    const found = this.one(made.key);
    if (!found) {
      this.add(made);
      return true;
    }
    found.update(made);
    return false;
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
    return this.members.map(visit, context || this);
  }
  filter(visit, context) {
    return this.members.filter(visit, context || this);
  }
  find(visit, context) {
    return this.members.find(visit, context || this);
  }
  reduce(visit, start) {
    return this.members.reduce(visit, start);
  }
  toObject(excludeDisabled, caseSensitive, multiValue, sanitizeKeys) {
    const object = {};
    this.members.forEach((it) => {
      if ((excludeDisabled && it.disabled) || (sanitizeKeys && !it.key)) return;
      const key = this.ignoresCase && !caseSensitive ? String(it.key).toLowerCase() : it.key;
      const value = it.valueOf();
      if (multiValue && Object.prototype.hasOwnProperty.call(object, key)) {
        object[key] = [].concat(object[key], value);
      } else {
        object[key] = value;
      }
    });
    return object;
  }
  toString() {
    return this.members.map(String).join(this.Type === QueryParam ? "&" : this.Type === Header ? "\r\n" : "; ");
  }
  toJSON() {
    return this.members.map((it) => (it.toJSON ? it.toJSON() : it));
  }
  [Symbol.iterator]() {
    return this.members[Symbol.iterator]();
  }
}

Object.assign(sdk, { Property, Header, QueryParam, Variable, PropertyList });
