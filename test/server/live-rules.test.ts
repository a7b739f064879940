/** Live rules: a saved file takes over, a broken one never does, and what people are told about both. Real files, time by hand. */
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLiveRules, type LiveRules, type LiveRulesOptions, type RulesNews } from "../../server/live-rules.ts";
import { compileRead, readRuleFiles } from "../../server/rule-files.ts";
import { UserError } from "../../server/user-error.ts";
import type { CompiledRules, KnownGift } from "../../shared/rules/compiled.ts";
import { compileInPlace } from "../support/compile-in-place.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { tinyGame } from "../support/tiny-game.ts";
import { until } from "../support/until.ts";

let folder: string;
let clock: ManualClock;
let live: LiveRules;
let lines: string[];
let news: RulesNews[];
let changed: CompiledRules[];

const file = (name = "rules.yaml") => join(folder, name);
const save = (text: string, name?: string) => writeFileSync(file(name), text);
const rule = (id: string, more = "on: chat, do: wave") => `  - { id: ${id}, ${more} }\n`;
/** A rule file with these rules and one for gifts, without which every file would get a warning. */
const text = (rules: string, head = "") => `game: tiny\n${head}rules:\n${rules}${rule("gifts", "on: gift, do: wave")}`;
const first = text(rule("hello") + rule("bye", "on: follow, do: wave"));
const broken = text(rule("hello", "on: chat, do: wve"));
/** 12:34:56 by this machine's clock. */
const startMs = new Date(2027, 1, 3, 12, 34, 56).getTime();

/** Lets the watch look often enough to notice, and waits until the rules are dealt with. */
async function noticed(ms = 1500): Promise<void> {
  clock.advance(ms);
  await live.settled();
}

/** What is on disk now, as a show starts with it. */
function aLoaded(): LiveRulesOptions["loaded"] {
  const read = readRuleFiles(file(), "--rules");
  const result = compileRead(read, tinyGame);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const { rules, problems } = result;
  return { path: file(), shown: "my/rules.yaml", isShipped: false, read, rules, problems };
}

function begin(options: Partial<LiveRulesOptions> = {}): void {
  live = createLiveRules({
    loaded: aLoaded(),
    compiler: compileInPlace(tinyGame),
    change: (next) => changed.push(next),
    seenGifts: async () => [],
    log: (line) => lines.push(line),
    clock,
    ...options,
  });
  live.listen((told) => news.push(told));
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "uproar-live-"));
  clock = createManualClock(startMs);
  [lines, news, changed] = [[], [], []];
  save(first);
  begin();
  await noticed();
});
afterEach(async () => {
  await live.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a file that nobody touches changes nothing", async () => {
  await noticed(3_600_000);
  expect([lines, news, changed, live.counters()]).toEqual([[], [], [], { reloads: 0, failures: 0 }]);
  expect(live.status()).toMatchObject({ file: "my/rules.yaml", loadedAt: startMs, problems: [], trouble: "" });
});

test("a saved file takes over, and the terminal says what is different", async () => {
  save(text(`\n# moved down\n${rule("hello", "on: chat, do: jump")}${rule("new", "on: share, do: wave")}`));
  await noticed();
  expect(lines).toEqual(["  rules: 1 changed (hello), 1 new (new), 1 gone (bye)"]);
  expect(changed.map(({ rules }) => rules.map(({ id }) => id))).toEqual([["hello", "new", "gifts"]]);
  expect(live.status()).toMatchObject({ rules: changed[0], trouble: "", loadedAt: clock.now() });
  expect(news).toMatchObject([{ ok: true, changes: { changed: ["hello"], added: ["new"], gone: ["bye"] } }]);
  expect(live.counters()).toEqual({ reloads: 1, failures: 0 });
});

test("warnings keep nothing from being played, and are told", async () => {
  save(`game: tiny\nrules:\n${rule("hello")}`);
  await noticed();
  expect(lines).toEqual([
    "  rules: 2 gone (bye, gifts)",
    expect.stringMatching(/^ {2}my\/rules\.yaml:\d+:\d+ {2}RULES_GIFT_WITHOUT_RULE {2}warning: /),
  ]);
  expect(live.status()).toMatchObject({ trouble: "", problems: [{ severity: "warning" }] });
});

test("a gift that somebody has sent is known", async () => {
  const warned = text(rule("hello") + rule("rose", "on: gift, gift: Rose, do: wave"));
  const codes = () => live.status().problems.map(({ code }) => code);
  for (const [name, expected] of [
    ["Lion", ["RULES_UNKNOWN_GIFT"]],
    ["Rose", []],
  ] as const) {
    await live.stop();
    begin({ seenGifts: async () => [{ id: "1", name, unitValue: 1 }] });
    save(`${warned}# ${name}\n`);
    await noticed();
    expect(codes()).toEqual(expected);
  }
});

test("a rule that only moved is no change; other options hold from the next round on", async () => {
  save(text(rule("bye", "on: follow, do: wave") + rule("hello"), "options: { playSeconds: 77 }\n"));
  await noticed();
  expect(lines).toEqual([
    "  rules: options changed",
    "  rules: the new options of the game hold from the next round on",
  ]);
});

test("a broken file leaves the rules as they are, says where it is broken, and mends", async () => {
  save(broken);
  await noticed();
  expect(lines[0]).toMatch(/^ {2}my\/rules\.yaml:3:\d+ {2}RULES_UNKNOWN_ACTION {2}.*"wave"/);
  expect(lines.at(-1)).toBe("  rules: still the rules of 12:34:56");
  expect(changed).toEqual([]);
  const { trouble, problems, loadedAt, rules } = live.status();
  expect(trouble).toBe("The rule file my/rules.yaml has 1 error. The show goes on with the rules of 12:34:56.");
  expect([problems.length, loadedAt, rules.rules.length]).toEqual([1, startMs, 3]);
  expect(news).toMatchObject([{ ok: false, status: { trouble } }]);
  expect(live.counters()).toEqual({ reloads: 0, failures: 1 });
  // Said once, not with every look.
  await noticed(60_000);
  expect(news.length).toBe(1);
  save(first);
  await noticed();
  expect(live.status()).toMatchObject({ trouble: "", problems: [] });
  expect(lines.at(-1)).toBe("  rules: nothing has changed in them");
});

test.each<[string, () => void, RegExp]>([
  ["another game", () => save(first.replace("tiny", "last-ball")), /RULES_WRONG_GAME/],
  ["no YAML", () => save("rules: [\n"), /RULES_SYNTAX/],
  ["nothing in it", () => save(""), /rules\.yaml:1:1/],
  ["bytes that are no text", () => writeFileSync(file(), Buffer.from([0x67, 0xff, 0x0a])), /RULES_ENCODING/],
  ["an include that is not there", () => save(`${first}include: base.yaml\n`), /RULES_INCLUDE/],
])("a file with %s is refused in the same way", async (_what, write, line) => {
  write();
  await noticed();
  expect(lines[0]).toMatch(line);
  expect(lines.at(-1)).toMatch(/still the rules of/);
  expect([changed.length, live.status().trouble !== ""]).toEqual([0, true]);
});

test("a hundred errors are told as twenty and a count", async () => {
  save(text(Array.from({ length: 100 }, (_, i) => rule(`r${i}`, "on: chat, do: wve")).join("")));
  await noticed();
  expect(lines.length).toBe(22);
  expect(lines[20]).toBe("  and 80 more: npm start -- check my/rules.yaml");
});

test("a file that is gone for good is told, and taken again when it is back", async () => {
  rmSync(file());
  await noticed(2500);
  expect(lines).toEqual([]);
  await noticed(1500);
  expect(lines[0]).toMatch(/rules\.yaml does not exist/);
  expect(live.status().trouble).toMatch(/does not exist.* The show goes on with the rules of 12:34:56\./);
  await noticed(60_000);
  expect(news.length).toBe(1);
  save(first);
  await noticed();
  expect([live.status().trouble, news.length]).toEqual(["", 2]);
});

test("includes are watched as soon as the file names them", async () => {
  save(`include: base.yaml\n${first}`);
  await noticed();
  expect(live.status().trouble).toMatch(/1 error/);
  save(text(rule("base", "on: share, do: wave")), "base.yaml");
  await noticed();
  expect(lines.at(-1)).toBe("  rules: 1 new (base)");
  save(text(rule("base", "on: share, do: jump")), "base.yaml");
  await noticed();
  expect(lines.at(-1)).toBe("  rules: 1 changed (base)");
  await noticed(60_000);
  expect(live.counters()).toEqual({ reloads: 2, failures: 1 });
});

test("nothing is taken any more after the end", async () => {
  await live.stop();
  save(text(rule("late")));
  await noticed();
  expect([changed, lines, clock.pending()]).toEqual([[], [], 0]);
});

test("what is being loaded at the end is not taken either", async () => {
  const { promise, resolve } = Promise.withResolvers<KnownGift[]>();
  await live.stop();
  begin({ seenGifts: () => promise });
  save(text(rule("late")));
  clock.advance(1500);
  // The turn of the reload begins only after this one.
  await Promise.resolve();
  const stopped = live.stop();
  resolve([]);
  await stopped;
  expect(changed).toEqual([]);
});

describe("a compiler that gives no answer", () => {
  /** Fails with each of these first. */
  const failing = (...errors: Error[]) => {
    const inPlace = compileInPlace(tinyGame);
    const compile: typeof inPlace.compile = async (read, gifts) => {
      const error = errors.shift();
      if (error) throw error;
      return inPlace.compile(read, gifts);
    };
    return { ...inPlace, compile };
  };
  const later = text(rule("later"));

  test("is told as a reload that failed, and the same text is taken when it is saved once more", async () => {
    await live.stop();
    begin({ compiler: failing(new UserError("Given up.")) });
    save(later);
    await noticed();
    expect(lines).toEqual(["  Given up.", "  rules: still the rules of 12:34:57"]);
    expect(live.status().trouble).toBe("Given up. The show goes on with the rules of 12:34:57.");
    expect([changed, live.counters()]).toEqual([[], { reloads: 0, failures: 1 }]);
    utimesSync(file(), 1, 1);
    await noticed();
    expect([changed.length, live.status().trouble]).toEqual([1, ""]);
  });

  test("leaves the file as it is when a text is put", async () => {
    await live.stop();
    begin({ compiler: failing(new UserError("Given up."), new Error("a fault")) });
    expect(await live.put(later)).toEqual({ kind: "unchecked", reason: "Given up. Nothing has changed." });
    expect(await live.put(later)).toMatchObject({ kind: "unchecked", reason: expect.stringContaining("a fault") });
    expect([readFileSync(file(), "utf8"), changed]).toEqual([first, []]);
    expect(await live.put(later)).toMatchObject({ kind: "applied" });
  });

  test("is stopped with the show, so that nothing is waited for, told or written", async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    await live.stop();
    begin({
      compiler: {
        ...compileInPlace(tinyGame),
        compile: () => promise,
        stop: async () => reject(new UserError("Over.")),
      },
    });
    const put = live.put(later);
    save(text(rule("saved")));
    clock.advance(1500);
    await live.stop();
    expect(await put).toMatchObject({ kind: "unchecked" });
    expect([changed, lines, live.counters().failures]).toEqual([[], [], 0]);
  });
});

describe("a text that is put", () => {
  const better = text(rule("better"));

  test("is written into the file and played, and told once", async () => {
    expect(await live.put(better)).toMatchObject({ kind: "applied", changes: { added: ["better"] } });
    expect(readFileSync(file(), "utf8")).toBe(better);
    await noticed(60_000);
    expect(changed.length).toBe(1);
    expect(lines).toEqual(["  rules: 1 new (better), 2 gone (hello, bye)"]);
  });

  test("and is broken changes nothing at all", async () => {
    expect(await live.put(broken)).toMatchObject({ kind: "broken", problems: [{ code: "RULES_UNKNOWN_ACTION" }] });
    expect(readFileSync(file(), "utf8")).toBe(first);
    expect([changed, live.status().trouble, live.counters()]).toEqual([[], "", { reloads: 0, failures: 0 }]);
  });

  test("clears the trouble of a file that was broken by hand", async () => {
    save(broken);
    await noticed();
    await live.put(better);
    expect(live.status()).toMatchObject({ trouble: "", problems: [] });
  });

  test("one after the other: the last one stands, in the file and in the show", async () => {
    const texts = Array.from({ length: 12 }, (_, i) => text(rule(`r${i}`)));
    // Answers about gifts come in any order.
    let delays = 0;
    await live.stop();
    begin({
      seenGifts: () => new Promise<KnownGift[]>((resolve) => setTimeout(() => resolve([]), (delays++ * 7) % 5)),
    });
    const results = await Promise.all(texts.map((each) => live.put(each)));
    expect(results.map(({ kind }) => kind)).toEqual(texts.map(() => "applied"));
    expect(changed.map(({ rules }) => rules[0]!.id)).toEqual(texts.map((_, i) => `r${i}`));
    expect(readFileSync(file(), "utf8")).toBe(texts.at(-1));
  });

  test("is refused where the rules came with the game", async () => {
    await live.stop();
    begin({ loaded: { ...aLoaded(), isShipped: true } });
    expect(await live.put(better)).toMatchObject({
      kind: "shipped",
      reason: expect.stringContaining("npm start -- new rules my-rules.yaml"),
    });
    expect(readFileSync(file(), "utf8")).toBe(first);
  });

  test("and cannot be written is not played", async () => {
    await live.stop();
    begin({ loaded: { ...aLoaded(), path: join(folder, "nowhere", "rules.yaml") } });
    expect(await live.put(better)).toMatchObject({ kind: "unwritable", reason: expect.stringContaining("ENOENT") });
    expect(changed).toEqual([]);
  });

  test("keeps working after a ledger that fails", async () => {
    await live.stop();
    begin({ seenGifts: () => Promise.reject(new Error("disk")) });
    expect(await live.put(better)).toMatchObject({ kind: "applied" });
  });
});

describe("in trouble", () => {
  test("a ledger that does not answer keeps no rules from taking over, and nobody from stopping", async () => {
    await live.stop();
    begin({ seenGifts: () => new Promise(() => undefined) });
    save(text(rule("hello") + rule("new")));
    const planned = clock.pending();
    clock.advance(1500);
    await until(() => clock.pending() > planned);
    await noticed(1000);
    expect(changed).toHaveLength(1);
  });

  test("a text that is sent does not overwrite what an editor saved meanwhile", async () => {
    let answer: (gifts: readonly KnownGift[]) => void = () => undefined;
    await live.stop();
    const asked = new Promise<void>((resolve) => {
      begin({
        seenGifts: () => {
          resolve();
          return new Promise((gifts) => {
            answer = gifts;
          });
        },
      });
    });
    const put = live.put(text(rule("sent")));
    await asked;
    save(text(rule("mine")));
    answer([]);
    expect(await put).toMatchObject({ kind: "outdated", reason: expect.stringContaining("changed meanwhile") });
    expect(readFileSync(file(), "utf8")).toContain("mine");
    expect(changed).toHaveLength(0);
  });

  test("a listener that fails does not undo what has taken over", async () => {
    live.listen(() => {
      throw new Error("a bug");
    });
    expect(await live.put(text(rule("sent")))).toMatchObject({ kind: "applied" });
    expect(lines.join("\n")).toContain("telling of them failed (a bug)");
  });
});
