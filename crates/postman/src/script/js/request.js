// `pm.request`: before the request as the collection has it, afterwards as it was sent.

const { Header, PropertyList, Property, QueryParam, Url, Variable } = sdk;

class FormParam extends Property {}

class RequestBody {
  constructor(value) {
    this.update(value);
  }
  update(value) {
    const body = typeof value === "string" ? { mode: "raw", raw: value } : value || {};
    if (!body.mode) return;
    this.mode = body.mode;
    this.raw = body.mode === "raw" && !body.raw ? "" : body.raw;
    this.urlencoded = body.urlencoded || body.mode === "urlencoded" ? new PropertyList(QueryParam, body.urlencoded || []) : undefined;
    this.formdata = body.formdata || body.mode === "formdata" ? new PropertyList(FormParam, body.formdata || []) : undefined;
    this.file = typeof body.file === "string" ? { src: body.file } : body.file;
    this.graphql = body.graphql || (body.mode === "graphql" ? {} : undefined);
    this.options = body.options;
    this.disabled = body.disabled;
  }
  isEmpty() {
    const content = this.mode && this[this.mode];
    if (!content) return true;
    if (this.mode === "file") return !(content.src || content.content);
    if (typeof content === "string") return content.length === 0;
    return typeof content.count === "function" ? content.count() === 0 : Object.keys(content).length === 0;
  }
  toString() {
    if (this.mode === "raw") return this.raw === undefined || this.raw === null ? "" : String(this.raw);
    return this.mode === "urlencoded" ? this.urlencoded.filter((it) => !it.disabled).map(String).join("&") : "";
  }
  toJSON() {
    return sdk.plain(this);
  }
}

// Credentials keep the list form of format 2.1, which the model reads.
class RequestAuth {
  constructor(value) {
    const auth = value || {};
    if (auth.type) this.use(auth.type);
    Object.keys(auth).forEach((type) => type !== "type" && this.update(auth[type], type));
  }
  update(params, type = this.type) {
    if (!params || typeof params !== "object" || typeof type !== "string" || type === "type") return;
    if (!(this[type] instanceof PropertyList)) this[type] = new PropertyList(Variable, []);
    const list = params instanceof PropertyList ? params.members : params;
    const pairs = Array.isArray(list) ? list : Object.keys(list).map((key) => ({ key, value: list[key] }));
    pairs.forEach((pair) => pair && "key" in pair && this[type].upsert(pair));
  }
  use(type, params) {
    if (typeof type !== "string" || type === "type") return;
    this.type = type;
    if (!(this[type] instanceof PropertyList)) this[type] = new PropertyList(Variable, []);
    this.update(params, type);
  }
  parameters() {
    return this[this.type];
  }
  clear(type) {
    if (!(this[type] instanceof PropertyList)) return;
    this[type].clear();
    if (type !== this.type) delete this[type];
  }
  toJSON() {
    return sdk.plain(this);
  }
}

class Request {
  constructor(value) {
    const request = typeof value === "string" ? { url: value } : value || {};
    this.url = new Url();
    this.headers = new PropertyList(Header, request.header || [], true);
    this.method = "GET";
    this.update(request, true);
  }
  update(value, isNew) {
    const request = value || {};
    if ("url" in request) this.url.update(request.url);
    if (request.header && !isNew) this.headers.repopulate(request.header);
    if ("method" in request) this.method = request.method === undefined || request.method === null ? "GET" : String(request.method).toUpperCase();
    if (request.body) this.body = new RequestBody(request.body);
    if (request.auth) this.auth = new RequestAuth(request.auth);
    if (request.description !== undefined) this.description = request.description;
  }
  addHeader(header) {
    this.headers.add(header);
  }
  upsertHeader(header) {
    if (!header || !header.key) return;
    const found = this.headers.find({ key: header.key });
    if (found) found.value = header.value;
    else this.headers.add(header);
  }
  removeHeader(header, options) {
    const name = typeof header === "string" ? header : header.key;
    if (!name) return;
    const ignoresCase = options && options.ignoreCase;
    this.headers.remove((it) => (ignoresCase ? String(it.key).toLowerCase() === name.toLowerCase() : it.key === name));
  }
  getHeaders(options) {
    const { enabled, ignoreCase, multiValue, sanitizeKeys } = options || {};
    return this.headers.toObject(enabled, !ignoreCase, multiValue, sanitizeKeys);
  }
  forEachHeader(visit) {
    this.headers.each((header) => visit(header, this));
  }
  addQueryParams(params) {
    this.url.addQueryParams(params);
  }
  removeQueryParams(params) {
    this.url.removeQueryParams(params);
  }
  authorizeUsing(type, params) {
    if (type && typeof type === "object" && !params) {
      const { type: name, ...rest } = type;
      return this.authorizeUsing(name, rest);
    }
    if (type === null) {
      delete this.auth;
      return undefined;
    }
    if (typeof type !== "string" || type === "type") return undefined;
    if (this.auth) this.auth.clear(type);
    else this.auth = new RequestAuth();
    this.auth.use(type, params);
    return undefined;
  }
  size() {
    const given = Number(this.headers.get("Content-Length"));
    const body = given || sdk.byteLength(this.body ? this.body.toString() : "");
    const header = `${this.method} ${this.url.getPathWithQuery()} HTTP/X.X\r\n\r\n`.length + this.headers.contentSize();
    return { body, header, total: body + header, source: given ? "CONTENT-LENGTH" : "COMPUTED" };
  }
  clone() {
    return new Request(JSON.parse(JSON.stringify(this)));
  }
  toJSON() {
    const { headers, ...rest } = this;
    return sdk.plain(headers instanceof PropertyList ? this : rest);
  }
  static isRequest(value) {
    return value instanceof Request;
  }
}

Object.assign(sdk, { Request, RequestBody, RequestAuth, FormParam });
