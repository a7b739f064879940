/** The README is true: every command in it is run, every example compiled, every link followed. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../server/config.ts";
import { loadGame } from "../../server/games.ts";
import { loadScenario } from "../../server/simulator/scenario.ts";
import { startSimulator } from "../../server/simulator/simulator.ts";
import { chooseSources, sourceIds } from "../../server/sources.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import { aFolder, type RunningCommand, uproar } from "../server/cli/uproar.ts";
import { someSettings } from "../support/source.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(join(project, "README.md"), "utf8");
const ci = readFileSync(join(project, ".ci/run"), "utf8");
const folder = aFolder();
afterAll(() => folder.remove());

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1]!);
const commands = blocks("sh").flatMap((block) => block.replaceAll("\\\n", " ").trim().split("\n"));
const rulesCopy = join(folder.path, "my-rules.yaml");
const ownGame = join(folder.path, "my-game");
/** Where files that the README names are here. */
const places: Readonly<Record<string, string>> = { "my-rules.yaml": rulesCopy, "./my-game": ownGame };
const tokens = { UPROAR_OPERATOR_TOKEN: "operator-token-for-tests", UPROAR_INGEST_TOKEN: "ingest-token-for-tests" };
const bodies: Readonly<Record<string, string>> = {
  "/api/test-event": '{"type":"chat"}',
  "/api/control": '{"act":"resume"}',
  "/api/ingest": '{"type":"chat","viewer":{"platform":"x","id":"1"},"text":"hi"}',
};

/** Runs `npm start -- ...` as the README has it, on a free port and in a folder of its own, until it prints `pattern`. */
async function starts(line: string, pattern: RegExp, env: Record<string, string> = {}): Promise<RunningCommand> {
  const paths = argumentsOf(line).map((argument) => places[argument] ?? argument);
  const running = uproar(paths, {
    env: { UPROAR_PORT: "0", UPROAR_DATA: join(folder.path, "data"), ...tokens, ...env },
  });
  await running.prints(pattern);
  return running;
}

/** Words of a command line after `npm start --`. */
function argumentsOf(line: string): string[] {
  return line
    .replace(/^.*npm start( -- )?/, "")
    .split(" ")
    .filter(Boolean);
}

/** A port that was free a moment ago. */
async function aFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function stop(running: RunningCommand): Promise<void> {
  running.process.kill("SIGTERM");
  const { code, stderr } = await running.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

/** Runs a command that looks at the shows so far, to its end. */
async function ends(line: string, said: string): Promise<void> {
  const { code, stdout, stderr } = await (await starts(`${line} --data ${join(folder.path, "data")}`, /\S/)).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(said);
}

/** What running each command of the README means here. */
const runs: Record<string, (line: string) => Promise<void>> = {
  // These two cannot run inside themselves: continuous integration runs them, on a clean clone.
  "npm ci": async (line) => expect(ci).toContain(`\n${line}`),
  "npm test": async (line) => expect(ci).toContain(`\n${line}`),
  "npm start": async (line) => stop(await starts(line, /Uproar is running[\s\S]*Next/)),
  "npm start -- --source tiktool --user YOUR_HANDLE": async (line) => {
    const simulator = await startSimulator({ scenario: loadScenario("quiet"), seed: 1 });
    const running = await starts(line, /\[tiktool\] Receiving the broadcast of @YOUR_HANDLE/, {
      TIKTOOL_URL: simulator.url,
    });
    await stop(running);
    await simulator.stop();
  },
  "npm start -- --game marble-dash": async (line) => stop(await starts(line, /Game +Marble Dash[\s\S]*Next/)),
  "npm start -- --playlist": async (line) => stop(await starts(line, /Last Ball[\s\S]*Next/)),
  "npm start -- new game my-game": async (line) => {
    const { code } = await (await starts(`${line} --folder ${ownGame}`, /has a game that runs/)).ended;
    expect(code).toBe(0);
  },
  "npm start -- --game ./my-game": async (line) => stop(await starts(line, /Uproar is running[\s\S]*Next/)),
  "npm start -- test ./my-game": async (line) => {
    const { code, stdout } = await (await starts(line, /tests passed/)).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("My Game: all ") });
  },
  "npm start -- new rules my-rules.yaml": async (line) => {
    const { code } = await (await starts(line, /my-rules\.yaml/)).ended;
    expect(code).toBe(0);
  },
  "npm start -- check my-rules.yaml": async (line) => {
    // With the rule that the README has people write.
    const copy = readFileSync(rulesCopy, "utf8");
    const [rule] = blocks("yaml");
    expect(copy).toContain("\nrules:\n");
    writeFileSync(rulesCopy, copy.replace("\nrules:\n", `\nrules:\n${rule}`));
    const running = await starts(line, /no problem found/);
    expect((await running.ended).code).toBe(0);
  },
  "npm start -- --rules my-rules.yaml": async (line) => stop(await starts(line, /rules in .*my-rules\.yaml/)),
  "curl -H": async (line) => {
    const running = await starts("npm start", /\/stage\?token=/);
    const [, base] = await running.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage/);
    const args = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)]
      .map((match) => match[1] ?? match[2] ?? match[3]!)
      .slice(1);
    const filled = args.map((argument) =>
      argument.replace("OPERATOR_TOKEN", tokens.UPROAR_OPERATOR_TOKEN).replace("http://127.0.0.1:2567", base!),
    );
    const { stdout } = await promisify(execFile)("curl", ["-s", ...filled]);
    expect(JSON.parse(stdout)).toEqual({ id: expect.stringMatching(/^test:/) });
    await stop(running);
  },
  "npm start -- --resume": async (line) => stop(await starts(line, /Show +goes on in round \d[\s\S]*Next/)),
  "npm start -- --new": async (line) => stop(await starts(line, /Uproar is running[\s\S]*Next/)),
  "npm start -- replay last": async (line) => ends(line, "Ran "),
  "npm start -- try my-rules.yaml --on last": async (line) => ends(line, "gifts applied"),
  "npm start -- simulate --protocol tiktool --port 8090": async (line) => {
    const simulator = await starts(line.replace("8090", "0"), /waits at ws:/);
    const [, url] = await simulator.prints(/waits at (ws:\S+)/);
    const second = commands.find((command) => command.startsWith("TIKTOOL_URL"))!;
    const running = await starts(second, /\[tiktool\] Receiving the broadcast/, { TIKTOOL_URL: url! });
    await stop(running);
    await stop(simulator);
  },
  // Run together with the command before it.
  "TIKTOOL_URL=ws://127.0.0.1:8090 npm start": async () =>
    expect(commands.join("\n")).toContain("simulate --protocol tiktool --port 8090"),
  "npm start -- simulate --faults all": async (line) => {
    // Somebody must listen before anything is sent, so the show starts second here and its ledger is asked where it then is.
    const data = join(folder.path, "faults");
    const port = String(await aFreePort());
    const second = commands.find((command) => command.startsWith("TIKTOOL_URL=ws://127.0.0.1:7788"))!;
    const running = await starts(second, /Next/, { TIKTOOL_URL: `ws://127.0.0.1:${port}`, UPROAR_DATA: data });
    const [, base] = await running.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage/);
    const here = ["--port", port, "--seconds", "4", "--show", base!, "--data", data];
    const { code, stdout } = await uproar([...argumentsOf(line), ...here], { env: tokens }).ended;
    expect(stdout).toContain("Equal");
    expect(code).toBe(0);
    await stop(running);
  },
  // Run together with the command before it.
  "TIKTOOL_URL=ws://127.0.0.1:7788 npm start": async () =>
    expect(commands.join("\n")).toContain("npm start -- simulate --faults all"),
};

describe("commands", () => {
  test("there are some, and each is known here", () => {
    expect(commands.length).toBeGreaterThan(8);
    const unknown = commands.filter((line) => !Object.keys(runs).some((known) => isRunOf(line, known)));
    expect(unknown).toEqual([]);
    const stale = Object.keys(runs).filter((known) => !commands.some((line) => isRunOf(line, known)));
    expect(stale).toEqual([]);
  });
  test.each([...new Set(commands)])("%s", { timeout: 60_000 }, async (line) => {
    const known = Object.keys(runs)
      .filter((candidate) => isRunOf(line, candidate))
      .sort((a, b) => b.length - a.length)[0]!;
    await runs[known]!(line);
  });
  test("commands named in passing have their help", { timeout: 30_000 }, async () => {
    for (const name of ["bench", "start"]) {
      expect(readme).toContain(`npm start -- ${name}`);
      expect((await uproar([name, "--help"]).ended).stdout).toContain(`Usage: uproar ${name}`);
    }
  });
});

/** `npm start` is itself; longer ones match by their beginning. */
function isRunOf(line: string, known: string): boolean {
  return known === "npm start" ? line === known : line.startsWith(known);
}

test("the example of a rule file compiles", async () => {
  const examples = blocks("yaml");
  expect(examples.length).toBeGreaterThan(0);
  const game = await loadGame("last-ball");
  for (const example of examples) {
    // A rule to be put below "rules:" stands alone.
    const whole = example.startsWith("game:")
      ? example
      : `game: last-ball\nallow: [COMPLIANCE_PAY_TO_PLAY]\nrules:\n${example}`;
    expect(compileRules(oneFile(whole), game)).toMatchObject({ ok: true });
  }
});

test("every link and picture to a file of the project leads somewhere", () => {
  const pages = [
    "README.md",
    "docs/architecture.md",
    "docs/sources.md",
    "docs/guarantees.md",
    "docs/decisions/0016-resume.md",
    "docs/rules.md",
    "docs/cookbook.md",
    "shared/games/last-ball/README.md",
  ];
  for (const page of pages) {
    const links = [...readFileSync(join(project, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
      (match) => match[1]!,
    );
    for (const link of links) expect(existsSync(join(project, dirname(page), link)), `${page} -> ${link}`).toBe(true);
  }
});

test("the table of sources has every source, and each line of it starts one", async () => {
  const rows = [...readme.matchAll(/^\| `([\w-]+)` \|.*\| `(--source [^`]+)` \|$/gm)];
  expect(rows.map(([, id]) => id).sort()).toEqual(sourceIds());
  const recording = join(folder.path, "recording.ndjson");
  writeFileSync(recording, '{"recording":1,"source":"tiktool","user":"ana","startedAt":1}\n');
  for (const [row, id, line] of rows) {
    // What the row says that is needed is what is given here.
    const env = Object.fromEntries(
      [...row.matchAll(/`([A-Z_]+(?:KEY|TOKEN|PASSWORD))`/g)].map((match) => [match[1], "x"]),
    );
    const flags = Object.fromEntries(
      [...line!.replace("FILE", recording).matchAll(/--(\w+) (\S+)/g)].map(([, name, value]) => [name, value]),
    );
    const config = readConfig(flags, env, folder.path);
    const settings = someSettings({ user: config.user, env, speed: config.speed });
    const chosen = await chooseSources(config.source, config.backupSource, settings);
    expect(
      chosen.map(({ source: { id: own } }) => own),
      row,
    ).toEqual([id]);
  }
});

test("every address in its table answers", async () => {
  const running = await starts("npm start", /Next/);
  const [, base] = await running.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage/);
  const rows = [...readme.matchAll(/^\| `(POST )?(\/[\w/-]+)` \|.*\| (none|operator|ingest) \|$/gm)];
  expect(rows.length).toBeGreaterThanOrEqual(5);
  for (const [, post, path, token] of rows) {
    const method = post ? "POST" : "GET";
    const right = token === "ingest" ? tokens.UPROAR_INGEST_TOKEN : tokens.UPROAR_OPERATOR_TOKEN;
    const headers = { authorization: `Bearer ${right}`, "content-type": "application/json" };
    const body = post ? bodies[path!]! : null;
    await vi.waitFor(async () => expect((await fetch(base + path!, { method, headers, body })).ok).toBe(true));
    if (token !== "none") expect((await fetch(base + path!, { method })).status).toBe(401);
  }
  await stop(running);
});
