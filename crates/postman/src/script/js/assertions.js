// What Postman adds to chai: `pm.response.to.have.status(200)` and the others, in the words of its
// own plugin (chai-postman 2.0.1), so that messages are the same.

const { chai, Request, Response } = sdk;
const { Assertion } = chai;
const same = chai.util.eql;

const pathOf = (path) => (path.match(/[^.[\]]+/g) || []).map((part) => part.replace(/^["']|["']$/g, ""));
const owns = (object, key) => object !== null && object !== undefined && Object.prototype.hasOwnProperty.call(Object(object), key);
const has = (object, path) => {
  if (owns(object, path)) return true;
  let inner = object;
  return pathOf(path).every((part) => {
    if (!owns(inner, part)) return false;
    inner = inner[part];
    return true;
  });
};
const get = (object, path) => {
  if (owns(object, path)) return object[path];
  return pathOf(path).reduce((inner, part) => (inner === undefined || inner === null ? undefined : inner[part]), object);
};
const isPlain = (value) => Boolean(value) && typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value));

const isResponse = (one) => new Assertion(one).to.be.postmanResponse;
const property = (name, check) => Assertion.addProperty(name, check);
const method = (name, check) => Assertion.addMethod(name, check);

property("postmanRequest", function () {
  this.assert(Request.isRequest(this._obj), "expecting a postman request object but got #{this}", "not expecting a postman request object");
});
property("postmanResponse", function () {
  this.assert(Response.isResponse(this._obj), "expecting a postman response object but got #{this}", "not expecting a postman response object");
});
property("postmanRequestOrResponse", function () {
  this.assert(Response.isResponse(this._obj) || Request.isRequest(this._obj), "expecting a postman request or response object but got #{this}", "not expecting a postman request or response object");
});

const isClass = (assertion, wanted) => {
  isResponse(assertion._obj);
  new Assertion(assertion._obj).to.have.property("code");
  new Assertion(assertion._obj.code).to.be.a("number");
  assertion.assert(Math.floor(assertion._obj.code / 100) === wanted, "expected response code to be #{exp}XX but found #{act}", "expected response code to not be #{exp}XX", wanted, assertion._obj.code);
};
method("statusCodeClass", function (wanted) {
  isClass(this, wanted);
});
Object.entries({ info: 1, success: 2, redirection: 3, clientError: 4, serverError: 5 }).forEach(([name, wanted]) => property(name, function () {
  isClass(this, wanted);
}));
property("error", function () {
  isResponse(this._obj);
  new Assertion(this._obj.code).to.be.a("number");
  const found = Math.floor(this._obj.code / 100);
  this.assert(found === 4 || found === 5, "expected response code to be 4XX or 5XX but found #{act}", "expected response code to not be 4XX or 5XX", null, this._obj.code);
});

const isCode = (assertion, wanted) => {
  new Assertion(assertion._obj).to.have.property("code");
  new Assertion(assertion._obj.code).to.be.a("number");
  assertion.assert(assertion._obj.code === Number(wanted), "expected response to have status code #{exp} but got #{act}", "expected response to not have status code #{act}", Number(wanted), assertion._obj.code);
};
const isReason = (assertion, wanted) => {
  const reason = assertion._obj.reason();
  assertion.assert(reason === wanted, "expected response to have status reason #{exp} but got #{act}", "expected response to not have status reason #{act}", wanted, reason);
};
method("statusCode", function (code) {
  isResponse(this._obj);
  isCode(this, code);
});
method("statusReason", function (reason) {
  isResponse(this._obj);
  isReason(this, String(reason));
});
method("status", function (wanted) {
  isResponse(this._obj);
  if (typeof wanted === "number") isCode(this, wanted);
  else isReason(this, wanted);
});

const isNamed = (assertion, code, name) => {
  isResponse(assertion._obj);
  const reason = String(assertion._obj.reason()).toUpperCase();
  const found = Number(assertion._obj.details().code);
  assertion.assert(reason === name.toUpperCase(), "expected response to have status reason #{exp} but got #{act}", "expected response to not have status reason #{act}", name.toUpperCase(), reason);
  assertion.assert(found === code, "expected response to have status code #{exp} but got #{act}", "expected response to not have status code #{act}", code, found);
};
Object.entries({
  accepted: [202, "Accepted"], withoutContent: [204, "No Content"], badRequest: [400, "Bad Request"], unauthorised: [401, "Unauthorised"],
  unauthorized: [401, "Unauthorized"], forbidden: [403, "Forbidden"], notFound: [404, "Not Found"], notAcceptable: [406, "Acceptable"],
  rateLimited: [429, "Too Many Requests"],
}).forEach(([name, [code, reason]]) => property(name, function () {
  isNamed(this, code, reason);
}));
property("ok", function () {
  if (Response.isResponse(this._obj)) isNamed(this, 200, "OK");
  else this.assert(chai.util.flag(this, "object"), "expected #{this} to be truthy", "expected #{this} to be falsy");
});

method("header", function (key, value) {
  new Assertion(this._obj).to.be.postmanRequestOrResponse;
  const what = Request.isRequest(this._obj) ? "request" : "response";
  const found = this._obj.headers.has(key);
  this.assert(found, `expected ${what} to have header with key '${key}'`, `expected ${what} to not have header with key '${key}'`, true, found);
  if (arguments.length < 2) return;
  const { value: actual } = this._obj.headers.one(key);
  this.assert(actual === value, `expected '${key}' ${what} header to be #{exp} but got #{act}`, `expected '${key}' ${what} header to not be #{act}`, value, actual);
});

const parsed = (response) => {
  try {
    return { json: response.json() };
  } catch (error) {
    return { error: error.name === "JSONError" && error.message ? error.message.replace(/(.*?)\n.*/g, "$1").split("\n")[0] : `${error.name}: ${error.message}` };
  }
};
const isJson = (assertion) => {
  const { error } = parsed(assertion._obj);
  assertion.assert(!error, `expected response body to be a valid json but got error ${error}`, "expected response body not to be a valid json");
};
const isFilled = (assertion) => {
  const text = assertion._obj.text();
  assertion.assert(typeof text === "string" && text.length, "expected response to have content in body", "expected response to not have content in body");
};
property("withBody", function () {
  isResponse(this._obj);
  isFilled(this);
});
property("json", function () {
  isResponse(this._obj);
  isJson(this);
});
method("body", function (content) {
  isResponse(this._obj);
  if (isPlain(content)) {
    const { json } = parsed(this._obj);
    this.assert(same(json, content), "expected response body json to equal #{exp} but got #{act}", "expected response body json to not equal #{exp} but got #{act}", content, json);
    return;
  }
  const text = this._obj.text();
  if (arguments.length === 0) isFilled(this);
  else if (content instanceof RegExp) this.assert(content.exec(text) !== null, "expected response body text to match #{exp} but got #{act}", "expected response body text #{act} to not match #{exp}", content, text);
  else this.assert(same(text, content), "expected response body to equal #{exp} but got #{act}", "expected response body to not equal #{exp}", content, text);
});
method("jsonBody", function (path, value) {
  isResponse(this._obj);
  if (arguments.length === 0) {
    isJson(this);
    return;
  }
  if (typeof path !== "string") return;
  let { json } = parsed(this._obj);
  this.assert(has(json, path), "expected #{act} in response to contain property #{exp}", "expected #{act} in response to not contain property #{exp}", path, json);
  if (arguments.length < 2) return;
  json = get(json, path);
  this.assert(same(json, value), `expected response body json at "${path}" to contain #{exp} but got #{act}`, `expected response body json at "${path}" to not contain #{exp} but got #{act}`, value, json);
});

const measured = (name, wrong, measure, takesObject) => Assertion.addChainableMethod(name, function (value) {
  const found = chai.util.flag(this, "number");
  if (arguments.length) this.assert(found === value, wrong, wrong, value, found);
}, function () {
  isResponse(this._obj);
  const found = measure(this._obj);
  chai.util.flag(this, "number", found);
  this._obj = found;
  this.assert(typeof found === "number", `expected response to have a valid response ${takesObject} but got #{act}`, "", null, found);
});
measured("responseTime", "expected response to have a valid response time but got #{act}", (it) => it.responseTime, "time");
measured("responseSize", "expected response size to equal #{act} but got #{exp}", (it) => it.size().total, "size");

let Ajv;
const loadAjv = () => {
  if (Ajv) return;
  const module = { exports: {} };
  sdk.host.compile(`(function (module, exports) {${sdk.host.ajv()}\n})`, "ajv")(module, module.exports);
  Ajv = module.exports;
};
method("jsonSchema", function (schema, options) {
  new Assertion(schema).to.be.an("object");
  loadAjv();
  const ajv = new Ajv(Object.assign({ allErrors: true, logger: false }, options));
  const data = Response.isResponse(this._obj) ? this._obj.json() : this._obj;
  const valid = ajv.validate(schema, data);
  this.assert(valid && !ajv.errors, `expected data to satisfy schema but found following errors: \n${ajv.errorsText()}`, "expected data to not satisfy schema", true, valid);
});
