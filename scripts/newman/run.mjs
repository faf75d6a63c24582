// Runs the knowledge base's recipes with Newman, a client that knows nothing of headcount, against
// `headcount sandbox`: to the letter, where they must fail as they fail on a real site, and
// corrected, where everything must be green.
//
// Usage: npm ci && node run.mjs [path of the headcount program]
//
// Each case has a sandbox of its own. Newman runs as its users run it: as a command, with an
// exported collection, an exported environment and a data file. The one thing that is not the
// article's own is the host of the organization's API, a variable here.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const program = process.argv[2] ?? join(here, "../../target/debug/headcount");

// `steps` are runs one after the other: statuses wanted, row by row, and a text that the first
// answer has. `effects` is what the sandbox's log must say was done in the whole case.
const cases = [
  {
    name: "create users, to the letter: each row signs in as the new user",
    environment: "first",
    steps: [{ collection: "create-users.letter", data: "create-users.csv", wants: [401, 401, 401] }],
    effects: {},
  },
  {
    name: "create users, the variable renamed: the products are missing",
    environment: "later",
    steps: [{
      collection: "create-users.renamed", data: "create-users.csv", wants: [400, 400, 400],
      says: "You must specify the products that user can access.",
    }],
    effects: {},
  },
  {
    name: "create users, two products in a cell become one that does not exist",
    environment: "later",
    steps: [{ collection: "create-users.corrected", data: "create-users.two-products.csv", wants: [400] }],
    effects: {},
  },
  {
    name: "create users, corrected: a pilot row, then all; 201 for who is there",
    environment: "later",
    steps: [
      { collection: "create-users.corrected", data: "create-users.products.csv", rows: 1, wants: [201] },
      { collection: "create-users.corrected", data: "create-users.products.csv", wants: [201, 201, 201] },
    ],
    effects: { "created-user": 3 },
  },
  {
    name: "the create-user call's page, to the letter",
    environment: "later",
    steps: [{
      collection: "create-user-call.letter", data: "create-user-call.csv", wants: [400, 400],
      says: "You must specify the products that user can access.",
    }],
    effects: {},
  },
  {
    name: "the create-user call's page, corrected",
    environment: "later",
    steps: [{ collection: "create-user-call.corrected", data: "create-user-call.csv", wants: [201, 201] }],
    effects: { "created-user": 2 },
  },
  {
    name: "memberships, to the letter: a pilot row, then all with it again",
    environment: "later",
    steps: [
      { collection: "memberships", data: "memberships.csv", rows: 1, wants: [201] },
      { collection: "memberships", data: "memberships.csv", wants: [400, 201, 201], says: "already a member" },
    ],
    effects: { "added-member": 3 },
  },
  {
    name: "memberships, rows that XLOOKUP left empty",
    environment: "later",
    steps: [{ collection: "memberships", data: "memberships.unresolved.csv", wants: [404, 404] }],
    effects: {},
  },
  {
    name: "memberships, a file with semicolons",
    environment: "later",
    steps: [{ collection: "memberships", data: "memberships.semicolons.csv", wants: [404, 404, 404] }],
    effects: {},
  },
  {
    name: "memberships, a heading in another case",
    environment: "later",
    steps: [{ collection: "memberships", data: "memberships.case.csv", wants: [404, 404, 404] }],
    effects: {},
  },
  {
    name: "memberships, corrected: all once",
    environment: "later",
    steps: [{ collection: "memberships", data: "memberships.csv", wants: [201, 201, 201] }],
    effects: { "added-member": 3 },
  },
  {
    name: "disable users, to the letter: {{User Id}} is nobody",
    environment: "org",
    steps: [{ collection: "disable.letter", data: "users.csv", wants: [404, 404, 404] }],
    effects: {},
  },
  {
    name: "disable users, the heading's case right, a pilot row, then all: \"one error may be expected\"",
    environment: "org",
    steps: [
      { collection: "disable.corrected", data: "users.csv", rows: 1, wants: [204] },
      { collection: "disable.corrected", data: "users.csv", wants: [409, 204, 204] },
    ],
    effects: { deactivated: 3 },
  },
  {
    name: "disable users, corrected: all once",
    environment: "org",
    steps: [{ collection: "disable.corrected", data: "users.csv", wants: [204, 204, 204] }],
    effects: { deactivated: 3 },
  },
];

// A sandbox of one's own, and its card: the first line it prints.
async function startSandbox() {
  const sandbox = spawn(program, ["sandbox", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const card = await new Promise((resolve, reject) => {
    sandbox.once("error", reject);
    sandbox.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
    createInterface({ input: sandbox.stdout }).once("line", (line) => resolve(JSON.parse(line)));
  });
  return { sandbox, card };
}

// One run of Newman: its exit code, and the status and body of each row.
function newman(step, environment, card, folder) {
  const report = join(folder, "report.json");
  const values = {
    cloudUrl: card.url, emailAddress: card.email, apiTokenEmailAddress: card.email,
    apiToken: card.api_token, orgApiKey: card.org_api_key, organizationId: card.org_id,
    apiUrl: card.url,
  };
  const exported = JSON.parse(readFileSync(join(here, `environments/${environment}.json`), "utf8"));
  const args = [
    "run", join(here, `collections/${step.collection}.json`),
    "-e", join(here, `environments/${environment}.json`),
    "-d", join(here, `data/${step.data}`),
    "--reporters", "json", "--reporter-json-export", report,
  ];
  for (const { key } of exported.values) args.push("--env-var", `${key}=${values[key]}`);
  if (step.rows) args.push("-n", String(step.rows));
  const ended = spawnSync(join(here, "node_modules/.bin/newman"), args, { encoding: "utf8" });
  if (ended.error) throw ended.error;
  const executions = JSON.parse(readFileSync(report, "utf8")).run.executions;
  return {
    exit: ended.status,
    statuses: executions.map((one) => one.response?.code ?? one.requestError?.code),
    bodies: executions.map((one) => Buffer.from(one.response?.stream?.data ?? []).toString("utf8")),
  };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function runCase(one, folder) {
  const wrong = [];
  const { sandbox, card } = await startSandbox();
  try {
    for (const step of one.steps) {
      const found = newman(step, one.environment, card, folder);
      const green = step.wants.every((status) => status < 300);
      if (!same(found.statuses, step.wants)) wrong.push(`statuses ${found.statuses}, not ${step.wants}: ${found.bodies[0]}`);
      if (found.exit !== (green ? 0 : 1)) wrong.push(`Newman's exit code is ${found.exit}`);
      if (step.says && !found.bodies[0].includes(step.says)) wrong.push(`row 1 says: ${found.bodies[0]}`);
    }
    const summary = await (await fetch(`${card.url}/_sandbox/log/summary`)).json();
    if (!same(summary.effects, one.effects)) wrong.push(`effects ${JSON.stringify(summary.effects)}`);
    if (summary.twice.length > 0) wrong.push(`done twice: ${JSON.stringify(summary.twice)}`);
  } finally {
    sandbox.removeAllListeners("exit");
    sandbox.kill();
  }
  return wrong;
}

const folder = mkdtempSync(join(tmpdir(), "headcount-newman-"));
let failed = 0;
try {
  for (const one of cases) {
    const wrong = await runCase(one, folder);
    console.log(`${wrong.length === 0 ? "ok    " : "FAILED"} ${one.name}`);
    for (const line of wrong) console.log(`         ${line}`);
    failed += wrong.length > 0 ? 1 : 0;
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${cases.length - failed} of ${cases.length} as wanted`);
process.exit(failed === 0 ? 0 : 1);
