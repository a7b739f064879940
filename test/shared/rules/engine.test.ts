/** The rule engine: which rule an event meets, and how limits hold. */
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift, anAct } from "../../support/events.ts";
import { tinyRules } from "../../support/tiny-game.ts";

const firedBy = (rules: string, event: LiveEvent) =>
  createRuleEngine(tinyRules(rules))
    .evaluate(event, 0)
    .calls.map(({ rule }) => rule.id);

describe("commands", () => {
  const rule = '  - { on: chat, command: [dash, "@", größe], do: jump }\n';
  test.each(["dash", "DASH", "!dash now", "/dash", "ｄａｓｈ", "dash!", "  dash  ", "@ana", "größe", "GROßE"])(
    "%s meets it",
    (text) => expect(firedBy(rule, aChat(text))).toEqual(["rule-1"]),
  );
  test.each(["dashing", "no dash", "", "a@b"])("%s does not", (text) => expect(firedBy(rule, aChat(text))).toEqual([]));
});

describe("gifts", () => {
  const rules =
    "  - { on: gift, gift: [Rose, 7], do: wave }\n  - { on: gift, tier: T1, do: jump }\n  - { on: gift, tier: T2, do: giant }\n";
  const gift = (id: string, name: string, unitValue: number) =>
    aGift(unitValue, "ana", 1, { gift: { id, name, unitValue, currency: "diamond" } });
  test.each([
    ["by name, whatever its case", gift("1", "ROSE", 1), ["rule-1"]],
    ["by id, and rules by tier stand back", gift("7", "Other", 5), ["rule-1"]],
    ["by tier", gift("1", "New", 29), ["rule-3"]],
    ["by the lowest tier when worth nothing", gift("1", "Free", 0), ["rule-2"]],
    ["not at all when no tier fits", gift("1", "Big", 999), []],
  ])("%s", (_name, event, expected) => expect(firedBy(rules, event)).toEqual(expected));
});

test("a number of watchers fires when it is crossed from below, once", () => {
  const engine = createRuleEngine(tinyRules("  - { on: viewers, reaches: 100, do: wave }\n"));
  const watching = (count: number): LiveEvent => {
    const { viewer: _viewer, ...rest } = anAct("join") as Extract<LiveEvent, { type: "join" }>;
    return { ...rest, type: "viewers", count, total: 0 };
  };
  const fired = [50, 100, 120, 90, 150].map((count) => engine.evaluate(watching(count), 0).calls.length);
  expect(fired).toEqual([0, 1, 0, 0, 1]);
});

test("a replayed event fires nothing", () => {
  expect(firedBy("  - { on: chat, do: wave }\n", aChat("hi", "ana", { replay: true }))).toEqual([]);
});

test("a rule says why it did not fire", () => {
  const engine = createRuleEngine(tinyRules("  - { id: hop, on: chat, cooldown: { viewer: 1s }, do: jump }\n"));
  engine.evaluate(aChat("x"), 0);
  expect(engine.evaluate(aChat("x"), 20).traces).toEqual([
    { rule: "hop", fired: false, reason: "cooldown, 40 ticks left" },
  ]);
});

test("cooldowns of a flood of viewers stay bounded", () => {
  const engine = createRuleEngine(tinyRules("  - { on: chat, cooldown: { viewer: 1h }, do: jump }\n"));
  for (let i = 0; i < 6000; i++) engine.evaluate(aChat("x", `viewer${i}`), i);
  expect(JSON.stringify(engine.snapshot()).match(/viewer/g)!.length).toBeLessThanOrEqual(5000);
});
