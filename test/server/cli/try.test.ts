/** The try command: what a recorded show would have been under other rules, in words and as JSON. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeShowFile } from "../../../server/show-export.ts";
import type { ShowInput } from "../../../shared/sim/input.ts";
import { aGift } from "../../support/events.ts";
import { aPlayedShow, keepShow, partsOf, showRules } from "./a-recorded-show.ts";
import { aFolder, uproar } from "./uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);
const file = at("show.gz");
const withRules = (name: string, text: string) => {
  writeFileSync(at(name), text);
  return at(name);
};
const tried = (rules: string, ...args: string[]) => uproar(["try", rules, "--on", file, ...args]).ended;

/** A gift of Ana's at the end, when a round is played: rules that change before let it do nothing. */
const gift: ShowInput = { type: "event", event: aGift(1, "ana", 1) };
const silent = showRules.replace(/ {2}- \{ id: small.*\n/, "");
const change: ShowInput = { type: "rules", files: { main: "rules.yaml", texts: [["rules.yaml", silent]] } };

beforeAll(async () => {
  const more = new Map([
    [855, [change]],
    [860, [gift]],
  ]);
  const show = await aPlayedShow({ more });
  await writeShowFile(partsOf(show), file);
  await keepShow(at("data"), show);
});

test("the same rules give the same show, apart from what their changes did", async () => {
  const { code, stdout } = await tried(withRules("same.yaml", showRules));
  expect(stdout).toMatch(/^Show a-show, 0:16 of Last Ball: as it was -> under .*same\.yaml\n/);
  expect(stdout).toMatch(/^0:14 +ana +1 x Gift 1 +rejected: no rule for this gift -> /m);
  expect(stdout).toMatch(/^rule +action +fired +spent +banked +refused$/m);
  expect(stdout).toMatch(/^hello +enter +\d+/m);
  expect(code).toBe(0);
});

test("as JSON: what fired, what was spent, and whose gift has another outcome", async () => {
  const { stdout } = await tried(
    withRules("dear.yaml", showRules.replace("[T1, T2], do: spikes", "[T1], do: dash")),
    "--json",
  );
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ show: "a-show", game: "last-ball", ticks: 960 });
  const row = (action: string) =>
    report.rows.find((one: { rule: string; action: string }) => one.rule === "small" && one.action === action);
  expect(row("spikes").before.fired).toBeGreaterThan(0);
  expect(row("spikes").before.spent.diamond).toBeGreaterThan(0);
  expect(row("spikes").after).toBeUndefined();
  expect(row("dash").before).toBeUndefined();
  expect(row("dash").after.fired).toBeGreaterThan(0);
  const { before, after } = report.gifts;
  const count = (sums: Record<string, { gifts: number }>) =>
    Object.values(sums).reduce((sum, { gifts }) => sum + gifts, 0);
  expect(count(before)).toBe(count(after));
  expect(count(before)).toBeGreaterThan(5);
  expect(report.changed.total).toBeGreaterThan(0);
  expect(report.changed.first.length).toBe(Math.min(20, report.changed.total));
  expect(report.changed.first[0]).toMatchObject({ type: "gift", gift: expect.stringMatching(/^\d+ x /) });
});

test("a show of a data folder", async () => {
  const { stdout } = await uproar(["try", withRules("same.yaml", showRules), "--on", "last", "--data", at("data")])
    .ended;
  expect(stdout).toMatch(/^Show a-show, 0:16 of Last Ball/);
});

test("a show whose rules never changed has the same outcome under them", async () => {
  const still = at("still.gz");
  await writeShowFile(partsOf(await aPlayedShow({ ticks: 600 })), still);
  const { stdout } = await uproar(["try", withRules("same.yaml", showRules), "--on", still]).ended;
  expect(stdout).toContain("\nEvery event has the same outcome.\n");
  expect(stdout).not.toMatch(/ -> \d/);
});

test("broken rules are said as check says them", async () => {
  const { code, stdout, stderr } = await tried(withRules("broken.yaml", showRules.replace("do: enter", "do: entre")));
  expect(stderr).toMatch(/broken\.yaml:4:\d+ {2}RULES_UNKNOWN_ACTION {2}.*"entre"/);
  expect([code, stdout]).toEqual([1, ""]);
});

test("a rule file that is not there is looked for after the right word", async () => {
  const { code, stderr } = await tried(at("nowhere.yaml"));
  expect([code, stderr]).toEqual([
    1,
    `The rule file ${at("nowhere.yaml")} does not exist. Check the path after try.\n`,
  ]);
});

test("rules of another game than the show's", async () => {
  const other = at("other.gz");
  const { head, entries } = await aPlayedShow({ ticks: 60 });
  await writeShowFile(partsOf({ head: { ...head, game: "chess" }, entries }), other);
  const { code, stderr } = await uproar(["try", withRules("same.yaml", showRules), "--on", other]).ended;
  expect(stderr).toBe(`${at("same.yaml")} is for Last Ball, but ${other} is a show of "chess".\n`);
  expect(code).toBe(1);
});

test("a show must be named", async () => {
  const { code, stderr } = await uproar(["try", at("same.yaml")]).ended;
  expect(stderr).toMatch(/--on/);
  expect(code).toBe(1);
});
