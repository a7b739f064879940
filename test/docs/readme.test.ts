/** The README is true: every command in it is run, every example compiled, every link followed. */
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test, vi } from "vitest";
import { loadGame } from "../../server/games.ts";
import { loadScenario } from "../../server/simulator/scenario.ts";
import { startSimulator } from "../../server/simulator/simulator.ts";
import { compileRules } from "../../shared/rules/compile.ts";
import { aFolder, type RunningCommand, uproar } from "../server/cli/uproar.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(join(project, "README.md"), "utf8");
const ci = readFileSync(join(project, ".ci/run"), "utf8");
const folder = aFolder();
afterAll(() => folder.remove());

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1]!);
const commands = blocks("sh").flatMap((block) => block.replaceAll("\\\n", " ").trim().split("\n"));
const rulesCopy = join(folder.path, "my-rules.yaml");
const tokens = { UPROAR_OPERATOR_TOKEN: "operator-token-for-tests" };

/** Runs `npm start -- ...` as the README has it, on a free port and in a folder of its own, until it prints `pattern`. */
async function starts(line: string, pattern: RegExp, env: Record<string, string> = {}): Promise<RunningCommand> {
  const args = line
    .replace(/^.*npm start( -- )?/, "")
    .split(" ")
    .filter(Boolean);
  const paths = args.map((argument) => (argument === "my-rules.yaml" ? rulesCopy : argument));
  const running = uproar(paths, {
    env: { UPROAR_PORT: "0", UPROAR_DATA: join(folder.path, "data"), ...tokens, ...env },
  });
  await running.prints(pattern);
  return running;
}

async function stop(running: RunningCommand): Promise<void> {
  running.process.kill("SIGTERM");
  const { code, stderr } = await running.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
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
  "cp shared/games/last-ball/rules.yaml my-rules.yaml": async (line) => {
    const [, from] = line.split(" ");
    copyFileSync(join(project, from!), rulesCopy);
  },
  "npm start -- check my-rules.yaml": async (line) => {
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
  for (const example of examples) expect(compileRules(example, game)).toMatchObject({ ok: true });
});

test("every link and picture to a file of the project leads somewhere", () => {
  const pages = ["README.md", "docs/architecture.md", "shared/games/last-ball/README.md"];
  for (const page of pages) {
    const links = [...readFileSync(join(project, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
      (match) => match[1]!,
    );
    for (const link of links) expect(existsSync(join(project, dirname(page), link)), `${page} -> ${link}`).toBe(true);
  }
});

test("every address in its table answers", async () => {
  const running = await starts("npm start", /Next/);
  const [, base] = await running.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage/);
  const rows = [...readme.matchAll(/^\| `(POST )?(\/[\w/-]+)` \|.*\| (none|operator) \|$/gm)];
  expect(rows.length).toBeGreaterThanOrEqual(5);
  for (const [, post, path, token] of rows) {
    const method = post ? "POST" : "GET";
    const headers = { authorization: `Bearer ${tokens.UPROAR_OPERATOR_TOKEN}`, "content-type": "application/json" };
    const body = post ? '{"type":"chat"}' : null;
    await vi.waitFor(async () => expect((await fetch(base + path!, { method, headers, body })).ok).toBe(true));
    if (token === "operator") expect((await fetch(base + path!, { method })).status).toBe(401);
  }
  await stop(running);
});
