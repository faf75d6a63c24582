// Errors of scripts: where they were thrown, and in the words of V8, in which Newman reports them.
// QuickJS keeps no text of the expression that failed, so it is read from the script again.

sdk.skip = { isStop: true };
sdk.isStop = (error) => error === sdk.skip || (error instanceof Error && error.message === "interrupted");

// Each compiled script by the name under which it is compiled: its source, and what is before it in
// the first line.
sdk.sources = new Map();

// The line and the column of the script, both from 1, and the rest of the text from there.
const place = (stack) => {
  const lines = String(stack || "").split("\n");
  const at = lines.findIndex((line) => line.includes("script-"));
  const found = /(script-\d+):(\d+)(?::(\d+))?/.exec(lines[at] || "");
  const source = found && sdk.sources.get(found[1]);
  if (!source) return undefined;
  const line = Number(found[2]);
  const column = found[3] === undefined ? undefined : Math.max(Number(found[3]) - (line === 1 ? source.before : 0), 1);
  const text = source.text.split("\n")[line - 1] || "";
  return { line, column, text, isDirect: !lines.slice(0, at).some((it) => it.includes("(native)")), source: source.text };
};

const CLOSED = { ")": "(", "]": "[" };
// Where the bracket opens that closes before `end`; -1 where it is in an earlier line.
const opening = (text, end) => {
  const close = text[end - 1];
  let depth = 0;
  for (let at = end - 1; at >= 0; at--) {
    if (text[at] === close) depth++;
    else if (text[at] === CLOSED[close] && --depth === 0) return at;
  }
  return -1;
};
// The owner of a member that starts at `end`, as V8 shows it: arguments become "...".
const owner = (text, end) => {
  let shown = "";
  let at = end;
  for (;;) {
    let start = at;
    while (/\s/.test(text[start - 1] || "")) start--;
    if (shown === "" || /[\w$]/.test(shown[0])) {
      if (text[start - 1] !== ".") return shown;
      at = start - (text[start - 2] === "?" ? 2 : 1);
      shown = `.${shown}`;
      continue;
    }
    const word = /[\w$]+$/.exec(text.slice(0, start));
    if (word) {
      shown = word[0] + shown;
      at = start - word[0].length;
      continue;
    }
    const open = CLOSED[text[start - 1]] ? opening(text, start) : -1;
    if (open < 0) return shown;
    if (text[start - 1] === "]") shown = `[${text.slice(open + 1, start - 1)}]${shown}`;
    else if (/[\w$\])]/.test(text[open - 1] || "")) shown = `(...)${shown}`;
    else return `(intermediate value)${shown}`;
    at = open;
  }
};

const callee = (it) => {
  if (!it || it.column === undefined || !it.isDirect) return undefined;
  const after = it.text.slice(it.column - 1);
  const name = /^[\s.?(]*([A-Za-z_$][\w$]*)/.exec(after);
  if (!name) return undefined;
  const end = it.column - 1 + name[0].length;
  const start = /[\w$]*$/.exec(it.text.slice(0, it.column - 1))[0];
  const shown = /^[\w$]/.test(after) && start ? start + name[1] : name[1];
  const begin = end - shown.length;
  const before = owner(it.text, begin);
  const isNew = /\bnew\s*$/.test(it.text.slice(0, begin - before.length));
  // The place of `new a.b()` is that of `a`.
  const rest = isNew ? /^(\.[A-Za-z_$][\w$]*)*/.exec(it.text.slice(end))[0] : "";
  return { text: before + shown + rest, isNew, column: begin + 1 };
};

const unexpected = (token) => {
  if (!token) return "Unexpected end of input";
  if (/^\d/.test(token)) return "Unexpected number";
  if (/^["']/.test(token)) return "Unexpected string";
  if (/^[A-Za-z_$][\w$]*$/.test(token) && !/^(if|for|while|return|var|const|function|class|new|else|case|try|catch|throw|in|of)$/.test(token)) return `Unexpected identifier '${token}'`;
  return `Unexpected token '${token}'`;
};

const tokenAt = (it) => {
  if (!it || it.column === undefined) return undefined;
  const rest = it.text.slice(it.column - 1).trimStart() || it.source.split("\n").slice(it.line).join("\n").trimStart();
  const found = /^([A-Za-z_$][\w$]*|\d+|["'][^"']*["']?|.)/.exec(rest);
  return found ? found[1] : "";
};

const WORDS = [
  [/^cannot read property 'Symbol\.iterator' of (undefined|null)$/, (_, what) => `${what} is not iterable`],
  [/^cannot (read) property '([^]*)' of (undefined|null)$/, (_, __, name, what) => `Cannot read properties of ${what} (reading '${name}')`],
  [/^cannot (set) property '([^]*)' of (undefined|null)$/, (_, __, name, what) => `Cannot set properties of ${what} (setting '${name}')`],
  [/^'([^]*)' is read-only$/, () => "Assignment to constant variable."],
  [/^([^]*) is not initialized$/, (_, name) => `Cannot access '${name}' before initialization`],
  [/^unexpected token in expression: '([^]*)'$/, (_, token) => unexpected(token)],
  [/^Unexpected token '(\s*)'$/, () => "Unexpected end of input"],
  [/^unsupported keyword: (export)$/, (_, word) => `Unexpected token '${word}'`],
  [/^unexpected end of string$/, () => "Invalid or unexpected token"],
  [/^(unterminated template|unexpected end of template)[^]*$/i, () => "Unexpected end of input"],
  [/^Date value is NaN$/, () => "Invalid time value"],
  [/^invalid array length$/, () => "Invalid array length"],
  [/^empty array$/, () => "Reduce of empty array with no initial value"],
  [/^expecting hex digit$/, () => "URI malformed"],
  [/^circular reference$/, () => "Converting circular structure to JSON"],
  [/^function name expected$/, () => "Function statements require a function name"],
  [/^invalid assignment left-hand side$/, () => "Invalid left-hand side in assignment"],
];

const words = (name, message, it) => {
  if (message === "not a function") {
    const found = callee(it);
    if (found) return `${found.text} is not a ${found.isNew ? "constructor" : "function"}`;
  }
  if (message === "class constructors must be invoked with 'new'") {
    const found = callee(it);
    return `Class constructor ${found ? found.text : ""} cannot be invoked without 'new'`;
  }
  if (name === "SyntaxError" && /^expecting '/.test(message) && it && it.isDirect) {
    const isAwait = it && it.column !== undefined && /\bawait\s*$/.test(it.text.slice(0, it.column - 1));
    return isAwait ? "await is only valid in async functions and the top level bodies of modules" : unexpected(tokenAt(it));
  }
  if (/^invalid redefinition of (lexical identifier|parameter name|global identifier)$/.test(message) && it && it.column !== undefined) {
    const found = /([A-Za-z_$][\w$]*)[^\w$]*$/.exec(it.text.slice(0, it.column - 1)) || /([A-Za-z_$][\w$]*)/.exec(it.text);
    if (found) return `Identifier '${found[1]}' has already been declared`;
  }
  if (name === "SyntaxError" && it && /^\s*import\s*[\w{*'"]/.test(it.text)) return "Cannot use import statement outside a module";
  for (const [pattern, replace] of WORDS) {
    if (pattern.test(message)) return message.replace(pattern, replace);
  }
  return message;
};

// QuickJS throws `null` where there is no memory left for an error. A script that throws it names it.
sdk.errorOf = (error) => {
  if (error === null && !sdk.namesNull) return { name: "InternalError", message: "out of memory" };
  if (error === null || error === undefined || typeof error !== "object") return { name: "", message: String(error) };
  // What is thrown and no error has no name.
  const name = String(error.name || "");
  const it = place(error.stack);
  const message = words(name, String(error.message === undefined ? "" : error.message), it);
  const found = error.message === "not a function" ? callee(it) : undefined;
  return { name, message, line: it && it.line, column: found ? found.column : it && it.column };
};
