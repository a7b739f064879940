/** Bad input at the command line: one clear sentence that says what to do, exit code 1, no stack trace. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadScenario } from "../../../server/simulator/scenario.ts";
import { startSimulator } from "../../../server/simulator/simulator.ts";
import { aFolder, uproar } from "./uproar.ts";

const folder = aFolder();
const inFolder = (name: string, text: string) => {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
};
const occupied = createServer();
beforeAll(() => new Promise<void>((resolve) => occupied.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  occupied.close();
  folder.remove();
});

const good = "game: last-ball\nrules:\n  - { on: chat, do: enter }\n  - { on: gift, do: grow }\n";

test.each<[string, () => string[], RegExp]>([
  [
    "an unknown game",
    () => ["--game", "last-bal"],
    /There is no game "last-bal", and no package of that name is installed here\. Did you mean "last-ball"\? Games: /,
  ],
  [
    "an unknown source",
    () => ["--source", "tiktol"],
    /There is no source "tiktol"\. Did you mean "tiktool"\? Sources: /,
  ],
  ["a real source without a handle", () => ["--source", "tiktool"], /--source tiktool: .*--user/],
  [
    "a real source without a key",
    () => ["--source", "tiktool", "--user", "ana"],
    /--source tiktool: .*TIKTOOL_API_KEY/,
  ],
  [
    "a rule file that is not there",
    () => ["--rules", "nowhere.yaml"],
    /The rule file .*nowhere\.yaml does not exist\. Check the path after --rules\./,
  ],
  ["a folder as rule file", () => ["--rules", folder.path], /is a folder; --rules takes a file/],
  [
    "a rule file with a mistake",
    () => ["--rules", inFolder("typo.yaml", good.replace("enter", "entre"))],
    /typo\.yaml:3:21 {2}RULES_UNKNOWN_ACTION {2}Last Ball has no action "entre"\. Did you mean "enter"\?/,
  ],
  [
    "a rule file for another game",
    () => ["--rules", inFolder("other.yaml", good.replace("last-ball", "chess"))],
    /RULES_WRONG_GAME/,
  ],
  [
    "a folder without a show to go on with",
    () => ["--resume", "--port", "0", "--data", join(folder.path, "empty")],
    /There is no show to go on with in this data folder; leave out --resume\./,
  ],
  [
    "a port in use",
    () => ["--port", String((occupied.address() as AddressInfo).port)],
    /Port \d+ is in use\. .*--port \d+/,
  ],
  ["a port that is no number", () => ["--port", "http"], /--port: must be a number/],
  ["a port out of range", () => ["--port", "99999"], /--port: must be 0 to 65535/],
  [
    "an address of another machine",
    () => ["--host", "192.0.2.1", "--port", "0"],
    /192\.0\.2\.1 is no address of this machine/,
  ],
  ["a data folder that is a file", () => ["--data", inFolder("file", "")], /file/],
  [
    "a config file that is not there",
    () => ["--config", "nowhere.yaml"],
    /The config file nowhere\.yaml does not exist/,
  ],
  ["a config file with an unknown key", () => ["--config", inFolder("c.yaml", "prot: 1\n")], /prot in .*c\.yaml/],
  ["a scenario that is not there", () => ["--scenario", "nowhere.yaml"], /nowhere\.yaml/],
  ["a seed that is no number", () => ["--seed", "lucky"], /--seed: must be a number/],
  ["an unknown flag", () => ["--gmae", "last-ball"], /unknown option '--gmae'/],
  ["an unknown command", () => ["strat"], /strat/],
  [
    "a check of a broken file",
    () => ["check", inFolder("broken.yaml", "game: last-ball\nrules:\n  - on: chatt\n    do: enter\n")],
    /broken\.yaml:3:9 {2}RULES_UNKNOWN_TRIGGER/,
  ],
  [
    "a simulator on a port in use",
    () => ["simulate", "--port", String((occupied.address() as AddressInfo).port)],
    /Port \d+ is in use/,
  ],
  [
    "a check of a file that is no YAML",
    () => ["check", inFolder("slip.yaml", "rules: [\n")],
    /^\S*slip\.yaml:1:8 {2}RULES_SYNTAX {2}/,
  ],
  [
    "a check of a file without a game",
    () => ["check", inFolder("gameless.yaml", "rules: []\n")],
    /gameless\.yaml:1:1 {2}RULES_SHAPE {2}The file must say which game it is for: "game: [a-z-]+"/,
  ],
  [
    "a check of a file that is not there",
    () => ["check", "nowhere.yaml"],
    /The rule file .*nowhere\.yaml does not exist\. Check the path after check\./,
  ],
  ["a check of a folder", () => ["check", folder.path], /is a folder; check takes a file/],
  [
    "a simulator on an address of another machine",
    () => ["simulate", "--host", "192.0.2.1"],
    /192\.0\.2\.1 is no address of this machine/,
  ],
  [
    "a simulator on a host that is no name",
    () => ["simulate", "--host", "no host"],
    /no host is no address of this machine/,
  ],
  ["a simulator for an unknown protocol", () => ["simulate", "--protocol", "fax"], /fax/],
  ["a simulator with a bad seed", () => ["simulate", "--seed", "x"], /whole number/],
])("%s", { timeout: 30_000 }, async (_name, args, expected) => {
  const { code, stderr, stdout } = await uproar(
    [...args(), ...(args()[0]?.startsWith("--") ? ["--data", join(folder.path, "data")] : [])].filter(onceOnly),
  ).ended;
  expect(stderr).toMatch(expected);
  expect(code).toBe(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).not.toContain("is running");
});

/** Keeps only the first of two `--data` pairs, so that a case can name its own. */
function onceOnly(argument: string, index: number, all: readonly string[]): boolean {
  const first = all.indexOf("--data");
  return !(first >= 0 && index > first + 1 && (argument === "--data" || all[index - 1] === "--data"));
}

test("a data folder in which nothing can be written", async () => {
  const path = join(folder.path, "locked");
  mkdirSync(path);
  chmodSync(path, 0o500);
  // Root may write everywhere, so for root a path below a file takes its place.
  const unwritable = process.getuid?.() === 0 ? join(inFolder("blocker", ""), "data") : path;
  const { code, stderr } = await uproar(["--data", unwritable, "--port", "0"]).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/--data|folder/);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test.each([[["--help"]], [["--port", "0"]], [["check", "rules.yaml"]]])(
  "a .env that is a folder, with %j",
  async (args) => {
    const cwd = join(folder.path, `env-${args.length}-${args[0]}`);
    mkdirSync(join(cwd, ".env"), { recursive: true });
    const { code, stderr } = await uproar(args, { cwd }).ended;
    expect(stderr).toMatch(/^\S+\.env cannot be read \(\w+\); make it a file you may read, or move it away\.\n$/);
    expect(code).toBe(1);
  },
);

test("a .env that may not be read", { skip: process.getuid?.() === 0 || process.platform === "win32" }, async () => {
  const cwd = join(folder.path, "env-closed");
  mkdirSync(cwd);
  writeFileSync(join(cwd, ".env"), "TIKTOOL_API_KEY=x\n", { mode: 0o000 });
  const { code, stderr } = await uproar(["--help"], { cwd }).ended;
  expect(stderr).toMatch(/\.env cannot be read \(EACCES\)/);
  expect(code).toBe(1);
});

test("a .env that can be read sets what the environment does not", async () => {
  const cwd = join(folder.path, "env-good");
  mkdirSync(cwd);
  writeFileSync(join(cwd, ".env"), "UPROAR_STAGE_TOKEN=not for addresses\n");
  expect((await uproar(["--port", "0"], { cwd }).ended).stderr).toMatch(/^UPROAR_STAGE_TOKEN must be/);
});

test("a token that can be guessed, where others can reach the show", async () => {
  const env = { UPROAR_STAGE_TOKEN: "short" };
  const args = ["--host", "0.0.0.0", "--port", "0", "--data", join(folder.path, "open")];
  const { code, stderr } = await uproar(args, { env }).ended;
  expect(stderr).toMatch(/UPROAR_STAGE_TOKEN is too short/);
  expect(code).toBe(1);
});

test("a key that the provider refuses", { timeout: 30_000 }, async () => {
  const simulator = await startSimulator({ scenario: loadScenario("quiet"), seed: 1, keys: ["right"] });
  const env = { TIKTOOL_URL: simulator.url, TIKTOOL_API_KEY: "wrong" };
  const args = ["--source", "tiktool", "--user", "ana", "--port", "0", "--data", join(folder.path, "key")];
  const { code, stderr } = await uproar(args, { env }).ended;
  await simulator.stop();
  expect(stderr).toMatch(/The key is refused.*correct it in the environment or \.env and start again/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
});

test("a rule file without mistakes passes the check", async () => {
  const { code, stdout } = await uproar(["check", inFolder("good.yaml", good)]).ended;
  expect(stdout).toMatch(/: 2 rules for Last Ball, no problem found\./);
  expect(code).toBe(0);
});
