// `pm.environment`, `pm.variables` and the others. Every change is noted, so that the host can repeat it.

const casts = {
  string: String,
  boolean: Boolean,
  number: Number,
};

// `null` for what JSON can't keep: undefined, functions and circles.
const kept = (value) => {
  if (typeof value === "function") return null;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  try {
    const text = JSON.stringify(value);
    return text === undefined ? null : JSON.parse(text);
  } catch (_) {
    return String(value);
  }
};

class VariableScope {
  // `entries`: [key, value, cast, disabled]; `layers`: the scopes that are asked next.
  constructor(entries, note, layers, name) {
    if (name !== undefined && name !== null) this.name = name;
    const own = (name, value) => Object.defineProperty(this, name, { value, writable: true, enumerable: false });
    own("entries", entries.map(([key, value, cast, disabled]) => ({ key, value, cast, disabled })));
    own("note", note || (() => {}));
    own("layers", layers || []);
  }
  _find(key) {
    let found;
    for (let at = this.entries.length - 1; at >= 0; at--) {
      const entry = this.entries[at];
      if (entry.key !== key) continue;
      if (!entry.disabled) return entry;
      found = found || entry;
    }
    return found;
  }
  _enabled(key) {
    const entry = this._find(key);
    if (entry && !entry.disabled) return entry;
    for (const layer of this.layers) {
      const inner = layer._enabled(key);
      if (inner) return inner;
    }
    return undefined;
  }
  has(key) {
    return Boolean(this._enabled(key));
  }
  get(key) {
    const entry = this._enabled(key);
    return entry && entry.value;
  }
  set(key, value, type) {
    const found = this._find(key);
    const entry = found && !found.disabled ? found : { key };
    if (entry !== found) this.entries.push(entry);
    if (typeof type === "string" && casts[type]) entry.cast = type;
    entry.value = casts[entry.cast] && typeof value !== "function" ? casts[entry.cast](value) : value;
    this.note(["set", String(key), kept(entry.value)]);
  }
  unset(key) {
    this.entries = this.entries.filter((entry) => entry.key !== key || entry.disabled);
    this.note(["unset", String(key)]);
  }
  clear() {
    this.entries = [];
    this.note(["clear"]);
  }
  toObject() {
    const object = {};
    for (let at = this.layers.length - 1; at >= 0; at--) Object.assign(object, this.layers[at].toObject());
    this.entries.forEach((entry) => {
      if (!entry.disabled) object[entry.key] = entry.value;
    });
    return object;
  }
  _text(name) {
    const entry = this._enabled(name);
    if (entry) return entry.value === null || typeof entry.value === "function" ? "null" : entry.value === undefined ? "" : String(entry.value);
    return name[0] === "$" ? sdk.host.dynamic(name) : undefined;
  }
  _replace(text) {
    let left = 100000;
    for (let pass = 0; pass < 19; pass++) {
      let count = 0;
      let length = 0;
      text = text.replace(/\{\{([^{}]*?)}}/g, (found, name) => {
        count++;
        const value = this._text(name);
        length += value === undefined ? 0 : value.length;
        if (value !== undefined && (left-- <= 0 || length > 10485760)) {
          throw new Error(`the variable {{${name}}} makes a text too long: headcount replaces at most 100,000 variables in a text, to at most 10 MB`);
        }
        return value === undefined ? found : value;
      });
      if (!count) break;
    }
    return text;
  }
  replaceIn(template) {
    if (typeof template === "string") return this._replace(template);
    if (Array.isArray(template)) return template.map((it) => this.replaceIn(it));
    if (template && typeof template === "object") {
      return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, this.replaceIn(value)]));
    }
    return template;
  }
  toJSON() {
    return { name: this.name, values: this.entries.map(({ key, value }) => ({ type: "any", value, key })) };
  }
  get values() {
    const list = new sdk.PropertyList(sdk.Variable, []);
    this.entries.forEach(({ key, value, disabled }) => list.add({ key, value, disabled }));
    return list;
  }
}

Object.assign(sdk, { VariableScope });
