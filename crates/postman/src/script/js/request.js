// `pm.request`: before the request as the collection has it, afterwards as it was sent.

const { Header, PropertyList, Property, QueryParam, Url } = sdk;

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
    const { mode, raw, file, graphql, options, disabled } = this;
    const list = (it) => (it ? it.toJSON() : undefined);
    return { mode, raw, urlencoded: list(this.urlencoded), formdata: list(this.formdata), file, graphql, options, disabled };
  }
}

// Credentials keep the list form of format 2.1, which the model reads.
class RequestAuth {
  constructor(value) {
    this.update(value);
  }
  update(value, type) {
    const auth = value || {};
    this.type = type || auth.type || this.type;
    const params = type ? auth : auth[this.type];
    if (this.type && params) this[this.type] = new PropertyList(Property, params instanceof PropertyList ? params.members : params);
  }
  use(type, params) {
    this.type = type;
    if (params) this[type] = new PropertyList(Property, params);
  }
  parameters() {
    return this[this.type];
  }
  toJSON() {
    const list = this[this.type];
    return { type: this.type, [this.type]: list ? list.toJSON() : undefined };
  }
}

class Request {
  constructor(value) {
    this.update(value);
  }
  update(value) {
    const request = typeof value === "string" ? { url: value } : value || {};
    this.url = request.url instanceof Url ? request.url : new Url(request.url);
    this.method = request.method === undefined || request.method === null ? "GET" : String(request.method).toUpperCase();
    this.headers = new PropertyList(Header, request.headers || request.header || [], true);
    this.body = request.body ? new RequestBody(request.body) : undefined;
    this.auth = request.auth ? new RequestAuth(request.auth) : undefined;
    this.description = request.description;
  }
  addHeader(header) {
    this.headers.add(header);
  }
  upsertHeader(header) {
    this.headers.upsert(header);
  }
  removeHeader(header, options) {
    const name = typeof header === "string" ? header : header && header.key;
    const ignoresCase = options && options.ignoreCase;
    this.headers.remove((it) => (ignoresCase ? String(it.key).toLowerCase() === String(name).toLowerCase() : it.key === name));
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
    const auth = type && typeof type === "object" ? type : { type, [type]: params };
    this.auth = auth.type ? new RequestAuth(auth) : undefined;
  }
  size() {
    const body = this.body ? this.body.toString() : "";
    return { body: body.length, header: this.headers.toString().length, total: body.length };
  }
  clone() {
    return new Request(JSON.parse(JSON.stringify(this)));
  }
  toJSON() {
    const { method, url, body, auth, description } = this;
    return { url: url.toJSON(), header: this.headers.toJSON(), method, body: body && body.toJSON(), auth: auth && auth.toJSON(), description };
  }
  static isRequest(value) {
    return value instanceof Request;
  }
}

Object.assign(sdk, { Request, RequestBody, RequestAuth, FormParam });
