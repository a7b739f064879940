/** The replay command: a show out of a data folder or a file runs again, says where it differs, and becomes a file. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../../server/store/sqlite.ts";
import type { ShowEntry } from "../../../shared/replay/show-file.ts";
import { aPlayedShow, keepShow, linesOf, type PlayedShow } from "./a-recorded-show.ts";
import { aFolder, uproar } from "./uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);
const replay = (...args: string[]) => uproar(["replay", ...args]).ended;
const data = at("data");
let show: PlayedShow;

/** Writes lines as a show file and returns its path. */
function fileOf(name: string, lines: readonly string[]): string {
  writeFileSync(at(name), gzipSync(`${lines.join("\n")}\n`));
  return at(name);
}

beforeAll(async () => {
  show = await aPlayedShow({ fields: { id: "first" } });
  await keepShow(data, { ...(await aPlayedShow({ ticks: 200 })), head: { ...show.head, id: "short" } });
  await keepShow(data, show);
});

test("a show of a data folder, by its id and as the last one", async () => {
  const { code, stdout, stderr } = await replay("first", "--data", data, "--every", "480");
  expect(stderr).toBe("");
  expect(stdout.split("\n")).toEqual([
    "show first: Last Ball, recorded with Uproar 0.1.0",
    expect.stringMatching(/^tick 480 {2}0:08 {2}[0-9a-f]{16} {2}ok$/),
    expect.stringMatching(/^tick 960 {2}0:16 {2}[0-9a-f]{16} {2}ok$/),
    "No difference.",
    expect.stringMatching(/^Ran 0:16 in \d+\.\d s, \d+ times as fast as live\.$/),
    "",
  ]);
  expect(code).toBe(0);
  expect((await replay("last", "--data", data)).stdout).toMatch(/^show first: /);
});

test("a show that differs: the tick, the body and the field, and exit code 1", async () => {
  const changed = show.entries.map((entry): ShowEntry => {
    if (!("trace" in entry) || entry.tick !== 660) return entry;
    const { prints, outline } = entry.trace;
    const [first, ...others] = outline;
    const [id, kind, viewer, x, ...rest] = first!;
    const trace = {
      ...entry.trace,
      prints: prints.with(-10, 0),
      outline: [[id, kind, viewer, x + 1, ...rest], ...others],
    };
    return { tick: entry.tick, trace } as ShowEntry;
  });
  const file = fileOf("changed.gz", linesOf({ head: { ...show.head, version: "0.0.9" }, entries: changed }));
  const { code, stdout } = await replay(file, "--every", "330");
  expect(stdout).toMatch(/^tick 330 {2}.* ok$/m);
  expect(stdout).toMatch(/^tick 660 {2}.* DIFFERS$/m);
  expect(stdout).toMatch(
    /^Differs first at tick 651 \(0:10\): body \d+ \(\w+( of \S+)?\), x: recorded (-?[\d.]+), now (-?[\d.]+)\.$/m,
  );
  expect(stdout).toMatch(/^It was recorded with Uproar 0\.0\.9; this is /m);
  // What follows says no more.
  expect(stdout).toMatch(/^Ran 0:11 in /m);
  expect(code).toBe(1);
});

test("a record without traces holds nothing to compare with", async () => {
  const entries = show.entries.filter((entry) => !("trace" in entry));
  const { code, stdout } = await replay(fileOf("bare.gz", linesOf({ ...show, entries })), "--every", "960");
  expect(stdout).toMatch(/^tick 960 .* nothing to compare$/m);
  expect(stdout).toContain("\nThe record holds nothing to compare with.\n");
  expect(code).toBe(0);
});

describe("--export", () => {
  test("writes the show as it was recorded, to be played anywhere", async () => {
    const file = at("first.show.gz");
    const { code, stdout } = await replay("first", "--data", data, "--export", file);
    expect(stdout).toMatch(/^Wrote .*first\.show\.gz \(\d\.\d\d MB\)\. .*\nViewers' names .*--private/);
    expect(code).toBe(0);
    expect(gunzipSync(readFileSync(file)).toString()).toBe(`${linesOf(show).join("\n")}\n`);
    const played = await replay(file, "--data", at("nowhere"));
    expect(played.stdout).toContain("\nNo difference.\n");
    expect(existsSync(at("nowhere"))).toBe(false);
  });

  test("--private leaves no name, and runs without a difference", async () => {
    const file = at("private.gz");
    const { stdout } = await replay("first", "--data", data, "--export", file, "--private");
    expect(stdout).toContain("All viewers have made-up names in it. Its rule files are as they were");
    const text = gunzipSync(readFileSync(file)).toString();
    expect(text).toMatch(/^\{"uproar":"show".*"private":true/);
    const people = show.entries.flatMap((entry) =>
      "inputs" in entry
        ? entry.inputs.flatMap((input) =>
            input.type === "event" && "viewer" in input.event ? [input.event.viewer!] : [],
          )
        : [],
    );
    expect(people.length).toBeGreaterThan(50);
    for (const { id, handle } of people) {
      expect(text).not.toContain(`"${id}"`);
      expect(text).not.toContain(`"${handle}"`);
    }
    expect(text).not.toMatch(/avatarUrl/);
    const played = await replay(file);
    expect(played.stdout).toContain("\nNo difference.\n");
    await replay("first", "--data", data, "--export", at("again.gz"), "--private");
    expect(gunzipSync(readFileSync(at("again.gz"))).toString()).not.toBe(text);
  });

  test("never writes over a file, and leaves none behind that is not whole", async () => {
    writeFileSync(at("mine.gz"), "mine");
    const over = await replay("first", "--data", data, "--export", at("mine.gz"));
    expect([over.code, over.stderr]).toEqual([
      1,
      `${at("mine.gz")} is there already; choose another name for --export.\n`,
    ]);
    expect(readFileSync(at("mine.gz"), "utf8")).toBe("mine");
    const nowhere = await replay("first", "--data", data, "--export", at("no/where.gz"));
    expect(nowhere.stderr).toMatch(/where\.gz cannot be written \(ENOENT\); choose another place for --export\.\n$/);
    const cut = fileOf("cut-short.gz", linesOf(show).slice(0, -1));
    const half = await replay(cut, "--export", at("half.gz"));
    expect(half.stderr).toMatch(/the end is missing: the file was cut short/);
    expect(existsSync(at("half.gz"))).toBe(false);
  });

  test("--private alone is a mistake", async () => {
    expect((await replay("first", "--data", data, "--private")).stderr).toBe("--private needs --export FILE.\n");
  });
});

describe("what cannot be played is said in a sentence", () => {
  const says = async (wanted: string, ...args: string[]) => {
    const { code, stderr } = await replay(wanted, ...args);
    expect(code).toBe(1);
    return stderr;
  };

  test("no such show, no shows, no folder", async () => {
    expect(await says("second", "--data", data)).toBe(
      `There is no show "second" in ${data}. The newest there: first, short.\n`,
    );
    expect(await says("last", "--data", at("none"))).toMatch(/^There is no show in .*none yet\./);
    expect(existsSync(at("none"))).toBe(false);
    const empty = at("empty");
    await (await openStore({ folder: empty })).close();
    expect(await says("last", "--data", empty)).toBe(`There is no show in ${empty} yet.\n`);
    expect(await says(at("nothing.gz"))).toBe(`The file ${at("nothing.gz")} does not exist. Check its path.\n`);
  });

  test("a show whose journal was removed", async () => {
    const old = at("old");
    await keepShow(old, show);
    const store = await openStore({ folder: old });
    await store.forgetJournals(0);
    await store.close();
    expect(await says("first", "--data", old)).toMatch(/^The journal of show first was removed to save room; /);
  });

  test("files that are none, damaged or newer", async () => {
    writeFileSync(at("text.gz"), "hello\n");
    expect(await says(at("text.gz"))).toMatch(/text\.gz: line 1: it is no JSON/);
    writeFileSync(at("nothing"), "");
    expect(await says(at("nothing"))).toMatch(/nothing: the file is empty\.\n$/);
    const whole = gzipSync(linesOf(show).join("\n"));
    writeFileSync(at("torn.gz"), whole.subarray(0, whole.length / 2));
    expect(await says(at("torn.gz"))).toMatch(/torn\.gz: the file is damaged, or was cut short\.\n$/);
    const [head, ...rest] = linesOf(show);
    const newer = fileOf("newer.gz", [head!.replace(/"format":\d+/, '"format":99'), ...rest]);
    expect(await says(newer)).toMatch(/newer\.gz: line 1: the file is of format 99, made by a newer Uproar/);
    const broken = fileOf("broken.gz", [head!, rest[0]!.replace('"type"', '"kind"'), ...rest.slice(1)]);
    expect(await says(broken)).toMatch(/broken\.gz: line 2: inputs\.0\.type: /);
    mkdirSync(at("a-folder.gz"));
    expect(await says(at("a-folder.gz"))).toMatch(/a-folder\.gz/);
  });

  test("a game or rules that this version does not have", async () => {
    const of = (name: string, from: string, to: string) =>
      fileOf(name, [linesOf(show)[0]!.replace(from, to), '{"end":1}']);
    expect(await says(of("game.gz", '"game":"last-ball"', '"game":"chess"'))).toMatch(/^There is no game "chess"/);
    expect(await says(of("rules.gz", "do: shockwave", "do: shockwive"))).toMatch(
      /rules\.gz: The rules that the show began with cannot be played by this version of Uproar: rules\.yaml:6:\d+ .*shockwive/,
    );
  });

  test("a number that is none", async () => {
    expect(await says("first", "--every", "0")).toMatch(/It takes a whole number from 1 to/);
  });
});

test.each([
  [["--watch", "--export", "x.gz"], "--watch and --export are two things; give one of them.\n"],
  [["--speed", "2"], "--speed needs --watch.\n"],
  [["--port", "2"], "--port needs --watch.\n"],
])("%j is refused", async (args, words) => {
  const { code, stderr } = await replay("first", "--data", data, ...args);
  expect([code, stderr]).toEqual([1, words]);
});

test.each(["0.2", "17", "fast"])("--speed %s is no speed", async (speed) => {
  const { code, stderr } = await replay("first", "--data", data, "--watch", "--speed", speed);
  expect([code, stderr.split("\n")[0]]).toEqual([1, expect.stringContaining("a number from 0.25 to 16")]);
});
