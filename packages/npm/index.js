// Where the binary is, for programs that start it themselves and save a start of Node.
"use strict";

const { join } = require("node:path");

// There is no binary for another C library, such as musl of Alpine.
const libc = process.platform === "linux" ? "-glibc" : "";
const platformPackage = `@headcount/${process.platform}-${process.arch}${libc}`;
const program = process.platform === "win32" ? "headcount.exe" : "headcount";

function find() {
  try {
    return join(require.resolve(`${platformPackage}/package.json`), "..", "bin", program);
  } catch {
    return undefined;
  }
}

module.exports = { binary: find(), platformPackage };
