#!/usr/bin/env node
// Runs the binary of this platform with the same words, and ends as it did.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { binary, platformPackage } = require("../index.js");

const words = process.argv.slice(2);

// Telemetry must not change the outcome of a script, or hold up an agent: these two end with 0 as
// they do wherever nothing can be recorded.
function isSilent() {
  return words[0] === "hook" || (words[0] === "record" && !words.includes("--strict"));
}

function missing(why) {
  if (isSilent()) process.exit(0);
  process.stderr.write(`headcount: ${why}. Install ${platformPackage}, or see docs/install.md.\n`);
  process.exit(1);
}

if (binary === undefined) {
  missing("there is no binary for this platform, or optional packages were left out");
}
const child = spawn(binary, words, { stdio: "inherit", windowsHide: true });
child.on("error", (error) => missing(`${binary} does not start (${error.code})`));
// Ctrl-C reaches the binary without our help. Other signals may be sent to this process alone.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
