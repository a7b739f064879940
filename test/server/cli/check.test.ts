/** The check command: a file's own tests, warnings, an event explained, the gifts of a ledger, and all of it as JSON. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openStore } from "../../../server/store/sqlite.ts";
import { anEvent } from "../../support/events.ts";
import { aCommit, aRecord, aShow } from "../store/a-gift.ts";
import { aFolder, uproar } from "./uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const inFolder = (name: string, text: string) => {
  const path = join(folder.path, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};
const check = async (...args: string[]) => {
  const data = args.includes("--data") ? [] : ["--data", join(folder.path, "no-data")];
  return uproar(["check", ...args, ...data]).ended;
};
const inJson = async (...args: string[]) => {
  const { code, stdout } = await check(...args, "--json");
  return { code, report: JSON.parse(stdout) };
};

const rules = `game: last-ball
rules:
  - { id: hello, on: chat, do: enter }
  - { id: rose, on: gift, gift: Rose, do: spikes }
  - { id: other, on: gift, tier: [T1, T2, T3, T4, T5, T6], do: shockwave }
`;
const roseTest = (expected: string) => `tests:
  - name: a Rose gives spikes
    given: { gift: Rose }
    expect: ${expected}
`;

test("runs the file's tests and names the rules they exercise", async () => {
  const { code, stdout, stderr } = await check(inFolder("good.yaml", rules + roseTest("spikes")));
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^ok {2}a Rose gives spikes {2}\(rose\)$/m);
  expect(stdout).toMatch(/good\.yaml: 3 rules for Last Ball, 1 test passed, no problem found\.\n$/);
  expect(code).toBe(0);
});

test("a test that fails is an error at its place", async () => {
  const { code, stdout, stderr } = await check(inFolder("fails.yaml", rules + roseTest("shockwave")));
  expect(stdout).toBe("FAILED  a Rose gives spikes  (rose)\n");
  expect(stderr).toMatch(/fails\.yaml:9:\d+ {2}RULES_TEST {2}.*a Rose gives spikes.*spikes/);
  expect(code).toBe(1);
});

test("warnings are told, and are no failure", async () => {
  const { code, stdout, stderr } = await check(inFolder("warned.yaml", rules.replace(/ {2}- \{ id: rose.*\n.*\n/, "")));
  expect(stderr).toMatch(/warned\.yaml:\d+:\d+ {2}RULES_GIFT_WITHOUT_RULE {2}warning: /);
  expect(stdout).toMatch(/1 rule for Last Ball, 1 warning\.\n$/);
  expect(code).toBe(0);
});

test("problems of an included file are named so that they can be opened", async () => {
  inFolder("shows/parts/base.yaml", "game: last-ball\nrules:\n  - { on: chat, do: entre }\n");
  const { stderr } = await check(inFolder("shows/main.yaml", `include: parts/base.yaml\n${rules}`));
  expect(stderr).toBe(
    `${join(folder.path, "shows/parts/base.yaml")}:3:21  RULES_UNKNOWN_ACTION  Last Ball has no action "entre". Did you mean "enter"?\n`,
  );
});

test("gifts nobody ever sent are warned of once a ledger knows gifts", async () => {
  const data = join(folder.path, "data");
  const store = await openStore({ folder: data });
  const gift = (id: string, name: string) => aRecord({ id, gift: { id, name, unitValue: 1, currency: "diamond" } });
  await store.beginShow(aShow());
  await store.commit(aCommit({ gifts: [gift("1", "Rose"), gift("2", "Lion")] }));
  const typo = inFolder("typo.yaml", rules.replace("gift: Rose", "gift: Rosse"));
  // While a show has the folder.
  expect((await check(typo, "--data", data)).stderr).toMatch(
    /typo\.yaml:4:\d+ {2}RULES_UNKNOWN_GIFT {2}warning: .*"Rosse"/,
  );
  await store.close();
  expect((await check(inFolder("good.yaml", rules), "--data", data)).stderr).toBe("");
  expect((await check(typo)).stderr).toBe("");
  expect(readdirSync(folder.path)).not.toContain("no-data");
  const broken = join(folder.path, "broken");
  mkdirSync(broken);
  inFolder("broken/uproar.sqlite", "no database ".repeat(200));
  const { code, stderr } = await check(typo, "--data", broken);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/ledger in .* cannot be read .*not checked/)]);
});

describe("--explain", () => {
  const file = () => inFolder("explained.yaml", rules);
  test("a short event: every rule of its kind, why, and what it calls with which values", async () => {
    const event = inFolder("e.json", '{ "type": "gift", "viewer": { "handle": "@ana" }, "gift": { "name": "Rose" } }');
    const { code, stdout } = await check(file(), "--explain", event);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("event: ana sends 1 x Rose (1 diamond)");
    expect(lines[1]).toMatch(/^fired +rose \(explained\.yaml:4\) +fired: spikes$/);
    expect(lines[2]).toMatch(/^named +other \(explained\.yaml:5\) +.*goes first$/);
    expect(lines[3]).toMatch(/^applied +spikes \{ seconds: \d+ \} for test:ana {2}\(rose\)$/);
    expect(code).toBe(0);
  });

  test("a whole event in another phase, as JSON", async () => {
    const event = inFolder("whole.json", JSON.stringify(anEvent("gift")));
    const { report } = await inJson(file(), "--explain", event, "--phase", "lobby");
    expect(report.explained).toMatchObject({
      event: { type: "gift", gift: { name: "Rose" } },
      rules: [{ rule: "rose", verdict: "fired" }, { rule: "other" }],
      acts: [{ rule: "rose", action: "spikes", state: "waits", reason: expect.stringContaining("play") }],
    });
  });

  test("an entry as /api/events gives it", async () => {
    const event = inFolder("entry.json", JSON.stringify({ tick: 7, type: "gift", event: anEvent("gift"), acts: [] }));
    expect((await check(file(), "--explain", event)).stdout).toMatch(/^fired +rose /m);
  });

  test("an event that no rule waits for", async () => {
    const event = inFolder("share.json", '{ "type": "share" }');
    expect((await check(file(), "--explain", event)).stdout).toMatch(/^no rule waits for such an event$/m);
  });

  test.each<[string, string, RegExp]>([
    ["no JSON", "{", /--explain: .*e\.json is no JSON: /],
    ["no event", "{}", /--explain: .*e\.json is no event\. type: /],
    ["a whole event with a fault", '{ "source": "x", "type": "chat" }', /is no event\. .*id: /],
    ["null", "null", /is no event\./],
    ["a kind without a short form", '{ "type": "raid" }', /for "raid" the whole event is needed\. Copy one from/],
  ])("%s", async (_what, text, message) => {
    const { code, stderr } = await check(file(), "--explain", inFolder("e.json", text));
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });

  test("a file that is not there, and a phase that is none", async () => {
    expect((await check(file(), "--explain", "nowhere.json")).stderr).toMatch(
      /nowhere\.json cannot be read \(ENOENT\)/,
    );
    expect((await check(file(), "--phase", "play-off")).stderr).toMatch(/play-off.*lobby, countdown, play/);
  });
});

describe("--json", () => {
  test.each<[string, () => string, number, object]>([
    [
      "a good file",
      () => inFolder("good.yaml", rules + roseTest("spikes")),
      0,
      { game: "last-ball", ok: true, rules: 3, problems: [], tests: [{ ok: true, rules: ["rose"], line: 7 }] },
    ],
    [
      "a failed test",
      () => inFolder("fails.yaml", rules + roseTest("shockwave")),
      1,
      { ok: false, rules: 3, problems: [{ code: "RULES_TEST", line: 9 }], tests: [{ ok: false }] },
    ],
    [
      "errors",
      () => inFolder("broken.yaml", rules.replace("enter", "entre").replace("on: gift", "on: gfit")),
      1,
      {
        ...{ game: "last-ball", ok: false, rules: 0, tests: [] },
        problems: [
          { code: "RULES_UNKNOWN_ACTION", line: 3, severity: "error", file: join(folder.path, "broken.yaml") },
          { code: "RULES_UNKNOWN_TRIGGER", line: 4 },
        ],
      },
    ],
    [
      "an unknown game",
      () => inFolder("game.yaml", rules.replace("last-ball", "last-bal")),
      1,
      { game: "", problems: [{ code: "RULES_WRONG_GAME", line: 1, message: expect.stringContaining("last-ball") }] },
    ],
    ["no YAML", () => inFolder("no.yaml", "rules: [\n"), 1, { game: "", problems: [{ code: "RULES_SYNTAX" }] }],
    ["no text", () => inFolder("bytes.yaml", "\0\0"), 1, { problems: [{ code: "RULES_ENCODING", line: 1 }] }],
    ["no file", () => "nowhere.yaml", 1, { ok: false, error: expect.stringContaining("does not exist"), problems: [] }],
  ])("%s gives one document", async (_what, file, code, expected) => {
    const path = file();
    expect(await inJson(path)).toMatchObject({ code, report: { file: path, ...expected } });
  });
});
