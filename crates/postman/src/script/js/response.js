// `pm.response` and `pm.cookies`.

const { Header, Property, PropertyList } = sdk;

// As jju 1.3, which Newman parses with when JSON.parse fails, reports the place of an error.
const jsonError = (text) => {
  let at = 0;
  let missing;
  const blank = () => {
    while (at < text.length && " \t\r\n\ufeff".includes(text[at])) at++;
  };
  const fail = () => {
    throw at;
  };
  const word = (name) => {
    for (const letter of name) text[at] === letter ? at++ : fail();
  };
  const string = () => {
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length || text[at] < " ") fail();
      if (text[at] !== "\\") continue;
      at++;
      if (text[at] === "u") {
        if (!/^[0-9a-fA-F]{4}$/.test(text.substr(at + 1, 4))) fail();
        at += 4;
      } else if (!'"\\/bfnrt'.includes(text[at])) fail();
    }
    at++;
  };
  const list = (close, entry) => {
    at++;
    blank();
    if (text[at] === close) return at++;
    for (;;) {
      entry();
      blank();
      if (text[at] === close) return at++;
      text[at] === "," ? at++ : fail();
      blank();
    }
  };
  const value = () => {
    blank();
    const letter = text[at];
    const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(text.slice(at, at + 400));
    if (letter === "{") list("}", () => {
      const start = at;
      text[at] === '"' ? string() : fail();
      const name = text.slice(start, at);
      blank();
      text[at] === ":" ? at++ : fail();
      blank();
      if (at >= text.length) missing = JSON.parse(name);
      value();
    });
    else if (letter === "[") list("]", value);
    else if (letter === '"') string();
    else if (letter === "t") word("true");
    else if (letter === "f") word("false");
    else if (letter === "n") word("null");
    else if (number) at += number[0].length;
    else fail();
  };
  try {
    value();
    blank();
    if (at < text.length) fail();
  } catch (thrown) {
    if (typeof thrown !== "number") throw thrown;
  }
  const token = `'${JSON.stringify(text[at] || "").slice(1, -1).replace(/'/g, "\\'").replace(/\\"/g, '"')}'`;
  const what = missing !== undefined ? `No value found for key ${missing}` : !text.trim() ? "No data, empty input" : at < text.length ? `Unexpected token ${token}` : "Unexpected end of input";
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  const column = before[before.length - 1].length;
  const start = Math.max(at - column, at - 70);
  const line = text.slice(start, start + 79).split(/[\r\n]/)[0];
  const under = text.slice(start, at).replace(/[^\t]/g, " ");
  const error = new SyntaxError(`${what} at ${before.length}:${column + 1}\n${line}\n${under}^`);
  error.name = "JSONError";
  return error;
};

// The `JSON` of scripts (liquid-json 0.3.1): a mark of byte order is skipped, errors have a place.
sdk.JSON = Object.freeze(Object.assign(Object.create(Object.prototype), {
  parse(value, reviver) {
    const text = typeof value === "string" ? value.replace(/^\ufeff/, "") : value;
    try {
      return JSON.parse(text, reviver);
    } catch (error) {
      if (sdk.isStop(error)) throw error;
      if (typeof text !== "string") throw Object.assign(new SyntaxError(`"${String(text)}" is not valid JSON`), { name: "JSONError" });
      throw jsonError(text);
    }
  },
  stringify(...values) {
    try {
      return JSON.stringify(...values);
    } catch (error) {
      if (sdk.isStop(error)) throw error;
      error.name = "JSONError";
      throw error;
    }
  },
}));

// No symbol: chai shows an object's symbols.
const given = (list) => (typeof list === "function" ? list() : list) || [];
// One hidden property, as many as the SDK's has: chai counts those, too.
const LISTS = Object.assign({ _made: { value: undefined, writable: true } }, sdk.lazy((it) => it._made.response, {
  headers: ({ header }) => new PropertyList(Header, given(header), true),
  cookies: ({ cookie }) => new PropertyList(Property, given(cookie)),
}, true));
const STREAM = {
  stream: {
    get() {
      const { bytes } = this._made;
      return bytes ? sdk.Buffer.from(bytes()) : undefined;
    },
    enumerable: true,
    configurable: true,
  },
};

class Response {
  constructor(value, body, bytes) {
    const response = value || {};
    this.id = response.id;
    this.status = response.status;
    this.code = response.code;
    Object.defineProperties(this, LISTS);
    this._made = { response, body, bytes };
    this.responseTime = response.responseTime;
    this.responseSize = response.responseSize;
    this.downloadedBytes = response.responseSize;
    Object.defineProperties(this, STREAM);
  }
  get to() {
    return sdk.chai.expect(this).to;
  }
  text() {
    return this._made.body ? this._made.body() : undefined;
  }
  json(reviver) {
    return sdk.JSON.parse(this.text(), reviver);
  }

  reason() {
    return this.status || sdk.reasons[this.code] || "";
  }
  details() {
    const name = sdk.reasons[this.code] || this.status || "";
    return { name: this.status || name, detail: "", code: this.code, standardName: name };
  }
  size() {
    const header = this.headers.members.reduce((sum, it) => sum + it.toString().length + 2, 32);
    const body = this.responseSize || 0;
    return { body, header, total: header + body };
  }
  mime() {
    throw new Error("`Response#mime` has been discontinued, use `Response#contentInfo` instead.");
  }
  contentInfo() {
    const type = String(this.headers.get("content-type") || "text/plain");
    const charset = /charset=([^;]+)/i.exec(type);
    return { mimeType: type.split("/")[0], contentType: type.split(";")[0].trim(), charset: charset ? charset[1].trim() : "utf8" };
  }
  dataURI() {
    return `data:${this.contentInfo().contentType};base64, ${sdk.btoa(unescape(encodeURIComponent(this.text() || "")))}`;
  }
  toJSON() {
    const { id, status, code, responseTime, responseSize } = this;
    return { id, status, code, header: this.headers.toJSON(), cookie: this.cookies.toJSON(), responseTime, responseSize };
  }
  static isResponse(value) {
    return value instanceof Response;
  }
}

class Cookie extends Property {
  get key() {
    return this.name;
  }
}

// `pm.cookies`: the jar's cookies for the request's address.
const cookies = (list) => new PropertyList(Cookie, list);

sdk.reasons = {
  100: "Continue", 200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information", 204: "No Content",
  205: "Reset Content", 206: "Partial Content", 207: "Multi-Status", 300: "Multiple Choices", 301: "Moved Permanently",
  302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
  400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
  405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout",
  409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Request Entity Too Large",
  414: "Request-URI Too Long", 415: "Unsupported Media Type", 416: "Requested Range Not Satisfiable",
  417: "Expectation Failed", 418: "I'm a teapot", 422: "Unprocessable Entity", 423: "Locked", 424: "Failed Dependency",
  428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
  500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
  504: "Gateway Timeout", 505: "HTTP Version Not Supported",
};

// The names that the SDK's classes have in messages.
const { Header: H, Property: P, PropertyList: L, QueryParam: Q, Variable: V, Url: U } = sdk;
Object.entries({ PostmanResponse: Response, PostmanCookie: Cookie, PostmanHeader: H, PostmanProperty: P, PostmanPropertyList: L, PostmanQueryParam: Q, PostmanVariable: V, PostmanUrl: U, PostmanRequest: sdk.Request, PostmanRequestBody: sdk.RequestBody, PostmanRequestAuth: sdk.RequestAuth }).forEach(([name, Class]) => Object.defineProperty(Class, "name", { value: name }));

Object.assign(sdk, { Response, cookies });
