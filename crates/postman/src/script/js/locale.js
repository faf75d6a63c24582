// Dates, numbers and order by language. Newman has Node's tables of all languages; here are the
// forms of the languages that scripts name most, and American English for all others.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const two = (number) => String(number).padStart(2, "0");

const parts = (date, zone) => {
  const isUtc = zone === "UTC" || zone === "GMT" || zone === "Etc/UTC";
  if (zone !== undefined && !isUtc) throw new RangeError(`Invalid time zone specified: ${zone}`);
  const get = (name) => date[`get${isUtc ? "UTC" : ""}${name}`]();
  return { year: get("FullYear"), month: get("Month") + 1, day: get("Date"), weekday: get("Day"), hour: get("Hours"), minute: get("Minutes"), second: get("Seconds") };
};

// The numeric date and time of a language.
const FORMS = {
  "en-US": [(it) => `${it.month}/${it.day}/${it.year}`, 12, ", "],
  "en-GB": [(it) => `${two(it.day)}/${two(it.month)}/${it.year}`, 24, ", "],
  "en-CA": [(it) => `${it.year}-${two(it.month)}-${two(it.day)}`, 12.5, ", "],
  "sv": [(it) => `${it.year}-${two(it.month)}-${two(it.day)}`, 24, " "],
  "de": [(it) => `${it.day}.${it.month}.${it.year}`, 24, ", "],
  "fr": [(it) => `${two(it.day)}/${two(it.month)}/${it.year}`, 24, " "],
  "es": [(it) => `${it.day}/${it.month}/${it.year}`, 240, ", "],
  "it": [(it) => `${it.day}/${it.month}/${it.year}`, 24, ", "],
  "nl": [(it) => `${it.day}-${it.month}-${it.year}`, 24, ", "],
  "pt": [(it) => `${two(it.day)}/${two(it.month)}/${it.year}`, 24, ", "],
  "ja": [(it) => `${it.year}/${it.month}/${it.day}`, 240, " "],
};
const form = (locales) => {
  const name = String(Array.isArray(locales) ? locales[0] : locales === undefined ? "en-US" : locales);
  return FORMS[name] || FORMS[name.split("-")[0]] || FORMS["en-US"];
};

const timeOf = (it, cycle, options) => {
  const wants = (name) => options[name] !== undefined;
  const all = !wants("hour") && !wants("minute") && !wants("second");
  const isTwelve = options.hour12 === undefined ? cycle < 20 : options.hour12;
  const hour = isTwelve ? it.hour % 12 || 12 : options.hour12 === false && it.hour === 0 && cycle < 20 ? 24 : it.hour;
  const shown = [];
  const isPadded = options.hour === "2-digit" || (!isTwelve && cycle !== 240);
  if (all || wants("hour")) shown.push(isPadded ? two(hour) : String(hour));
  if (all || wants("minute")) shown.push(two(it.minute));
  if (all || wants("second")) shown.push(two(it.second));
  const half = cycle === 12.5 ? [" a.m.", " p.m."] : [" AM", " PM"];
  return shown.join(":") + (isTwelve && (all || wants("hour")) ? half[it.hour < 12 ? 0 : 1] : "");
};

const dateOf = (it, locales, options) => {
  const wants = (name) => options[name] !== undefined;
  const isText = ["long", "short", "narrow"].includes(options.month) || wants("weekday");
  if (!["year", "month", "day", "weekday"].some(wants)) return form(locales)[0](it);
  const number = (name) => (options[name] === "2-digit" ? two(it[name] % 100) : String(it[name]));
  if (!isText) {
    const isPlain = wants("year") && wants("month") && wants("day");
    const padded = (name) => (options[name] === "2-digit" ? two(it[name] % 100) : it[name]);
    const shown = { year: padded("year"), month: padded("month"), day: padded("day") };
    if (isPlain && form(locales) !== FORMS["en-US"]) return form(locales)[0](shown);
    return ["month", "day", "year"].filter(wants).map(number).join("/");
  }
  const cut = (text, style) => (style === "long" ? text : text.slice(0, style === "narrow" ? 1 : 3));
  const month = wants("month") ? (/digit|numeric/.test(options.month) ? number("month") : cut(MONTHS[it.month - 1], options.month)) : "";
  const day = [month, wants("day") ? number("day") : ""].filter(Boolean).join(" ");
  const weekday = wants("weekday") ? cut(DAYS[it.weekday], options.weekday) : "";
  const date = wants("year") ? (wants("day") ? `${day}, ${number("year")}` : `${day} ${number("year")}`.trim()) : day;
  return [weekday, date].filter(Boolean).join(", ");
};

const styles = {
  full: { weekday: "long", month: "long", day: "numeric", year: "numeric" }, long: { month: "long", day: "numeric", year: "numeric" },
  medium: { month: "short", day: "numeric", year: "numeric" }, short: { month: "numeric", day: "numeric", year: "2-digit" },
};
const withStyles = (options) => {
  const made = Object.assign({}, options);
  if (made.dateStyle) Object.assign(made, styles[made.dateStyle]);
  if (made.timeStyle) Object.assign(made, { hour: "numeric", minute: "2-digit" }, made.timeStyle === "short" ? {} : { second: "2-digit" });
  return made;
};
const anyOf = (options, names) => names.some((name) => options[name] !== undefined);
const DATE = ["year", "month", "day", "weekday"];
const TIME = ["hour", "minute", "second"];
const localized = (date, locales, given, kind) => {
  if (Number.isNaN(date.getTime())) return "Invalid Date";
  const options = withStyles(given);
  const it = parts(date, options.timeZone);
  const [, cycle, between] = form(locales);
  const none = !anyOf(options, [...DATE, ...TIME]);
  const hasDate = anyOf(options, DATE) || kind === "date" || (kind === "both" && none);
  const hasTime = anyOf(options, TIME) || kind === "time" || (kind === "both" && none);
  return [hasDate ? dateOf(it, locales, options) : "", hasTime ? timeOf(it, cycle, options) : ""].filter(Boolean).join(between);
};

const define = (object, name, value) => Object.defineProperty(object, name, { value, configurable: true, writable: true });
define(Date.prototype, "toLocaleDateString", function toLocaleDateString(locales, options) {
  return localized(this, locales, options, "date");
});
define(Date.prototype, "toLocaleTimeString", function toLocaleTimeString(locales, options) {
  return localized(this, locales, options, "time");
});
define(Date.prototype, "toLocaleString", function toLocaleString(locales, options) {
  return localized(this, locales, options, "both");
});
// V8 adds the name of the time zone. Without tables only that of UTC is known.
const withZone = (text) => (/GMT\+0000$/.test(text) ? `${text} (Coordinated Universal Time)` : text.replace(/GMT([+-]\d\d)(\d\d)$/, "GMT$1$2 (GMT$1:$2)"));
for (const name of ["toString", "toTimeString"]) {
  const own = Date.prototype[name];
  define(Date.prototype, name, { [name]() {
    return withZone(own.call(this));
  } }[name]);
}

const SIGNS = { "de": [".", ","], "es": [".", ","], "it": [".", ","], "nl": [".", ","], "pt": [".", ","], "fr": ["\u202f", ","], "sv": ["\u00a0", ","] };
define(Number.prototype, "toLocaleString", function toLocaleString(locales, options) {
  const number = Number(this);
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : number < 0 ? "-∞" : "∞";
  const { style, currency, minimumFractionDigits, maximumFractionDigits, useGrouping } = options || {};
  const isMoney = style === "currency";
  const least = minimumFractionDigits === undefined ? (isMoney ? 2 : 0) : minimumFractionDigits;
  const most = maximumFractionDigits === undefined ? Math.max(least, isMoney ? 2 : style === "percent" ? 0 : 3) : maximumFractionDigits;
  const [whole, rest = ""] = Math.abs(style === "percent" ? number * 100 : number).toFixed(most).split(".");
  let fraction = rest;
  while (fraction.length > least && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  const [comma, point] = SIGNS[String(locales || "en").split("-")[0]] || [",", "."];
  const grouped = useGrouping === false ? whole : whole.replace(/\B(?=(\d{3})+$)/g, comma);
  const shown = grouped + (fraction ? point + fraction : "");
  const money = isMoney ? { USD: "$", EUR: "€", GBP: "£", JPY: "¥" }[currency] || `${currency}\u00a0` : "";
  return `${number < 0 ? "-" : ""}${money}${shown}${style === "percent" ? "%" : ""}`;
});

// Letters without their marks first, then marks, then small before capital letters.
const base = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const order = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
const rank = (letter) => (/[\p{L}]/u.test(letter) ? 3 : /\p{N}/u.test(letter) ? 2 : /\s/.test(letter) ? 0 : 1);
const byLetters = (one, other, isNumeric) => {
  const split = (text) => (isNumeric ? text.match(/\d+|\D/g) || [] : Array.from(text));
  const [a, b] = [split(one), split(other)];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (a[at] === b[at]) continue;
    if (isNumeric && /^\d/.test(a[at]) && /^\d/.test(b[at])) {
      if (Number(a[at]) !== Number(b[at])) return order(Number(a[at]), Number(b[at]));
      continue;
    }
    return order(rank(a[at]), rank(b[at])) || order(a[at], b[at]);
  }
  return order(a.length, b.length);
};
define(String.prototype, "localeCompare", function localeCompare(that, locales, options) {
  const [one, other] = [String(this), String(that)];
  const { numeric, sensitivity } = options || {};
  const letters = byLetters(base(one), base(other), numeric);
  if (letters || sensitivity === "base") return letters;
  const marks = (text) => text.normalize("NFD").toLowerCase();
  const accents = sensitivity === "case" ? 0 : order(marks(one), marks(other));
  if (accents || sensitivity === "accent") return accents;
  const swapped = (text) => Array.from(text, (it) => (it === it.toLowerCase() ? it.toUpperCase() : it.toLowerCase())).join("");
  return order(swapped(one), swapped(other));
});
