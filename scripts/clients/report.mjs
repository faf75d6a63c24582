// One line for each call of a client, and whether the answer is what a user of that client expects.

export class Report {
  // The address of the sandbox is the script's first argument.
  constructor(client) {
    this.client = client;
    this.url = process.argv[2];
    this.calls = 0;
    this.faults = 0;
  }

  // Asks the sandbox itself, beside the client.
  async control(path, body) {
    const request = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${this.url}/_sandbox/${path}`, request);
    const text = await answer.text();
    return text === "" ? null : JSON.parse(text);
  }

  async account(email) {
    return (await this.control(`state?only=people&email=${email}`)).people[0].account_id;
  }

  async group(name) {
    return (await this.control(`state?only=groups&group=${name}`)).groups[0].id;
  }

  line(ok, call, text) {
    this.calls += 1;
    this.faults += ok ? 0 : 1;
    console.log(`${ok ? "ok   " : "FAULT"} ${this.client}: ${call}: ${text}`);
  }

  // Makes a call. `expects` says whether the answer is right. Returns the answer.
  async call(call, action, expects = () => true) {
    let value;
    try {
      value = await action();
      const right = Boolean(expects(value));
      this.line(right, call, (JSON.stringify(value) ?? "no body").slice(0, right ? 100 : 600));
    } catch (error) {
      this.line(false, call, `${error.name}: ${error.message} ${JSON.stringify(value) ?? ""}`.slice(0, 600));
    }
    return value;
  }

  // Makes a call that must raise the client's own exception, with this status.
  async refused(call, action, kind, status, text = "") {
    try {
      const value = await action();
      this.line(false, call, `was not refused: ${JSON.stringify(value)}`.slice(0, 600));
    } catch (error) {
      const told = `${error.message} ${JSON.stringify(error.response ?? "")}`;
      const right = error instanceof kind && error.status === status && told.includes(text);
      this.line(right, call, `${error.name} ${error.status}: ${told}`.slice(0, right ? 100 : 600));
    }
  }

  // Checks that the sandbox's table has each call, and ends the script: 1 after a fault.
  async end() {
    for (const row of (await this.control("log/summary")).by) {
      if (row.template === "") this.line(false, "coverage", `the sandbox's table has no row for ${JSON.stringify(row)}`);
    }
    console.log(`${this.client}: ${this.calls} calls, ${this.faults} faults`);
    process.exit(this.faults === 0 ? 0 : 1);
  }
}
