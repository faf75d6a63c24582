// Newman's command line in a process that stays: each message is one `newman …` with its arguments.
// Loading Newman takes longer than running a small collection.

const path = require("node:path");
const newman = require("newman");

const bin = path.join(path.dirname(require.resolve("newman/package.json")), "bin/newman.js");
const run = newman.run;
let finished = () => {};
newman.run = (options, callback) => run(options, (error, summary) => {
  callback(error, summary);
  finished();
});
process.exit = ((exit) => (code) => {
  if (code !== undefined) process.exitCode = code;
  if (process.connected) return finished();
  return exit(code);
})(process.exit);

process.on("message", ({ args, folder }) => {
  process.chdir(folder);
  process.exitCode = 0;
  finished = () => {
    finished = () => {};
    // What is left of the run ends first.
    setTimeout(() => process.send({ exit: process.exitCode ?? 0 }), 5);
  };
  // The command line's parser keeps the options of an earlier run.
  delete require.cache[bin];
  require(bin)(["node", "newman", ...args], (error) => error && process.exit(1));
});
