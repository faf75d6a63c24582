// `Buffer`: what scripts use of Node's, over QuickJS's own arrays.

const utf8 = (text) => {
  const bytes = [];
  for (const letter of String(text)) {
    let code = letter.codePointAt(0);
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
};

const fromUtf8 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at++];
    const more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    let code = more < 0 ? 0xfffd : more ? first & (0x3f >> more) : first;
    for (let left = more; left > 0; left--) {
      if ((bytes[at] & 0xc0) !== 0x80) {
        code = 0xfffd;
        break;
      }
      code = (code << 6) | (bytes[at++] & 63);
    }
    text += String.fromCodePoint(code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code);
  }
  return text;
};

const latin1 = (text) => Array.from(String(text), (letter) => letter.charCodeAt(0) & 255);
const asLatin1 = (bytes) => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
const urlSafe = (text) => text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const encodings = {
  "utf8": [utf8, fromUtf8],
  "hex": [(text) => (String(text).match(/[0-9a-f]{2}/gi) || []).map((pair) => parseInt(pair, 16)), (bytes) => Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("")],
  "base64": [(text) => latin1(sdk.atob(text)), (bytes) => sdk.btoa(asLatin1(bytes))],
  "base64url": [(text) => latin1(sdk.atob(text)), (bytes) => urlSafe(sdk.btoa(asLatin1(bytes)))],
  "latin1": [latin1, asLatin1],
  "ascii": [latin1, (bytes) => asLatin1(Array.from(bytes, (byte) => byte & 127))],
  "utf16le": [(text) => Array.from(String(text).split("")).flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]), (bytes) => {
    let text = "";
    for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8));
    return text;
  }],
};
const aliases = { "utf-8": "utf8", "binary": "latin1", "ucs2": "utf16le", "ucs-2": "utf16le", "utf-16le": "utf16le" };
const encoding = (name) => {
  const word = name === undefined || name === null ? "utf8" : String(name).toLowerCase();
  const found = encodings[aliases[word] || word];
  if (!found) throw new TypeError(`Unknown encoding: ${name}`);
  return found;
};

class Bytes extends Uint8Array {
  toString(name, start, end) {
    return encoding(name)[1](start === undefined && end === undefined ? this : this.subarray(start || 0, end));
  }
  toJSON() {
    return { type: "Buffer", data: Array.from(this) };
  }
  equals(other) {
    return this.length === other.length && this.every((byte, at) => byte === other[at]);
  }
  slice(start, end) {
    return this.subarray(start, end);
  }
  write(text, offset = 0) {
    const bytes = utf8(text).slice(0, this.length - offset);
    this.set(bytes, offset);
    return bytes.length;
  }
  copy(target, at = 0, start = 0, end = this.length) {
    const part = this.subarray(start, Math.min(end, start + target.length - at));
    target.set(part, at);
    return part.length;
  }
  readUInt8(at = 0) {
    return this[at];
  }
  readUInt16BE(at = 0) {
    return (this[at] << 8) | this[at + 1];
  }
  readUInt32BE(at = 0) {
    return ((this[at] << 24) | (this[at + 1] << 16) | (this[at + 2] << 8) | this[at + 3]) >>> 0;
  }
  readInt32LE(at = 0) {
    return this[at] | (this[at + 1] << 8) | (this[at + 2] << 16) | (this[at + 3] << 24);
  }
}

// Old scripts call it without `new`.
const Buffer = function (value, name) {
  return typeof value === "number" ? Buffer.alloc(value) : Buffer.from(value, name);
};
Object.assign(Buffer, {
  from: (value, name) => {
    if (typeof value === "string") return new Bytes(encoding(name)[0](value));
    if (value instanceof ArrayBuffer) return new Bytes(value);
    if (value && value.type === "Buffer" && Array.isArray(value.data)) return new Bytes(value.data);
    if (value && typeof value === "object") return new Bytes(Array.from(value));
    throw new TypeError("The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object.");
  },
  alloc: (size, fill) => new Bytes(size).fill(typeof fill === "string" ? fill.charCodeAt(0) : fill || 0),
  allocUnsafe: (size) => new Bytes(size),
  concat: (list) => new Bytes(list.flatMap((it) => Array.from(it))),
  isBuffer: (value) => value instanceof Bytes,
  isEncoding: (name) => (aliases[String(name).toLowerCase()] || String(name).toLowerCase()) in encodings,
  byteLength: (value, name) => (typeof value === "string" ? encoding(name)[0](value).length : value.byteLength),
  compare: (one, other) => {
    const [a, b] = [one.toString("hex"), other.toString("hex")];
    return a < b ? -1 : a > b ? 1 : 0;
  },
});
Buffer.prototype = Bytes.prototype;

sdk.Buffer = Buffer;
sdk.byteLength = (text) => utf8(text).length;
