// A request's address: `pm.request.url`.

const { PropertyList, QueryParam, Variable } = sdk;

const parse = (text) => {
  const url = {};
  const hidden = [];
  let rest = String(text).replace(/^\s+/, "").replace(/\{\{[^{}]*[.:\/?#@&\]][^{}]*\}\}/g, (name) => `\u0000${hidden.push(name) - 1}\u0000`);
  const shown = (part) => (typeof part === "string" ? part.replace(/\u0000(\d+)\u0000/g, (_, at) => hidden[at]) : part);
  const cut = (separator) => {
    const at = rest.indexOf(separator);
    if (at < 0) return undefined;
    const part = rest.slice(at + separator.length);
    rest = rest.slice(0, at);
    return part;
  };
  url.hash = shown(cut("#"));
  const query = shown(cut("?"));
  if (query !== undefined) url.query = QueryParam.parse(query);
  rest = rest.replace(/\\/g, "/");
  const protocol = rest.indexOf("://");
  if (protocol >= 0) {
    url.protocol = shown(rest.slice(0, protocol));
    rest = rest.slice(protocol + 3).replace(/^\/+/, "");
  }
  const path = cut("/");
  if (path !== undefined) url.path = path.split("/").map(shown);
  const at = rest.lastIndexOf("@");
  if (at >= 0) {
    const user = rest.slice(0, at).split(":");
    url.auth = { user: shown(user[0]), password: user.length > 1 ? shown(user.slice(1).join(":")) : undefined };
    rest = rest.slice(at + 1);
  }
  const port = rest.lastIndexOf(":");
  if (port >= 0 && !rest.slice(port).includes("]")) {
    url.port = shown(rest.slice(port + 1));
    rest = rest.slice(0, port);
  }
  if (rest) url.host = rest.split(".").map(shown);
  return url;
};

class Url {
  constructor(value) {
    this.update(value);
  }
  update(value) {
    const url = typeof value === "string" || !value ? parse(value || "") : value;
    let { path, host, query } = url;
    if (typeof query === "string") query = QueryParam.parse(query);
    if (query && !Array.isArray(query) && !(query instanceof PropertyList) && Object.keys(query).length) {
      query = Object.keys(query).map((key) => ({ key, value: query[key] }));
    }
    const variable = url.variable instanceof PropertyList ? url.variable.members : url.variable;
    const named = Array.isArray(variable) ? variable.map((it) => (it && typeof it === "object" ? Object.assign(it, { key: it.key || it.id }) : it)) : variable;
    if (typeof path === "string") path = path === "/" ? [""] : path ? path.replace(/^\//, "").split("/") : undefined;
    if (typeof host === "string") host = host.split(/\.(?![^{]*\}\})/);
    this.auth = url.auth;
    this.protocol = url.protocol;
    this.port = url.port;
    this.path = path;
    this.hash = url.hash;
    this.host = host;
    this.query = new PropertyList(QueryParam, query || []);
    this.variables = new PropertyList(Variable, named || []);
  }
  addQueryParams(params) {
    this.query.populate(typeof params === "string" ? QueryParam.parse(params) : params);
  }
  removeQueryParams(params) {
    const names = Array.isArray(params) ? params.map((param) => param.key || param) : [params];
    this.query.remove((param) => names.includes(param.key));
  }
  getHost() {
    return Array.isArray(this.host) ? this.host.join(".") : this.host ? String(this.host) : "";
  }
  getPath(unresolved) {
    const path = this.path || [];
    if (unresolved) return `/${path.join("/")}`;
    return `/${path.map((segment) => {
      if (!String(segment).startsWith(":")) return segment;
      const name = segment.slice(1).split(".")[0];
      const value = this.variables.get(name);
      return typeof value === "string" && value ? value + segment.slice(name.length + 1) : segment;
    }).join("/")}`;
  }
  getQueryString() {
    return this.query.filter((param) => !param.disabled).map(String).join("&");
  }
  getPathWithQuery() {
    const query = this.getQueryString();
    return query ? `${this.getPath()}?${query}` : this.getPath();
  }
  getRemote(forcePort) {
    const port = this.port ? String(this.port) : forcePort ? (this.protocol === "https" ? "443" : "80") : "";
    return port ? `${this.getHost()}:${port}` : this.getHost();
  }
  toString(forceProtocol) {
    let text = this.protocol ? this.protocol.replace(/(:\/\/)?$/, "://") : forceProtocol ? "http://" : "";
    if (this.auth && (typeof this.auth.user === "string" || typeof this.auth.password === "string")) {
      text += (this.auth.user || "") + (typeof this.auth.password === "string" ? `:${this.auth.password}` : "") + "@";
    }
    text += this.getHost();
    if (this.port !== undefined && this.port !== null) text += `:${this.port}`;
    if (this.path) text += this.getPath();
    if (this.query.filter((param) => !param.disabled).length) text += `?${this.getQueryString()}`;
    if (typeof this.hash === "string") text += `#${this.hash}`;
    return text;
  }
  toJSON() {
    return sdk.plain(this);
  }
  static parse(text) {
    return parse(text);
  }
}

Object.assign(sdk, { Url });
