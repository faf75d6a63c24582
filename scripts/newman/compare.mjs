// Runs small collections with Newman and with `headcount postman run`, and compares: the same
// requests in the same order (method, URL, headers that matter, body), the same assertions with the
// same results, the same exit code.
//
// Usage: npm ci && node compare.mjs [path of the headcount program] [part of a case's name]
//
// Newman stays loaded for all cases; NEWMAN_COLD=1 starts it for each. NEWMAN_CACHE=FOLDER keeps what Newman did, so that only changed cases run it again.
//
// With --as-newman there must be no difference. Without it, only the cases that say `safer` differ,
// and in the way they say.

import { execFile, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { startServer } from "./echo.mjs";
import { cases as flow } from "./cases/flow.mjs";
import { cases as left } from "./cases/left.mjs";
import { cases as mutations } from "./cases/mutations.mjs";
import { cases as publicShapes } from "./cases/public.mjs";
import { cases as requests } from "./cases/requests.mjs";
import { cases as scripts } from "./cases/scripts.mjs";
import { cases as variables } from "./cases/variables.mjs";
import { cases as world } from "./cases/world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const program = process.argv[2] ?? join(here, "../../target/debug/headcount");
const filter = process.argv[3] ?? "";
const newman = join(here, "node_modules/.bin/newman");
if (!existsSync(newman)) {
  console.error("Newman is not installed: run `npm ci` in scripts/newman (it needs the npm registry).");
  process.exit(2);
}

// Headers that differ between any two clients, or from run to run.
const IGNORED = ["user-agent", "postman-token", "host", "connection"];

const run = (command, args, folder) => new Promise((resolve) => {
  execFile(command, args, { cwd: folder, maxBuffer: 1 << 28, timeout: 60_000 }, (error, stdout, stderr) => {
    resolve({ exit: error ? error.code ?? 1 : 0, output: `${stdout}${stderr}` });
  });
});

let warm;

// Newman in a process that stays. If it ends, as a rejected promise makes it, that is its exit code.
const runWarm = (command, args, folder) => new Promise((resolve) => {
  warm ??= fork(join(here, "warm.cjs"), { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const process = warm;
  const end = (exit, isOver) => {
    clearTimeout(timer);
    process.removeAllListeners();
    if (isOver) warm = undefined;
    resolve({ exit, output: "" });
  };
  const timer = setTimeout(() => process.kill(), 60_000);
  process.once("message", ({ exit }) => end(exit, false));
  process.once("exit", (code) => end(code ?? 1, true));
  process.send({ args, folder });
});

const boundary = (text) => text.replace(/-{26}\d{24}/g, "BOUNDARY");

function seen(log) {
  return log.map(({ method, url, headers, body }) => {
    const kept = headers.filter(([name]) => !IGNORED.includes(name.toLowerCase()));
    const sorted = kept.map(([name, value]) => `${name}: ${boundary(value)}`).sort();
    return { method, url, headers: sorted, body: boundary(body) };
  });
}

function assertions(file) {
  if (!existsSync(file)) return [];
  const { run: report } = JSON.parse(readFileSync(file, "utf8"));
  const found = {
    executions: report.executions.map((one) => ({
      item: one.item?.name,
      iteration: one.cursor.iteration,
      assertions: (one.assertions ?? []).map(({ assertion, skipped, error }) => ({
        assertion, skipped: Boolean(skipped), error: error && `${error.name}: ${error.message}`,
      })),
      status: one.response?.code,
    })),
    failures: report.failures.map(({ error, source }) => [source?.name, error.name, error.message]),
    stats: Object.fromEntries(Object.entries(report.stats).map(([name, { total, failed }]) => [name, [total, failed]]).sort()),
  };
  return found;
}

async function runWith(one, command, prefix, server, folder, extra, start = run) {
  const files = { "c.json": one.collection, "e.json": one.environment, "g.json": one.globals };
  for (const [name, value] of Object.entries(files)) {
    if (value) writeFileSync(join(folder, name), JSON.stringify(value).replaceAll("BASE", server.url));
  }
  for (const [name, text] of Object.entries(one.files ?? {})) writeFileSync(join(folder, name), text);
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const args = [...prefix, join(folder, "c.json"), "-r", "json", "--reporter-json-export", report];
  if (one.environment) args.push("-e", join(folder, "e.json"));
  if (one.globals) args.push("-g", join(folder, "g.json"));
  if (one.data !== undefined) {
    writeFileSync(join(folder, "data"), one.data.replaceAll("BASE", server.url));
    args.push("-d", join(folder, "data"));
  }
  args.push(...(one.args ?? []).map((arg) => arg.replaceAll("BASE", server.url)), ...extra);
  server.log.length = 0;
  const { exit, output } = await start(command, args, folder);
  return JSON.parse(JSON.stringify({ exit, output, requests: seen(server.log), report: assertions(report) }).replaceAll(server.url, "BASE").replaceAll(server.url.slice(7), "HOST"));
}

// Newman's result, or what it was the last time for the same case.
async function newmans(one, server, folder) {
  const cache = process.env.NEWMAN_CACHE;
  const key = createHash("sha256").update(JSON.stringify(one)).digest("hex");
  const file = cache && join(cache, `${key}.json`);
  if (file && existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const found = await runWith(one, newman, ["run"], server, folder, [], process.env.NEWMAN_COLD ? run : runWarm);
  if (file) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(file, JSON.stringify(found));
  }
  return found;
}

// The first difference, in words.
function difference(a, b, what = "") {
  if (JSON.stringify(a) === JSON.stringify(b)) return undefined;
  if (a && b && typeof a === "object" && typeof b === "object") {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const inner = difference(a[key], b[key], `${what}.${key}`);
      if (inner) return inner;
    }
  }
  return `${what}: Newman ${JSON.stringify(a)}, headcount ${JSON.stringify(b)}`;
}

const parts = ({ exit, requests: sent, report }) => ({ exit, requests: sent, report });
const all = [...requests, ...variables, ...scripts, ...flow, ...mutations, ...left, ...world, ...publicShapes].filter(({ name }) => name.includes(filter));
const server = await startServer();
const folder = mkdtempSync(join(tmpdir(), "headcount-compare-"));
let wrong = 0;
try {
  for (const one of all) {
    const theirs = await newmans(one, server, folder);
    // Newman brings the packages of its sandbox along; headcount takes them from a folder.
    const modules = one.modules ? ["--modules", join(here, "node_modules")] : [];
    const same = await runWith(one, program, ["postman", "run"], server, folder, [...modules, "--as-newman"]);
    const found = [];
    const as = difference(parts(theirs), parts(same));
    if (as) found.push(`--as-newman${as}`, ...(same.report.length === 0 ? [same.output] : []));
    const safe = await runWith(one, program, ["postman", "run"], server, folder, [...modules, "--concurrency", "1"]);
    const differs = difference(parts(theirs), parts(safe));
    if (one.safer === undefined && differs) found.push(`safe${differs}`, safe.output.slice(0, 600));
    if (one.safer !== undefined) {
      const text = JSON.stringify(safe.requests) + safe.output;
      if (!differs) found.push("safe: no difference, but one is expected");
      else if (!text.includes(one.safer)) found.push(`safe: no "${one.safer}" in ${text.slice(0, 600)}`);
    }
    console.log(`${found.length === 0 ? "ok    " : "FAILED"} ${one.name}`);
    for (const line of found) console.log(`         ${line}`);
    wrong += found.length > 0 ? 1 : 0;
  }
} finally {
  rmSync(folder, { recursive: true });
  server.close();
  warm?.kill();
}
console.log(`${all.length - wrong} of ${all.length} as Newman`);
process.exit(wrong === 0 ? 0 : 1);
