/** The bundled Node is where npm looks first, also when npm left it out of there. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";

const link = fileURLToPath(new URL("../../package/bundled-node/link.js", import.meta.url));
const platform = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder in which npm has installed these packages and made no commands. */
function installed(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "uproar-bundled-"));
  folders.push(folder);
  for (const name of names) {
    const inside = join(folder, "node_modules", name, "bin");
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, "node"), `#!/bin/sh\necho "this is ${name}"\n`, { mode: 0o755 });
    writeFileSync(join(folder, "node_modules", name, "package.json"), JSON.stringify({ bin: { node: "bin/node" } }));
  }
  return folder;
}

const command = (folder: string) => join(folder, "node_modules", ".bin", "node");

describe.skipIf(process.platform === "win32")("the bundled Node", () => {
  test("is linked when npm has not done so", () => {
    const folder = installed(platform);
    execFileSync(process.execPath, [link, folder]);
    expect(execFileSync(command(folder), { encoding: "utf8" })).toBe(`this is ${platform}\n`);
  });

  test("stays as npm linked it", () => {
    const folder = installed(platform);
    mkdirSync(join(folder, "node_modules", ".bin"));
    writeFileSync(command(folder), "npm's own");
    execFileSync(process.execPath, [link, folder]);
    expect(readFileSync(command(folder), "utf8")).toBe("npm's own");
  });

  test("of another platform is not linked", () => {
    const folder = installed("node-somewhere-else");
    execFileSync(process.execPath, [link, folder]);
    expect(existsSync(command(folder))).toBe(false);
  });
});
