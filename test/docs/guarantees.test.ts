/** docs/guarantees.md is true: its commands are run as they stand, on one data folder from the first crash to the copy, and its numbers are the code's. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../server/config.ts";
import { ensureClientBuilt } from "../../server/http/client-build.ts";
import { streakForgetMs } from "../../server/ingest/gifts.ts";
import { holdMs } from "../../server/ingest/holding.ts";
import { defaultCapacity } from "../../server/ingest/queue.ts";
import { aFolder, type RunningCommand, uproar } from "../server/cli/uproar.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(project, "docs/guarantees.md"), "utf8");
const folder = aFolder();
const token = "operator-token-for-tests";
const env = { UPROAR_PORT: "0", UPROAR_OPERATOR_TOKEN: token, UPROAR_SCENARIO: "storm" };
const running: RunningCommand[] = [];
afterAll(() => {
  for (const { process } of running) process.kill("SIGKILL");
  folder.remove();
});

/** All command lines of the page, in blocks and in sentences. */
const commands = new Set([
  ...[...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap((block) => block[1]!.trim().split("\n")),
  ...[...page.matchAll(/`(npm (?:start|run)[^`]*)`/g)].map((match) => match[1]!),
]);
const ran = new Set<string>();
const run = promisify(execFile);

/** Runs a line of the page, in the folder in which the streamer types it. */
function npm(line: string): RunningCommand {
  ran.add(line);
  expect(commands).toContain(line);
  const args = line.replace(/^npm start( --)?/, "").split(" ");
  const command = uproar(args.filter(Boolean), { env, cwd: folder.path });
  running.push(command);
  return command;
}

/** Starts a show and waits until it runs; `base` is its address, `said` what it printed until then. */
async function starts(line: string) {
  const command = npm(line);
  const [, base] = await command.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage/);
  const [said] = await command.prints(/[\s\S]*Next.*/);
  return { command, base: base!, said };
}

async function stop({ process, ended }: RunningCommand): Promise<void> {
  process.kill("SIGTERM");
  const { code, stdout, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("Everything is saved");
}

async function ends(line: string): Promise<string> {
  const { code, stdout, stderr } = await npm(line).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

async function asked<Answer>(base: string, path: string): Promise<Answer> {
  const response = await fetch(base + path, { headers: { authorization: `Bearer ${token}` } });
  expect(response.ok, path).toBe(true);
  return (await response.json()) as Answer;
}

const wentOn = /Show +goes on in round \d+/;
const idsOf = async (base: string) =>
  (await asked<{ id: string }[]>(base, "/api/ledger?format=json")).map(({ id }) => id);
const showOf = async (base: string) => (await asked<{ show: string; tick: number }>(base, "/api/snapshot")).show;

describe("from a crash to a copy", { timeout: 120_000 }, () => {
  let show = "";

  test("a show that was killed goes on when it is started again, with its gifts", async () => {
    await ensureClientBuilt();
    const first = await starts("npm start");
    expect(first.said).not.toMatch(wentOn);
    const ids = await vi.waitFor(async () => {
      const found = await idsOf(first.base);
      expect(found.length).toBeGreaterThan(0);
      return found;
    }, 60_000);
    show = await showOf(first.base);
    const kill = [...commands].find((line) => line.startsWith("kill"))!;
    ran.add(kill);
    await run("sh", ["-c", kill], { cwd: folder.path });
    expect((await first.command.ended).stdout).not.toContain("Everything is saved");
    const again = await starts("npm start");
    expect(again.said).toMatch(wentOn);
    expect(await showOf(again.base)).toBe(show);
    expect(await idsOf(again.base)).toEqual(expect.arrayContaining(ids));
    for (const line of commands) if (line.startsWith("curl")) await curl(line, again.base);
    await stop(again.command);
  });

  test("what its table says after Ctrl+C and after a crash", async () => {
    const resumed = await starts("npm start -- --resume");
    expect(resumed.said).toMatch(wentOn);
    expect(await showOf(resumed.base)).toBe(show);
    await stop(resumed.command);
    const next = await starts("npm start");
    expect(next.said).not.toMatch(wentOn);
    const other = await showOf(next.base);
    expect(other).not.toBe(show);
    next.command.process.kill("SIGKILL");
    await next.command.ended;
    const anew = await starts("npm start -- --new");
    expect(anew.said).not.toMatch(wentOn);
    expect([show, other]).not.toContain(await showOf(anew.base));
    // Long enough that there is something to compare.
    await vi.waitFor(async () => {
      expect((await asked<{ tick: number }>(anew.base, "/api/snapshot")).tick).toBeGreaterThan(150);
    }, 20_000);
    show = await showOf(anew.base);
    await stop(anew.command);
  });

  test("the show replays, is exported, and is tried under other rules", async () => {
    const exported = (line: string) => join(folder.path, /--export (\S+)/.exec(line)![1]!);
    for (const line of commands) {
      if (!line.startsWith("npm start -- replay") || line.includes("--watch")) continue;
      const said = await ends(line);
      if (line.includes("--export")) expect(existsSync(exported(line))).toBe(true);
      else expect(said).toContain("No difference.");
    }
    await ends("npm start -- new rules my-rules.yaml");
    expect(await ends("npm start -- try my-rules.yaml --on last")).toContain("Every event has the same outcome.");
  });

  test("the show is watched", async () => {
    const watching = npm("npm start -- replay last --watch");
    const [, base] = await watching.prints(/(http:\/\/127\.0\.0\.1:\d+)\//);
    expect(await (await fetch(`${base}/`)).text()).toContain("<title>");
    watching.process.kill("SIGTERM");
    expect((await watching.ended).code).toBe(0);
  });

  test("a copy of the folder goes on elsewhere", async () => {
    cpSync(join(folder.path, ".uproar"), join(folder.path, "COPY"), { recursive: true });
    const copy = await starts("npm start -- --data COPY --resume");
    expect(copy.said).toMatch(wentOn);
    expect(await showOf(copy.base)).toBe(show);
    await stop(copy.command);
  });

  test("the chaos run is there, and kills as often as it is said", async () => {
    const { stdout } = await run(process.execPath, [join(project, "test/chaos/run.ts"), "--help"]);
    expect(stdout).toMatch(/--kills .*\(default: 50\)/);
    expect(stdout).toContain("--seeds ");
    const { scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    expect(scripts.chaos).toBe("node test/chaos/run.ts");
    for (const line of commands) if (line.startsWith("npm run chaos")) ran.add(line);
  });

  test("what it says was measured can be measured", async () => {
    const { stdout } = await uproar(["bench", "--help"]).ended;
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("store, resume, replay");
    for (const line of commands) if (line.startsWith("npm start -- bench --only store")) ran.add(line);
  });

  test("no command of the page was left out", () => {
    expect([...commands].filter((line) => !ran.has(line))).toEqual([]);
  });
});

/** Runs a curl of the page against the show that runs, and looks at what it gives. */
async function curl(line: string, base: string): Promise<void> {
  ran.add(line);
  const filled = line.replace("OPERATOR_TOKEN", token).replace("http://127.0.0.1:2567", base);
  const { stdout } = await run("sh", ["-c", filled.replace("curl", "curl -sf")], { cwd: folder.path });
  const file = /-o (\S+)/.exec(line)?.[1];
  if (file) {
    const [heads] = readFileSync(join(folder.path, file), "utf8").split("\n");
    expect(heads).toContain(file.startsWith("viewers") ? "received_value" : "reason");
  } else if (line.includes("totals")) {
    const { received, applied, banked, rejected } = JSON.parse(stdout);
    expect(received.rows).toBeGreaterThan(0);
    for (const of of ["rows", "count", "value"]) expect(received[of]).toBe(applied[of] + banked[of] + rejected[of]);
  } else {
    for (const row of stdout.trim().split("\n").filter(Boolean)) expect(JSON.parse(row).state).toBe("banked");
  }
}

test("its numbers are those of the code", () => {
  expect(page).toContain(`Beyond ${defaultCapacity.toLocaleString("en")} waiting events`);
  expect(page).toContain(`for the newest ${readConfig({}, {}, folder.path).keepShows} shows`);
  expect({ holdMs, streakForgetMs }).toEqual({ holdMs: 10_000, streakForgetMs: 600_000 });
  expect(page).toMatch(/In the first ten seconds after a start/);
  expect(page).toMatch(/silent for ten minutes/);
});
