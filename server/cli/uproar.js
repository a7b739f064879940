#!/usr/bin/env node
// Entry of the `uproar` command. Plain JavaScript, so that a Node too old for the rest can still say so.
import nodeModule from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Uproar needs Node 22.18 or newer, this is ${process.versions.node}. Install one from nodejs.org and try again.`,
  );
  process.exit(1);
}
// Keeps what Node compiles in the system's folder for temporary files: the next start takes a third less.
nodeModule.enableCompileCache();
const { run } = await import("./run.ts");
await run(process.argv.slice(2));
