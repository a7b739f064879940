/** The rule compiler in its thread: answers as the main thread would, and outlives threads that die or never answer. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRuleWorker, type RuleCompiler } from "../../server/rule-compiler.ts";
import { compileRead, readRuleFiles } from "../../server/rule-files.ts";
import { UserError } from "../../server/user-error.ts";
import lastBall from "../../shared/games/last-ball/game.ts";
import type { CompileResult } from "../../shared/rules/compile.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";

const shipped = fileURLToPath(new URL("../../shared/games/last-ball/rules.yaml", import.meta.url));
const rose = [{ id: "5655", name: "Rose", unitValue: 1 }];
const asJson = (result: CompileResult) => JSON.parse(JSON.stringify(result)) as unknown;
let folder: string;
let clock: ManualClock;
let compiler: RuleCompiler;

/** Threads that do with each question what the script says, one after the other; after the last one the real one. */
function begin(...scripts: string[]): void {
  const workers = scripts.map((script) => `import { parentPort } from "node:worker_threads"; ${script}`);
  compiler = createRuleWorker({
    game: "last-ball",
    clock,
    get worker() {
      const script = workers.shift();
      return script === undefined
        ? new URL("../../server/rule-worker.ts", import.meta.url)
        : new URL(`data:text/javascript,${encodeURIComponent(script)}`);
    },
  });
}

function save(text: string, name = "rules.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uproar-compiler-"));
  clock = createManualClock();
  begin();
});
afterEach(async () => {
  await compiler.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("reads and compiles as the main thread does, again and again", async () => {
  const own = "game: last-ball\nrules: [{ on: gift, gift: Rosse, do: grow }, { on: gift, if: count > 2, do: grow }]\n";
  const good = save(`include: base.yaml\n${own}`);
  save("game: last-ball\nrules: [{ on: chat, do: enter }]\n", "base.yaml");
  const broken = save(own.replace("count", "cuont"), "broken.yaml");
  const many = Array.from({ length: 120 }, (_, nr) => `  - { id: r${nr}, on: chat, command: w${nr}, do: enter }\n`);
  const long = save(`game: last-ball\nrules:\n${many.join("")}`, "long.yaml");
  for (const [path, ok] of [
    [long, true],
    [shipped, true],
    [good, true],
    [broken, false],
    [good, true],
  ] as const) {
    const read = await compiler.read(path, "--rules");
    expect(read).toEqual(readRuleFiles(path, "--rules"));
    const result = await compiler.compile(read, rose);
    expect(result.ok).toBe(ok);
    expect(asJson(result)).toEqual(asJson(compileRead(read, lastBall, rose)));
  }
});

test("takes a text in the place of the file's", async () => {
  const path = save("game: last-ball\n");
  const text = "game: last-ball\nrules: [{ on: chat, do: enter }]\n";
  expect(await compiler.read(path, "--rules", text)).toEqual(readRuleFiles(path, "--rules", text));
});

test("refuses a file that is not there with the same sentence, and goes on", async () => {
  const path = join(folder, "nowhere.yaml");
  await expect(compiler.read(path, "--rules")).rejects.toThrow(
    new UserError(`The rule file ${path} does not exist. Check the path after --rules.`),
  );
  expect((await compiler.read(shipped, "--rules")).problems).toEqual([]);
});

test.each([
  [
    "throws",
    'parentPort.on("message", () => { throw new Error("out of luck"); });',
    /stopped unexpectedly \(out of luck\)/,
  ],
  ["leaves", 'parentPort.on("message", () => process.exit(3));', /stopped unexpectedly: a fault in Uproar\. Save/],
  ["cannot begin", 'throw new Error("no game");', /stopped unexpectedly \(no game\)/],
])("a thread that %s is told, and the next question has a new one", async (_what, script, message) => {
  begin(script);
  const asked = compiler.read(shipped, "--rules");
  await expect(asked).rejects.toThrow(UserError);
  await expect(asked).rejects.toThrow(message);
  expect((await compiler.read(shipped, "--rules")).problems).toEqual([]);
  expect(clock.pending()).toBe(0);
});

test("a thread that never answers is given up after ten seconds, and the next question has a new one", async () => {
  begin('parentPort.on("message", () => { for (;;); });');
  let isOver = false;
  const asked = compiler.read(shipped, "--rules").finally(() => {
    isOver = true;
  });
  asked.catch(() => undefined);
  clock.advance(9_999);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  clock.advance(1);
  await expect(asked).rejects.toThrow("The rules were not read after 10 seconds, so that was given up.");
  expect((await compiler.read(shipped, "--rules")).problems).toEqual([]);
});

test("the end gives up what is going on, and nothing is taken after it", async () => {
  begin('parentPort.on("message", () => { for (;;); });');
  const asked = compiler.read(shipped, "--rules");
  asked.catch(() => undefined);
  await compiler.stop();
  await expect(asked).rejects.toThrow(new UserError("The show has ended."));
  await expect(compiler.read(shipped, "--rules")).rejects.toThrow(new UserError("The show has ended."));
  expect(clock.pending()).toBe(0);
});
