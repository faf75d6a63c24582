// Runs what `headcount postman export` writes with Newman, and compares with `headcount run apply`:
// the same changing requests, and the same users, groups and memberships afterwards.
//
// Usage: npm ci && node export.mjs [path of the headcount program]
//
// Each plan has two sandboxes: headcount applies the plan in one, Newman runs its collection in the other.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const program = resolve(process.argv[2] ?? join(here, "../../target/debug/headcount"));
const newman = process.env.NEWMAN ?? join(here, "node_modules/.bin/newman");

const ODD = 'a "quote", \\ and {{apiToken}}';
const GROUPS = "emailAddress,groups\nnew.one@example.com,\"Finance, Europe;hanoi-legal\"\n" +
  "new.two@example.com,hanoi-legal\njfloat@banc.ly,\"Finance, Europe\"\nnew.one@example.com,oslo-engineering\n";

// Words of the command, its sheet, and the credentials it has.
const cases = [
  [["user", "create"], "emailAddress,products\nnew.one+x@example.com,\nmüller'o@example.com,jira-software;jira-servicedesk\n"],
  [["user", "create"], GROUPS],
  [["user", "create", "--by", "invite"], "emailAddress,groups\nnew.one@example.com,\"Finance, Europe\"\n"],
  [["user", "deactivate", "--message", ODD], "email\nvdillow@banc.ly\ndnkosi@banc.ly\n"],
  [["user", "activate"], "email\ndnkosi@banc.ly\n"],
  [["user", "suspend"], "email\nvdillow@banc.ly\nsferreira@banc.ly\n"],
  [["user", "restore"], "email\nsferreira@banc.ly\n"],
  [["user", "remove"], "email\nvdillow@banc.ly\n"],
  [["user", "remove"], "email\nvdillow@banc.ly\n", "key"],
  [["member", "add"], "Email,Group\njfloat@banc.ly,\"Finance, Europe\"\nvdillow@banc.ly,jira-software-users\n"],
  [["member", "add"], "Email,Group\njfloat@banc.ly,\"Finance, Europe\"\n", "key"],
  [["member", "remove"], "Email,Group\ndnkosi@banc.ly,\"Finance, Europe\"\n"],
  [["member", "remove"], "Email,Group\ndnkosi@banc.ly,\"Finance, Europe\"\n", "key"],
  [["group", "create"], `name,description\nneue-größe,Erste\nR&D #1/süd?,"${ODD.replaceAll('"', '""')}"\n00712,\n5e123,\n`],
  [["group", "create"], "name\nR&D #1/süd?\n", "token"],
  [["group", "delete"], "Group\nhanoi-legal\n"],
  [["group", "delete"], "Group\nhanoi-legal\n", "token"],
];

async function startSandbox(folder) {
  mkdirSync(folder, { recursive: true });
  const args = ["sandbox", "--port", "0", "--record", join(folder, "record")];
  const sandbox = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const card = await new Promise((done, failed) => {
    sandbox.once("error", failed);
    createInterface({ input: sandbox.stdout }).once("line", (line) => done(JSON.parse(line)));
  });
  return { sandbox, card, folder };
}

function headcount(site, keys, args) {
  const { card, folder } = site;
  const env = { PATH: process.env.PATH };
  for (const name of ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]) env[name] = folder;
  const variables = { EMAIL: card.email, ADMIN_URL: card.url };
  if (keys !== "key") Object.assign(variables, { CLOUD_URL: card.url, API_TOKEN: card.api_token });
  if (keys !== "token") {
    Object.assign(variables, { ORG_ID: card.org_id, DIRECTORY_ID: card.directory_id, ORG_API_KEY: card.org_api_key });
  }
  for (const [name, value] of Object.entries(variables)) env[`HEADCOUNT_${name}`] = value;
  return spawnSync(program, args, { cwd: folder, env, encoding: "utf8" });
}

const state = async (card) => (await fetch(`${card.url}/_sandbox/state`)).json();

// New accounts have other ids in each sandbox.
function byMail(text, people) {
  for (const { account_id: id, email } of people) text = text.replaceAll(id, email);
  return text;
}

// The changing requests. An invitation is for up to 25 users, and Newman sends one for each.
function changes(folder, people) {
  const lines = readdirSync(join(folder, "record"))
    .flatMap((file) => readFileSync(join(folder, "record", file), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line))
    .filter((one) => one.method !== "GET" && !/\/(search|workspaces)$/.test(one.path));
  const all = lines.flatMap(({ method, path, query, request }) => {
    const body = request === "" ? null : JSON.parse(request);
    const bodies = body?.emails ? body.emails.map((mail) => ({ ...body, emails: [mail] })) : [body];
    const where = decodeURIComponent(`${path}?${query}`);
    const sorted = (value) => JSON.stringify(value, value && Object.keys(value).sort());
    return bodies.map((one) => byMail(`${method} ${where} ${sorted(one)}`, people));
  });
  return all.sort();
}

function outcome({ people, groups, memberships }) {
  const users = people.map(({ account_id, added_ms, changed_ms, seen, ...rest }) => rest);
  const named = groups.map(({ name, description }) => ({ name, description }));
  return [...users, ...named, ...memberships].map((one) => byMail(JSON.stringify(one), people)).sort();
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function runCase([words, sheet, keys], folder) {
  const wrong = [];
  const sites = [await startSandbox(join(folder, "apply")), await startSandbox(join(folder, "newman"))];
  const [apply, run] = sites;
  try {
    for (const site of sites) writeFileSync(join(site.folder, "in.csv"), sheet);
    const [first, second, ...options] = words;
    const job = [first, second, "in.csv", ...options];
    const applied = headcount(apply, keys, [...job, "--yes", "--max-changes", "9"]);
    if (applied.status > 1) wrong.push(applied.stderr);
    headcount(run, keys, [...job, "--plan"]);
    const exported = headcount(run, keys, ["postman", "export", "last"]);
    if (exported.status !== 0) return [exported.stderr];
    const [collection, environment, data] = exported.stdout.trim().split("\n");
    const { card } = run;
    const values = { apiTokenEmailAddress: card.email, apiToken: card.api_token, orgApiKey: card.org_api_key };
    const variables = Object.entries(values).flatMap(([name, value]) => ["--env-var", `${name}=${value}`]);
    const args = ["run", collection, "-e", environment, "-d", data, ...variables];
    const ended = spawnSync(newman, args, { cwd: run.folder, encoding: "utf8" });
    if (ended.error) throw ended.error;
    if (ended.status !== 0) wrong.push(ended.stdout);
    const [wanted, found] = [await state(apply.card), await state(card)];
    const [theirs, ours] = [changes(run.folder, found.people), changes(apply.folder, wanted.people)];
    if (ours.length === 0) wrong.push("nothing was sent");
    if (!same(ours, theirs)) wrong.push("headcount sends", ...ours, "Newman sends", ...theirs);
    if (!same(outcome(wanted), outcome(found))) wrong.push("the sites end in different states");
  } finally {
    for (const { sandbox } of sites) sandbox.kill();
  }
  return wrong;
}

let failed = 0;
for (const one of cases) {
  const folder = mkdtempSync(join(tmpdir(), "headcount-export-"));
  try {
    const wrong = await runCase(one, folder);
    const name = `${one[0].join(" ")}${one[2] ? ` (${one[2]} alone)` : ""}`;
    console.log(`${wrong.length === 0 ? "ok    " : "FAILED"} ${name}`);
    for (const line of wrong) console.log(`         ${line}`);
    failed += wrong.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
console.log(`${cases.length - failed} of ${cases.length} as wanted`);
process.exit(failed === 0 ? 0 : 1);
